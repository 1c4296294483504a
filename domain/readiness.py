"""Is everything in order? Rows of the console, each with its level, the reason and the fix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Green: in order. Amber: it works, but look at it. Red: something does not work, and somebody must mend it. White:
    nobody can know, which is no trouble by itself.
    """

    WHITE = "white"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


SENDING = "sending"
"""The row of what stops all mail: maintenance, a pause, trouble at the provider."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was looked at. `is_vital` ones decide whether a process may serve at all.

    Neither `detail` nor `fix` names a customer, an address or an amount.
    """

    name: str
    level: Level
    detail: str
    fix: str = ""
    is_vital: bool = False

    @classmethod
    def of(
        cls, name: str, is_ok: bool, detail: str, fix: str = "", *, is_vital: bool = True, bad: Level | None = None
    ) -> Row:
        """`bad` is the level when it is not in order: without it red for what is vital, else amber."""
        worse = bad or (Level.RED if is_vital else Level.AMBER)
        return cls(name, Level.GREEN if is_ok else worse, detail, fix, is_vital)

    @property
    def is_ok(self) -> bool:
        return self.level is Level.GREEN


_WORST_FIRST = (Level.RED, Level.AMBER, Level.WHITE, Level.GREEN)


def worst(rows: Iterable[Row]) -> Level:
    """Of what is known; green when there is nothing."""
    known = (row.level for row in rows if row.level is not Level.WHITE)
    return min(known, key=_WORST_FIRST.index, default=Level.GREEN)


def worst_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: _WORST_FIRST.index(row.level))


def overlaid(older: Iterable[Row], newer: Iterable[Row]) -> list[Row]:
    """One row of each name, the newer one where there are two; in the order in which they came."""
    found = {row.name: row for row in older}
    found |= {row.name: row for row in newer}
    return list(found.values())
