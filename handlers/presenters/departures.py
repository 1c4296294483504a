"""When a mail leaves, and what it waits for."""

from __future__ import annotations

from datetime import datetime

from domain.outcomes import Departure
from domain.reasons import Reason
from domain.rules.quiet_hours import Skipped, Wait
from handlers import vocabulary
from handlers.escaping import escape
from handlers.presenters.reader import Reader


def leaves_words(departure: Departure, *, reader: Reader, at: datetime) -> str:
    """`It leaves Tue 24 Nov, 08:04 in Berlin (07:04 your time), because it is outside their business hours.`"""
    if departure.waits_for is None:
        return "It leaves at once."
    when = reader.moment_there(departure.at, departure.zone, at)
    return f"It leaves {when}{because(departure, reader, at)}."


def because(departure: Departure, reader: Reader, at: datetime) -> str:
    """What it waits for, as the end of a sentence; empty when nothing is in the way."""
    causes = []
    if departure.waits_for is Reason.DAILY_CAP:
        causes.append("today's mails are used up")
    seen: set[str] = set()
    for skipped in departure.opening.skipped:
        words = _skipped(skipped, reader, at)
        if words not in seen:
            seen.add(words)
            causes.append(words)
    if not causes and departure.waits_for is Reason.QUIET_HOURS:
        causes.append(vocabulary.WAITS[Wait.QUIET_HOURS])
    if not causes:
        return ""
    first = causes[0]
    opening = "because" if first.startswith(("it ", "today's")) else "because of"
    return f", {opening} {', '.join(causes[:4])}"


def _skipped(skipped: Skipped, reader: Reader, at: datetime) -> str:
    if skipped.why is Wait.HOLIDAY and skipped.detail:
        return f"{vocabulary.WAITS[skipped.why]} ({escape(skipped.detail, 60)}, {reader.day(skipped.day, at)})"
    return vocabulary.WAITS[skipped.why]
