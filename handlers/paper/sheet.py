"""What a document is made of: strings that are ready to be read, in an order."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Gauge:
    """A drawn bar, as long as its share (0 to 1) of the longest one beside it."""

    share: float
    is_bad: bool = False


Cell = str | Gauge


@dataclass(frozen=True, slots=True)
class Column:
    """`width`: how much of the line it takes, beside the others'. Numbers stand on the right."""

    title: str
    width: float
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`under`: a second, quieter line below the first cell."""

    cells: tuple[Cell, ...]
    under: str = ""
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Its head is drawn again on every page that it reaches, unless no column has a title."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Wrapped to the width of the page."""

    text: str
    is_quiet: bool = False


Part = Heading | Words | Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """`at` stands in the file as the time at which it was made. `foot` is on every page. `footnote` is put at the end
    when texts had letters that the typeface lacks: it is given those.
    """

    title: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...]
    foot: str
    footnote: Callable[[Set[str]], str]
    at: datetime
