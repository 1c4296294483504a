"""Two organisations in one database: whatever ids of the other are named, nothing is shown and nothing is changed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from domain.messages import Message
from domain.outcomes import Refused
from domain.reasons import Reason
from domain.usecases.change_nudge import cancel_nudge, hold_nudge, resolve_unconfirmed, resume_nudge
from domain.usecases.find_account import find_account
from domain.usecases.my_accounts import my_accounts
from domain.usecases.open_account import open_account
from domain.usecases.open_home import open_home
from domain.usecases.preview_nudge import preview_nudge
from domain.usecases.queue_nudge import queue_nudge
from domain.usecases.request_access import request_access
from domain.usecases.share_account import share_account
from domain.usecases.suggest_accounts import suggest_accounts
from domain.values import AccountScope, Person, Role
from storage import tables
from tests import factories
from tests.stage import AFTER, EVENING, Stage, release, set_the_stage

ROUNDS = 60


@dataclass
class House:
    """An organisation with everything in it, and everybody's ids."""

    stage: Stage
    staff: list[Person]
    accounts: list[int]
    contacts: list[int]
    invoices: list[int]
    messages: list[Message]

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of this organisation in every table."""
        with self.stage.engine.connect() as connection:
            return {
                name: [
                    dict(row)
                    for row in connection.execute(
                        select(table).where(table.c.org_id == self.stage.org_id).order_by(*table.primary_key)
                    ).mappings()
                ]
                for name, table in tables.metadata.tables.items()
                if "org_id" in table.c
            }


def build_house(engine: Engine, org_id: int, secret: str) -> House:
    stage = set_the_stage(engine, org_id, scope=AccountScope.ALL, nudges_per_window=50)
    with engine.begin() as connection:
        connection.execute(
            update(tables.accounts).where(tables.accounts.c.org_id == org_id).values(name=f"{secret} Robotics")
        )
    house = House(
        stage=stage,
        staff=[stage.rita, *(stage.person(role=role) for role in Role)],
        accounts=[stage.account.id],
        contacts=[stage.contact.id],
        invoices=[stage.invoice.id],
        messages=[],
    )
    for _ in range(3):
        account, contact, invoices = factories.make_customer(
            engine, org_id, name=f"{secret} Customer", owner_email=stage.rita.email, synced_at=EVENING
        )
        house.accounts.append(account.id)
        house.contacts.append(contact.id)
        house.invoices.append(invoices[0].id)
        house.messages.append(stage.queued(invoice=invoices[0], contact=contact))
    return house


@pytest.fixture
def houses(database: Engine, organisation: int, other_organisation: int) -> tuple[House, House]:
    return build_house(database, organisation, "Ours"), build_house(database, other_organisation, "Theirs")


def ask(house: House, other: House, dice: random.Random) -> object:
    """Somebody of `house` does something at random with at least one id of `other`."""
    person = dice.choice(house.staff)
    given: dict[str, Any] = {
        "actor": house.stage.actor(person),
        "uow": house.stage.uow,
        "clock": house.stage.clock,
        "rulebook": house.stage.rulebook,
    }
    account = dice.choice(other.accounts)
    message = dice.choice(other.messages).id

    def queue() -> object:
        owners = [dice.choice([house, other]) for _ in range(3)]
        owners[dice.randrange(3)] = other
        return queue_nudge(
            dice.choice(owners[0].accounts),
            contact_id=dice.choice(owners[1].contacts),
            invoice_id=dice.choice(owners[2].invoices),
            template_key="friendly",
            template_version=1,
            origin=f"view:{dice.random()}",
            **given,
        )

    def preview() -> object:
        return preview_nudge(
            house.accounts[0],
            contact_id=dice.choice(other.contacts),
            **given,
        )

    acts = [
        lambda: open_account(account, **given),
        lambda: share_account(account, origin="click:1", **given),
        lambda: preview_nudge(account, **given),
        preview,
        queue,
        lambda: hold_nudge(message, **given),
        lambda: resume_nudge(message, **given),
        lambda: cancel_nudge(message, **given),
        lambda: resolve_unconfirmed(message, arrived=dice.random() < 0.5, **given),
        lambda: request_access(reason=Reason.OUT_OF_SCOPE, capability=None, account_id=account, **given),
    ]
    return dice.choice(acts)()


@pytest.mark.parametrize("seed", range(3))
def test_any_ids_of_another_organisation_are_refused_and_change_nothing(houses: tuple[House, House], seed: int) -> None:
    dice = random.Random(seed)
    for house, other in (houses, houses[::-1]):
        before = other.rows()
        for _ in range(ROUNDS):
            assert isinstance(ask(house, other, dice), Refused)
        assert other.rows() == before


def test_lists_and_searches_hold_only_ones_own(houses: tuple[House, House]) -> None:
    for house, secret in zip(houses, ("Theirs", "Ours"), strict=True):
        for person in house.staff:
            given: dict[str, Any] = {
                "actor": house.stage.actor(person),
                "uow": house.stage.uow,
                "clock": house.stage.clock,
                "rulebook": house.stage.rulebook,
            }
            for shown in (
                find_account(f"{secret} Robotics", **given),
                find_account("Customer", **given),
                my_accounts(**given),
                open_home(**given),
                suggest_accounts("Customer", **given),
            ):
                assert f"{secret} " not in repr(shown).replace(f"words='{secret} Robotics'", "")


def test_a_person_of_another_organisation_is_nobody_here(houses: tuple[House, House]) -> None:
    ours, theirs = houses
    stage = ours.stage
    for person in theirs.staff:
        answer = open_account(
            ours.accounts[0],
            actor=stage.actor(person),
            uow=stage.uow,
            clock=stage.clock,
            rulebook=stage.rulebook,
        )
        assert isinstance(answer, Refused)
        assert answer.reason is Reason.UNKNOWN_PERSON


def test_a_release_sends_only_ones_own(houses: tuple[House, House]) -> None:
    ours, theirs = houses
    before = theirs.rows()
    done = release(
        uow=ours.stage.uow,
        clock=type(ours.stage.clock)(start=AFTER, frozen=True),
        rulebook=ours.stage.rulebook,
        mailer=ours.stage.mailer,
        worker="w",
    )
    assert done.sent == 3
    assert all("Ours" in mail.text for mail in ours.stage.mailer.sent)
    assert theirs.rows() == before
