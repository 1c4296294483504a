"""Writes the receivables: one run, one connection, batches of rows merged into the tables of one organisation.

A batch is one transaction: staged, checked against the books, then updated where something differs and inserted
where nothing is there. What is already so is not written again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, func, insert, select, text, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from domain.errors import Busy
from domain.receivables import (
    ContactRow,
    CustomerRow,
    ImportReport,
    InvoiceRow,
    NoteRow,
    PaymentRow,
    Problem,
    Tally,
)
from storage import books_staging as staged
from storage.books_customers import write_contacts, write_customers
from storage.books_invoices import know_disputes, write_invoices
from storage.books_merge import Batch
from storage.engine import ORGANISATION
from storage.tables import accounts, imports, invoices, notes, payments

_SYNCED_AT_ONCE = 5_000
_PATIENCE = (
    "SET statement_timeout = '10min'; SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '10min'"
)


class Books:
    """The receivables of one organisation (`domain.receivables.Books`)."""

    def __init__(self, engine: Engine, *, org_id: int) -> None:
        self._engine = engine
        self._org_id = org_id

    @contextmanager
    def entry(self, *, file: str, kind: str, sha256: str, by: str, started_at: datetime) -> Iterator[Entry]:
        with self._engine.connect().execution_options(**{ORGANISATION: self._org_id}) as connection:
            connection.detach()  # its timeouts, its lock and its temporary tables go when it is closed
            with _transaction(connection):
                self._take_turn(connection)
                staged.prepare(connection)
                # Whoever was importing this very file is gone: killed, or cut off from the database.
                connection.execute(
                    update(imports)
                    .where(imports.c.org_id == self._org_id, imports.c.state == "running", imports.c.sha256 == sha256)
                    .values(state="failed", finished_at=started_at)
                )
                run_id = connection.execute(
                    insert(imports)
                    .values(
                        org_id=self._org_id,
                        by=by[:200],
                        file=file[-500:],
                        kind=kind,
                        sha256=sha256,
                        started_at=started_at,
                        state="running",
                    )
                    .returning(imports.c.id)
                ).scalar_one()
            entry = Entry(connection, org_id=self._org_id, run_id=run_id, started_at=started_at)
            try:
                yield entry
            except BaseException:
                # When the database itself is gone the row stays `running` until the file is imported again.
                with suppress(SQLAlchemyError, Busy):
                    entry.fail()
                raise
            finally:
                self._end_turn(connection)

    def _take_turn(self, connection: Connection) -> None:
        """One import of an organisation at a time. SQLite has one writer at a time anyway, batch by batch."""
        if connection.dialect.name != "postgresql":
            return
        connection.execute(text(_PATIENCE))
        name = f"plixo import {self._org_id}"
        mine = connection.execute(text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))"), {"name": name})
        if not mine.scalar_one():
            raise Busy("Another import of this organisation is running.")

    def _end_turn(self, connection: Connection) -> None:
        """At once: the server notices a closed connection only a moment later, and the next file begins now."""
        if connection.dialect.name == "postgresql":
            with suppress(SQLAlchemyError):
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock_all()"))
                connection.commit()


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    try:
        with connection.begin():
            yield
    except OperationalError as error:
        raise Busy("The database did not take the batch in time.") from error


class Entry:
    """One file's run (`domain.receivables.Entry`)."""

    def __init__(self, connection: Connection, *, org_id: int, run_id: int, started_at: datetime) -> None:
        self._connection = connection
        self._org_id = org_id
        self._run_id = run_id
        self._started_at = started_at
        self._so_far = Tally()
        self._knows_disputes = False

    @contextmanager
    def _batch(self) -> Iterator[Batch]:
        with _transaction(self._connection):
            batch = Batch(self._connection, org_id=self._org_id, at=self._started_at)
            yield batch
        self._so_far.added += batch.tally.added
        self._so_far.changed += batch.tally.changed

    def customers(self, rows: Sequence[CustomerRow], *, says: frozenset[str], embedded: bool) -> Tally:
        with self._batch() as batch:
            write_customers(batch, rows, says=says, embedded=embedded)
        return batch.tally

    def contacts(self, rows: Sequence[ContactRow], *, says: frozenset[str]) -> Tally:
        with self._batch() as batch:
            write_contacts(batch, rows, says=says)
        return batch.tally

    def invoices(self, rows: Sequence[InvoiceRow]) -> Tally:
        with self._batch() as batch:
            if not self._knows_disputes and any(row.is_disputed is not None for row in rows):
                know_disputes(self._connection, self._org_id)
                self._knows_disputes = True
            write_invoices(batch, rows)
        return batch.tally

    def payments(self, rows: Sequence[PaymentRow]) -> Tally:
        with self._batch() as batch:
            _write_payments(batch, rows)
        return batch.tally

    def notes(self, rows: Sequence[NoteRow]) -> Tally:
        with self._batch() as batch:
            _write_notes(batch, rows)
        return batch.tally

    def finish(self, report: ImportReport, *, synced: bool) -> None:
        if synced:
            self._mark_synced()
        self._close(
            state="failed" if report.is_refused else "done",
            finished_at=report.finished_at,
            kind=(report.kind.value if report.kind else "unknown"),
            read=report.read,
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            rejected=report.rejected,
            rejects_file=report.rejects_file[-500:] if report.rejects_file else None,
        )

    def fail(self) -> None:
        self._connection.rollback()
        self._close(state="failed", added=self._so_far.added, changed=self._so_far.changed)

    def _close(self, **values: object) -> None:
        with _transaction(self._connection):
            self._connection.execute(
                update(imports).where(imports.c.org_id == self._org_id, imports.c.id == self._run_id).values(**values)
            )

    def _mark_synced(self) -> None:
        """In id order and short transactions: a click on an account must not wait for all of them."""
        seen = staged.seen_customers
        mine = and_(accounts.c.org_id == self._org_id, accounts.c.external_id == seen.c.external_id)
        last = 0
        while True:
            with _transaction(self._connection):
                ids = self._connection.scalars(
                    select(accounts.c.id)
                    .join(seen, mine)
                    .where(accounts.c.org_id == self._org_id, accounts.c.id > last)
                    .order_by(accounts.c.id)
                    .limit(_SYNCED_AT_ONCE)
                    .with_for_update(of=accounts)
                ).all()
                if not ids:
                    return
                self._connection.execute(
                    update(accounts)
                    .where(mine, accounts.c.id > last, accounts.c.id <= ids[-1])
                    .where(func.coalesce(accounts.c.synced_at < self._started_at, True))
                    .values(synced_at=self._started_at)
                )
                last = ids[-1]


