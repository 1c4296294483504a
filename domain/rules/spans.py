"""How long: `30m`, `2h`, `1h30m`, `1d`, as people type it."""

from __future__ import annotations

import re
from datetime import timedelta

from domain.errors import InvalidValue

_SPAN = re.compile(r"(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m(?:in)?)?")


def span_of(text: str) -> timedelta:
    """At least a minute. Raises InvalidValue."""
    found = _SPAN.fullmatch(text.strip().lower())
    days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    span = timedelta(days=days, hours=hours, minutes=minutes)
    if not span:
        raise InvalidValue(f"“{text[:40]}” is no length of time. Write it like 30m, 2h, 1h30m or 1d.")
    return span


def span_words(span: timedelta) -> str:
    """`1h30m`, as `span_of` reads it; under a minute `0m`."""
    minutes = max(0, int(span.total_seconds())) // 60
    parts = ((minutes // 1_440, "d"), (minutes % 1_440 // 60, "h"), (minutes % 60, "m"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0m"
