"""When customers may be written to, from the calendars of the script alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.integration.quarter.script import BLACKOUT, DAY, Place

OPENS, CLOSES = 8, 18
SPREAD = timedelta(minutes=15)
WORKSPACE = ZoneInfo("Europe/Berlin")


def is_open(at: datetime, place: Place) -> bool:
    wall = at.astimezone(ZoneInfo(place.zone))
    return is_open_day(wall.date(), place) and OPENS <= wall.hour < CLOSES


def is_open_day(day: date, place: Place) -> bool:
    return day.weekday() < 5 and day not in place.holidays and not BLACKOUT[0] <= day <= BLACKOUT[1]


def open_day(day: date, place: Place) -> date:
    """The first one from `day` on."""
    while not is_open_day(day, place):
        day += DAY
    return day


def opening_on(day: date, place: Place) -> datetime:
    """The first opening from that day on."""
    zone = ZoneInfo(place.zone)
    return datetime.combine(open_day(day, place), time(OPENS), tzinfo=zone).astimezone(UTC)


def next_open(at: datetime, place: Place) -> datetime:
    """The first open moment from `at` on."""
    if is_open(at, place):
        return at
    wall = at.astimezone(ZoneInfo(place.zone))
    return opening_on(wall.date() if wall.hour < OPENS else wall.date() + DAY, place)
