"""Promises that wait for payments: read in sets, decided once, told of, and counted."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Engine, select, update

from domain.accounts import InvoiceState
from domain.commitments import PromiseState
from domain.keeping import Decision, Kept, PromisedInvoice, Received
from domain.ports import UnitOfWorkFactory
from domain.values import Money
from storage import tables
from tests.contract.conftest import Desk
from tests.factories import (
    NOON,
    TODAY,
    add_row,
    make_account,
    make_invoice,
    make_payment,
    make_promise,
    make_user,
)

DAY = timedelta(days=1)
PROMISED = Money(100_000, "EUR")


def report(database: Engine, organisation: int, desk: Desk, promise_id: int, **more: object) -> int:
    given = {
        "promise_id": promise_id,
        "account_id": desk.account.id,
        "origin": f"view:{promise_id}",
        "reported_by": desk.rep.id,
        "reported_at": NOON,
        "said_at": NOON - timedelta(hours=1),
    }
    return add_row(database, tables.reports, org_id=organisation, **given | more)


class TestUndecided:
    def test_an_open_promise_with_its_invoices_and_payments(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        id = make_promise(
            database,
            organisation,
            desk.account.id,
            [desk.invoice.id, desk.other_invoice.id],
            amount=PROMISED,
            due_on=TODAY + DAY,
            recorded_at=NOON,
            owed_then={desk.invoice.id: 1_240_000},
        )
        operator = make_user(database, organisation, name="Olga Operator")
        report(database, organisation, desk, id, settled_by=operator.id)
        make_payment(database, organisation, desk.account.id, amount=PROMISED, invoice_id=desk.invoice.id)
        make_payment(database, organisation, desk.account.id, amount=PROMISED)
        make_payment(
            database,
            organisation,
            desk.account.id,
            amount=PROMISED,
            invoice_id=desk.invoice.id,
            received_on=TODAY - 9 * DAY,
        )
        with uow() as work:
            (found,) = work.keeping.undecided(after=0, limit=10)
        assert (found.id, found.account, found.amount, found.due_on) == (id, desk.account, PROMISED, TODAY + DAY)
        assert (found.said_at, found.recorded_at) == (NOON - timedelta(hours=1), NOON)
        assert (found.reported_by, found.recorded_by) == (desk.rep.id, operator.id)
        assert found.payments == (Received(desk.invoice.id, TODAY, 100_000, "EUR"),)
        first, second = sorted(found.invoices, key=lambda one: one.id)
        assert first == PromisedInvoice(
            desk.invoice.id, desk.invoice.number, "EUR", 1_240_000, 1_240_000, owed_then=1_240_000
        )
        assert second.owed_then is None

    def test_what_the_books_say_of_an_invoice(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        gone = make_invoice(database, organisation, desk.account.id, state=InvoiceState.VOID)
        paid = make_invoice(database, organisation, desk.account.id, state=InvoiceState.PAID, paid_on=TODAY)
        make_promise(database, organisation, desk.account.id, [gone.id, paid.id])
        with uow() as work:
            (found,) = work.keeping.undecided(after=0, limit=10)
        assert [(one.id, one.is_void, one.paid_on, one.owes) for one in found.invoices] == [
            (gone.id, True, None, 0),
            (paid.id, False, TODAY, 0),
        ]

    def test_without_an_invoice_all_that_the_account_paid(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        other = make_account(database, organisation)
        make_promise(database, organisation, desk.account.id)
        for account_id, invoice_id in ((desk.account.id, desk.invoice.id), (desk.account.id, None), (other.id, None)):
            make_payment(database, organisation, account_id, amount=PROMISED, invoice_id=invoice_id)
        with uow() as work:
            (found,) = work.keeping.undecided(after=0, limit=10)
        assert found.invoices == ()
        assert {one.invoice_id for one in found.payments} == {desk.invoice.id, None}
        assert len(found.payments) == 2

    def test_page_by_page_and_only_open_ones_of_ours(
        self,
        database: Engine,
        organisation: int,
        other_organisation: int,
        uow: UnitOfWorkFactory,
        other_uow: UnitOfWorkFactory,
        desk: Desk,
    ) -> None:
        for state in PromiseState:
            make_promise(database, organisation, desk.account.id, state=state)
        more = [make_promise(database, organisation, desk.account.id) for _ in range(2)]
        theirs = make_account(database, other_organisation)
        their_promise = make_promise(database, other_organisation, theirs.id)
        with uow() as work:
            first = work.keeping.undecided(after=0, limit=2)
            rest = work.keeping.undecided(after=first[-1].id, limit=2)
            assert len(first) == 2 and [one.id for one in (first[1], *rest)] == more
        with other_uow() as work:
            assert [one.id for one in work.keeping.undecided(after=0, limit=9)] == [their_promise]


class TestClose:
    def test_a_promise_is_decided_once(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        id = make_promise(database, organisation, desk.account.id, amount=PROMISED)
        with uow() as work:
            assert work.keeping.close([Decision(id, PromiseState.KEPT, NOON, PROMISED, "")]) == {id}
            assert work.keeping.close([Decision(id, PromiseState.BROKEN, NOON + DAY, None, "late")]) == set()
        with database.connect() as connection:
            row = connection.execute(select(tables.promises)).mappings().one()
            events = connection.execute(select(tables.promise_events)).mappings().all()
        assert (row["state"], row["decided_at"], row["paid"]) == ("kept", NOON, 100_000)
        assert [(one["was"], one["became"], one["at"], one["actor_id"], one["why"]) for one in events] == [
            ("open", "kept", NOON, None, "")
        ]

    def test_many_at_once_and_only_those_that_are_open(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        ids = [make_promise(database, organisation, desk.account.id, state=state) for state in PromiseState]
        again = [make_promise(database, organisation, desk.account.id) for _ in range(3)]
        decisions = [Decision(id, PromiseState.BROKEN, NOON, None, "") for id in (*again, *ids)]
        with uow() as work:
            closed = work.keeping.close(decisions)
            assert work.keeping.close([]) == set()
        assert len(closed) == 4 and set(again) <= closed

    def test_another_organisation_cannot(
        self, database: Engine, organisation: int, other_uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        id = make_promise(database, organisation, desk.account.id)
        with other_uow() as work:
            assert work.keeping.close([Decision(id, PromiseState.KEPT, NOON, None, "")]) == set()
            assert work.keeping.decided(id) is None


class TestDecided:
    def test_everything_a_message_says(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        id = make_promise(
            database, organisation, desk.account.id, [desk.invoice.id], amount=PROMISED, due_on=date(2026, 11, 20)
        )
        report(database, organisation, desk, id, channel="C1", thread="1.2")
        with uow() as work:
            assert work.keeping.decided(id) is None
            half = Money(50_000, "EUR")
            work.keeping.close([Decision(id, PromiseState.PARTIALLY_KEPT, NOON, half, "as the books say")])
            found = work.keeping.decided(id)
        assert found is not None and found.reporter is not None
        assert (found.account, found.invoices, found.amount, found.paid) == (
            desk.account,
            (desk.invoice.number,),
            PROMISED,
            half,
        )
        assert (found.state, found.decided_at, found.why) == (PromiseState.PARTIALLY_KEPT, NOON, "as the books say")
        assert (found.reporter.id, found.channel, found.thread) == (desk.rep.id, "C1", "1.2")

    def test_one_that_nobody_reported_and_that_names_nothing(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        id = make_promise(database, organisation, desk.account.id)
        with uow() as work:
            work.keeping.close([Decision(id, PromiseState.BROKEN, NOON, None, "")])
            found = work.keeping.decided(id)
            assert work.keeping.decided(id + 1_000) is None
        assert found is not None
        assert (found.reporter, found.amount, found.paid, found.invoices) == (None, None, None, ())

    def test_what_arrived_has_the_currency_of_the_invoices(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        id = make_promise(database, organisation, desk.account.id, [desk.invoice.id])
        with uow() as work:
            work.keeping.close([Decision(id, PromiseState.KEPT, NOON, PROMISED, "")])
            found = work.keeping.decided(id)
        assert found is not None and (found.amount, found.paid) == (None, PROMISED)


def test_the_tally_counts_ends_by_currency_since_a_day(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory, desk: Desk
) -> None:
    other = make_account(database, organisation)

    def decided(account_id: int, state: PromiseState, amount: Money | None, paid: int | None, ago: int = 1) -> None:
        make_promise(
            database, organisation, account_id, state=state, amount=amount, paid=paid, decided_at=NOON - ago * DAY
        )

    mine = desk.account.id
    decided(mine, PromiseState.KEPT, PROMISED, 150_000)
    decided(mine, PromiseState.KEPT, PROMISED, 100_000)
    decided(mine, PromiseState.BROKEN, PROMISED, -5)
    decided(mine, PromiseState.PARTIALLY_KEPT, Money(800, "USD"), 300)
    decided(mine, PromiseState.KEPT, None, None)
    decided(mine, PromiseState.WITHDRAWN, PROMISED, None)
    decided(mine, PromiseState.KEPT, PROMISED, 100_000, ago=400)
    decided(other.id, PromiseState.KEPT, PROMISED, 100_000)
    make_promise(database, organisation, mine)
    since = NOON - 365 * DAY

    def key(one: Kept) -> tuple[str, str]:
        return one.state.value, one.currency or ""

    with uow() as work:
        of_account = sorted(work.keeping.tally(since=since, account_id=mine), key=key)
        everywhere = {key(one): one.count for one in work.keeping.tally(since=since)}
    assert of_account == [
        Kept(PromiseState.BROKEN, "EUR", 1, promised=100_000, paid=0),
        Kept(PromiseState.KEPT, None, 1),
        Kept(PromiseState.KEPT, "EUR", 2, promised=200_000, paid=200_000),
        Kept(PromiseState.PARTIALLY_KEPT, "USD", 1, promised=800, paid=300),
    ]
    assert everywhere[("kept", "EUR")] == 3
    with other_uow() as work:
        assert work.keeping.tally(since=since) == []


def test_a_payment_that_moves_to_another_invoice_is_read_where_it_is_now(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
) -> None:
    make_promise(database, organisation, desk.account.id, [desk.invoice.id])
    make_payment(database, organisation, desk.account.id, amount=PROMISED, invoice_id=desk.other_invoice.id)
    with uow() as work:
        assert work.keeping.undecided(after=0, limit=1)[0].payments == ()
    with database.begin() as connection:
        connection.execute(update(tables.payments).values(invoice_id=desk.invoice.id))
    with uow() as work:
        assert len(work.keeping.undecided(after=0, limit=1)[0].payments) == 1
