"""What a row of each kind says, as rows the books take. One builder for a kind, compiled once for a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from connectors.receivables import texts
from connectors.receivables.amounts import minor_reader
from connectors.receivables.cells import BadCell, Cells, required
from connectors.receivables.header import Plan
from connectors.receivables.risks import Risks
from connectors.receivables.survey import Survey
from connectors.receivables.texts import Unreadable
from domain.accounts import InvoiceState
from domain.receivables import ContactRow, CustomerRow, InvoiceRow, Kind, NoteRow, PaymentRow
from domain.timeline import Department

Row = TypeVar("Row")
Reader = Callable[[int, list[str]], Row]
"""(row, cells) -> the row the books take. Raises BadCell."""

_STATES = {
    word: state
    for state, words in (
        (InvoiceState.OPEN, "open unpaid due overdue pastdue sent issued partial partiallypaid outstanding"),
        (InvoiceState.PAID, "paid closed settled cleared complete completed"),
        (InvoiceState.VOID, "void voided cancelled canceled writtenoff uncollectible reversed"),
    )
    for word in words.split()
}
_DEPARTMENTS = {department.value.casefold(): department.value for department in Department} | {
    "ar": Department.AR.value,
    "accounts receivable": Department.AR.value,
    "receivables": Department.AR.value,
    "customer success": Department.CSM.value,
}


def _state(text: str) -> InvoiceState:
    found = _STATES.get("".join(text.casefold().replace("-", " ").replace("_", " ").split()))
    if found is None:
        raise Unreadable(f"“{text[:40]}” is not open, paid or void: translate it under [values.state].")
    return found


def _department(text: str) -> str:
    found = _DEPARTMENTS.get(text.casefold())
    if found is None:
        raise Unreadable(f"“{text[:40]}” is not A/R, CSM, Legal or Sales: translate it under [values.department].")
    return found


def _note_id(text: str) -> str:
    """Notes that were written in Slack are called so; a file must not overwrite them."""
    if text.casefold().startswith("slack:"):
        raise Unreadable("Ids that begin with “slack:” belong to notes written in Slack: give this note another one.")
    return text


def customer_reader(plan: Plan, found: Survey, risks: Risks) -> Reader[CustomerRow]:
    cells = Cells(plan, found)
    spare = plan.mapping.rules.get("customer_name", "")
    readers = (
        cells.field("aliases", texts.aliases, limit=3000),
        cells.field("domain", texts.domain, limit=300, remember=True),
        cells.field("country", texts.country, limit=100, remember=True),
        cells.field("region", limit=8, remember=True),
        cells.field("zone", texts.zone, limit=64, remember=True),
        cells.field("industry", limit=100, remember=True),
        cells.field("owner_email", texts.address, limit=320, remember=True),
        cells.day("renewal_on"),
        cells.field("legal_hold", texts.hold, limit=500, remember=True),
        risks.reader(cells),
    )
    external_id = required("customer_id", cells.field("customer_id", limit=200, remember=True))
    name = cells.field("customer_name", limit=300, remember=True)

    def read(row: int, line: list[str]) -> CustomerRow:
        known = external_id(line)
        # Not str.format: the id is somebody's text.
        fallback = spare.replace("{customer_id}", known)[:300] if spare else None
        aliases, *rest = [each(line) for each in readers]
        return CustomerRow(row, known, name(line), fallback, aliases or (), *rest)  # type: ignore[arg-type]

    return read


def customer_says(plan: Plan) -> frozenset[str]:
    return frozenset(name for name in CustomerRow._fields if plan.says(name))


def contact_reader(plan: Plan, found: Survey) -> Reader[ContactRow | None]:
    """None where the row names no contact, which only a contacts file minds."""
    cells = Cells(plan, found)
    customer = required("customer_id", cells.field("customer_id", limit=200, remember=True))
    email = cells.field("contact_email", texts.address, limit=320, remember=True)
    if plan.kind is Kind.CONTACTS:
        email = required("contact_email", email)
    name = cells.field("contact_name", limit=200)
    is_primary = cells.field("is_primary", texts.yes, limit=20, remember=True)
    zone = cells.field("contact_zone", texts.zone, limit=64, remember=True)

    def read(row: int, line: list[str]) -> ContactRow | None:
        address = email(line)
        if address is None:
            return None
        return ContactRow(row, customer(line), address, name(line), is_primary(line), zone(line))

    return read


def contact_says(plan: Plan) -> frozenset[str]:
    return frozenset({"zone"}) if plan.says("contact_zone") else frozenset()


def _amount_reader(plan: Plan, found: Survey) -> Callable[[str, str, str], int]:
    minor = minor_reader(found.decimal)

    def read(name: str, text: str, currency: str) -> int:
        try:
            return minor(text, currency)
        except Unreadable as error:
            raise BadCell(name, str(error)) from error

    return read


def _currency_reader(plan: Plan, cells: Cells) -> Callable[[list[str]], str]:
    read = cells.field("currency", texts.currency, limit=12, remember=True)
    default = plan.mapping.currency
    if default is None:
        return required("currency", read)
    try:
        settled = texts.currency(default)
    except Unreadable as error:
        raise BadCell("currency", str(error)) from error
    return lambda line: read(line) or settled


def invoice_reader(plan: Plan, found: Survey) -> Reader[InvoiceRow]:
    """Settles amount, balance and state against each other; a contradiction is a problem, not a guess."""
    cells = Cells(plan, found)
    rules = plan.mapping.rules
    number = required("invoice_number", cells.field("invoice_number", limit=100))
    customer = required("customer_id", cells.field("customer_id", limit=200, remember=True))
    issued = required("issued_on", cells.day("issued_on"))
    due = required("due_on", cells.day("due_on"))
    currency = _currency_reader(plan, cells)
    amount_text = cells.field("amount", limit=60)
    balance_text = cells.field("balance", limit=60)
    minor = _amount_reader(plan, found)
    state_ = cells.field("state", _state, limit=60, remember=True)
    paid = cells.day("paid_on")
    link = cells.field("pay_link", texts.link, limit=2000)
    link_ends = cells.instant("pay_link_expires")
    disputed = cells.field("disputed", texts.yes, limit=60, remember=True)
    says_disputed = plan.says("disputed")
    amount_rule, balance_rule = rules.get("amount"), rules.get("balance")

    def amounts(line: list[str], code: str, paid_on: date | None, state: InvoiceState | None) -> tuple[int, int]:
        amount, balance = amount_text(line), balance_text(line)
        if balance is None:
            if amount is None:
                raise BadCell("amount", "The cell is empty: fill it.")
            full = minor("amount", amount, code)
            if balance_rule is None and state is not InvoiceState.VOID:
                raise BadCell("balance", "The cell is empty: write 0 when nothing is left to pay.")
            settled = state is not None and state is not InvoiceState.OPEN
            return full, 0 if settled or (paid_on and balance_rule == "amount unless paid") else full
        left = minor("balance", balance, code)
        if amount is None:
            if amount_rule is None:
                raise BadCell("amount", "The cell is empty: fill it.")
            return left, left
        return minor("amount", amount, code), left

    def read(row: int, line: list[str]) -> InvoiceRow:
        code, paid_on, state = currency(line), paid(line), state_(line)
        amount, balance = amounts(line, code, paid_on, state)
        if state is None:
            state = InvoiceState.PAID if balance == 0 else InvoiceState.OPEN
        elif state is InvoiceState.OPEN and balance == 0:
            state = InvoiceState.PAID
        if state is InvoiceState.PAID and balance != 0:
            raise BadCell("state", "It says paid and still has a balance: correct one of them.")
        if state is InvoiceState.OPEN and paid_on is not None:
            raise BadCell(
                "paid_on", "It has a paid date and still a balance: clear the date or write the balance as 0."
            )
        issued_on, due_on = issued(line), due(line)
        # Only what would be chased: a settled one must still be able to end the chasing.
        if due_on < issued_on and state is InvoiceState.OPEN and balance > 0:
            raise BadCell(
                "due_on", f"It is due {due_on}, before it was issued on {issued_on}: correct one of the dates."
            )
        return InvoiceRow(
            row,
            customer(line),
            number(line),
            issued_on,
            due_on,
            code,
            amount,
            balance,
            state.value,
            paid_on if state is InvoiceState.PAID else None,
            link(line),
            link_ends(line),
            bool(disputed(line)) if says_disputed else None,
        )

    return read


def payment_reader(plan: Plan, found: Survey) -> Reader[PaymentRow]:
    cells = Cells(plan, found)
    payment_id = cells.field("payment_id", limit=200)
    customer = required("customer_id", cells.field("customer_id", limit=200, remember=True))
    invoice = cells.field("invoice_number", limit=100)
    received = required("received_on", cells.day("received_on"))
    currency = _currency_reader(plan, cells)
    amount_text = required("amount", cells.field("amount", limit=60))
    reference = cells.field("reference", limit=300)
    minor = _amount_reader(plan, found)

    def read(row: int, line: list[str]) -> PaymentRow:
        code = currency(line)
        amount = minor("amount", amount_text(line), code)
        if amount == 0:
            raise BadCell("amount", "A payment of nothing: correct the amount or take the row out.")
        external_id = payment_id(line) or ""
        return PaymentRow(
            row, customer(line), external_id, invoice(line), received(line), code, amount, reference(line)
        )

    return read


def note_reader(plan: Plan, found: Survey) -> Reader[NoteRow]:
    cells = Cells(plan, found)
    note_id = cells.field("note_id", _note_id, limit=200)
    customer = required("customer_id", cells.field("customer_id", limit=200, remember=True))
    department = required("department", cells.field("department", _department, limit=60, remember=True))
    author = required("author", cells.field("author", limit=200, remember=True))
    body = required("body", cells.field("body", limit=10_000, lines=True))
    written = required("written_at", cells.instant("written_at"))

    def read(row: int, line: list[str]) -> NoteRow:
        return NoteRow(
            row, customer(line), note_id(line) or "", department(line), author(line), body(line), written(line)
        )

    return read


@dataclass(slots=True)
class Repeats:
    """Looks exactly at keys that may occur twice in the file: the first row counts, an equal one is skipped."""

    found: Survey
    _first: dict[str, tuple[int, int]]

    @classmethod
    def of(cls, found: Survey) -> Repeats:
        return cls(found, {})

    def is_again(self, key: str, row: int, content: tuple[object, ...], field: str) -> bool:
        """True for a row that repeats an earlier one exactly. Raises BadCell where it contradicts it.

        Only for keys the sieve says may repeat: each one that comes here is kept.
        """
        first, digest = self._first.setdefault(key, (row, hash(content)))
        if first == row:
            return False
        if digest != hash(content):
            raise BadCell(field, f"Row {first} has the same one with other values: leave only the right row.")
        return True

    def id_for(self, key: str, content: tuple[object, ...]) -> str:
        """A stable id for a row that has none: the same row of the same file gets the same one every time.

        Two equal rows are two payments, so the second one's id differs.
        """
        text = "\x1f".join("" if part is None else str(part) for part in content)
        count = 0
        if self.found.sieve.may_repeat(key):
            count, _ = self._first.get(text, (0, 0))
            self._first[text] = (count + 1, 0)
        return "row:" + hashlib.sha256(f"{text}\x1f{count}".encode()).hexdigest()[:40]
