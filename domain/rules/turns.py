"""Whose turn it is among Autopilot's steps where a day or an hour is short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Span:
    """A day or an hour that steps share, walked through in the order of the queue.

    `most` steps leave in it, `used` have. `promised` of those that may still leave before it `ends` are about broken
    promises: up to half of `most` is kept for them. It comes to the same whoever is walked through together.
    """

    most: int
    used: int
    ends: datetime
    promised: int = 0

    def has_room(self, is_promised: bool) -> bool:
        kept = 0 if is_promised else min(self.promised, self.most // 2)
        return self.used + kept < self.most

    def may_be_short(self, asking: int) -> bool:
        """Whether so many may have to leave anything to steps about promises. While less than half is used: no."""
        return self.used + asking > self.most - self.most // 2

    def let_go(self, is_promised: bool) -> None:
        self.used += 1
        self._pass_by(is_promised)

    def put_off(self, is_promised: bool, until: datetime | None) -> None:
        """Its turn is over, and it did not leave. None: it never will."""
        if until is None or until >= self.ends:
            self._pass_by(is_promised)

    def _pass_by(self, is_promised: bool) -> None:
        self.promised = max(0, self.promised - is_promised)
