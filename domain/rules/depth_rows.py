"""Rows on the queue, what waits for people and for Slack, refused mail and the books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.depth import ENOUGH, Depth
from domain.readiness import Level, Row

LATE = timedelta(minutes=5)
"""A due message leaves within seconds. What has been due for longer is stuck, or the loop is."""
UNTOLD = timedelta(minutes=10)
"""Slack takes a notice within seconds; a 429 asks for a minute at most."""
REFUSED_SHARE, REFUSED_LEAST = 0.02, 3
"""The product's ceiling for bounces is 2 %; one or two bad addresses among a few mails are no alarm (decided)."""


def depth_rows(depth: Depth, at: datetime, *, freshness: timedelta | None, is_held: bool = False) -> Iterator[Row]:
    """As it stood at one instant. `freshness`: how old the books may be; None: that cannot be read, and no row says it.

    `is_held`: people have stopped the release, so that what is due waits for them and not for the loop.
    """

    def line(name: str, is_ok: bool, detail: str, fix: str, bad: Level = Level.AMBER) -> Row:
        return Row.of(name, is_ok, detail, fix, is_vital=False, bad=bad)

    is_late = depth.oldest_due is not None and at - depth.oldest_due > LATE
    yield line(
        "queue",
        is_held or not is_late,
        f"{_many(depth.queued)} waiting, {_many(depth.due)} due now{_since(depth.oldest_due, at)}; "
        f"{depth.held} held{_since(depth.oldest_held, at)}{'; nothing leaves for now' if is_held else ''}",
        "The loop does not keep up or does not run: docs/runbook.md, “The queue is stuck”.",
        Level.RED,
    )
    yield line(
        "unconfirmed",
        not depth.unconfirmed,
        f"{depth.unconfirmed}{_since(depth.oldest_unconfirmed, at)}",
        "A/R answers the alert in Slack: “It arrived” or “Send again”. docs/runbook.md, “Unconfirmed messages”.",
    )
    is_untold = depth.oldest_notice is not None and at - depth.oldest_notice > UNTOLD
    yield line(
        "notices",
        not is_untold,
        f"{_many(depth.notices)} waiting for Slack{_since(depth.oldest_notice, at)}",
        "Slack does not take them: docs/runbook.md, “Slack is away”.",
        Level.RED,
    )
    is_refused = depth.refused_for_good >= REFUSED_LEAST and depth.share_refused > REFUSED_SHARE
    yield line(
        "refused mail",
        not is_refused,
        f"{depth.refused_for_good} of {depth.tried} in the trailing day ({depth.share_refused:.1%})",
        "More than 2 %: the sender's domain or the addresses are bad. docs/runbook.md, “The mail server fails”.",
        Level.RED,
    )
    if freshness is None:
        return
    is_stale = depth.imported_at is None or at - depth.imported_at > freshness
    yield line(
        "books",
        not is_stale,
        f"imported {age(at - depth.imported_at)} ago" if depth.imported_at else "never imported",
        f"Run `plixo import` at least every {age(freshness)}; older books refuse every nudge.",
        Level.RED if depth.imported_at else Level.AMBER,
    )


def _many(count: int) -> str:
    return f"{ENOUGH:,} or more" if count >= ENOUGH else f"{count:,}"


def _since(since: datetime | None, at: datetime) -> str:
    return f" (oldest {age(at - since)})" if since else ""


def age(span: timedelta) -> str:
    """`40 s`, `12 min`, `3 h`, `2 days`."""
    seconds = max(0, int(span.total_seconds()))
    for unit, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"
