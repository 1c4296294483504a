"""Promises that wait to be decided by payments, and how far promises are kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from domain.keeping import DecidedPromise, Decision, Kept, OpenPromise


class Keeping(Protocol):
    def undecided(self, *, after: int, limit: int) -> list[OpenPromise]:
        """Recorded promises with ids above `after`, by id, with what the books show of them now: a few statements for
        the whole set."""
        ...

    def close(self, decisions: Collection[Decision]) -> set[int]:
        """Apply decisions to those promises that are still open and write their history; returns whose.

        Whoever else decided one meanwhile was first: a promise is decided once.
        """
        ...

    def decided(self, promise_id: int) -> DecidedPromise | None: ...

    def tally(self, *, since: datetime, account_id: int | None = None) -> list[Kept]:
        """Promises decided from `since` on, of one account or of all, by state and currency."""
        ...
