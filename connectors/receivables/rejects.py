"""CSV that a spreadsheet opens without running anything, and that reads back as it was."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what could begin one."""
    return "'" + cell if cell.lstrip(" ").startswith(_STARTS) else cell


def unguarded(cell: str) -> str:
    """The cell `guarded` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip(" ").startswith(_STARTS) else cell


class Rejects:
    """Rejected rows of one file: its own columns, then `row`, `column` and `problem`. Made at the first one.

    The file is readable by its owner alone, because it holds what the books hold.
    """

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self._header = header
        self._file: TextIO | None = None

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def is_empty(self) -> bool:
        return self._file is None

    def add(self, cells: Sequence[str], row: int, column: str, problem: str) -> None:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            number = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(number, "w", encoding="utf-8-sig", newline="", errors="backslashreplace")
            self._write([*self._header, "row", "column", "problem"])
        padded = [*cells[: len(self._header)], *[""] * (len(self._header) - len(cells))]
        self._write([*padded, str(row), column, problem])

    def _write(self, cells: Iterable[str]) -> None:
        assert self._file is not None
        csv.writer(self._file, lineterminator="\r\n").writerow([guarded(cell.replace("\0", "")) for cell in cells])
