"""Sums over the whole book, as the receivables summary shows them. Each is one statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from domain.accounts import Due
from domain.summary import Ending, OpenSums, Owing, Synced
from domain.timeline import Source


class Totals(Protocol):
    def dues(self) -> list[Due]:
        """All that is open, by currency and due date: as many as there are days, not invoices."""
        ...

    def largest(self, *, today: date, limit: int) -> list[Owing]:
        """Of each currency the `limit` customers who owe most in it."""
        ...

    def synced(self) -> Synced: ...

    def promises(self, *, today: date) -> list[OpenSums]:
        """On record and not decided, by currency, those of most promises first; without an amount last."""
        ...

    def endings(self, *, since: datetime) -> Mapping[tuple[Source, Ending], int]:
        """What became of mails from then on, as the audit log tells."""
        ...
