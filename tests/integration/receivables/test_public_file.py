"""The public accounts-receivable file: another's column names, US dates, no names, no contacts."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from connectors.receivables import load_mapping
from domain.receivables import Kind
from storage.tables import accounts, disputes, invoices
from tests.integration.receivables.conftest import Importer

MAPPING = Path(__file__).parents[3] / "docs" / "examples" / "receivables-mapping.toml"
HEADER = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,"
    "PaperlessBill,DaysToSettle,DaysLate"
)


def us(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def public_file(rows: int, *, seed: int = 2466) -> str:
    """A file of the same shape; the original is not ours to ship."""
    chance = random.Random(seed)
    customers = [
        f"{chance.randrange(10_000):04}-{chance.choice('ABCDEFGH')}{chance.randrange(10**4):04}" for _ in range(100)
    ]
    countries = {customer: chance.choice((391, 406, 818, 897, 770)) for customer in customers}
    lines = [HEADER]
    for number in range(rows):
        customer = chance.choice(customers)
        issued = date(2012, 1, 3) + timedelta(chance.randrange(700))
        due, settled = issued + timedelta(30), issued + timedelta(chance.randrange(75))
        lines.append(
            f"{countries[customer]},{customer},{us(issued - timedelta(40))},{10_000_000 + number * 37},{us(issued)},"
            f"{us(due)},{chance.randrange(500, 13_000) / 100:.2f},{chance.choice(('Yes', 'No', 'No', 'No'))},"
            f"{'' if number % 10 == 0 else us(settled)},{chance.choice(('Paper', 'Electronic'))},"
            f"{(settled - issued).days},{max(0, (settled - due).days)}"
        )
    return "\n".join(lines) + "\n"


def test_2466_invoices_with_foreign_names_are_imported_by_a_mapping_file(importer: Importer) -> None:
    text, mapping = public_file(2_466), load_mapping(MAPPING)
    report = importer.text(text, mapping=mapping)
    assert (report.kind, report.problems) == (Kind.OPEN_ITEMS, ())
    assert (report.read, report.added, report.rejected) == (2_466, 2_466, 0)
    found = importer.rows(invoices)
    assert {row["state"] for row in found} == {"paid", "open"}
    assert sum(row["balance"] == row["amount"] for row in found) == 247
    assert all(row["due_on"] - row["issued_on"] == timedelta(30) for row in found)  # type: ignore[operator]
    assert all(row["name"] == f"Customer {row['external_id']}" for row in importer.rows(accounts))
    assert {row["country"] for row in importer.rows(accounts)} == {None}
    assert len(importer.rows(disputes)) == text.count(",Yes,")
    before = importer.dump()
    assert importer.text(text, mapping=mapping).unchanged == 2_466
    assert importer.dump() == before


def test_without_a_mapping_the_same_file_is_refused_with_the_way_to_map_it(importer: Importer) -> None:
    report = importer.text(public_file(5))
    assert report.is_refused
    assert "amount unless paid" in " ".join(report.problems)


def test_a_spare_name_never_renames_a_customer(importer: Importer) -> None:
    text, mapping = public_file(3), load_mapping(MAPPING)
    known = text.splitlines()[1].split(",")[1]
    importer.text(f"Customer ID,Customer Name\n{known},Real Name\n")
    importer.text(text, mapping=mapping)
    assert "Real Name" in {row["name"] for row in importer.rows(accounts)}
