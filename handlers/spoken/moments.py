"""A moment that has been, in words: `20 minutes ago`, `yesterday 16:00`, `this morning`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from handlers.spoken.calendar_words import (
    COUNT,
    MONTHS,
    WEEKDAY,
    WEEKDAYS,
    counted,
    normal,
    one_of,
    real,
    whole_year,
)
from handlers.spoken.misread import Misread

HELP = "Write when they said it, such as “now”, “20 minutes ago”, “9:30”, “yesterday 16:00” or “24 Nov 10:15”."
NOON = time(12)
"""Where only the day is said (decided)."""

_Match = re.Match[str]
_PARTS_OF_DAY = {"morning": time(9), "noon": NOON, "midday": NOON, "afternoon": time(15), "evening": time(18)}
_HALVES = {"half an hour": 30, "a quarter of an hour": 15, "quarter of an hour": 15, "an hour and a half": 90}
_MINUTES = {"minute": 1, "min": 1, "m": 1, "hour": 60, "hr": 60, "h": 60, "day": 1_440, "d": 1_440, "week": 10_080}
_CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?: ?(?P<half>am|pm|a\.m|p\.m)| ?(?:h|o'clock))?")
_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{one_of(MONTHS)})(?: (?P<year>\d{{4}}))?"
    rf"|(?P<month2>{one_of(MONTHS)}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?: (?P<year2>\d{{4}}))?"
)
_NUMBERED = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[./])(?P<second>\d{1,2})(?:(?P=mark)(?P<year>\d{4}|\d{2}))?\.?"
    r"|(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
)
_LAST_WEEKDAY = re.compile(rf"(?:on |last )?{WEEKDAY}")
_AGO = re.compile(rf"(?:about )?{COUNT} ?(?P<unit>{one_of(_MINUTES)})s? ago")
_HALF_AGO = re.compile(rf"(?:about )?(?P<half>{'|'.join(_HALVES)}) ago")


def moment_in_words(text: str, *, now: datetime, month_first: bool) -> datetime | Misread:
    """The moment meant (UTC). `now` stands in the reader's zone; what it says about clocks is theirs."""
    words = normal(text)
    if words in ("", "now", "just now", "right now", "a moment ago"):
        return now.astimezone(UTC)
    if match := _HALF_AGO.fullmatch(words):
        return now.astimezone(UTC) - timedelta(minutes=_HALVES[match["half"]])
    if match := _AGO.fullmatch(words):
        return now.astimezone(UTC) - timedelta(minutes=counted(match["count"]) * _MINUTES[match["unit"]])
    day, rest = _day(words, now.date(), month_first)
    if day is None:
        return Misread(HELP)
    at = _clock(rest) if rest else NOON
    if at is None:
        return Misread(HELP)
    return datetime.combine(day, at, now.tzinfo).astimezone(UTC)


def _day(words: str, today: date, month_first: bool) -> tuple[date | None, str]:
    """The day, and what is left for the clock. Whole phrases first: `9.30` alone is a time, not a day."""
    if _clock(words) is not None:
        return today, words
    for size in range(len(words.split()), 0, -1):
        first, rest = " ".join(words.split()[:size]), " ".join(words.split()[size:])
        if day := _whole_day(first, today, month_first):
            return day, rest
    return None, ""


def _whole_day(words: str, today: date, month_first: bool) -> date | None:
    if words == "today":
        return today
    if words in ("yesterday", "last"):
        return today - timedelta(days=1)
    if words in ("the day before yesterday", "day before yesterday"):
        return today - timedelta(days=2)
    if match := _LAST_WEEKDAY.fullmatch(words):
        back = (today.weekday() - WEEKDAYS[match["weekday"]]) % 7
        return today - timedelta(days=back or 7)
    if match := _NAMED.fullmatch(words):
        named = {key.removesuffix("2"): value for key, value in match.groupdict().items() if value}
        return _dated(named.get("year"), MONTHS[named["month"]], int(named["day"]), today)
    if match := _NUMBERED.fullmatch(words):
        return _numbered(match, today, month_first)
    return None


def _numbered(match: _Match, today: date, month_first: bool) -> date | None:
    if match["iso"]:
        year, month, day = match["iso"].split("-")
        return real(int(year), int(month), int(day))
    first, second = int(match["first"]), int(match["second"])
    month, day = (first, second) if month_first and match["mark"] == "/" else (second, first)
    if month > 12 and day <= 12:
        month, day = day, month
    return _dated(match["year"], month, day, today)


def _dated(year: str | None, month: int, day: int, today: date) -> date | None:
    """Without a year, the last one of that name."""
    if year:
        return real(whole_year(year), month, day)
    found = (real(today.year - n, month, day) for n in range(9))
    return next((one for one in found if one and one <= today), None)


def _clock(words: str) -> time | None:
    words = re.sub(r"^(?:at|around|about|in the|@) ?", "", words)
    if words in ("night", "tonight"):
        return time(20)
    if part := _PARTS_OF_DAY.get(words.removeprefix("this ")):
        return part
    match = _CLOCK.fullmatch(words)
    if not match or not (match["minute"] or match["half"] or words.endswith(("h", "o'clock"))):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if half := match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
