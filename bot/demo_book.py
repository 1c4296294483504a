"""Loads the demo's book into one organisation: receivables by the importer, everything else by plain inserts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, Table, and_, exists, insert, select, update

from connectors.receivables import import_files
from domain.receivables import Progress
from sandbox.book import Book, Communication, Dispute, Promise, Step, write_csv
from storage.books import Books
from storage.defaults import default_templates
from storage.tables import (
    accounts,
    autopilot_steps,
    communications,
    contacts,
    dispute_invoices,
    disputes,
    invoices,
    promise_invoices,
    promises,
    suppressions,
    templates,
    users,
)
from storage.transactions import transaction

OnProgress = Callable[[str, float], None]
"""Told what is being loaded and which share of the whole (0 to 1) is done."""

IMPORTED_BY = "demo"
_JUST_NOW = timedelta(minutes=7)
_IMPORT_SHARE = 0.9

Row = dict[str, Any]
Claim = tuple[Row, tuple[str, ...]]
"""A promise or dispute, and the numbers of its invoices."""


class BookNotTaken(RuntimeError):
    """The importer refused rows of the book: the book and the importer disagree, which is a bug in one of them."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """`was_there`: the book had been loaded before, and nothing was changed."""

    accounts: int
    invoices: int
    was_there: bool = False


def load_book(
    book: Book, *, engine: Engine, org_id: int, at: datetime, on_progress: OnProgress | None = None
) -> Loaded:
    """Load the book into an organisation that exists. Receivables count as synced at `at`.

    What no file carries comes last and in one transaction, people included: an organisation that has it has all of
    it and is left as it is; a load that was cut off before is done again. What happened "today" is pulled back before
    `at` when the demo starts earlier in the day than the book says. Raises BookNotTaken.
    """
    tell: OnProgress = on_progress or (lambda what, share: None)
    with transaction(engine, org_id=org_id) as connection:
        was_there = connection.execute(select(exists().where(autopilot_steps.c.org_id == org_id))).scalar_one()
    if not was_there:
        _import(book, engine=engine, org_id=org_id, at=at, tell=tell)
        tell("what was said and promised", _IMPORT_SHARE)
        with transaction(engine, org_id=org_id) as connection:
            _add_people(connection, book, org_id)
            _add_templates(connection, org_id)
            _Stage(connection, book, org_id=org_id, at=at).set_up()
    tell("done", 1.0)
    return Loaded(accounts=len(book.accounts), invoices=len(book.invoices), was_there=was_there)


@dataclass(frozen=True, slots=True)
class _Stopped:
    """A clock that shows one instant: the import belongs to it as a whole."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def _import(book: Book, *, engine: Engine, org_id: int, at: datetime, tell: OnProgress) -> None:
    with TemporaryDirectory(prefix="plixo-book-") as folder:
        files = write_csv(book, Path(folder))
        order = {str(path): place for place, path in enumerate(files)}

        def told(progress: Progress) -> None:
            if progress.step == "importing":
                part = progress.bytes_done / max(1, progress.bytes_total)
                tell(Path(progress.file).stem, _IMPORT_SHARE * (order[progress.file] + part) / len(files))

        reports = import_files(
            files,
            books=Books(engine, org_id=org_id),
            clock=_Stopped(at),
            by=IMPORTED_BY,
            mapping=None,
            rejects_dir=Path(folder),
            on_progress=told,
        )
    for report in reports:
        if report.is_refused or report.rejected or report.partly:
            counts = f"{report.rejected} rows refused, {report.partly} in part"
            raise BookNotTaken(f"{Path(report.file).name}: {' '.join(report.problems) or counts}.")


def _add_people(connection: Connection, book: Book, org_id: int) -> None:
    known = connection.execute(select(users.c.email, users.c.slack_user_id).where(users.c.org_id == org_id)).all()
    emails, slack_ids = {email for email, _ in known}, {slack_id for _, slack_id in known}
    _insert(
        connection,
        users,
        [
            {
                "org_id": org_id,
                "email": person.email,
                "name": person.name,
                "role": person.role,
                "is_active": person.is_active,
                "zone": person.zone,
                "locale": person.locale,
                "slack_user_id": person.slack_id,
            }
            for person in book.people
            if person.email not in emails and person.slack_id not in slack_ids
        ],
    )


def _add_templates(connection: Connection, org_id: int) -> None:
    known = {
        (key, version)
        for key, version in connection.execute(
            select(templates.c.key, templates.c.version).where(templates.c.org_id == org_id)
        )
    }
    _insert(
        connection,
        templates,
        [
            _columns(template) | {"org_id": org_id, "audience": template.audience.value, "state": template.state.value}
            for template in default_templates()
            if (template.key, template.version) not in known
        ],
    )


