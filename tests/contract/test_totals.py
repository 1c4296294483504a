"""Sums over the whole book, on each database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from domain.accounts import Due, InvoiceState
from domain.commitments import DisputeState, PromiseState
from domain.ports import UnitOfWorkFactory
from domain.summary import Ending, OpenSums, Synced
from domain.timeline import Source
from domain.values import Money
from storage import tables
from tests import factories
from tests.factories import NOON, TODAY

DAY = timedelta(days=1)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def acme(database: Engine, organisation: int) -> int:
    return factories.make_account(database, organisation, name="Acme").id


def test_dues_are_summed_by_currency_and_day_and_only_what_is_open(
    database: Engine, organisation: int, other_organisation: int, uow: UnitOfWorkFactory, acme: int
) -> None:
    for minor in (100, 250, -30):
        factories.make_invoice(database, organisation, acme, amount=eur(minor), due_on=TODAY)
    factories.make_invoice(database, organisation, acme, amount=Money(7, "JPY"), due_on=TODAY - DAY)
    factories.make_invoice(database, organisation, acme, amount=eur(900), state=InvoiceState.PAID, paid_on=TODAY)
    theirs = factories.make_account(database, other_organisation).id
    factories.make_invoice(database, other_organisation, theirs, amount=eur(5_000))
    with uow() as work:
        assert work.totals.dues() == [Due("EUR", TODAY, 3, 350, -30), Due("JPY", TODAY - DAY, 1, 7, 0)]


def test_the_largest_of_each_currency_with_what_is_past_due_and_oldest(
    database: Engine, organisation: int, other_organisation: int, uow: UnitOfWorkFactory, acme: int
) -> None:
    small = factories.make_account(database, organisation, name="Small", legal_hold="A court case").id
    for account, minor, days in ((acme, 500, 40), (acme, 300, -3), (small, 700, 0), (small, -600, 9)):
        factories.make_invoice(database, organisation, account, amount=eur(minor), due_on=TODAY - days * DAY)
    factories.make_invoice(database, organisation, small, amount=Money(9, "JPY"), due_on=TODAY - DAY)
    factories.make_dispute(database, organisation, acme, state=DisputeState.IN_REVIEW)
    factories.make_dispute(database, organisation, small, state=DisputeState.RESOLVED)
    theirs = factories.make_account(database, other_organisation).id
    factories.make_invoice(database, other_organisation, theirs, amount=eur(5_000))
    with uow() as work:
        first, second, third = work.totals.largest(today=TODAY, limit=5)
        assert [one.account.name for one in work.totals.largest(today=TODAY, limit=1)] == ["Acme", "Small"]
    assert (first.account.name, first.owed, first.past_due) == ("Acme", eur(800), eur(500))
    assert (first.oldest, first.invoices, first.place, first.customers) == (TODAY - 40 * DAY, 2, 1, 2)
    assert (first.has_dispute, first.has_hold) == (True, False)
    assert (second.account.name, second.owed, second.past_due, second.place) == ("Small", eur(700), eur(0), 2)
    assert (second.has_dispute, second.has_hold) == (False, True)
    assert (third.owed, third.place, third.customers) == (Money(9, "JPY"), 1, 1)


def test_books_are_as_old_as_those_of_whoever_owes(database: Engine, organisation: int, uow: UnitOfWorkFactory) -> None:
    with uow() as work:
        assert work.totals.synced() == Synced(None, None)
    for days, owes in ((9, False), (3, True), (1, True)):
        account = factories.make_account(database, organisation, synced_at=NOON - days * DAY).id
        if owes:
            factories.make_invoice(database, organisation, account)
    with uow() as work:
        assert work.totals.synced() == Synced(NOON - 3 * DAY, NOON - DAY)


def test_open_promises_are_summed_by_currency_and_those_past_their_day(
    database: Engine, organisation: int, other_organisation: int, uow: UnitOfWorkFactory, acme: int
) -> None:
    for amount, due_on in ((eur(100), TODAY - DAY), (eur(250), TODAY), (None, None), (Money(9, "JPY"), None)):
        factories.make_promise(database, organisation, acme, amount=amount, due_on=due_on)
    for state in PromiseState:
        if state is not PromiseState.OPEN:
            factories.make_promise(database, organisation, acme, state=state, amount=eur(7), due_on=TODAY)
    theirs = factories.make_account(database, other_organisation).id
    factories.make_promise(database, other_organisation, theirs, amount=eur(5_000))
    with uow() as work:
        assert work.totals.promises(today=TODAY) == [
            OpenSums("EUR", 2, 350, 1, 100),
            OpenSums("JPY", 1, 9, 0, 0),
            OpenSums(None, 1, 0, 0, 0),
        ]


def test_mails_are_counted_by_what_became_of_them(
    database: Engine, organisation: int, other_organisation: int, uow: UnitOfWorkFactory
) -> None:
    for org_id, action, days in (
        (organisation, "nudge.sent", 1),
        (organisation, "nudge.sent", 29),
        (organisation, "nudge.sent", 31),
        (organisation, "autopilot.refused", 2),
        (organisation, "nudge.queued", 2),
        (other_organisation, "nudge.sent", 1),
    ):
        factories.add_row(database, tables.audit, org_id=org_id, at=NOON - days * DAY, action=action, subject="nudge:1")
    with uow() as work:
        assert work.totals.endings(since=NOON - 30 * DAY) == {
            (Source.NUDGE, Ending.SENT): 2,
            (Source.AUTOPILOT, Ending.REFUSED): 1,
        }
