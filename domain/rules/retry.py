"""When to try again what certainly did not go out."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=1)
"""Backoff doubles from one minute to one hour; a message is given up by its expiry, not by a count (decided)."""


def next_attempt(at: datetime, *, attempts: int, retry_after: float | None, key: str) -> datetime:
    """`attempts` counts deliveries so far (at least 1). Up to a fifth of jitter, fixed by the key.

    `retry_after` (seconds) is the other side's own word and is never undercut.
    """
    wait = min(FIRST * float(2 ** min(max(attempts, 1) - 1, 10)), LONGEST)
    jitter = int.from_bytes(sha256(f"{key}:{attempts}".encode()).digest()[:4]) / 2**32
    wait += wait * jitter / 5
    return at + max(wait, timedelta(seconds=retry_after or 0))
