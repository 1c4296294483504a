"""The doctor's lines on the queue, what waits for people, the books, the clocks and Slack's requests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.gauges import Reading
from bot.signs import HEARD, LIMITED
from domain.readiness import Row
from domain.rules.depth_rows import age, depth_rows

SKEW = 2.0
"""Seconds. What is due is decided on the database's clock, but people read the host's in the log."""
SILENCE = timedelta(days=3)
"""Longer than a weekend without a single request of Slack's (decided)."""


def of_reading(reading: Reading, *, freshness: timedelta) -> Iterator[Row]:
    """As they stood at one instant. `freshness`: how old the books may be."""
    at = reading.at
    yield from depth_rows(reading.depth, at, freshness=freshness)

    def line(name: str, is_ok: bool, detail: str, fix: str) -> Row:
        return Row.of(name, is_ok, detail, fix, is_vital=False)

    yield line(
        "clock",
        abs(reading.skew) <= SKEW,
        _told(reading.skew),
        "Let this host and the database's follow NTP: docs/runbook.md, “A clock is wrong”.",
    )
    heard, limited = reading.beats.get(HEARD), reading.beats.get(LIMITED)
    yield line(
        "slack requests",
        not (heard and at - heard > SILENCE),
        f"last one {age(at - heard)} ago" if heard else "none yet",
        "Try /account in Slack. If it fails: the app's Event Subscriptions or Socket Mode may be switched off.",
    )
    if limited and at - limited < timedelta(days=1):
        yield line(
            "slack limits",
            False,
            f"Slack held back events {age(at - limited)} ago",
            "More than 30,000 events in one hour: find out who sends them. Nothing in the queue is lost.",
        )


def _told(skew: float) -> str:
    if abs(skew) < 0.1:
        return "agrees with the database's"
    return f"{abs(skew):.1f} s {'ahead of' if skew > 0 else 'behind'} the database's"