def _write_payments(batch: Batch, rows: Sequence[PaymentRow]) -> None:
    load = staged.payments
    batch.load(load, rows)
    batch.refuse_unknown_customers(load)
    billed = and_(invoices.c.org_id == batch.org_id, invoices.c.number == load.c.invoice_number)
    found = batch.connection.execute(
        select(
            load.c.row, load.c.invoice_number, invoices.c.id, invoices.c.account_id, accounts.c.id, invoices.c.currency
        )
        .outerjoin(accounts, batch.customer(load))
        .outerjoin(invoices, billed)
        .where(load.c.invoice_number.is_not(None))
        .where(
            invoices.c.id.is_(None)
            | (invoices.c.account_id != accounts.c.id)
            | (invoices.c.currency != load.c.currency)
        )
    )
    problems = []
    for row, number, invoice_id, billed_to, payer, currency in found:
        if invoice_id is None:
            sentence = (
                f"There is no invoice {number}: import the invoices first, or leave the cell empty for unapplied cash."
            )
        elif billed_to != payer:
            sentence = f"Invoice {number} is another customer's: correct the customer or the invoice number."
        else:
            sentence = f"Invoice {number} is in {currency}: correct the currency, or leave the invoice empty."
        problems.append(Problem(row, "invoice_number", sentence))
    batch.refuse(load, problems)

    target = select(invoices.c.id).where(billed).correlate(load).scalar_subquery()
    _merge(
        batch,
        payments,
        load,
        key="external_id",
        plain=("received_on", "currency", "amount"),
        # What A/R applied since stays applied, however the books still have it.
        others={
            "invoice_id": func.coalesce(target, payments.c.invoice_id),
            "reference": func.coalesce(load.c.reference, payments.c.reference),
        },
        fresh={"invoice_id": target, "reference": func.coalesce(load.c.reference, "")},
    )


def _write_notes(batch: Batch, rows: Sequence[NoteRow]) -> None:
    load = staged.notes
    batch.load(load, rows)
    batch.refuse_unknown_customers(load)
    _merge(
        batch, notes, load, key="external_id", plain=("department", "author", "body", "written_at"), others={}, fresh={}
    )


def _merge(
    batch: Batch,
    table: Table,
    load: Table,
    *,
    key: str,
    plain: tuple[str, ...],
    others: dict[str, ColumnElement[Any]],
    fresh: dict[str, ColumnElement[Any]],
) -> None:
    """Update what differs and insert what is new, of rows that belong to a customer and have a key of their own."""
    owner = select(accounts.c.id).where(batch.customer(load)).correlate(load).scalar_subquery()
    same = and_(table.c.org_id == batch.org_id, table.c[key] == load.c[key])
    columns = {name: load.c[name] for name in plain}
    batch.tally.changed += len(batch.update(table, same, {"account_id": owner, **columns, **others}))
    batch.tally.added += batch.insert(table, load, same, {"account_id": owner, key: load.c[key], **columns, **fresh})
