"""Reads a surveyed file a second time and writes it in batches; what is refused goes to the rejects file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, assert_never

from connectors.receivables import rows as readers
from connectors.receivables.cells import BadCell
from connectors.receivables.header import Plan
from connectors.receivables.rejects import Rejects
from connectors.receivables.risks import Risks
from connectors.receivables.source import BROKEN, Source
from connectors.receivables.survey import Survey, key_reader
from connectors.receivables.texts import Unreadable
from domain.receivables import ContactRow, CustomerRow, Entry, Kind, Problem, Tally

BATCH = 20_000
"""Rows of a transaction: large enough for sets, small enough for memory and for others who wait to write."""

_KEY_FIELDS = {
    Kind.CUSTOMERS: "customer_id",
    Kind.CONTACTS: "contact_email",
    Kind.INVOICES: "invoice_number",
    Kind.OPEN_ITEMS: "invoice_number",
    Kind.PAYMENTS: "payment_id",
    Kind.NOTES: "note_id",
}
_READERS: dict[Kind, Callable[[Plan, Survey], readers.Reader[Any]]] = {
    Kind.CONTACTS: readers.contact_reader,
    Kind.INVOICES: readers.invoice_reader,
    Kind.OPEN_ITEMS: readers.invoice_reader,
    Kind.PAYMENTS: readers.payment_reader,
    Kind.NOTES: readers.note_reader,
}


@dataclass(slots=True)
class _Rows:
    """What was read and is not written yet."""

    cells: dict[int, list[str]] = field(default_factory=dict)
    main: list[Any] = field(default_factory=list)
    customers: dict[str, CustomerRow] = field(default_factory=dict)
    contacts: list[ContactRow] = field(default_factory=list)
    wrong: dict[int, Problem] = field(default_factory=dict)
    parts_wrong: dict[int, Problem] = field(default_factory=dict)


class Batches:
    """Counts rows: each is added, changed, unchanged or rejected. `partly`: taken without a part that was refused."""

    def __init__(self, source: Source, plan: Plan, found: Survey, entry: Entry, rejects: Rejects) -> None:
        self.read = self.added = self.changed = self.rejected = self.partly = 0
        self.risks = Risks()
        self._source = source
        self._plan = plan
        self._entry = entry
        self._rejects = rejects
        self._key_of = key_reader(plan)
        self._repeats = readers.Repeats.of(found)
        self._may_repeat = found.sieve.may_repeat
        self._is_invoices = plan.kind in (Kind.INVOICES, Kind.OPEN_ITEMS)
        kind = plan.kind
        self._has_customers = kind is Kind.CUSTOMERS or (
            kind is Kind.OPEN_ITEMS and (plan.says("customer_name") or "customer_name" in plan.mapping.rules)
        )
        self._has_contacts = kind is Kind.CONTACTS or plan.says("contact_email")
        self._customer = readers.customer_reader(plan, found, self.risks)
        self._contact = readers.contact_reader(plan, found)
        self._main = self._customer if kind is Kind.CUSTOMERS else _READERS[kind](plan, found)
        self._embeds = [
            kind is Kind.OPEN_ITEMS and self._has_customers,
            kind is not Kind.CONTACTS and self._has_contacts,
        ]
        self._now = _Rows()

    def run(self, tell: Callable[[int], None]) -> None:
        """Reads one batch while the one before it is written, by one thread and in order."""
        with ThreadPoolExecutor(1, "receivables") as writer:
            written: Future[None] | None = None
            for batch in self._batches():
                if written is not None:
                    written.result()
                    tell(self.read)
                written = writer.submit(self._write_batch, batch)
            if written is not None:
                written.result()
        tell(self.read)

    def _batches(self) -> Iterator[_Rows]:
        width = len(self._source.header)
        has_parts = any(self._embeds)
        now, main, take = self._now, self._main, self._take
        for row, cells in self._source.rows():
            if len(cells) != width:
                if cells[0] != BROKEN and not any(cells):
                    continue
                now.cells[row] = cells
                if not self._fits(row, cells, width):
                    continue
                cells = cells[:width]
            now.cells[row] = cells
            try:
                taken = take(row, cells, main(row, cells))
                if taken is not None:
                    now.main.append(taken)
            except BadCell as bad:
                if not any(cell.strip() for cell in cells):
                    del now.cells[row]
                    continue
                now.wrong[row] = Problem(row, bad.field, bad.sentence)
            except Unreadable as error:
                now.wrong[row] = Problem(row, _KEY_FIELDS[self._plan.kind], str(error))
            if has_parts:
                self._take_parts(row, cells)
            if len(now.cells) >= BATCH:
                yield now
                now = self._now = _Rows()
        if now.cells:
            yield now

    def _fits(self, row: int, cells: list[str], width: int) -> bool:
        if cells[0] == BROKEN:
            sentence = 'Its quotation marks are broken: write a quotation mark inside a cell twice ("").'
        elif len(cells) < width or any(cells[width:]):
            sentence = f"It has {len(cells)} columns and the header {width}: quote cells that hold the delimiter."
        else:
            return True
        self._now.wrong[row] = Problem(row, "", sentence)
        return False

    def _take(self, row: int, cells: list[str], read: Any) -> Any:
        """The row to write; None for an exact repetition."""
        kind = self._plan.kind
        key = read.number if self._is_invoices else self._key_of(cells)
        if kind in (Kind.PAYMENTS, Kind.NOTES) and not read.external_id:
            return read._replace(external_id=self._repeats.id_for(key, read[1:]))
        if self._may_repeat(key) and self._repeats.is_again(key, row, read[1:], _KEY_FIELDS[kind]):
            return None
        return read

    def _take_parts(self, row: int, cells: list[str]) -> None:
        customers, contacts = self._embeds
        try:
            if customers:
                customer = self._customer(row, cells)
                self._now.customers.setdefault(customer.external_id, customer)
            if contacts:
                contact = self._contact(row, cells)
                if contact is not None:
                    self._now.contacts.append(contact)
        except BadCell as bad:
            self._now.parts_wrong.setdefault(row, Problem(row, bad.field, bad.sentence))

    def _write_batch(self, batch: _Rows) -> None:
        plan, entry = self._plan, self._entry
        if batch.customers:
            says = readers.customer_says(plan)
            tally = entry.customers(list(batch.customers.values()), says=says, embedded=True)
            self._note_parts(batch, tally)
        tally = self._write(batch.main) if batch.main else Tally()
        if batch.contacts:
            self._note_parts(batch, entry.contacts(batch.contacts, says=readers.contact_says(plan)))
        for problem in tally.problems:
            batch.wrong.setdefault(problem.row, problem)
        for row, problem in sorted({**batch.parts_wrong, **batch.wrong}.items()):
            # A row whose customer could not be read fails for want of it: the reason is the customer's.
            told = batch.parts_wrong.get(row, problem) if problem.field == "customer_id" else problem
            shown = plan.shown(told.field) if told.field else ""
            self._rejects.add(batch.cells[row], row, shown, told.sentence)
        self.rejected += len(batch.wrong)
        self.partly += len(batch.parts_wrong.keys() - batch.wrong.keys())
        self.read += len(batch.cells)
        self.added += tally.added
        self.changed += tally.changed

    def _note_parts(self, batch: _Rows, tally: Tally) -> None:
        for problem in tally.problems:
            batch.parts_wrong.setdefault(problem.row, problem)

    def _write(self, rows: list[Any]) -> Tally:
        plan, entry = self._plan, self._entry
        match plan.kind:
            case Kind.CUSTOMERS:
                return entry.customers(rows, says=readers.customer_says(plan), embedded=False)
            case Kind.CONTACTS:
                return entry.contacts(rows, says=readers.contact_says(plan))
            case Kind.INVOICES | Kind.OPEN_ITEMS:
                return entry.invoices(rows)
            case Kind.PAYMENTS:
                return entry.payments(rows)
            case Kind.NOTES:
                return entry.notes(rows)
            case _ as unreachable:
                assert_never(unreachable)
