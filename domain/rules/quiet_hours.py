"""When a customer may be written to: in the business hours of the customer's own clock.

Hours are wall-clock times and stay so until the moment of the decision; only instants are compared in UTC.
An instant is open when the clock on the customer's wall, read at that instant, shows an open time on an open
day. From this one sentence follow the clock changes: an opening inside a spring gap moves to the first minute
after it, in an autumn overlap the first occurrence counts, a day that was skipped is never waited for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

from domain.calendars import Holidays, Zones
from domain.errors import InvalidValue
from domain.values import Span, require_aware

# A window open on one day of the week, behind a year's freeze, still opens; anything longer is a mistake.
HORIZON = timedelta(days=366)
# Where the zone is unknown: weekly hours repeat after 7 days, and a clock change can cost one week of them.
TOGETHER_WITHIN = timedelta(days=14)
OPENING_SPREAD = timedelta(minutes=15)

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_MIDNIGHT = time(0)


class NeverOpen(InvalidValue):
    """These hours leave no instant in which to write. The message names the fix."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Quiet in `[start, end)` by the customer's wall clock, and on every day that is not open.

    `start` > `end` wraps midnight; `end` 00:00 is the end of the day. `open_days` counts Monday as 0.
    Blackouts and holidays close whole local days. Raises InvalidValue for hours that cannot be meant.
    """

    start: time
    end: time
    open_days: frozenset[int] = frozenset(range(5))
    blackouts: tuple[Span, ...] = ()
    keep_holidays: bool = True

    def __post_init__(self) -> None:
        for edge in (self.start, self.end):
            if edge.tzinfo is not None:
                raise InvalidValue("Quiet hours follow the customer's clock; give times without a zone.")
            if edge.second or edge.microsecond:
                raise InvalidValue(f"Quiet hours start and end on a whole minute; {edge} has seconds.")
        if self.start == self.end:
            raise InvalidValue("Quiet hours start and end at the same time; make one earlier or later.")
        if not self.open_days:
            raise InvalidValue("No day of the week is open; choose at least one day.")
        if not self.open_days <= frozenset(range(7)):
            raise InvalidValue("Days of the week run from 0 (Monday) to 6 (Sunday).")


DEFAULT = QuietHours(time(18), time(8))


class ZoneRule(StrEnum):
    """Which rule picked the zone; the card names it."""

    CONTACT = "contact"
    ACCOUNT = "account"
    COUNTRY = "country"
    WORKSPACE = "workspace"
    EVERY_ZONE_OF_COUNTRY = "every_zone_of_country"


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """The zones in which it must be open at once: one, or all of a country.

    `warning` is a sentence about stored data that could not be used.
    """

    rule: ZoneRule
    names: tuple[str, ...]
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the payer is: the zones that must all be open, and whose holidays are kept (ISO 3166 codes)."""

    zones: tuple[ZoneInfo, ...]
    country: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        if not self.zones:
            raise InvalidValue("A place needs at least one time zone.")


class Wait(StrEnum):
    """Why an instant is closed."""

    QUIET_HOURS = "quiet_hours"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    BLACKOUT = "blackout"


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was waited for: the first local day of it, and the holiday's name as `detail`."""

    why: Wait
    day: date
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """An open stretch `[at, closes)` in UTC, and each reason for waiting once; none when it was open already."""

    at: datetime
    closes: datetime
    skipped: tuple[Skipped, ...] = ()


def pick_zone(
    *, contact: str | None, account: str | None, country: str | None, workspace: str, zones: Zones
) -> ZoneChoice:
    """Contact, else account, else the billing country, else the workspace.

    A country with several zones fails closed: all of them must be open. Stored data that cannot be used falls
    to the next rule and is named in the warning; UTC is never assumed. Raises InvalidValue when even the
    workspace's zone is unknown, for then nothing is left to fall to.
    """
    warnings: list[str] = []
    for rule, name in ((ZoneRule.CONTACT, contact), (ZoneRule.ACCOUNT, account)):
        if name is None:
            continue
        try:
            zones.zone(name)
        except InvalidValue:
            warnings.append(f"The {rule}'s time zone “{name[:40]}” is unknown and was not used.")
        else:
            return ZoneChoice(rule, (name,), " ".join(warnings) or None)
    if country is not None:
        names = zones.of_country(country)
        if names:
            rule = ZoneRule.COUNTRY if len(names) == 1 else ZoneRule.EVERY_ZONE_OF_COUNTRY
            return ZoneChoice(rule, names, " ".join(warnings) or None)
        warnings.append(f"The billing country “{country[:40]}” is unknown and was not used.")
    zones.zone(workspace)
    return ZoneChoice(ZoneRule.WORKSPACE, (workspace,), " ".join(warnings) or None)


def is_open(at: datetime, *, quiet: QuietHours, place: Place, holidays: Holidays) -> bool:
    """Whether a message may leave at this instant: open in every zone of the place."""
    utc = require_aware(at).astimezone(UTC)
    read = _reader(quiet, place, holidays)
    return all(read(_wall(utc, zone))[0] is None for zone in place.zones)


