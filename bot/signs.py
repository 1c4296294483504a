"""When something was last seen, kept for the other replicas and for `plixo doctor` beside the jobs' heartbeats."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

from storage.directory import Directory

HEARD = "slack.heard"
"""Slack sent a request that was really Slack's."""
LIMITED = "slack.limited"
"""Slack said that it holds back our events."""


class Signs:
    """Noting is free, so that nobody who waits for an answer waits for it too; the loop writes them down."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._lock = Lock()

    def note(self, sign: str) -> None:
        with self._lock:
            self._seen.add(sign)

    def write(self, directory: Directory, *, worker: str, at: datetime) -> None:
        """What was noted since the last time. Raises Busy, and then keeps it for the next time."""
        with self._lock:
            seen = sorted(self._seen)
        for sign in seen:
            directory.beat(sign, worker, at)
            with self._lock:
                self._seen.discard(sign)
