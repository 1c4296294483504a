"""Writes the book as the five CSV files that an importer of receivables reads."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from sandbox.book.model import Book, amount_text

Row = tuple[str, ...]

CUSTOMERS: Row = (
    "Customer ID",
    "Customer Name",
    "Aliases",
    "Domain",
    "Country",
    "Region",
    "Time Zone",
    "Industry",
    "Account Owner",
    "Renewal Date",
    "Legal Hold",
)
CONTACTS: Row = ("Customer ID", "Contact Name", "Contact Email", "Primary", "Time Zone")
INVOICES: Row = (
    "Invoice Number",
    "Customer ID",
    "Invoice Date",
    "Due Date",
    "Amount",
    "Balance",
    "Currency",
    "Status",
    "Paid Date",
    "Pay Link",
    "Pay Link Expires",
)
PAYMENTS: Row = ("Payment ID", "Customer ID", "Invoice Number", "Payment Date", "Amount", "Currency", "Reference")
NOTES: Row = ("Note ID", "Customer ID", "Department", "Author", "Date", "Note")


def write_csv(book: Book, folder: Path) -> tuple[Path, ...]:
    """Write customers, contacts, invoices, payments and notes into `folder` (made if missing), in that order.

    UTF-8, commas, ISO dates, amounts in major units with a point; instants in UTC.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(
        _write(folder / name, header, rows)
        for name, header, rows in (
            ("customers.csv", CUSTOMERS, _customers(book)),
            ("contacts.csv", CONTACTS, _contacts(book)),
            ("invoices.csv", INVOICES, _invoices(book)),
            ("payments.csv", PAYMENTS, _payments(book)),
            ("notes.csv", NOTES, _notes(book)),
        )
    )


def _customers(book: Book) -> Iterator[Row]:
    for a in book.accounts:
        yield (
            a.id,
            a.name,
            ";".join(a.aliases),
            a.domain,
            a.country,
            a.region or "",
            a.zone or "",
            a.industry,
            a.owner_email,
            a.renewal_on.isoformat(),
            a.legal_hold or "",
        )


def _contacts(book: Book) -> Iterator[Row]:
    for c in book.contacts:
        yield c.account_id, c.name, c.email, "yes" if c.is_primary else "no", c.zone or ""


def _invoices(book: Book) -> Iterator[Row]:
    for i in book.invoices:
        yield (
            i.number,
            i.account_id,
            i.issued_on.isoformat(),
            i.due_on.isoformat(),
            amount_text(i.amount, i.currency),
            amount_text(i.balance, i.currency),
            i.currency,
            i.state.capitalize(),
            _day(i.paid_on),
            i.pay_link or "",
            _instant(i.pay_link_expires_at),
        )


def _payments(book: Book) -> Iterator[Row]:
    for p in book.payments:
        yield (
            p.id,
            p.account_id,
            p.invoice_number or "",
            p.received_on.isoformat(),
            amount_text(p.amount, p.currency),
            p.currency,
            p.reference,
        )


def _notes(book: Book) -> Iterator[Row]:
    for n in book.notes:
        yield n.id, n.account_id, n.department, n.author, n.written_on.isoformat(), n.body


def _write(path: Path, header: Row, rows: Iterable[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _instant(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
