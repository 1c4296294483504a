"""A backup is restored after mails have left that it does not know of: none of them leaves a second time by itself."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.errors import Unknown
from domain.messages import State
from domain.outcomes import NudgeChanged
from domain.reasons import Reason
from domain.usecases.change_nudge import hold_nudge, resolve_unconfirmed
from domain.usecases.distrust_restored import distrust_restored
from domain.values import Role
from storage import tables
from storage.engine import build_engine
from storage.unit_of_work import build_unit_of_work
from tests import factories
from tests.postgres import Server
from tests.stage import AFTER, EVENING, Stage, set_the_stage

CUSTOMERS = 40


@dataclass
class House:
    """A stage whose database can be copied as it is, and swapped for the copy."""

    stage: Stage
    back_up: Callable[[], Engine]

    def restore(self, copy: Engine) -> None:
        self.stage = replace(self.stage, engine=copy, uow=build_unit_of_work(copy, org_id=self.stage.org_id))


@pytest.fixture
def on_sqlite(sqlite: Engine, tmp_path: Path) -> Iterator[House]:
    copy = build_engine(f"sqlite:///{tmp_path / 'copy.db'}")

    def back_up() -> Engine:
        with sqlite3.connect(str(sqlite.url.database)) as source, sqlite3.connect(str(copy.url.database)) as target:
            source.backup(target)
        source.close()
        target.close()
        return copy

    yield House(set_the_stage(sqlite, factories.make_organisation(sqlite)), back_up)
    copy.dispose()


@pytest.fixture
def on_postgres(postgres: Engine, postgres_server: Server) -> Iterator[House]:
    name = f"{postgres.url.database}_copy"
    copy = build_engine(postgres.url.set(database=name), across=True)

    def back_up() -> Engine:
        postgres.dispose()  # nobody may be connected to a database that is copied
        postgres_server.create(name, template=str(postgres.url.database))
        return copy

    yield House(set_the_stage(postgres, factories.make_organisation(postgres)), back_up)
    copy.dispose()
    postgres_server.drop(name)


@pytest.fixture(params=["on_sqlite", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> House:
    built: House = request.getfixturevalue(request.param)
    built.stage.rulebook = replace(
        built.stage.rulebook, policy=replace(built.stage.rulebook.policy, daily_cap=CUSTOMERS * 3)
    )
    return built


def new_nudge(stage: Stage) -> str:
    _, contact, invoices = factories.make_customer(
        stage.engine, stage.org_id, owner_email=stage.rita.email, synced_at=EVENING
    )
    return stage.queued(contact=contact, invoice=invoices[0]).id


def distrust(stage: Stage, taken: object) -> int:
    assert isinstance(taken, type(EVENING))
    count = 0
    while moved := distrust_restored(taken, by="olga", uow=stage.uow, clock=stage.clock, limit=16):
        count += moved
    return count


def test_what_left_after_the_backup_never_leaves_again_by_itself(house: House) -> None:
    queued = [new_nudge(house.stage) for _ in range(CUSTOMERS)]
    held = new_nudge(house.stage)
    stage = house.stage
    hold_nudge(held, actor=stage.actor(stage.rita), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)
    backup = house.back_up()
    taken = house.stage.clock.now()

    done = house.stage.release(AFTER)
    assert done.sent == CUSTOMERS

    house.restore(backup)
    restored = house.stage
    assert {restored.state(id) for id in queued} == {State.QUEUED}, "the backup knows nothing of the morning"
    later = new_nudge(restored)
    assert distrust(restored, taken) == CUSTOMERS
    for beat in range(5):
        restored.release(AFTER + timedelta(minutes=20 * (beat + 1)))

    left = Counter(mail.message_id for mail in restored.mailer.sent)
    assert max(left.values()) == 1, "0 duplicates"
    assert len(left) == CUSTOMERS + 1
    assert restored.state(later) is State.SENT, "what is asked for after the restore leaves as ever"
    assert restored.state(held) is State.HELD
    for id in queued:
        message = restored.message(id)
        assert (message.state, message.reason) == (State.UNCONFIRMED, Reason.RESTORED)
    duties = {row["subject"] for row in restored.rows(tables.notices) if row["key"].endswith(":duty")}
    assert duties == set(queued), "A/R is asked about each, with the way out"
    assert distrust(restored, taken) == 0, "asking again changes nothing"


def test_a_person_settles_what_the_backup_did_not_know(house: House) -> None:
    message = new_nudge(house.stage)
    backup, taken = house.back_up(), house.stage.clock.now()
    house.stage.release(AFTER)
    house.restore(backup)
    stage = house.stage
    distrust(stage, taken)
    olga = stage.person(role=Role.OPERATOR)
    answer = resolve_unconfirmed(
        message, arrived=True, actor=stage.actor(olga), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook
    )
    assert isinstance(answer, NudgeChanged)
    assert stage.state(message) is State.SENT
    assert len([row for row in stage.rows(tables.communications) if row["message_id"] == message]) == 1
    assert len(stage.mailer.sent) == 1


def test_a_backup_taken_in_the_middle_of_a_hand_over(house: House) -> None:
    """The copy is made while a mail is being handed over; its answer is only in the database that was lost."""
    message = new_nudge(house.stage)
    copies: list[Engine] = []
    house.stage.mailer.during = lambda: copies.append(house.back_up())
    house.stage.release(AFTER)
    taken = house.stage.clock.now()
    house.stage.mailer.during = lambda: None
    assert house.stage.state(message) is State.SENT

    house.restore(copies[0])
    stage = house.stage
    assert stage.state(message) is State.SENDING
    assert distrust(stage, taken) == 1
    stage.release(AFTER + timedelta(hours=1))
    assert (stage.state(message), len(stage.mailer.sent)) == (State.UNCONFIRMED, 1)


def test_what_was_unconfirmed_in_the_backup_stays_a_question(house: House) -> None:
    message = new_nudge(house.stage)
    house.stage.mailer.answers.append(Unknown("no answer", code="timeout"))
    house.stage.release(AFTER)
    backup, taken = house.back_up(), house.stage.clock.now()
    house.restore(backup)
    assert distrust(house.stage, taken) == 0
    house.stage.release(AFTER + timedelta(hours=1))
    assert (house.stage.state(message), house.stage.mailer.sent) == (State.UNCONFIRMED, [])
