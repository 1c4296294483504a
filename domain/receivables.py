"""What comes out of the books: rows of customers, contacts, invoices, payments and notes, and what became of them.

The importer (connectors) reads files into these rows; `Books` (storage) writes them. `row` is the row of the file
as a spreadsheet counts it, the header being row 1. None means "the file does not say": it is never written over a
value that is there. Amounts are whole minor units.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol


class Kind(StrEnum):
    """What a file holds, in the order files are imported: nothing refers to a later one."""

    CUSTOMERS = "customers"
    CONTACTS = "contacts"
    OPEN_ITEMS = "open items"
    INVOICES = "invoices"
    PAYMENTS = "payments"
    NOTES = "notes"


FLAGGED = "Flagged as disputed in the books"
"""Reason of a dispute the import opened. It resolves no other."""

UNFLAGGED = "Flagged as disputed in the books; the flag was taken off"


class CustomerRow(NamedTuple):
    """`says` columns that are empty clear what was there. `spare_name` names a new customer, never an old one."""

    row: int
    external_id: str
    name: str | None = None
    spare_name: str | None = None
    aliases: tuple[str, ...] = ()
    domain: str | None = None
    country: str | None = None
    region: str | None = None
    zone: str | None = None
    industry: str | None = None
    owner_email: str | None = None
    renewal_on: date | None = None
    legal_hold: str | None = None
    risk: str | None = None


class ContactRow(NamedTuple):
    row: int
    customer_id: str
    email: str
    name: str | None = None
    is_primary: bool | None = None
    zone: str | None = None


class InvoiceRow(NamedTuple):
    row: int
    customer_id: str
    number: str
    issued_on: date
    due_on: date
    currency: str
    amount: int
    balance: int
    state: str
    paid_on: date | None = None
    url: str | None = None
    url_expires_at: datetime | None = None
    is_disputed: bool | None = None


class PaymentRow(NamedTuple):
    row: int
    customer_id: str
    external_id: str
    invoice_number: str | None  # None: unapplied cash
    received_on: date
    currency: str
    amount: int
    reference: str | None = None


class NoteRow(NamedTuple):
    row: int
    customer_id: str
    external_id: str
    department: str
    author: str
    body: str
    written_at: datetime


class Problem(NamedTuple):
    """Why a row, or a part of it, was not taken: the field it is about and one sentence that names the fix."""

    row: int
    field: str
    sentence: str


@dataclass(slots=True)
class Tally:
    """What became of one batch. Rows that stand in no set were already there, exactly so."""

    added: int = 0
    changed: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Progress:
    """`step` is "checking" (the whole file is read once before anything is written) or "importing"."""

    file: str
    step: str
    rows: int
    bytes_done: int
    bytes_total: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one file did. `read` = added + changed + unchanged + rejected.

    `partly`: rows that were taken although their customer's or contact's part was refused; they stand in the rejects
    file too. `problems`: why the whole file was refused; then nothing was changed. `warnings`: what was taken with less
    than the file says. `notes`: what was detected.
    """

    file: str
    kind: Kind | None
    started_at: datetime
    finished_at: datetime
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    partly: int = 0
    rejects_file: str | None = None
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_refused(self) -> bool:
        return bool(self.problems)


class Entry(Protocol):
    """One file on its way into the books. Each call is one transaction; a batch names each key once."""

    def customers(self, rows: Sequence[CustomerRow], *, says: frozenset[str], embedded: bool) -> Tally:
        """Insert or update by external id. Only the columns in `says` (CustomerRow's names) are written.

        `embedded`: the rows come along with others and repeat; the first row of the file about a customer counts.
        """
        ...

    def contacts(self, rows: Sequence[ContactRow], *, says: frozenset[str]) -> Tally: ...

    def invoices(self, rows: Sequence[InvoiceRow]) -> Tally: ...

    def payments(self, rows: Sequence[PaymentRow]) -> Tally: ...

    def notes(self, rows: Sequence[NoteRow]) -> Tally: ...

    def finish(self, report: ImportReport, *, synced: bool) -> None:
        """Write the counts; with `synced`, every account that an accepted row named is in sync as of the start."""
        ...


class Books(Protocol):
    """The receivables of one organisation, to be written."""

    def entry(
        self, *, file: str, kind: str, sha256: str, by: str, started_at: datetime
    ) -> AbstractContextManager[Entry]:
        """Record a run. Leaving by an exception records it as failed; batches that were written stay.

        Raises Busy while another import of the organisation runs.
        """
        ...
