"""The clock all replicas share."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select

from storage.transactions import read

_NOW = select(func.clock_timestamp())
FOR_PEOPLE = 5.0
"""Seconds for which an answer is good enough for a click: two clocks drift apart by less than a millisecond in them."""


def elapsed() -> float:
    """Seconds on a clock that nobody sets and that runs on while the host sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class DatabaseClock:
    """PostgreSQL's clock, so that a replica whose own clock is off does not matter. SQLite's is the host's.

    Asked every time, as the loop needs it, or every `keep` seconds; in between the time that `elapsed` is added.
    """

    def __init__(self, engine: Engine, *, keep: float = 0.0, elapsed: Callable[[], float] = elapsed) -> None:
        self._engine = engine
        self._keep = keep
        self._elapsed = elapsed
        self._asked: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """Aware UTC. Raises Busy."""
        if self._engine.dialect.name != "postgresql":
            return datetime.now(UTC)
        asked = self._asked
        if asked is None or self._elapsed() - asked[1] >= self._keep:
            asked = self._asked = self._ask()
        at, since = asked
        return at + timedelta(seconds=self._elapsed() - since)

    def _ask(self) -> tuple[datetime, float]:
        """What the server says, and when it was heard: late by the way back, never early."""
        ((at,),) = read(self._engine, _NOW)
        return at.astimezone(UTC), self._elapsed()
