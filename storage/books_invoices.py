"""Invoices with their pay links, and the disputes that the books flag."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, insert, null, select, update

from domain.accounts import InvoiceState
from domain.commitments import DisputeState
from domain.receivables import FLAGGED, UNFLAGGED, InvoiceRow, Problem
from storage import books_staging as staged
from storage.books_merge import Batch
from storage.tables import accounts, dispute_invoices, disputes, invoices, pay_links

_PLAIN = ("issued_on", "due_on", "currency", "amount", "balance", "state")


def write_invoices(batch: Batch, rows: Sequence[InvoiceRow]) -> None:
    load = staged.invoices
    batch.load(load, rows)
    batch.refuse_unknown_customers(load)
    same = _billed(batch)
    _refuse_others_numbers(batch)

    columns = {name: load.c[name] for name in _PLAIN}
    paid_on = case(
        (load.c.state == InvoiceState.PAID.value, func.coalesce(load.c.paid_on, invoices.c.paid_on)), else_=null()
    )
    changed = set(batch.update(invoices, same, {**columns, "paid_on": paid_on}))
    owner = select(accounts.c.id).where(batch.customer(load)).correlate(load).scalar_subquery()
    newest = batch.newest(invoices)
    batch.tally.added = batch.insert(
        invoices, load, same, {"account_id": owner, "number": load.c.number, **columns, "paid_on": load.c.paid_on}
    )
    if any(row.url is not None for row in rows):
        changed |= _write_links(batch)
    if any(row.is_disputed is not None for row in rows):
        changed |= _flag(batch) | _unflag(batch)
    batch.tally.changed = sum(invoice_id <= newest for invoice_id in changed)


def _refuse_others_numbers(batch: Batch) -> None:
    load = staged.invoices
    taken = batch.connection.execute(
        select(load.c.row, load.c.number, invoices.c.account_id)
        .outerjoin(accounts, batch.customer(load))
        .outerjoin(invoices, _billed(batch))
        .where(func.coalesce(invoices.c.account_id, accounts.c.id) != accounts.c.id)
    ).all()
    problems = []
    for row, number, account_id in taken:
        holder = select(accounts.c.external_id).where(accounts.c.org_id == batch.org_id, accounts.c.id == account_id)
        other = batch.connection.scalar(holder)
        sentence = f"Invoice {number} is already customer {other}'s: correct the number or the customer."
        problems.append(Problem(row, "invoice_number", sentence))
    batch.refuse(load, problems)


def _billed(batch: Batch) -> ColumnElement[bool]:
    """Joins a staged row with its invoice. As an outer join, so that SQLite walks the batch and not the invoices."""
    return and_(invoices.c.org_id == batch.org_id, invoices.c.number == staged.invoices.c.number)


def _write_links(batch: Batch) -> set[int]:
    """One link an invoice. No end is invented: a link that the books list is in use for as long as they are fresh."""
    load = staged.invoices
    billed = select(invoices.c.id).where(_billed(batch)).correlate(load).scalar_subquery()
    same = and_(pay_links.c.org_id == batch.org_id, pay_links.c.invoice_id == billed, load.c.url.is_not(None))
    ends = case(
        (load.c.url_expires_at.is_not(None), load.c.url_expires_at),
        (pay_links.c.url == load.c.url, pay_links.c.expires_at),
        else_=null(),
    )
    changed = batch.update(pay_links, same, {"url": load.c.url, "expires_at": ends}, returning="invoice_id")
    newest = batch.newest(pay_links)
    batch.insert(
        pay_links,
        load,
        same,
        {"invoice_id": billed, "url": load.c.url, "expires_at": load.c.url_expires_at},
        where=load.c.url.is_not(None),
    )
    added = batch.connection.scalars(
        select(pay_links.c.invoice_id).where(pay_links.c.org_id == batch.org_id, pay_links.c.id > newest)
    )
    return {*changed, *added}


def know_disputes(connection: Connection, org_id: int) -> None:
    """Note every dispute that keeps the import from opening one. An invoice comes once in a file, so once is enough."""
    known = (
        select(dispute_invoices.c.invoice_id, disputes.c.id, disputes.c.reason)
        .join(disputes, and_(disputes.c.org_id == org_id, disputes.c.id == dispute_invoices.c.dispute_id))
        .where(dispute_invoices.c.org_id == org_id)
        .where((disputes.c.state != DisputeState.RESOLVED.value) | (disputes.c.reason == FLAGGED))
    )
    connection.execute(insert(staged.known_disputes).from_select(["invoice_id", "dispute_id", "reason"], known))


def _flag(batch: Batch) -> set[int]:
    """Open a dispute on every flagged invoice that has none.

    Plixo keeps the official record: where a person resolved the import's own dispute and the books still show the
    flag, it stays resolved until the flag was taken off once.
    """
    load, known = staged.invoices, staged.known_disputes
    flagged = batch.connection.execute(
        select(invoices.c.id, invoices.c.account_id)
        .select_from(load)
        .outerjoin(invoices, _billed(batch))
        .where(load.c.is_disputed.is_(True), func.coalesce(invoices.c.id, 0) != 0)
        .where(~exists().where(known.c.invoice_id == invoices.c.id))
        .order_by(invoices.c.id)
    ).all()
    if not flagged:
        return set()
    ids = batch.connection.scalars(
        insert(disputes).returning(disputes.c.id, sort_by_parameter_order=True),
        [
            {
                "org_id": batch.org_id,
                "account_id": account_id,
                "reason": FLAGGED,
                "state": DisputeState.OPEN.value,
                "opened_at": batch.at,
            }
            for _, account_id in flagged
        ],
    ).all()
    batch.connection.execute(
        insert(dispute_invoices),
        [
            {"org_id": batch.org_id, "dispute_id": dispute_id, "invoice_id": invoice_id}
            for dispute_id, (invoice_id, _) in zip(ids, flagged, strict=True)
        ],
    )
    return {invoice_id for invoice_id, _ in flagged}


def _unflag(batch: Batch) -> set[int]:
    """Resolve the disputes the import itself opened on invoices whose flag is off. Nobody else's."""
    load, known = staged.invoices, staged.known_disputes
    off = batch.connection.execute(
        select(known.c.dispute_id, invoices.c.id)
        .select_from(load)
        .outerjoin(invoices, _billed(batch))
        .outerjoin(known, and_(known.c.invoice_id == invoices.c.id, known.c.reason == FLAGGED))
        .where(load.c.is_disputed.is_(False), func.coalesce(known.c.dispute_id, 0) != 0)
    ).all()
    for at in range(0, len(off), 500):
        batch.connection.execute(
            update(disputes)
            .where(disputes.c.org_id == batch.org_id, disputes.c.id.in_([found[0] for found in off[at : at + 500]]))
            .values(state=DisputeState.RESOLVED.value, reason=UNFLAGGED)
        )
    return {invoice_id for _, invoice_id in off}
