"""Files become books: all five kinds, once and again, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.receivables import FLAGGED, UNFLAGGED, Kind, Progress
from storage.tables import (
    account_keys,
    accounts,
    contacts,
    dispute_invoices,
    disputes,
    imports,
    invoices,
    notes,
    pay_links,
    payments,
)
from tests.integration.receivables.conftest import START, Importer

CUSTOMERS = """Customer ID,Customer Name,Aliases,Domain,Country,Time Zone,Owner,Renewal Date,Legal Hold,Risk
C-1,Müller & Söhne GmbH,MuSo; Muller,mueller.de,Germany,Europe/Berlin,Rep@Plixo.example,2026-12-31,,High
C-2,"Acme, Inc.",,acme.com,US,America/New_York,,,In court,
"""
CONTACTS = """Customer ID,Email,Name,Primary
C-1,AP@mueller.de,Jana Müller,yes
C-2,ap@acme.com,=HYPERLINK("x"),no
"""
INVOICES = """Invoice No.,Customer ID,Invoice Date,Due Date,Amount,Balance,Currency,Status,Paid Date,Pay Link,Disputed
INV-1,C-1,2026-01-01,2026-01-31,100.00,40.50,EUR,open,,https://pay.example/1,no
INV-2,C-1,2026-01-02,2026-02-01,5000,5000,JPY,,,,yes
INV-3,C-2,2026-01-03,2026-02-02,1.234,0,KWD,,2026-02-01,,
CN-4,C-2,2026-01-04,2026-01-04,-25.00,-25.00,USD,,,,
INV-5,C-2,2026-01-05,2026-02-04,9.99,9.99,USD,void,,,
"""
PAYMENTS = """Payment ID,Customer ID,Invoice Number,Payment Date,Amount,Currency,Reference
P-1,C-1,INV-1,2026-02-03,59.50,EUR,INV-1 part
P-2,C-2,,2026-02-04,10,USD,
"""
NOTES = """Note ID,Customer ID,Department,Author,Note,Date
N-1,C-1,AR,Ada,"First line
second line",2026-02-05T10:00:00+01:00
"""


@pytest.fixture
def books(importer: Importer) -> Importer:
    """Everything of the five files, given in the wrong order."""
    names = {"notes": NOTES, "payments": PAYMENTS, "invoices": INVOICES, "contacts": CONTACTS, "customers": CUSTOMERS}
    reports = importer(*(importer.write(f"{name}.csv", text) for name, text in names.items()))
    assert [(report.kind, report.read, report.added, report.problems) for report in reports] == [
        (Kind.CUSTOMERS, 2, 2, ()),
        (Kind.CONTACTS, 2, 2, ()),
        (Kind.INVOICES, 5, 5, ()),
        (Kind.PAYMENTS, 2, 2, ()),
        (Kind.NOTES, 1, 1, ()),
    ]
    return importer


def test_five_files_in_any_order_become_the_books(books: Importer) -> None:
    first, second = books.rows(accounts)
    assert (first["name"], first["country"], first["zone"]) == ("Müller & Söhne GmbH", "DE", "Europe/Berlin")
    assert (first["owner_email"], first["renewal_on"], first["legal_hold"]) == (
        "rep@plixo.example",
        date(2026, 12, 31),
        None,
    )
    assert (second["name"], second["legal_hold"]) == ("Acme, Inc.", "In court")
    assert (first["risk"], second["risk"]) == ("high", None)
    assert [(row["email"], row["name"], row["is_primary"]) for row in books.rows(contacts)] == [
        ("ap@mueller.de", "Jana Müller", True),
        ("ap@acme.com", '=HYPERLINK("x")', False),
    ]
    found = [
        (r["number"], r["amount"], r["balance"], r["currency"], r["state"], r["paid_on"]) for r in books.rows(invoices)
    ]
    assert sorted(found) == [
        ("CN-4", -2500, -2500, "USD", "open", None),
        ("INV-1", 10000, 4050, "EUR", "open", None),
        ("INV-2", 5000, 5000, "JPY", "open", None),
        ("INV-3", 1234, 0, "KWD", "paid", date(2026, 2, 1)),
        ("INV-5", 999, 999, "USD", "void", None),
    ]
    (link,) = books.rows(pay_links)
    assert (link["url"], link["expires_at"]) == ("https://pay.example/1", None)
    assert [(row["amount"], row["invoice_id"] is None) for row in books.rows(payments)] == [(5950, False), (1000, True)]
    (note,) = books.rows(notes)
    assert (note["body"], note["department"], note["written_at"]) == (
        "First line\nsecond line",
        "A/R",
        START.replace(month=2, day=5),
    )
    (dispute,) = books.rows(disputes)
    assert (dispute["state"], dispute["reason"]) == ("open", FLAGGED)


def test_importing_again_changes_nothing(books: Importer) -> None:
    before = books.dump()
    reports = books(*(books.folder / f"{n}.csv" for n in ("customers", "contacts", "invoices", "payments", "notes")))
    assert [(report.added, report.changed, report.unchanged) for report in reports] == [
        (0, 0, 2),
        (0, 0, 2),
        (0, 0, 5),
        (0, 0, 2),
        (0, 0, 1),
    ]
    assert books.dump() == before
    assert {row["synced_at"] for row in books.rows(accounts)} == {START + timedelta(hours=2)}


def test_accounts_are_found_by_what_the_books_call_them(books: Importer) -> None:
    keys = {(row["kind"], row["folded"]) for row in books.rows(account_keys)}
    assert {("name", "muller sohne gmbh"), ("alias", "muso"), ("domain", "mueller de"), ("external_id", "c 1")} <= keys
    assert ("email", "ap mueller de") in keys
    books.text("Customer ID,Customer Name\nC-1,Miller Sons\n")
    keys = {(row["kind"], row["folded"]) for row in books.rows(account_keys)}
    assert {("name", "miller sons"), ("alias", "muso"), ("email", "ap mueller de"), ("domain", "mueller de")} <= keys
    assert ("name", "muller sohne gmbh") not in keys
    report = books.text("Customer ID,Customer Name,Alias\nC-1,Miller Sons,Mills\n")
    keys = {(row["kind"], row["folded"]) for row in books.rows(account_keys)}
    assert report.changed == 1
    assert ("alias", "mills") in keys
    assert ("alias", "muso") not in keys


def test_accounts_are_found_by_who_owns_them(books: Importer) -> None:
    """By the keys of customers and of addresses, new ones and those of an account that was handed over."""

    def owners() -> None:
        owned = {row["id"]: row["owner_email"] or "" for row in books.rows(accounts)}
        keys = books.rows(account_keys)
        assert {key["kind"] for key in keys} >= {"name", "word", "email"}
        assert all(key["owner_email"] == owned[key["account_id"]] for key in keys)

    owners()
    books.text("Customer ID,Customer Name,Account Owner\nC-1,Renamed and handed over,zoe@northwind.example\n")
    assert "zoe@northwind.example" in {row["owner_email"] for row in books.rows(account_keys)}
    owners()


def test_columns_a_file_does_not_have_stay_as_they_are(books: Importer) -> None:
    books.text("Customer ID,Customer Name,Legal Hold\nC-2,Acme,\n")
    second = books.rows(accounts)[1]
    assert (second["legal_hold"], second["zone"], second["domain"]) == (None, "America/New_York", "acme.com")


def test_what_changed_is_counted_and_written(books: Importer) -> None:
    text = INVOICES.replace("100.00,40.50,EUR,open,", "100.00,0,EUR,paid,2026-02-10").replace(
        "pay.example/1", "pay.example/2"
    )
    report = books.text(text)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 4)
    first = next(row for row in books.rows(invoices) if row["number"] == "INV-1")
    assert (first["state"], first["balance"], first["paid_on"]) == ("paid", 0, date(2026, 2, 10))
    (link,) = books.rows(pay_links)
    assert (link["url"], link["expires_at"]) == ("https://pay.example/2", None)


def test_taking_the_flag_off_resolves_the_imports_own_dispute_only(books: Importer) -> None:
    clear = INVOICES.replace(",yes\n", ",no\n")
    first = next(row for row in books.rows(invoices) if row["number"] == "INV-1")
    with books.engine.begin() as connection:
        added = connection.execute(
            disputes.insert()
            .values(
                org_id=books.org_id, account_id=first["account_id"], reason="Wrong goods", state="open", opened_at=START
            )
            .returning(disputes.c.id)
        ).scalar_one()
        connection.execute(
            dispute_invoices.insert().values(org_id=books.org_id, dispute_id=added, invoice_id=first["id"])
        )
    assert books.text(clear).changed == 1
    assert {(row["reason"], row["state"]) for row in books.rows(disputes)} == {
        ("Wrong goods", "open"),
        (UNFLAGGED, "resolved"),
    }
    assert books.text(clear).changed == 0
    assert books.text(INVOICES).changed == 1
    assert {(r["reason"], r["state"]) for r in books.rows(disputes)} == {
        ("Wrong goods", "open"),
        (UNFLAGGED, "resolved"),
        (FLAGGED, "open"),
    }


def test_a_dispute_that_a_person_resolved_is_not_opened_again_by_the_same_flag(books: Importer) -> None:
    with books.engine.begin() as connection:
        connection.execute(disputes.update().where(disputes.c.org_id == books.org_id).values(state="resolved"))
    assert books.text(INVOICES).changed == 0
    assert [row["state"] for row in books.rows(disputes)] == ["resolved"]


def test_open_items_bring_their_customers_and_contacts(importer: Importer) -> None:
    header = "Customer ID;Customer Name;Contact Email;Invoice Number;"
    header += "Invoice Date;Due Date;Amount;Balance;Currency;Pay Link\n"
    lines = [
        f"C-{n % 3};Company {n % 3};ap{n % 3}@company.com;I-{n};{1 + n}.01.2026;{14 + n}.02.2026;"
        f"1.{n:03},50;{n},50;EUR;\n"
        for n in range(9)
    ]
    text = header + "".join(lines) + "C-9;Company 9;not an address;I-99;01.01.2026;02.02.2026;1,50;1,50;EUR;\n"
    report = importer.text(text)
    assert (report.kind, report.added, report.rejected, report.partly) == (Kind.OPEN_ITEMS, 10, 0, 1)
    assert [row["name"] for row in importer.rows(accounts)] == ["Company 0", "Company 1", "Company 2", "Company 9"]
    assert [row["email"] for row in importer.rows(contacts)] == [f"ap{n}@company.com" for n in range(3)]
    assert "not an address" in importer.rejects(report)
    before = importer.dump()
    assert importer.text(text).unchanged == 10
    assert importer.dump() == before


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_the_first_row_about_a_customer_counts_however_often_the_file_is_imported(
    importer: Importer, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("connectors.receivables.batches.BATCH", batch)
    header = "Customer ID,Customer Name,Invoice Number,Invoice Date,Due Date,Amount,Balance,Currency\n"
    text = header + "".join(f"C-1,Name {n},I-{n},2026-01-01,2026-02-01,5,5,EUR\n" for n in range(3))
    importer.text(text)
    before = importer.dump()
    assert [row["name"] for row in importer.rows(accounts)] == ["Name 0"]
    assert (importer.text(text).unchanged, importer.dump()) == (3, before)


def test_two_equal_payments_without_a_number_are_two_payments(books: Importer) -> None:
    text = "Customer ID,Payment Date,Amount,Currency\nC-1,2026-03-01,5.00,EUR\n"
    text += "C-1,2026-03-01,5,EUR\nC-1,2026-03-02,5,EUR\n"
    assert books.text(text).added == 3
    assert books.text(text).unchanged == 3
    assert len(books.rows(payments)) == 5


def test_cash_that_was_applied_here_stays_applied(books: Importer) -> None:
    text = "Payment ID,Customer ID,Invoice Number,Payment Date,Amount,Currency\nP-1,C-1,,2026-02-03,59.50,EUR\n"
    assert books.text(text).unchanged == 1
    assert books.rows(payments)[0]["invoice_id"] is not None


def test_every_run_is_recorded(books: Importer) -> None:
    books.text("Foo,Bar\n1,2\n", name="wrong.csv")
    runs = books.rows(imports)
    assert [(run["kind"], run["state"], run["read"], run["added"]) for run in runs] == [
        ("customers", "done", 2, 2),
        ("contacts", "done", 2, 2),
        ("invoices", "done", 5, 5),
        ("payments", "done", 2, 2),
        ("notes", "done", 1, 1),
        ("unknown", "failed", 0, 0),
    ]
    assert {run["by"] for run in runs} == {"ada@plixo.example"}
    assert all(len(str(run["sha256"])) == 64 and run["finished_at"] for run in runs)


def test_progress_says_rows_and_bytes(importer: Importer) -> None:
    told: list[Progress] = []
    path = importer.write("customers.csv", CUSTOMERS)
    importer(path, on_progress=told.append)
    assert {progress.step for progress in told} == {"checking", "importing"}
    assert (told[-1].rows, told[-1].bytes_done, told[-1].bytes_total) == (2, path.stat().st_size, path.stat().st_size)


def test_another_organisation_is_left_alone(books: Importer, other_organisation: int, tmp_path: Path) -> None:
    before = books.dump()
    other = Importer(books.engine, other_organisation, tmp_path / "other")
    other.folder.mkdir()
    assert other.text(INVOICES, name="invoices.csv").rejected == 5
    reports = other(other.write("c.csv", CUSTOMERS.replace("Müller", "Other")), other.write("i.csv", INVOICES))
    assert [report.added for report in reports] == [2, 5]
    assert books.dump() == before
