"""When somebody's daily digest is due, and what it counts for whom.

The time is on the person's own wall, as quiet hours are on the customer's, and it is read by the same rules: one that
the clock skips comes with the first minute after the gap, one that comes twice counts the first time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendars import Holidays
from domain.morning import Morning, News
from domain.policy import Policy
from domain.rules.access import may
from domain.rules.quiet_hours import NeverOpen, Place, QuietHours, is_open, next_opening
from domain.values import Capability, Person, Role

WITHIN = timedelta(hours=4)
"""After that it is no morning any more: who could not be told by then is told on the next working day (decided)."""
LOOK_BACK = 14
"""Days within which the last working day lies; a longer closure is not summed up."""

_KEEPERS = (
    News.ESCALATED,
    News.TO_RECORD,
    News.LATE,
    News.DUE_SOON,
    News.UNCONFIRMED,
    News.HELD,
    News.STEP_DRAFTS,
    News.DUE_TODAY,
    News.MISSED,
)

HEARS_OF_ALL: dict[Role, tuple[News, ...]] = {
    Role.OPERATOR: _KEEPERS,
    Role.AR_MANAGER: _KEEPERS,
    Role.CONTROLLER: (News.REQUESTS, News.DRAFTS, News.STEP_DRAFTS, News.UNCONFIRMED, News.MISSED),
    Role.LEGAL: (News.LATE, News.DUE_SOON, News.IN_REVIEW, News.SIGN_OFFS),
}
HEARS_OF_OWN: dict[Role, tuple[News, ...]] = {
    Role.SALES: (News.LEFT, News.REFUSED, News.STILL_WAITING, News.SETTLED, News.DUE_TODAY, News.MISSED),
    Role.CSM: (News.LEFT, News.REFUSED, News.STILL_WAITING, News.SETTLED, News.DUE_TODAY, News.MISSED),
    Role.OPERATOR: (News.SETTLED, News.LATE, News.DUE_SOON),
    Role.LEGAL: (News.SETTLED,),
    Role.VIEWER: (News.LEFT, News.REFUSED, News.STILL_WAITING),
}
"""Of a Viewer only with the Nudge granted to them. What stands in both tables is counted as their own: of disputes, App
Home lists an Operator's share."""

_NO_NEWS_ALONE = frozenset({News.STILL_WAITING})
"""Good to know beside something else; by itself it asks for nothing and would come every day."""


@dataclass(frozen=True, slots=True)
class Dawn:
    """The digest of one local day: what happened in `[since, until)`; `until` is the instant it is due (UTC)."""

    day: date
    since: datetime
    until: datetime


def dawn_at(at: datetime, *, zone: ZoneInfo, country: str | None, policy: Policy, holidays: Holidays) -> Dawn | None:
    """The digest that is due at `at` on this wall; None outside its hours, on days off, and where there is none."""
    if policy.digest_at is None:
        return None
    hours, place = _hours(policy.digest_at, policy), Place(zones=(zone,), country=country)
    if not is_open(at, quiet=hours, place=place, holidays=holidays):
        return None
    day = at.astimezone(zone).date()
    until = _opening(day, zone, hours, place, holidays) or at
    past = (_opening(day - timedelta(days=back), zone, hours, place, holidays) for back in range(1, LOOK_BACK + 1))
    since = next((opening for opening in past if opening is not None), until - timedelta(days=1))
    return Dawn(day, since, until)


def is_morning(at: datetime, *, zone: ZoneInfo, policy: Policy, taken: date) -> bool:
    """Whether somebody may be told now who was last told on `taken`: by the wall alone, whatever day it is.

    It is asked for everybody at once, so that the calendar is looked at only where it may be time.
    """
    if policy.digest_at is None:
        return False
    there = at.astimezone(zone)
    since = datetime.combine(there.date(), there.time()) - datetime.combine(there.date(), policy.digest_at)
    return taken < there.date() and timedelta(0) <= since < WITHIN


def _hours(digest_at: time, policy: Policy) -> QuietHours:
    """Open from the digest's time on for WITHIN, at most to the end of the day."""
    ends = datetime.combine(date.min, digest_at) + WITHIN
    return QuietHours(
        start=ends.time() if ends.date() == date.min else time(0),
        end=digest_at,
        open_days=policy.quiet.open_days,
        keep_holidays=policy.quiet.keep_holidays,
    )


def _opening(day: date, zone: ZoneInfo, hours: QuietHours, place: Place, holidays: Holidays) -> datetime | None:
    """When the day's digest is due, None on a day off."""
    midnight = datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)
    try:
        opening = next_opening(midnight, quiet=hours, place=place, holidays=holidays)
    except NeverOpen:
        return None
    return opening.at if opening.at.astimezone(zone).date() == day else None


def morning_of(person: Person, *, of_all: Mapping[News, int], of_own: Mapping[News, int]) -> Morning | None:
    """What this person is told, in the order of the tables; None when there is nothing to say."""
    own = HEARS_OF_OWN.get(person.role, ())
    if person.role is Role.VIEWER and not may(person, Capability.NUDGE):
        own = ()
    counts = {news: of_all.get(news, 0) for news in HEARS_OF_ALL.get(person.role, ())}
    counts |= {news: of_own.get(news, 0) for news in own}
    told = {news: count for news, count in counts.items() if count}
    return Morning(told) if set(told) - _NO_NEWS_ALONE else None
