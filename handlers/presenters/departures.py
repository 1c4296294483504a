"""When a mail leaves, and what it waits for."""

from __future__ import annotations

from datetime import datetime

from domain.outcomes import Departure
from domain.reasons import Reason
from domain.rules.quiet_hours import Skipped, Wait
from handlers import vocabulary
from handlers.escaping import escape
from handlers.presenters.reader import Reader

_FULL = {
    Reason.DAILY_CAP: "today's mails are used up",
    Reason.WARM_UP: "the domain is being warmed up and today's mails are used up",
    Reason.SEGMENT_CAP: "today's mails of their segment are used up",
    Reason.HOURLY_CAP: "this hour's mails are used up",
    Reason.KEPT_FOR_OTHERS: "the rest of today's mails is kept for others",
}
_HOURS = frozenset({vocabulary.WAITS[Wait.QUIET_HOURS], vocabulary.WAITS[Wait.WEEKEND]})


def leaves_words(departure: Departure, *, reader: Reader, at: datetime) -> str:
    """For what is not queued yet: `It waits for their business hours and leaves soon after Tue 24 Nov, 08:00 in …`

    Its own minute is settled when it is queued: mails that waited leave spread over the first minutes.
    """
    if departure.waits_for is None:
        return "It would leave at once."
    when = reader.moment_there(departure.at, departure.zone, at)
    if _waits_for_hours(_causes(departure, reader, at)):
        return f"It waits for their business hours and leaves soon after {when}."
    return f"It would leave soon after {when}. {why_not_now(departure, reader, at)}".rstrip()


def why_not_now(departure: Departure, reader: Reader, at: datetime) -> str:
    """What it waits for, as a sentence; empty when nothing is in the way."""
    causes = _causes(departure, reader, at)
    if _waits_for_hours(causes):
        return "It waits for their business hours."
    return f"Why not now: {', '.join(causes)}." if causes else ""


def _causes(departure: Departure, reader: Reader, at: datetime) -> list[str]:
    full = _FULL.get(departure.waits_for) if departure.waits_for else None
    causes = [full] if full else []
    causes += [_skipped(skipped, reader, at) for skipped in departure.opening.skipped]
    if not causes and departure.waits_for is Reason.QUIET_HOURS:
        causes = [vocabulary.WAITS[Wait.QUIET_HOURS]]
    return list(dict.fromkeys(causes))[:4]


def _waits_for_hours(causes: list[str]) -> bool:
    return bool(causes) and _HOURS.issuperset(causes)


def _skipped(skipped: Skipped, reader: Reader, at: datetime) -> str:
    if skipped.why is Wait.HOLIDAY and skipped.detail:
        return f"{vocabulary.WAITS[skipped.why]} ({escape(skipped.detail, 60)}, {reader.day(skipped.day, at)})"
    return vocabulary.WAITS[skipped.why]
