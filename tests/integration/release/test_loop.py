"""The loop over real databases: turns, answers that outlive a busy database, a stop that waits only so long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields, replace
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import DataError

from bot.demo import demo_settings
from bot.loop import Loop
from bot.world import World, build_world
from domain.errors import Busy, DeliveryError, InvalidValue, Rejected, Unavailable, Unknown
from domain.mail import Mail
from domain.messages import State
from domain.ports import UnitOfWork, UnitOfWorkFactory
from storage import tables
from storage.clock import DatabaseClock
from tests import factories
from tests.stage import AFTER, EVENING, RememberingMailer, Stage, release_by, set_the_stage

SENDERS = 4
SOON = 10.0
"""Seconds in which what must come has come, on any machine."""


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


@pytest.fixture
def world(stage: Stage, tmp_path: Path) -> Iterator[World]:
    url = stage.engine.url.render_as_string(hide_password=False)
    settings = demo_settings(
        tmp_path, api_url="", secret="s", database_url=url, senders=SENDERS, grace_seconds=0.2, claim_lease_seconds=5
    )
    with build_world(settings, clock=stage.clock) as world:
        yield replace(world, mailer=stage.mailer, rulebook=stage.rulebook)


def loop_of(world: World) -> Loop:
    return Loop(world, lambda org_id: pytest.fail("nothing is posted"))


def queue(stage: Stage, count: int) -> list[str]:
    """Nudges to as many customers, due by AFTER."""
    ids = []
    for _ in range(count):
        _, contact, invoices = factories.make_customer(
            stage.engine, stage.org_id, owner_email=stage.rita.email, synced_at=EVENING
        )
        ids.append(stage.queued(invoice=invoices[0], contact=contact).id)
    return ids


def test_one_with_many_due_leaves_room_for_one_with_three(
    database: Engine, stage: Stage, world: World, other_organisation: int
) -> None:
    many = queue(stage, 40)
    small = set_the_stage(database, other_organisation)
    three = queue(small, 3)
    stage.clock.set(AFTER)
    assert loop_of(world).release().sent == 43
    order = [mail.message_id[6:38] for mail in stage.mailer.sent]
    assert set(order) == {*many, *three}
    assert max(order.index(id) for id in three) < 3 * SENDERS, "they had their turn after the first batch of the other"


def test_a_fence_is_no_larger_than_what_is_handed_over_at_once(stage: Stage, world: World) -> None:
    queue(stage, 12)
    stage.clock.set(AFTER)
    fenced: list[int] = []

    def look() -> None:
        fenced.append(sum(row["state"] == "sending" for row in stage.rows(tables.messages)))

    stage.mailer.during = look
    loop_of(world).release()
    assert max(fenced) <= SENDERS


def test_a_quiet_beat_asks_the_time_and_who_has_work(world: World) -> None:
    loop = loop_of(replace(world, clock=DatabaseClock(world.engine)))
    loop._beat("release", loop.release)
    asked: list[str] = []
    for engine in (world.engine, world.across, world.hurried):
        event.listen(engine, "before_cursor_execute", lambda c, cursor, statement, *rest: asked.append(statement))
    loop._beat("release", loop.release)
    is_postgres = world.engine.dialect.name == "postgresql"
    assert len([statement for statement in asked if not statement.startswith("BEGIN")]) == 1 + is_postgres


class Shaky(World):
    """A world whose database is busy whenever `is_busy` is set."""

    is_busy: Event

    def uow_for(self, org_id: int) -> UnitOfWorkFactory:
        steady = super().uow_for(org_id)

        def open_unit() -> AbstractContextManager[UnitOfWork]:
            if self.is_busy.is_set():
                raise Busy("The test said so.")
            return steady()

        return open_unit


def shaky(world: World) -> Shaky:
    made = Shaky(**{each.name: getattr(world, each.name) for each in fields(World)})
    object.__setattr__(made, "is_busy", Event())
    return made


def test_an_answer_outlives_a_busy_database(stage: Stage, world: World) -> None:
    messages = queue(stage, 3)
    stage.clock.set(AFTER)
    trembling = shaky(world)
    stage.mailer.during = trembling.is_busy.set
    loop = loop_of(trembling)
    with pytest.raises(Busy):
        loop.release()
    assert {stage.state(id) for id in messages} == {State.SENDING}
    for _ in range(2):
        with pytest.raises(Busy):
            loop.release()
    trembling.is_busy.clear()
    release_by(loop)
    assert {stage.state(id) for id in messages} == {State.SENT}
    assert len(stage.mailer.sent) == 3


def test_an_answer_that_cannot_be_recorded_spoils_no_other(stage: Stage, world: World) -> None:
    odd, *others = queue(stage, 3)
    stage.clock.set(AFTER)

    class Odd(RememberingMailer):
        def send(self, mail: Mail) -> str:
            if odd in mail.message_id:
                # No database stores a NUL: recording what was said of this address fails, today and tomorrow.
                raise Rejected("no such user\0", code="550", bad_address=True)
            return super().send(mail)

    loop = loop_of(replace(world, mailer=Odd()))
    is_postgres = world.engine.dialect.name == "postgresql"  # a file takes a NUL
    for _ in range(2):
        with pytest.raises(DataError) if is_postgres else nullcontext():
            release_by(loop)
        assert {stage.state(id) for id in others} == {State.SENT}
        others += queue(stage, 1)
    assert stage.state(odd) is (State.SENDING if is_postgres else State.FAILED), "a person hears of it in time"


def test_a_worker_is_alive_though_an_organisation_cannot_be_read(stage: Stage, world: World) -> None:
    queue(stage, 1)
    with stage.engine.begin() as connection:
        connection.execute(tables.organisations.update().values(zone="Nowhere/Land"))
    stage.clock.set(AFTER)
    with pytest.raises(InvalidValue):
        loop_of(world).release()
    assert [beat.job for beat in world.directory.heartbeats()][:1] == ["release"]


def test_an_organisation_whose_turn_fails_takes_nobody_elses(
    database: Engine, stage: Stage, world: World, other_organisation: int
) -> None:
    broken, whole = queue(stage, 3), set_the_stage(database, other_organisation)
    fine = queue(whole, 3)
    with stage.engine.begin() as connection:
        is_ours = tables.organisations.c.id == stage.org_id
        connection.execute(tables.organisations.update().where(is_ours).values(zone="Nowhere/Land"))
    stage.clock.set(AFTER)
    loop = loop_of(world)
    with pytest.raises(InvalidValue):
        loop.release()
    assert {whole.state(id) for id in fine} == {State.SENT}
    assert State.SENT not in {stage.state(id) for id in broken}


class Hanging(RememberingMailer):
    """Holds every mail until it is cut; then says what `last_word` makes of it."""

    def __init__(self, last_word: Callable[[], DeliveryError | None]) -> None:
        super().__init__()
        self.last_word = last_word
        self.holding = Event()
        self.gate = Event()

    def send(self, mail: Mail) -> str:
        self.holding.set()
        assert self.gate.wait(SOON)
        if error := self.last_word():
            raise error
        self.sent.append(mail)
        return "250 accepted"

    def cut(self) -> None:
        self.gate.set()


@pytest.mark.parametrize(
    ("last_word", "state"),
    [
        (lambda: Unavailable("cut before the dot", code="disconnected"), State.QUEUED),
        (lambda: Unknown("cut at the dot", code="disconnected"), State.UNCONFIRMED),
        (lambda: None, State.SENT),
    ],
    ids=["before the dot", "at the dot", "accepted after all"],
)
def test_a_stop_waits_for_the_grace_and_then_says_how_far_each_got(
    stage: Stage, world: World, last_word: Callable[[], DeliveryError | None], state: State
) -> None:
    [message] = queue(stage, 1)
    stage.clock.set(AFTER)
    mailer = Hanging(last_word)
    loop = loop_of(replace(world, mailer=mailer))
    loop.release()
    assert mailer.holding.wait(SOON)
    assert stage.state(message) is State.SENDING
    loop.stop()
    assert stage.state(message) is state


def test_a_mail_that_ends_within_the_grace_is_not_cut(stage: Stage, world: World) -> None:
    [message] = queue(stage, 1)
    stage.clock.set(AFTER)
    mailer = Hanging(lambda: None)
    patient = replace(world, mailer=mailer, settings=world.settings.model_copy(update={"grace_seconds": SOON}))
    loop = loop_of(patient)
    loop.release()
    mailer.gate.set()
    mailer.cut = lambda: pytest.fail("there was time")  # type: ignore[method-assign]
    loop.stop()
    assert stage.state(message) is State.SENT


def test_after_a_stop_nothing_is_claimed(stage: Stage, world: World) -> None:
    [message] = queue(stage, 1)
    stage.clock.set(AFTER)
    loop = loop_of(world)
    loop.stop()
    assert loop.release().claimed == 0
    assert stage.state(message) is State.QUEUED
