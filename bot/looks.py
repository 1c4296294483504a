"""What was last seen of the installation, kept for a moment."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic

from domain.readiness import Row

KEPT = 60.0
"""Seconds for which one look serves all organisations: one login at the mail server, one question to Slack."""


class LastLook:
    """Safe for threads."""

    def __init__(self, elapsed: Callable[[], float] = monotonic) -> None:
        self._elapsed = elapsed
        self._seen: tuple[float, list[Row]] | None = None
        self._lock = Lock()

    def rows(self, look: Callable[[], list[Row]]) -> list[Row]:
        with self._lock:
            if self._seen is None or self._elapsed() - self._seen[0] > KEPT:
                self._seen = (self._elapsed(), look())
            return self._seen[1]
