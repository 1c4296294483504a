"""What is wrong is said in a sentence, and never costs the good rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from connectors.receivables import Mapping
from connectors.receivables.rejects import unguarded
from domain.receivables import Books as BooksPort
from domain.receivables import Entry, ImportReport, InvoiceRow, Kind, Tally
from storage.books import Books
from storage.tables import accounts, imports, invoices
from tests.integration.receivables.conftest import Importer

HEADER = "Invoice Number,Customer ID,Invoice Date,Due Date,Amount,Balance,Currency\n"


@pytest.fixture
def books(importer: Importer) -> Importer:
    assert importer.text("Customer ID,Customer Name\nC-1,Acme\nC-2,Bolt\n").added == 2
    assert importer.text(HEADER + "OLD,C-2,2026-01-01,2026-02-01,5.00,5.00,EUR\n").added == 1
    return importer


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("I,C-9,2026-01-01,2026-02-01,5,5,EUR", "Customer ID", "There is no customer C-9"),
        ("OLD,C-1,2026-01-01,2026-02-01,5,5,EUR", "Invoice Number", "already customer C-2's"),
        ("I,C-1,2026-03-01,2026-02-01,5,5,EUR", "Due Date", "before it was issued"),
        ("I,C-1,2026-02-30,2026-02-01,5,5,EUR", "Invoice Date", "is not a day written as yyyy-mm-dd"),
        ("I,C-1,2026-01-01,,5,5,EUR", "Due Date", "The cell is empty"),
        ("I,C-1,2026-01-01,2026-02-01,5.0001,5,EUR", "Amount", "more decimal places than EUR has"),
        ("I,C-1,2026-01-01,2026-02-01,NaN,5,EUR", "Amount", "not an amount"),
        ("I,C-1,2026-01-01,2026-02-01,5,1e309,EUR", "Balance", "not an amount"),
        ("I,C-1,2026-01-01,2026-02-01,5,5,XYZ", "Currency", "ISO 4217"),
        ("I,C-1,2026-01-01,2026-02-01,5,5 USD,EUR", "Balance", "not in EUR"),
        ("I\0,C-1,2026-01-01,2026-02-01,5,5,EUR", "Invoice Number", "NUL"),
        (f"{'I' * 101},C-1,2026-01-01,2026-02-01,5,5,EUR", "Invoice Number", "shorten it to 100"),
        ("I,C-1,2026-01-01,2026-02-01,5,5", "", "6 columns and the header 7"),
        ("I,C-1,2026-01-01,2026-02-01,5,5,EUR,x", "", "8 columns and the header 7"),
        ('"I" x,C-1,2026-01-01,2026-02-01,5,5,EUR', "", "quotation marks are broken"),
    ],
)
def test_a_row_is_rejected_with_its_column_and_the_fix_and_the_others_stay(
    books: Importer, row: str, column: str, says: str
) -> None:
    report = books.text(f"{HEADER}A,C-1,2026-01-01,2026-02-01,5,5,EUR\n{row}\nB,C-1,2026-01-01,2026-02-01,5,5,EUR\n")
    assert (report.read, report.added, report.rejected, report.problems) == (3, 2, 1, ())
    header, reject = csv.reader(io.StringIO(books.rejects(report)))
    assert header[-3:] == ["row", "column", "problem"]
    assert (reject[-3], reject[-2]) == ("3", column)
    assert says in reject[-1]
    assert {row["number"] for row in books.rows(invoices)} == {"A", "B", "OLD"}


def test_one_number_with_two_contents_is_rejected_and_an_exact_repetition_is_not(books: Importer) -> None:
    row = "A,C-1,2026-01-01,2026-02-01,5,5,EUR\n"
    report = books.text(HEADER + row + row + row.replace(",5,5", ",6,6"))
    assert (report.added, report.unchanged, report.rejected) == (1, 1, 1)
    assert "Row 2 has the same one with other values" in books.rejects(report)


def test_a_rejects_file_is_corrected_and_imported_again(books: Importer) -> None:
    report = books.text(HEADER + "A,C-1,2026-01-01,2026-02-01,-5.0001,-5,EUR\n=B,C-1,2026-01-01,2026-02-01,x,5,EUR\n")
    text = books.rejects(report)
    assert "'-5.0001" in text
    assert "'=B" in text
    fixed = text.replace("5.0001", "5.00").replace(",x,", ",5,")
    again = books.text(fixed, name="again.csv")
    assert (again.added, again.rejected, again.rejects_file) == (2, 0, None)
    assert {"A", "=B"} <= {row["number"] for row in books.rows(invoices)}
    assert unguarded("'=B") == "=B"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "file is empty"),
        ("\n\n", "file is empty"),
        ("Foo,Bar\n1,2\n", "does not hold every column"),
        (HEADER.replace("Due Date", "Dew Date") + "x\n", "Missing is the due date; the nearest is “Dew Date”"),
        (HEADER.replace("Currency", "X") + "x\n", "--currency EUR"),
        (HEADER.replace("Balance", "X") + "x\n", 'balance = "amount unless paid"'),
        (HEADER.replace("Currency\n", "Currency,Total\n") + "x\n", "“Amount” and “Total” can both be"),
        (HEADER + "A,C-1,1/2/2026,1/3/2026,5,5,EUR\n", "--date-format"),
        (HEADER + "A,C-1,2026-01-01,2026-02-01,1.234,5,EUR\n", "--decimal"),
        (HEADER + 'A,C-1,2026-01-01,2026-02-01,5,5,"EUR\n', "opens in row 2 (line 2 of the file) is never closed"),
        ("PK\x03\x04zip", "Excel workbook"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_changes_nothing(books: Importer, text: str, says: str) -> None:
    before = books.dump()
    synced = books.rows(accounts)
    report = books.text(text)
    assert report.is_refused
    assert says in " ".join(report.problems)
    assert (report.read, report.added, report.rejects_file) == (0, 0, None)
    assert books.dump() == before
    assert books.rows(accounts) == synced
    assert books.rows(imports)[-1]["state"] == "failed"


def test_a_bad_file_does_not_stop_the_others(books: Importer) -> None:
    bad = books.write("bad.csv", "Foo\n1\n")
    good = books.write("good.csv", HEADER + "A,C-1,2026-01-01,2026-02-01,5,5,EUR\n")
    reports = books(bad, good, books.folder / "missing.csv")
    assert [report.added for report in reports] == [1, 0, 0]
    assert reports[2].problems == ("There is no such file: check the path.",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_detected(importer: Importer, encoding: str, delimiter: str) -> None:
    lines = ["Customer ID,Customer Name", *(f"C-{n},Müller Größe Straße {n} GmbH" for n in range(20))]
    text = "\r\n".join(lines).replace(",", delimiter)
    report = importer(importer.write("c.csv", text.encode(encoding)))[0]
    assert (report.added, report.problems) == (20, ())
    assert {row["name"] for row in importer.rows(accounts)} == {f"Müller Größe Straße {n} GmbH" for n in range(20)}


def test_a_declared_format_settles_what_the_file_leaves_open(books: Importer) -> None:
    text = HEADER + "A,C-1,1/2/2026,1/3/2026,1.234,1.234,EUR\n"
    assert books.text(text, mapping=Mapping(date_format="dd/mm/yyyy", decimal=",")).added == 1
    row = next(row for row in books.rows(invoices) if row["number"] == "A")
    assert (str(row["issued_on"]), row["amount"]) == ("2026-02-01", 123400)
    assert books.text(text, mapping=Mapping(encoding="utf-32")).is_refused
    assert books.text(text, mapping=Mapping(encoding="klingon")).is_refused


class _Failing:
    """Books whose third batch of invoices never arrives."""

    def __init__(self, books: BooksPort) -> None:
        self._books = books

    @contextmanager
    def entry(self, **about: object) -> Iterator[Entry]:
        with self._books.entry(**about) as entry:  # type: ignore[arg-type]
            write, calls = entry.invoices, []

            def invoices(rows: list[InvoiceRow]) -> Tally:
                calls.append(rows)
                if len(calls) == 3:
                    raise ConnectionError("the cable")
                return write(rows)

            entry.invoices = invoices  # type: ignore[method-assign,assignment]
            yield entry


def test_a_crash_in_the_middle_is_completed_by_the_same_call(books: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.receivables.batches.BATCH", 10)
    text = HEADER + "".join(f"N-{n},C-1,2026-01-01,2026-02-01,5,5,EUR\n" for n in range(45))
    path = books.write("many.csv", text)
    from connectors.receivables import import_files

    with pytest.raises(ConnectionError):
        import_files(
            [path],
            books=_Failing(Books(books.engine, org_id=books.org_id)),
            clock=books.clock,
            by="ada",
            mapping=None,
            rejects_dir=books.folder,
        )
    run = books.rows(imports)[-1]
    assert (run["state"], run["added"]) == ("failed", 20)
    assert len(books.rows(invoices)) == 21
    report: ImportReport = books(path)[0]
    assert (report.read, report.added, report.unchanged) == (45, 25, 20)
    assert len(books.rows(invoices)) == 46


def test_a_note_that_was_written_in_slack_is_not_overwritten_by_a_file(books: Importer) -> None:
    header = "Note ID,Customer ID,Department,Author,Note,Written At\n"
    rest = "C-1,Legal,Lena,Wait for us.,2026-11-20T10:00:00Z\n"
    report = books.text(f"{header}N-1,{rest} Slack:V1,{rest}")
    assert (report.added, report.rejected) == (1, 1)
    reject = list(csv.reader(io.StringIO(books.rejects(report))))[1]
    assert reject[-2] == "Note ID" and "belong to notes written in Slack" in reject[-1]


def test_a_risk_that_is_none_of_ours_costs_no_customer(importer: Importer) -> None:
    customers = importer.text("Customer ID,Customer Name,Risk\nC-1,Acme,AA-\nC-2,Globex,high\nC-3,Initech,72\n")
    items = importer.text(
        "Invoice No.,Customer ID,Customer Name,Risk,Invoice Date,Due Date,Amount,Balance,Currency\n"
        "INV-1,C-4,Umbrella,none,2026-01-01,2026-01-31,10,10,EUR\n"
    )
    assert [(row["external_id"], row["risk"]) for row in importer.rows(accounts)] == [
        ("C-1", None),
        ("C-2", "high"),
        ("C-3", None),
        ("C-4", None),
    ]
    assert [(report.rejected, report.partly, report.rejects_file) for report in (customers, items)] == [
        (0, 0, None),
        (0, 0, None),
    ]
    fix = "is not low, medium or high: translate it under [values.risk]."
    assert customers.warnings == (f"2 rows were read without a risk. “AA-” {fix}",)
    assert items.warnings == (f"1 row was read without a risk. “none” {fix}",)


def test_a_credit_risk_is_a_risk_only_where_a_mapping_says_so(importer: Importer) -> None:
    text = "Customer ID,Customer Name,Credit Risk\nC-1,Acme,A\n"
    assert "not imported: Credit Risk" in importer.text(text).notes
    mapping = Mapping(kind=Kind.CUSTOMERS, columns={"risk": "Credit Risk"}, values={"risk": {"A": "low"}})
    report = importer.text(text, mapping=mapping)
    assert (report.warnings, [row["risk"] for row in importer.rows(accounts)]) == ((), ["low"])
