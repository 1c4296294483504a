"""The card tells who reported what, what the record made of it, and how promises of this account were kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from domain.commitments import DisputeState, Heard, PromiseState, Verdict
from domain.keeping import Kept
from domain.ports import UnitOfWorkFactory
from domain.values import Money
from storage import tables
from tests.contract.conftest import Desk
from tests.factories import NOON, add_row, make_account, make_dispute, make_promise, make_user

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_reports_stand_beside_what_came_of_them(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
) -> None:
    olga = make_user(database, organisation, name="Olga Operator")
    other = make_account(database, organisation, name="Beta")

    def reported(account_id: int, *, by: int, **more: object) -> None:
        given = {"account_id": account_id, "origin": f"view:{more}", "reported_by": by, "said_at": NOON - 2 * HOUR}
        add_row(database, tables.reports, org_id=organisation, reported_at=NOON - HOUR, **given | more)

    waiting = make_promise(database, organisation, desk.account.id, state=PromiseState.REPORTED)
    recorded = make_promise(database, organisation, desk.account.id, state=PromiseState.OPEN)
    imported = make_promise(database, organisation, desk.account.id, state=PromiseState.OPEN)
    disputed = make_dispute(database, organisation, desk.account.id, state=DisputeState.IN_REVIEW)
    elsewhere = make_promise(database, organisation, other.id)
    reported(desk.account.id, by=desk.rep.id, promise_id=waiting)
    settled = {"settled_by": olga.id, "settled_at": NOON}
    reported(desk.account.id, by=desk.rep.id, promise_id=recorded, verdict=Verdict.RECORDED.value, **settled)
    reported(desk.account.id, by=olga.id, dispute_id=disputed, verdict=Verdict.CORRECTED.value, **settled)
    reported(other.id, by=desk.rep.id, promise_id=elsewhere)

    with uow() as work:
        card = work.accounts.card(desk.account.id, sending_domain="example.com", at=NOON)
    assert card is not None
    assert imported not in card.heard_promises
    assert card.heard_promises == {
        waiting: Heard(desk.rep.name, NOON - HOUR),
        recorded: Heard(desk.rep.name, NOON - HOUR, Verdict.RECORDED, "Olga Operator", NOON),
    }
    assert card.heard_disputes == {
        disputed: Heard("Olga Operator", NOON - HOUR, Verdict.CORRECTED, "Olga Operator", NOON)
    }


def test_what_was_first_heard_counts(database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk) -> None:
    olga = make_user(database, organisation, name="Olga Operator")
    promise = make_promise(database, organisation, desk.account.id)
    for by in (desk.rep, olga):
        add_row(
            database,
            tables.reports,
            org_id=organisation,
            promise_id=promise,
            account_id=desk.account.id,
            origin=by.name,
            reported_by=by.id,
            reported_at=NOON,
            said_at=NOON,
        )
    with uow() as work:
        card = work.accounts.card(desk.account.id, sending_domain="example.com", at=NOON)
    assert card is not None and card.heard_promises[promise].reporter == desk.rep.name


def test_the_trailing_years_promises_are_counted(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
) -> None:
    other = make_account(database, organisation, name="Beta")
    euros = Money(50_000, "EUR")
    for account_id, ago in ((desk.account.id, 10), (desk.account.id, 20), (desk.account.id, 366), (other.id, 10)):
        make_promise(
            database,
            organisation,
            account_id,
            state=PromiseState.KEPT,
            amount=euros,
            decided_at=NOON - ago * DAY,
            paid=euros.minor,
        )
    with uow() as work:
        card = work.accounts.card(desk.account.id, sending_domain="example.com", at=NOON)
    assert card is not None
    assert card.kept == (Kept(PromiseState.KEPT, "EUR", 2, 100_000, 100_000),)
