"""How deep the queue is, and what else waits: one reading, for monitors, the doctor and the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ENOUGH = 10_000
"""Rows of a long state that are counted before it is called enough."""


@dataclass(frozen=True, slots=True)
class Depth:
    """One reading. Instants are aware UTC, None where there is nothing; `queued`, `due` and `notices` stop at `ENOUGH`.

    `tried` are mails that a mail server answered in the trailing day, `refused_for_good` those that it refused or that
    came back, both as far as the day's newest entries reach. `records_bad`: SPF, DKIM and DMARC that were missing or
    bad when they were last looked up.
    """

    queued: int = 0
    due: int = 0
    oldest_due: datetime | None = None
    claimed: int = 0
    sending: int = 0
    held: int = 0
    oldest_held: datetime | None = None
    unconfirmed: int = 0
    oldest_unconfirmed: datetime | None = None
    notices: int = 0
    oldest_notice: datetime | None = None
    tried: int = 0
    refused_for_good: int = 0
    imported_at: datetime | None = None
    records_bad: int = 0

    @property
    def share_refused(self) -> float:
        """0 to 1."""
        return self.refused_for_good / self.tried if self.tried else 0.0
