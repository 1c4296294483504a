"""What a CSV says arrives: any text, any money, any quoting; through the importer into books that only listen."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.receivables import import_files
from connectors.receivables.texts import Unreadable, tidy
from domain.currencies import CURRENCIES
from domain.receivables import ContactRow, CustomerRow, ImportReport, InvoiceRow, NoteRow, PaymentRow, Tally


class Listening:
    """Books and entry at once; keeps the rows it is given."""

    def __init__(self) -> None:
        self.rows: list[tuple[object, ...]] = []

    @contextmanager
    def entry(self, *, file: str, kind: str, sha256: str, by: str, started_at: datetime) -> Iterator[Listening]:
        yield self

    def _take(self, rows: Sequence[tuple[object, ...]]) -> Tally:
        self.rows.extend(rows)
        return Tally(added=len(rows))

    def customers(self, rows: Sequence[CustomerRow], *, says: frozenset[str], embedded: bool) -> Tally:
        return self._take(rows)

    def contacts(self, rows: Sequence[ContactRow], *, says: frozenset[str]) -> Tally:
        return self._take(rows)

    def invoices(self, rows: Sequence[InvoiceRow]) -> Tally:
        return self._take(rows)

    def payments(self, rows: Sequence[PaymentRow]) -> Tally:
        return self._take(rows)

    def notes(self, rows: Sequence[NoteRow]) -> Tally:
        return self._take(rows)

    def finish(self, report: ImportReport, *, synced: bool) -> None:
        pass


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


def carried(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[ImportReport, list[tuple[object, ...]]]:
    books = Listening()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        (report,) = import_files([path], books=books, clock=Clock(), by="a", mapping=None, rejects_dir=Path(folder))
    return report, books.rows


def cleaned(text: str, limit: int) -> str | None:
    try:
        return tidy(text, limit) or None
    except Unreadable:
        return None


TEXT = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("=+-@'\"\t\r\n ,;")), max_size=30)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.lists(TEXT, min_size=1, max_size=6))
def test_names_arrive_clean_and_otherwise_as_they_are(names: list[str]) -> None:
    rows = [[f"C-{n}", name, "x"] for n, name in enumerate(names)]
    report, taken = carried(["Customer ID", "Customer Name", "Industry"], rows)
    wanted = [(f"C-{n}", cleaned(name, 300)) for n, name in enumerate(names) if "\0" not in name]
    assert report.problems == ()
    assert [(row.external_id, row.name) for row in taken if isinstance(row, CustomerRow)] == wanted
    assert report.read == len(names) == report.added + report.rejected


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(-(10**12), 10**12).filter(bool),
            st.sampled_from(sorted(CURRENCIES)),
            st.dates(date(1990, 1, 1), date(2100, 1, 1)),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_money_and_days_arrive_exactly(values: list[tuple[int, str, date]]) -> None:
    # The first row says that the decimals begin after a full stop.
    values = [(150, "EUR", date(2026, 1, 13)), *values]
    rows = [
        [f"P-{n}", "C-1", str(day), f"{Decimal(minor).scaleb(-CURRENCIES[code]):f}", code]
        for n, (minor, code, day) in enumerate(values)
    ]
    report, taken = carried(["Payment ID", "Customer ID", "Payment Date", "Amount", "Currency"], rows)
    assert (report.problems, report.rejected) == ((), 0)
    assert [(row.amount, row.currency, row.received_on) for row in taken if isinstance(row, PaymentRow)] == values
