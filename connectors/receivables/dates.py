"""Dates as files write them. The format is declared, or all values of the file leave only one; it is never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from connectors.receivables.texts import Unreadable

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
CANDIDATES = (
    *"yyyy-mm-dd yyyymmdd yyyy/mm/dd yyyy.mm.dd dd.mm.yyyy dd/mm/yyyy mm/dd/yyyy dd-mm-yyyy mm-dd-yyyy".split(),
    *("dd mmm yyyy", "dd-mmm-yyyy", "dd. mmm yyyy", "mmm dd, yyyy", "mmm dd yyyy"),
)
_SHORT = {"iso": "yyyy-mm-dd", "us": "mm/dd/yyyy", "eu": "dd/mm/yyyy"}
_PERCENT = {"%Y": "yyyy", "%y": "yy", "%m": "mm", "%d": "dd", "%b": "mmm", "%B": "mmm", "%-d": "dd", "%-m": "mm"}
_TOKEN = re.compile(r"y{2,4}|m{1,4}|d{1,2}|%-?[A-Za-z]")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?$", re.ASCII)
_KEPT = 50_000

Reader = Callable[[str], date]


def _compiled(fmt: str) -> re.Pattern[str]:
    """A pattern from "dd/mm/yyyy", "d.m.y" or "%d/%m/%Y". Raises Unreadable when it names no day, month and year."""
    text = _SHORT.get(fmt.strip().lower(), fmt.strip())
    for percent, token in _PERCENT.items():
        text = text.replace(percent, token)
    text = text.lower()
    out, at, names = "", 0, []
    fixed = re.fullmatch(r"(yyyy|mm|dd)+", text) is not None
    for match in _TOKEN.finditer(text):
        out += re.escape(text[at : match.start()]).replace(r"\ ", " +")
        token, at = match[0], match.end()
        width = f"{{{len(token)}}}" if fixed else "{1,2}"
        if token in ("yyyy", "yy"):
            out, name = out + rf"(?P<y>\d{{{len(token)}}})", "y"
        elif token in ("mmm", "mmmm"):
            out, name = out + r"(?P<m>[A-Za-z]{3,9}\.?)", "m"
        elif token in ("m", "mm"):
            out, name = out + rf"(?P<m>\d{width})", "m"
        elif token in ("d", "dd"):
            out, name = out + rf"(?P<d>\d{width})", "d"
        else:
            name = "?"
        names.append(name)
    if sorted(names) != ["d", "m", "y"]:
        raise Unreadable(f"“{fmt}” is not a date format: write one such as dd/mm/yyyy, mm/dd/yyyy or yyyy-mm-dd.")
    return re.compile(out + re.escape(text[at:]), re.ASCII)


def _read(pattern: re.Pattern[str], cell: str) -> date | None:
    match = pattern.fullmatch(cell)
    if match is None and ":" in cell:
        match = pattern.fullmatch(_TIME.sub("", cell))
    if match is None:
        return None
    month = match["m"]
    number = int(month) if month.isdigit() else MONTHS.get(month.rstrip(".").lower(), 0)
    year = int(match["y"])
    if len(match["y"]) == 2:
        year += 2000 if year < 69 else 1900  # POSIX; only reached when two digits were declared
    if not 1900 <= year < 2200:
        return None
    try:
        return date(year, number, int(match["d"]))
    except ValueError:
        return None


def date_reader(formats: Iterable[str]) -> Reader:
    """Reads what any of `formats` reads (they agree wherever they overlap). Raises Unreadable. Remembers values."""
    formats = tuple(formats)
    patterns = [_compiled(fmt) for fmt in formats]
    known: dict[str, date] = {}

    def read(cell: str) -> date:
        found = known.get(cell)
        if found is not None:
            return found
        for pattern in patterns:
            found = _read(pattern, cell)
            if found is not None:
                if len(known) >= _KEPT:
                    known.clear()
                known[cell] = found
                return found
        raise Unreadable(f"“{cell[:40]}” is not a day written as {' or '.join(formats)}: correct it.")

    return read


_CANDIDATES = tuple((fmt, _compiled(fmt)) for fmt in CANDIDATES)


def _spelt(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


@dataclass(slots=True)
class Formats:
    """Which formats read every value of a column. Values that no format reads say nothing; their rows fail later."""

    left: tuple[str, ...] = CANDIDATES
    readable: int = 0
    example: dict[str, str] = field(default_factory=dict)  # format -> a value it does not read
    differs: tuple[str, dict[str, date]] | None = None
    strange: str | None = None
    _seen: set[str] = field(default_factory=set)

    def look(self, cell: str) -> None:
        if cell in self._seen:
            return
        if len(self._seen) >= _KEPT:
            self._seen.clear()
        self._seen.add(cell)
        readings = {fmt: day for fmt, pattern in _CANDIDATES if (day := _read(pattern, cell)) is not None}
        if not readings:
            self.strange = self.strange or cell
            return
        self.readable += 1
        for fmt in CANDIDATES:
            if fmt not in readings:
                self.example.setdefault(fmt, cell)
        self.left = tuple(fmt for fmt in self.left if fmt in readings)
        if self.differs is None and len(set(readings.values())) > 1:
            self.differs = (cell, readings)

    def decide(self, column: str, allowed: tuple[str, ...] = CANDIDATES) -> tuple[str, ...]:
        """The formats to read the column with. `allowed`: what the file's other date columns leave.

        Raises Unreadable when two remain that give different days, or none does.
        """
        if not self.readable:
            if self.strange is None:
                return CANDIDATES[:1]
            raise Unreadable(
                f"“{self.strange[:40]}” in the column {column} is not a date this import knows: declare how dates are "
                "written, for example --date-format dd/mm/yy"
            )
        if not self.left:
            raise Unreadable(
                f"The column {column} mixes ways to write a date, such as “{self.mixed()}”: declare one with "
                "--date-format, for example --date-format dd/mm/yyyy, and the other rows are rejected."
            )
        left = tuple(fmt for fmt in self.left if fmt in allowed) or self.left
        if len(left) > 1 and self.differs is not None:
            cell, readings = self.differs
            days = {fmt: readings[fmt] for fmt in left if fmt in readings}
            if len(set(days.values())) > 1:
                distinct = {day: fmt for fmt, day in reversed(days.items())}
                (second, two), (first, one) = list(distinct.items())[-2:]
                raise Unreadable(
                    f"“{cell}” in the column {column} can be {_spelt(first)} ({one}) or {_spelt(second)} ({two}), and "
                    f"no other date in the file tells which: declare it with --date-format {one} or --date-format {two}"
                )
        return left

    def mixed(self) -> str:
        return "” and “".join(list(dict.fromkeys(self.example.values()))[:2])
