"""Addresses to which nobody writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.accounts import Suppressed, Suppression, SuppressionReason
from domain.ports import UnitOfWorkFactory
from tests.contract.conftest import Desk
from tests.factories import NOON

ONE = Suppressed("a@acme.example", Suppression(SuppressionReason.INVALID, date(2027, 1, 1)), NOON, "5.1.1")


def test_put_replaces_drop_takes_away_and_a_neighbour_sees_nothing(
    uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory
) -> None:
    after = replace(ONE, suppression=Suppression(SuppressionReason.OPTED_OUT), detail="")
    with uow() as work:
        assert work.suppressions.get(ONE.email) is None
        work.suppressions.put(ONE)
        assert work.suppressions.get(ONE.email) == ONE
        work.suppressions.put(after)
        assert work.suppressions.get(ONE.email) == after
    with other_uow() as work:
        assert work.suppressions.get(ONE.email) is None
        work.suppressions.drop(ONE.email)
    with uow() as work:
        assert work.suppressions.get(ONE.email) == after
        work.suppressions.drop(ONE.email)
        assert work.suppressions.get(ONE.email) is None


def test_pages_by_address(uow: UnitOfWorkFactory) -> None:
    all_ = [replace(ONE, email=f"{letter}@acme.example") for letter in "cab"]
    with uow() as work:
        for each in all_:
            work.suppressions.put(each)
        first = work.suppressions.page(after="", limit=2)
        assert [each.email[0] for each in first] == ["a", "b"]
        assert [each.email[0] for each in work.suppressions.page(after=first[-1].email, limit=2)] == ["c"]


def test_whose_address_it_is(uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory, desk: Desk) -> None:
    with uow() as work:
        assert work.suppressions.contact_of(desk.contact.email.lower()) == (desk.contact.id, desk.account.id)
        assert work.suppressions.contact_of("nobody@acme.example") is None
    with other_uow() as work:
        assert work.suppressions.contact_of(desk.contact.email.lower()) is None
