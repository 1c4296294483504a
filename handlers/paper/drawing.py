"""A sheet as a PDF: A4, letters of the typeface inside the file, as many pages as it takes.

Pure: nothing is read but the sheet and the typeface, and the same sheet gives the same bytes. Whoever needs it imports
it when it is needed: a bot that nobody asks for a summary does without the 18 MB that the library takes.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from handlers.escaping import ELLIPSIS
from handlers.paper.letters import LACKING, in_sight, settable
from handlers.paper.sheet import Cell, Column, Gauge, Heading, Part, Row, Sheet, Table, Words

PLAIN, BOLD = "FiraGO", "FiraGO-Bold"
_MODULES = {PLAIN: "pymupdf_fonts.FiraGO_Regular", BOLD: "pymupdf_fonts.FiraGO_Bold"}
WIDTH, HEIGHT = A4
MARGIN, FOOT = 48.0, 62.0
_LINE = WIDTH - 2 * MARGIN
_GAP = 8.0
"""Between two columns."""
_INK, _QUIET, _RULE = (0.11, 0.11, 0.12), (0.40, 0.41, 0.43), (0.85, 0.86, 0.88)
_BAR, _BAD, _GROOVE = (0.25, 0.32, 0.66), (0.70, 0.15, 0.12), (0.94, 0.95, 0.96)
Place = tuple[Column, float, float]
"""A column with where it begins and how wide it is."""
_KEPT, _WHOLE = 90.0, 230.0
"""So much of what follows a heading is on its page: a sentence, the head of a table and two rows; and all of it when it
is not longer than the second."""


def drawn(sheet: Sheet) -> bytes:
    """The file. It is drawn twice: first to see how many pages there are."""
    pages = _Press(sheet, pages=0).run()[1]
    return _Press(sheet, pages=pages).run()[0]


@cache
def _typeface(name: str) -> TTFont:
    """Registered once; the library keeps what it knows of a document with the document."""
    font = TTFont(name, io.BytesIO(importlib.import_module(_MODULES[name]).fontbuffer))
    pdfmetrics.registerFont(font)
    return font


def _has(letter: str) -> bool:
    return ord(letter) in _typeface(PLAIN).face.charToGlyph


def _width(text: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


def fitting(text: str, room: float, font: str, size: float) -> str:
    """The beginning of the text that has room, with an ellipsis where something is cut away."""
    if _width(text, font, size) <= room:
        return text
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if _width(text[:middle].rstrip() + ELLIPSIS, font, size) <= room:
            least = middle
        else:
            most = middle - 1
    return text[:least].rstrip() + ELLIPSIS


class _Press:
    """One run over a sheet, from the top of the first page to the end of the last."""

    def __init__(self, sheet: Sheet, *, pages: int) -> None:
        for name in _MODULES:
            _typeface(name)
        self._sheet = sheet
        self._pages = pages
        self._file = io.BytesIO()
        canvas: Any = Canvas(self._file, pagesize=A4, invariant=1, pageCompression=1, lang="en", initialFontName=PLAIN)
        canvas.setTitle(sheet.title)
        canvas.setAuthor("Plixo for Slack")
        canvas.setSubject(", ".join(sheet.lead[:2]))
        # In place of the library's: by `invariant` it would say 2000, by the wall clock no two files would be alike.
        canvas.setDateFormatter(lambda *_: f"D:{sheet.at:%Y%m%d%H%M%S}Z")
        self._canvas = canvas
        self._page = 1
        self._y = HEIGHT - MARGIN
        self._lacking = set[str]()

    def run(self) -> tuple[bytes, int]:
        self._title()
        for place, part in enumerate(self._sheet.parts):
            if isinstance(part, Heading):
                before = self._sheet.parts[place - 1] if place else None
                self._heading(part, self._sheet.parts[place + 1 :], is_first=isinstance(before, Heading))
            else:
                self._draw(part)
        if self._lacking:
            self._y -= 6
            self._draw(Words(self._sheet.footnote(self._lacking), is_quiet=True))
        self._foot()
        self._canvas.save()
        return self._file.getvalue(), self._page

    # -- parts --

    def _title(self) -> None:
        self._y -= 20
        self._set(self._sheet.title, MARGIN, font=BOLD, size=20)
        self._y -= 6
        for place, line in enumerate(self._sheet.lead):
            self._wrapped(line, size=10.5 if place == 0 else 9, ink=_INK if place == 0 else _QUIET)
        self._rule(self._y - 8)
        self._y -= 10

    def _draw(self, part: Words | Table) -> None:
        if isinstance(part, Words):
            self._wrapped(part.text, size=9, ink=_QUIET if part.is_quiet else _INK)
        else:
            self._table(part)

    def _heading(self, heading: Heading, following: Sequence[Part], *, is_first: bool) -> None:
        """`is_first`: right below another one, to which it belongs."""
        size, above = (10.5, 16.0 if is_first else 24.0) if heading.is_small else (13.0, 28.0)
        self._need(above + size + _kept_with(following))
        self._y -= above
        self._set(heading.text, MARGIN, font=BOLD, size=size, room=_LINE)
        self._y -= 3

    def _wrapped(self, text: str, *, size: float, ink: tuple[float, ...]) -> None:
        line = ""
        for word in [*self._clean(text).split(" "), ""]:
            longer = f"{line} {word}" if line else word
            if word and _width(longer, PLAIN, size) <= _LINE:
                line = longer
                continue
            if line:
                self._need(size * 1.5)
                self._y -= size * 1.5
                self._set(line, MARGIN, size=size, ink=ink, room=_LINE, is_clean=True)
            line = word

    def _table(self, table: Table) -> None:
        places = _places(table.columns)
        has_head = any(column.title for column in table.columns)
        if has_head:
            self._need(42)
            self._y -= 2
            self._head(places)
        for row in table.rows:
            if self._need(_height(row)) and has_head:
                self._head(places)
            self._row(row, places)

    def _head(self, places: list[Place]) -> None:
        self._y -= 13
        for column, left, width in places:
            self._cell(column.title, left, width, is_number=column.is_number, size=7.5, ink=_QUIET)
        self._rule(self._y - 4)
        self._y -= 5

    def _row(self, row: Row, places: list[Place]) -> None:
        font = BOLD if row.is_total else PLAIN
        if row.is_total:
            self._rule(self._y - 3)
            self._y -= 3
        self._y -= 12
        for cell, (column, left, width) in zip(row.cells, places, strict=True):
            self._cell(cell, left, width, is_number=column.is_number, font=font)
        if row.under:
            self._y -= 9.5
            self._set(row.under, MARGIN, size=7.5, ink=_QUIET, room=places[0][2])
        self._y -= 3

    def _cell(
        self,
        cell: Cell,
        left: float,
        width: float,
        *,
        is_number: bool,
        font: str = PLAIN,
        size: float = 9,
        ink: tuple[float, ...] = _INK,
    ) -> None:
        if isinstance(cell, Gauge):
            self._bar(cell, left, width)
        else:
            self._set(cell, left, font=font, size=size, ink=ink, room=width, is_right=is_number)

    def _bar(self, gauge: Gauge, left: float, width: float) -> None:
        self._canvas.setFillColorRGB(*_GROOVE)
        self._canvas.rect(left, self._y - 0.5, width, 7, stroke=0, fill=1)
        share = min(1.0, max(0.0, gauge.share))
        if share:
            self._canvas.setFillColorRGB(*(_BAD if gauge.is_bad else _BAR))
            # However little it is, it is there to be seen.
            self._canvas.rect(left, self._y - 0.5, max(1.0, width * share), 7, stroke=0, fill=1)

    # -- what all of them need --

    def _clean(self, text: str) -> str:
        clean = settable(text, _has)
        if LACKING in clean and LACKING not in text:
            self._lacking.add(text)
        return clean

    def _set(
        self,
        text: str,
        left: float,
        *,
        font: str = PLAIN,
        size: float = 9,
        ink: tuple[float, ...] = _INK,
        room: float = _LINE,
        is_right: bool = False,
        is_clean: bool = False,
    ) -> None:
        while is_right and size > 5 and _width(text, font, size) > room:
            size -= 0.5  # half a number would be another number
        shown = in_sight(fitting(text if is_clean else self._clean(text), room, font, size))
        self._canvas.setFont(font, size)
        self._canvas.setFillColorRGB(*ink)
        draw: Callable[..., None] = self._canvas.drawRightString if is_right else self._canvas.drawString
        draw(left + room if is_right else left, self._y, shown)

    def _rule(self, y: float) -> None:
        self._canvas.setStrokeColorRGB(*_RULE)
        self._canvas.setLineWidth(0.6)
        self._canvas.line(MARGIN, y, WIDTH - MARGIN, y)

    def _need(self, height: float) -> bool:
        """Room for that much, on a new page when there is none here; whether there is a new one."""
        if self._y - height >= FOOT:
            return False
        self._foot()
        self._canvas.showPage()
        self._page += 1
        self._y = HEIGHT - MARGIN
        return True

    def _foot(self) -> None:
        kept, self._y = self._y, MARGIN - 12
        self._rule(MARGIN)
        number = f"Page {self._page} of {self._pages}"
        self._set(self._sheet.foot, MARGIN, size=7.5, ink=_QUIET, room=_LINE - 70)
        self._set(number, WIDTH - MARGIN - 70, size=7.5, ink=_QUIET, room=70, is_right=True)
        self._y = kept


def _kept_with(following: Sequence[Part]) -> float:
    height = 0.0
    for part in following:
        if isinstance(part, Heading):
            break
        height += 14 if isinstance(part, Words) else 24 + sum(map(_height, part.rows))
    return height if height <= _WHOLE else _KEPT


def _height(row: Row) -> float:
    return 15 + (9.5 if row.under else 0) + (3 if row.is_total else 0)


def _places(columns: tuple[Column, ...]) -> list[Place]:
    """Words that follow a number begin further off, or they would be read as one."""
    gaps = [0.0] + [
        _GAP + (_GAP if before.is_number and not after.is_number else 0) for before, after in pairwise(columns)
    ]
    room, total = _LINE - sum(gaps), sum(column.width for column in columns)
    left, placed = MARGIN, list[Place]()
    for column, gap in zip(columns, gaps, strict=True):
        width = room * column.width / total
        placed.append((column, left + gap, width))
        left += gap + width
    return placed
