"""Reads the whole file once before anything is written: how dates and amounts are written, and which keys repeat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.receivables.amounts import Separators
from connectors.receivables.dates import CANDIDATES, Formats, date_reader
from connectors.receivables.fields import AMOUNTS, DATES, INSTANTS
from connectors.receivables.header import Plan
from connectors.receivables.source import BROKEN, Refused, Source
from connectors.receivables.texts import Unreadable, tidy
from domain.receivables import Kind

MOST_REPEATED = 500_000
_EVERY = 8_192
_KEYS = {
    Kind.CUSTOMERS: ("customer_id",),
    Kind.CONTACTS: ("customer_id", "contact_email"),
    Kind.INVOICES: ("invoice_number",),
    Kind.OPEN_ITEMS: ("invoice_number",),
    Kind.PAYMENTS: ("payment_id",),
    Kind.NOTES: ("note_id",),
}
_TOLD_BY = {Kind.PAYMENTS: ("customer_id", "invoice_number", "reference"), Kind.NOTES: ("customer_id", "body")}
"""Texts of a row without a key, equal in equal rows however dates and amounts are written."""


class Sieve:
    """Finds keys that may occur twice, in memory of a fixed size: one bit for a hash, at most 16 MB.

    Keys outside `repeated` certainly occur once; those inside are looked at exactly in the second reading.
    """

    def __init__(self, size: int) -> None:
        bits = 1 << max(16, min(27, (size * 4).bit_length()))
        self._mask = bits - 1
        self._bits = bytearray(bits // 8)
        self.repeated: set[int] = set()

    def add(self, key: str) -> None:
        number = hash(key)
        at = number & self._mask
        byte, bit = at >> 3, 1 << (at & 7)
        held = self._bits[byte]
        if held & bit:
            # The earlier key with this bit is not known any more, so both are told by the bit alone.
            self.repeated.add(at)
            if len(self.repeated) > MOST_REPEATED:
                raise Refused(
                    f"More than {MOST_REPEATED:,} rows repeat a key that should be unique: check which "
                    "column is mapped to it."
                )
        else:
            self._bits[byte] = held | bit

    def may_repeat(self, key: str) -> bool:
        return hash(key) & self._mask in self.repeated


@dataclass(frozen=True, slots=True)
class Survey:
    """`dates`: field -> formats; `decimal`: the mark before the decimals; `notes`: what was detected, in words."""

    rows: int
    dates: dict[str, tuple[str, ...]]
    decimal: str
    sieve: Sieve
    notes: tuple[str, ...]


def key_reader(plan: Plan) -> Callable[[list[str]], str]:
    """A text that two rows share whenever they have one key; without a key, whenever they say the same."""
    places = [plan.columns[name] for name in _KEYS[plan.kind] if name in plan.columns]
    told_by = [plan.columns[name] for name in _TOLD_BY.get(plan.kind, ()) if name in plan.columns]
    only = places[0] if len(places) == 1 else -1
    folds = plan.kind is Kind.CONTACTS

    def read(cells: list[str]) -> str:
        if only >= 0:
            key = cells[only]
            if not (key.isascii() and key.isprintable() and " " not in key):
                key = tidy(key, 10**6)
        else:
            key = "\x1f".join([tidy(cells[at], 10**6) for at in places])
        if key:
            return key.casefold() if folds else key
        return "\x1f" + "\x1f".join([tidy(cells[at], 10**6) for at in told_by])

    return read


def survey(source: Source, plan: Plan, tell: Callable[[int], None]) -> Survey:
    """Raises Refused, with every reason found, where the file leaves more than one reading."""
    declared = plan.mapping
    dated = {name: at for name, at in plan.columns.items() if name in DATES | INSTANTS}
    formats = {} if declared.date_format else {name: Formats() for name in dated}
    marks = None if declared.decimal else Separators()
    look_at_dates = [(dated[name], each.look) for name, each in formats.items()]
    look_at_amounts = [at for name, at in plan.columns.items() if name in AMOUNTS] if marks else []
    sieve = Sieve(source.size)
    key_of = key_reader(plan)
    width = max(plan.columns.values(), default=0)
    rows = 0
    for _, cells in source.rows():
        rows += 1
        if rows % _EVERY == 0:
            tell(rows)
        if len(cells) <= width or cells[0] == BROKEN:
            continue
        try:
            sieve.add(key_of(cells))
        except Unreadable:
            continue
        for at, look in look_at_dates:
            if cell := cells[at].strip():
                look(cell)
        if marks is not None:
            for at in look_at_amounts:
                cell = cells[at]
                if "." in cell or "," in cell:
                    marks.look(cell)
    tell(rows)
    return _decided(plan, rows, sieve, formats, marks)


def _decided(plan: Plan, rows: int, sieve: Sieve, formats: dict[str, Formats], marks: Separators | None) -> Survey:
    problems: list[str] = []
    declared = plan.mapping
    allowed = CANDIDATES
    for each in formats.values():
        if each.readable and each.left:
            allowed = tuple(fmt for fmt in allowed if fmt in each.left)
    dates: dict[str, tuple[str, ...]] = {}
    try:
        if declared.date_format:
            date_reader([declared.date_format])
    except Unreadable as error:
        problems.append(str(error))
    for name in DATES | INSTANTS:
        try:
            if declared.date_format:
                dates[name] = (declared.date_format,)
            elif name in formats:
                dates[name] = formats[name].decide(f"“{plan.shown(name)}”", allowed)
        except Unreadable as error:
            problems.append(str(error))
    decimal = declared.decimal or "."
    try:
        decimal = decimal if marks is None else marks.decide()
    except Unreadable as error:
        problems.append(str(error))
    if problems:
        raise Refused(*sorted(problems))
    notes = [f"{plan.shown(name)}: {fmts[0]}" for name, fmts in sorted(dates.items()) if name in formats]
    if marks is not None and marks.seen:
        notes.append(f"decimals after “{decimal}”")
    return Survey(rows, dates, decimal, sieve, tuple(notes))
