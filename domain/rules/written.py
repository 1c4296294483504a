"""Hours, ranges of days and ramps as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time

from domain.errors import InvalidValue
from domain.values import Span
from domain.warming import Stage

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_hours(text: str) -> tuple[time, time]:
    """`18:00-08:00`, wall-clock. Raises InvalidValue."""
    match = re.fullmatch(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", text)
    if not match:
        raise InvalidValue("Write quiet hours like 18:00-08:00.")
    hours = [int(part) for part in match.groups()]
    try:
        return time(hours[0] % 24, hours[1]), time(hours[2] % 24, hours[3])
    except ValueError as error:
        raise InvalidValue("These quiet hours hold a time that no clock shows.") from error


def write_hours(start: time, end: time) -> str:
    return f"{start:%H:%M}-{end:%H:%M}"


def read_span(text: str) -> Span:
    """`2026-12-24/2027-01-02`, end not included. Raises InvalidValue."""
    first, _, last = text.partition("/")
    try:
        span = Span(date.fromisoformat(first.strip()), date.fromisoformat(last.strip()))
    except ValueError as error:
        raise InvalidValue(f"“{text}” is not a range of days such as 2026-12-24/2027-01-02.") from error
    if span.end <= span.start:
        raise InvalidValue(f"The range {text} ends before it begins.")
    return span


def write_span(span: Span) -> str:
    return f"{span.start.isoformat()}/{span.end.isoformat()}"


NO_RAMP = "none"


def read_ramp(stages: Sequence[str]) -> tuple[Stage, ...]:
    """`7x50`, `3x100` ...: days, and mails on each of them. Only `none`: there is no ramp. Raises InvalidValue."""
    if list(stages) == [NO_RAMP]:
        return ()
    read = []
    for text in stages:
        match = re.fullmatch(r"([0-9]{1,4})\s*x\s*([0-9]{1,8})", text.strip())
        if not match:
            raise InvalidValue(f"“{text[:20]}” is no stage of a ramp; write 7x50 for seven days with 50 mails each.")
        read.append(Stage(int(match[1]), int(match[2])))
    return tuple(read)


def write_ramp(ramp: Sequence[Stage]) -> list[str]:
    return [f"{stage.days}x{stage.per_day}" for stage in ramp] or [NO_RAMP]
