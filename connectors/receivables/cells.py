"""Turns a row's cells into values, one compiled reader for a field. What is declared once is looked up once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar, overload

from connectors.receivables.dates import date_reader
from connectors.receivables.header import Plan
from connectors.receivables.survey import Survey
from connectors.receivables.texts import Unreadable, tidy

T = TypeVar("T")
_KEPT = 20_000
_MISSING = object()
_ANY_OTHER = "*"


class BadCell(Exception):
    """The field that cannot be taken, and the sentence for the rejects file."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field)
        self.field = field
        self.sentence = sentence


class Cells:
    """Builds readers `cells -> value` for the fields of one plan."""

    def __init__(self, plan: Plan, found: Survey) -> None:
        self._plan = plan
        self._found = found

    @overload
    def field(
        self, name: str, convert: Callable[[str], T], *, limit: int = ..., lines: bool = ..., remember: bool = ...
    ) -> Callable[[list[str]], T | None]: ...
    @overload
    def field(
        self, name: str, convert: None = None, *, limit: int = ..., lines: bool = ..., remember: bool = ...
    ) -> Callable[[list[str]], str | None]: ...

    def field(
        self,
        name: str,
        convert: Callable[[str], Any] | None = None,
        *,
        limit: int = 500,
        lines: bool = False,
        remember: bool = False,
    ) -> Callable[[list[str]], Any]:
        """None when the cell is empty or there is no such column. `remember` suits fields of few values."""
        at = self._plan.columns.get(name)
        constant = self._plan.mapping.constants.get(name, "")
        values = self._plan.mapping.values.get(name, {})
        folded = {theirs.casefold(): ours for theirs, ours in values.items()}
        known: dict[str, Any] = {}

        def value(cell: str) -> Any:
            try:
                text = tidy(cell, limit, lines=lines)
                if values:
                    ours = values.get(text, folded.get(text.casefold(), values.get(_ANY_OTHER)))
                    text = text if ours is None else ours
                if not text:
                    return None
                return text if convert is None else convert(text)
            except Unreadable as error:
                raise BadCell(name, str(error)) from error

        if at is None:
            if not constant:
                return lambda cells: None
            settled: list[Any] = []

            def fixed(cells: list[str]) -> Any:
                if not settled:
                    settled.append(value(constant))
                return settled[0]

            return fixed
        if not remember and not values:

            def plain(cells: list[str]) -> Any:
                cell = cells[at]
                # Most cells are short and clean: `tidy` would hand them back.
                if cell and len(cell) <= limit and cell.isascii() and cell.isprintable() and " " not in cell:
                    return cell
                return value(cell)

            return plain if convert is None else lambda cells: value(cells[at])
        if not remember:
            return lambda cells: value(cells[at])

        def recall(cells: list[str]) -> Any:
            cell = cells[at]
            got = known.get(cell, _MISSING)
            if got is _MISSING:
                got = value(cell)
                if len(known) >= _KEPT:
                    known.clear()
                known[cell] = got
            return got

        return recall

    def day(self, name: str) -> Callable[[list[str]], date | None]:
        return self.field(name, date_reader(self._found.dates.get(name, ("yyyy-mm-dd",))), limit=60, remember=True)

    def instant(self, name: str) -> Callable[[list[str]], datetime | None]:
        """An ISO instant, UTC where it names no zone; or a day, which begins at midnight UTC."""
        read_day = date_reader(self._found.dates.get(name, ("yyyy-mm-dd",)))

        def convert(text: str) -> datetime:
            try:
                at = datetime.fromisoformat(text) if ":" in text else datetime.combine(read_day(text), time())
            except ValueError:
                at = datetime.combine(read_day(text), time())
            return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)

        return self.field(name, convert, limit=60)


def required(name: str, read: Callable[[list[str]], T | None]) -> Callable[[list[str]], T]:
    """The same reader; an empty cell is a problem."""

    def value(cells: list[str]) -> T:
        found = read(cells)
        if found is None:
            raise BadCell(name, "The cell is empty: fill it.")
        return found

    return value
