"""Turns what people type at the clock ("tomorrow 07:59", "+2h", "next Monday 08:00") into a moment."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {"m": 1, "min": 1, "minute": 1, "h": 60, "hour": 60, "d": 1440, "day": 1440, "w": 10080, "week": 10080}

_STEP = re.compile(r"^(?:in\s+|\+\s*)?(-?\d+)\s*([a-z]+?)s?$")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})$")
_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")


class NotUnderstood(ValueError):
    """The words do not name a moment; its text is a sentence for the person who typed them."""


def read_moment(words: str, *, now: datetime, zone: str) -> datetime:
    """The moment (aware, UTC) that `words` mean for somebody in `zone` at `now`.

    Known: "+1h", "in 30 min", "07:59" (the next one), "today 14:00", "tomorrow 07:59",
    "next Monday 08:00", "Friday", "2026-03-29 02:30" and ISO 8601. A wall time that a clock change skips
    moves forward by the gap; one that occurs twice means the first.
    """
    text = " ".join(words.replace(",", " ").split()).lower()
    if not text:
        raise NotUnderstood("Write a time, for example “tomorrow 07:59”.")
    here = now.astimezone(ZoneInfo(zone))
    step = _STEP.match(text)
    if step and step[2] in UNITS:
        return now.astimezone(UTC) + timedelta(minutes=int(step[1]) * UNITS[step[2]])
    iso = _read_iso(words.strip(), zone=zone)
    if iso is not None:
        return iso
    parts = [part for part in text.split(" ") if part not in {"at", "on"}]
    clock = _read_clock(parts[-1])
    if clock is not None:
        parts.pop()
    day = _read_day(parts, today=here.date())
    if day is None:
        raise NotUnderstood(f"“{words.strip()}” is not a time that this clock knows. Try “tomorrow 07:59”.")
    at = _local(day, clock or time(9, 0), zone=zone)
    if not parts and at <= now:
        at = _local(day + timedelta(days=1), clock or time(9, 0), zone=zone)
    return at


def _read_iso(text: str, *, zone: str) -> datetime | None:
    if not re.match(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotUnderstood(f"“{text}” is not a date that exists.") from error
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    return _local(at.date(), at.time(), zone=zone)


def _read_clock(word: str) -> time | None:
    found = _TIME.match(word)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2])
    if hour > 23 or minute > 59:
        raise NotUnderstood(f"“{word}” is not a time of day.")
    return time(hour, minute)


def _read_day(parts: list[str], *, today: date) -> date | None:
    match parts:
        case [] | ["today"]:
            return today
        case ["tomorrow"]:
            return today + timedelta(days=1)
        case ["yesterday"]:
            return today - timedelta(days=1)
        case ["next", name] | [name] if name in WEEKDAYS:
            ahead = (WEEKDAYS.index(name) - today.weekday() - 1) % 7 + 1
            return today + timedelta(days=ahead)
        case [word] if (found := _DATE.match(word)) is not None:
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError as error:
                raise NotUnderstood(f"“{word}” is not a date that exists.") from error
    return None


def _local(day: date, clock: time, *, zone: str) -> datetime:
    # Converting there and back is what moves a skipped wall time out of the gap.
    return datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)
