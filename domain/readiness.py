"""Is everything in order? Rows of the console, each with its level, the reason and the fix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Green: in order. Amber: it works, but look at it. Red: something does not work, and somebody must mend it."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


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

    @property
    def is_ok(self) -> bool:
        return self.level is Level.GREEN
