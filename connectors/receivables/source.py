"""One CSV file: its encoding, its delimiter, its header, and its rows as a stream."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from charset_normalizer import from_bytes

from connectors.receivables.fields import FIELDS, fold_header
from connectors.receivables.mapping import Mapping
from connectors.receivables.rejects import unguarded
from connectors.receivables.texts import Unreadable, tidy

REJECTS_COLUMNS = ["row", "column", "problem"]
_DELIMITERS = ",;\t|"
_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_LONGEST_HEADER = 1 << 17
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HINT = re.compile(r"sep=(.)\r?\n?")


class Refused(Exception):
    """The whole file is refused, and nothing was changed. One sentence each, with the fix."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


class BrokenRow(Unreadable):
    """A row whose quotation marks do not close where a cell ends."""


@dataclass(frozen=True, slots=True)
class Source:
    """`is_rejects`: it is a rejects file of ours coming back, so its cells are unguarded."""

    path: Path
    encoding: str
    delimiter: str
    header: list[str]
    header_row: int
    size: int
    is_rejects: bool = False
    _at: list[BinaryIO] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(row, cells) of every row that is not empty. Raises Refused where the file ends inside quotation marks.

        A row that cannot be split comes with its trouble as the only cell, marked by BROKEN.
        """
        with self.path.open("rb") as raw:
            self._at[:] = [raw]
            with io.TextIOWrapper(raw, self.encoding, newline="") as stream:
                reader = csv.reader(stream, delimiter=self.delimiter, strict=True)
                number = 0
                while True:
                    opened = reader.line_num + 1
                    try:
                        for cells in reader:
                            number += 1
                            opened = reader.line_num + 1
                            if number > self.header_row and cells:
                                yield number, _plain(cells) if self.is_rejects else cells
                        return
                    except csv.Error as error:
                        number += 1
                        if "expected after" not in str(error):
                            raise Refused(
                                f"A quotation mark that opens in row {number} (line {opened} of the file) is never "
                                'closed: close it, or write a quotation mark inside a cell twice ("").'
                            ) from error
                        yield number, [BROKEN]
                    except UnicodeError as error:
                        raise Refused(
                            f"After row {number} the file is not {self.encoding}: declare its encoding with "
                            "--encoding, for example --encoding cp1252, or export it as UTF-8."
                        ) from error

    def bytes_read(self) -> int:
        return self._at[0].tell() if self._at and not self._at[0].closed else self.size


def _plain(cells: list[str]) -> list[str]:
    return [unguarded(cell) for cell in cells]


BROKEN = "\0broken"
"""Stands for a row that could not be split. No file can hold it: a NUL is refused in every cell."""


def sha256_of(path: Path) -> str:
    with path.open("rb") as raw:
        return hashlib.file_digest(raw, "sha256").hexdigest()


def open_source(path: Path, mapping: Mapping) -> Source:
    """Detect what is not declared, and read the header. Raises Refused."""
    encoding = _declared(mapping.encoding) if mapping.encoding else _encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as stream:
            first = stream.readline(_LONGEST_HEADER)
            hint = _HINT.fullmatch(first)
            text = (stream.readline(_LONGEST_HEADER) if hint else first) + stream.read(_LONGEST_HEADER)
    except UnicodeError as error:
        raise Refused(f"The file is not {encoding}: declare its encoding with --encoding.") from error
    delimiter = mapping.delimiter or (hint[1] if hint else _delimiter(text, mapping))
    header = _header(text, delimiter)
    if not any(header):
        raise Refused("The file is empty: its first row must name the columns.")
    return Source(
        path=path,
        encoding=encoding,
        delimiter=delimiter,
        header=header,
        header_row=2 if hint else 1,
        size=path.stat().st_size,
        is_rejects=header[-3:] == REJECTS_COLUMNS,
    )


def _declared(name: str) -> str:
    try:
        found = codecs.lookup(name).name
        "".encode(found)
    except LookupError as error:
        raise Refused(f"“{name}” is not an encoding: use one such as utf-8 or cp1252.") from error
    return "utf-8-sig" if found == "utf-8" else found


def _encoding(path: Path) -> str:
    """By its byte-order mark, else UTF-8 when all of it is, else by the lines that are not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    foreign = bytearray()
    with path.open("rb") as raw:
        start = raw.read(_SAMPLE)
        for mark, encoding in _BOMS:
            if start.startswith(mark):
                return encoding
        if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise Refused("This is an Excel workbook: save the sheet as CSV (UTF-8) and import that.")
        for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            if len(start) > 8 and start[offset::2].count(0) > len(start) // 3:
                return encoding
        try:
            chunk = start
            while chunk:
                decoder.decode(chunk)
                chunk = raw.read(_CHUNK)
            decoder.decode(b"", final=True)
            return "utf-8"
        except UnicodeDecodeError:
            raw.seek(0)
            while len(foreign) < _SAMPLE and (line := raw.readline(_CHUNK)):
                if not line.isascii():
                    foreign += line
    best = from_bytes(bytes(foreign)).best()
    if best is None:
        raise Refused("The file's encoding is unknown: declare it with --encoding, or export it as UTF-8.")
    if "cp1252" in (best.encoding, *best.could_be_from_charset):
        return "cp1252"
    return best.encoding


def _header(text: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        return [tidy(cell.lstrip("\ufeff"), 500) for cell in cells]
    except (csv.Error, Unreadable) as error:
        raise Refused("The first row cannot be read as a list of column names: check its quotation marks.") from error


def _delimiter(text: str, mapping: Mapping) -> str:
    """The one that makes the most of the header: known columns first, then columns at all."""
    known = {name for fields in FIELDS.values() for each in fields for name in each.headers}
    known |= {fold_header(theirs) for theirs in mapping.columns.values()}

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            cells = _header(text, delimiter)
        except Refused:
            return (0, 0)
        return (sum(fold_header(cell) in known for cell in cells), len(cells))

    return max(_DELIMITERS, key=worth)
