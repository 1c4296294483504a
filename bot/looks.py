"""What was last seen of the installation, kept for a moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

from domain.readiness import Row
from domain.rules.sender_records import Record

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


@dataclass(frozen=True, slots=True)
class Heard:
    """What name servers said of a domain; `at`: when they were asked."""

    at: datetime
    records: Sequence[Record]


class LastHeard:
    """Safe for threads. One look serves all organisations that send from a domain."""

    def __init__(self) -> None:
        self._heard: dict[str, Heard] = {}
        self._lock = Lock()

    def of(self, domain: str, *, after: datetime, look: Callable[[], Heard]) -> Heard:
        """As it was heard after that instant, else by a look now."""
        with self._lock:
            heard = self._heard.get(domain)
            if heard is None or heard.at <= after:
                heard = self._heard[domain] = look()
            return heard