def _columns(thing: Any, *left_out: str) -> Row:
    """The fields of a dataclass whose names are the columns' names."""
    return {field.name: getattr(thing, field.name) for field in fields(thing) if field.name not in left_out}


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> list[int]:
    """Insert the rows and return their ids in the same order."""
    if not rows:
        return []
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(connection.scalars(statement, list(rows)))


class _Stage:
    """Sets up, in one transaction, what no CSV file carries."""

    def __init__(self, connection: Connection, book: Book, *, org_id: int, at: datetime) -> None:
        self._connection = connection
        self._book = book
        self._org_id = org_id
        self._latest = at - _JUST_NOW
        names = select(accounts.c.external_id, accounts.c.id).where(accounts.c.org_id == org_id)
        numbers = select(invoices.c.number, invoices.c.id).where(invoices.c.org_id == org_id)
        addresses = (
            select(accounts.c.external_id, contacts.c.email, contacts.c.id)
            .join(contacts, and_(contacts.c.org_id == org_id, contacts.c.account_id == accounts.c.id))
            .where(accounts.c.org_id == org_id)
        )
        self._accounts: dict[str, int] = {row.external_id: row.id for row in connection.execute(names)}
        self._invoices: dict[str, int] = {row.number: row.id for row in connection.execute(numbers)}
        self._contacts: dict[tuple[str, str], int] = {
            (row.external_id, row.email): row.id for row in connection.execute(addresses)
        }

    def set_up(self) -> None:
        self._close_mailboxes()
        self._claims(promises, promise_invoices, "promise_id", self._promises())
        self._claims(disputes, dispute_invoices, "dispute_id", self._disputes())
        _insert(self._connection, communications, [self._talk(talk) for talk in self._book.communications])
        _insert(self._connection, autopilot_steps, [self._step(step) for step in self._book.steps])

    def _past(self, when: datetime) -> datetime:
        return min(when, self._latest)

    def _close_mailboxes(self) -> None:
        for contact in self._book.contacts:
            if not contact.is_valid:
                self._connection.execute(
                    update(contacts)
                    .where(
                        contacts.c.org_id == self._org_id,
                        contacts.c.id == self._contacts[contact.account_id, contact.email],
                    )
                    .values(is_valid=False)
                )
        known = set(self._connection.scalars(select(suppressions.c.email).where(suppressions.c.org_id == self._org_id)))
        _insert(
            self._connection,
            suppressions,
            [
                {
                    "org_id": self._org_id,
                    "email": contact.email,
                    "reason": contact.suppression.reason,
                    "until": contact.suppression.until,
                    "since": contact.suppression.since,
                }
                for contact in self._book.contacts
                if contact.suppression and contact.email not in known
            ],
        )

    def _claims(self, table: Table, links: Table, column: str, claims: Iterable[Claim]) -> None:
        rows = list(claims)
        ids = _insert(self._connection, table, [row for row, _ in rows])
        _insert(
            self._connection,
            links,
            [
                {"org_id": self._org_id, column: id, "invoice_id": self._invoices[number]}
                for id, (_, numbers) in zip(ids, rows, strict=True)
                for number in numbers
            ],
        )

    def _promises(self) -> Iterable[Claim]:
        for promise in self._book.promises:
            row = self._row(promise, "invoice_numbers") | {"reported_at": self._past(promise.reported_at)}
            yield row, promise.invoice_numbers

    def _disputes(self) -> Iterable[Claim]:
        for dispute in self._book.disputes:
            row = self._row(dispute, "invoice_numbers") | {"opened_at": self._past(dispute.opened_at)}
            yield row, dispute.invoice_numbers

    def _talk(self, talk: Communication) -> Row:
        email, number = talk.contact_email, talk.invoice_number
        return self._row(talk, "contact_email", "invoice_number") | {
            "contact_id": self._contacts[talk.account_id, email] if email else None,
            "invoice_id": self._invoices[number] if number else None,
            "at": self._past(talk.at),
        }

    def _step(self, step: Step) -> Row:
        row = self._row(step)
        if step.sent_at is not None:
            row |= {"due_at": self._past(step.due_at), "sent_at": self._past(step.sent_at)}
        return row

    def _row(self, thing: Promise | Dispute | Communication | Step, *left_out: str) -> Row:
        return _columns(thing, *left_out) | {"org_id": self._org_id, "account_id": self._accounts[thing.account_id]}