def next_opening(at: datetime, *, quiet: QuietHours, place: Place, holidays: Holidays) -> Opening:
    """The first open stretch at or after `at`: `at` itself when open now, else the first open minute.

    With several zones the stretch is the first one in which all are open together. Raises NeverOpen when
    there is none within 366 days, or, for several zones, none within 14 days on top of the days that holidays
    and blackouts closed: offices as far apart as Kaliningrad's and Kamchatka's never share an hour.
    """
    start = require_aware(at).astimezone(UTC)
    read = _reader(quiet, place, holidays)
    zones = place.zones
    waited: dict[tuple[Wait, str], date] = {}
    shut: set[date] = set()
    found, agreed, turn = start, 0, 0
    while agreed < len(zones):
        zone = zones[turn]
        turn = (turn + 1) % len(zones)
        instant, wall = found, _wall(found, zone)
        while True:
            why, until, detail = read(wall)
            if why is None:
                break
            waited.setdefault((why, detail), wall.date())
            if why is Wait.HOLIDAY or why is Wait.BLACKOUT:
                shut.add(wall.date())
            instant, wall = _advance(instant, wall, until, zone)
            allowed = HORIZON if len(zones) == 1 else min(HORIZON, TOGETHER_WITHIN + len(shut) * _DAY)
            if instant - start > allowed:
                raise NeverOpen(_no_way_out(place))
        agreed = agreed + 1 if instant == found else 1
        found = instant
    return Opening(
        found,
        min(_closing(found, zone, read) for zone in zones),
        tuple(Skipped(why, day, detail) for (why, detail), day in waited.items()),
    )


def spread(opening: Opening, *, key: str, over: timedelta = OPENING_SPREAD) -> datetime:
    """This key's whole second inside `[opening.at, min(opening.at + over, opening.closes))`.

    The same opening and key always give the same second, so that deciding twice moves nothing. For messages
    that had to wait; one that finds the door open leaves at once. An opening too short to hold a whole second
    gives `opening.at`.
    """
    first = opening.at.replace(microsecond=0)
    if first < opening.at:
        first += _SECOND
    slots = -((first - min(opening.at + over, opening.closes)) // _SECOND)
    if slots <= 0:
        return opening.at
    return first + int.from_bytes(sha256(key.encode()).digest()[:8]) % slots * _SECOND


# What the wall clock says: why it is closed (None: open), until when that surely holds, the holiday's name.
_Reading = tuple[Wait | None, datetime, str]
_Read = Callable[[datetime], _Reading]


def _reader(quiet: QuietHours, place: Place, holidays: Holidays) -> _Read:
    start, end, open_days, blackouts = quiet.start, quiet.end, quiet.open_days, quiet.blackouts
    wraps = start > end
    country, region = place.country if quiet.keep_holidays else None, place.region

    def read(wall: datetime) -> _Reading:
        day = wall.date()
        tomorrow = datetime.combine(day, _MIDNIGHT) + _DAY
        if day.weekday() not in open_days:
            return Wait.WEEKEND, tomorrow, ""
        for span in blackouts:
            if day in span:
                return Wait.BLACKOUT, tomorrow, ""
        if country is not None:
            name = holidays.holiday(day, country, region)
            if name is not None:
                return Wait.HOLIDAY, tomorrow, name
        now = wall.time()
        if wraps:
            if now < end:
                return Wait.QUIET_HOURS, datetime.combine(day, end), ""
            if now < start:
                return None, datetime.combine(day, start), ""
            return Wait.QUIET_HOURS, tomorrow, ""
        if now < start:
            return None, datetime.combine(day, start), ""
        if now < end:
            return Wait.QUIET_HOURS, datetime.combine(day, end), ""
        return None, tomorrow, ""

    return read


def _wall(utc: datetime, zone: ZoneInfo) -> datetime:
    """The naive local time at an instant."""
    local = utc.astimezone(zone)
    return datetime.combine(local.date(), local.time())  # a third of the time of replace(tzinfo=None)


def _advance(instant: datetime, wall: datetime, until: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instant at which the clock shows `until`, or is changed on the way there, and its reading then.

    `until` is at most a day ahead; no zone changes its clock twice in one, nor inside a minute.
    """
    later = instant + (until - wall)
    reading = _wall(later, zone)
    if reading == until:
        return later, reading
    offset = instant.astimezone(zone).utcoffset()
    low = instant.replace(second=0, microsecond=0)
    before, after = 0, -((low - later) // _MINUTE)
    while after - before > 1:
        middle = (before + after) // 2
        if (low + middle * _MINUTE).astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    changed = low + after * _MINUTE
    return changed, _wall(changed, zone)


def _closing(instant: datetime, zone: ZoneInfo, read: _Read) -> datetime:
    wall = _wall(instant, zone)
    while True:
        why, until, _ = read(wall)
        if why is not None:
            return instant
        instant, wall = _advance(instant, wall, until, zone)


def _no_way_out(place: Place) -> str:
    if len(place.zones) == 1:
        return "No time is open within 366 days; shorten a blackout or open more days."
    where = place.country or "this place"
    return f"The zones of {where} have no open hour in common; set the contact's or the account's time zone."
