"""A list of addresses not to be written to, from a CSV file: columns email, reason, until, note."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from domain.accounts import Suppressed, Suppression
from domain.errors import InvalidValue
from domain.rules.suppressing import LONGEST_NOTE, read_address, read_day, read_reason

COLUMNS = ("email", "reason", "until", "note")
LONGEST_CELL = 2_000


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be taken, and what to mend. Row 1 is the header."""

    row: int
    mend: str


def read_suppressions(path: Path, *, today: date, at: datetime) -> Iterator[Suppressed | Bad]:
    """Row by row. UTF-8 or Windows-1252; comma, semicolon or tab, by the header.

    Raises InvalidValue for a file whose header has no e-mail column, or a column that is not known.
    """
    with path.open(encoding=_encoding(path), newline="") as stream:
        first = stream.readline(LONGEST_CELL)
        delimiter = max(",;\t", key=first.count)
        header = [name.strip().strip('"').lower() for name in first.strip("\r\n").split(delimiter)]
        strangers = [name for name in header if name not in COLUMNS]
        if "email" not in header or strangers:
            said = f" “{strangers[0][:40]}” is none of them." if strangers else ""
            raise InvalidValue(f"The first line names the columns: email, and as you like reason, until, note.{said}")
        rows = csv.reader(stream, delimiter=delimiter)
        number = 1
        while True:
            number += 1
            try:
                cells = next(rows, None)
            except csv.Error:
                yield Bad(number, "The row cannot be read: look at its quotes.")
                continue
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield _read(dict(zip(header, cells, strict=False)), number, today=today, at=at)


def _read(cells: dict[str, str], number: int, *, today: date, at: datetime) -> Suppressed | Bad:
    try:
        reason, detail = read_reason(cells.get("reason", "").strip() or "opted out")
        until = read_day(cells.get("until", ""), today=today)
        email = read_address(cells["email"])
    except InvalidValue as error:
        return Bad(number, str(error))
    return Suppressed(email, Suppression(reason, until), at, (cells.get("note", "").strip() or detail)[:LONGEST_NOTE])


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        while piece := file.readline(1 << 20):
            try:
                piece.decode("utf-8")
            except UnicodeDecodeError:
                return "cp1252"
    return "utf-8-sig"
