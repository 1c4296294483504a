"""Weekdays, months and small numbers as people write them in English."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = "january february march april may june july august september october november december".split()
_FIRST_YEAR, _LAST_YEAR = 1990, 2199
_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()

WEEKDAYS: dict[str, int] = {
    **{name: n for n, name in enumerate(_DAYS)},
    **{name[:3]: n for n, name in enumerate(_DAYS)},
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
MONTHS: dict[str, int] = {
    **{name: n for n, name in enumerate(_MONTHS, 1)},
    **{name[:3]: n for n, name in enumerate(_MONTHS, 1)},
    "sept": 9,
}
NUMBERS: dict[str, int] = {
    **{name: n for n, name in enumerate(_NUMBERS)},
    "a": 1,
    "an": 1,
    "a couple of": 2,
    "couple of": 2,
}


def one_of(words: dict[str, int]) -> str:
    """As a part of a pattern, the longest spelling first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


WEEKDAY = rf"(?P<weekday>{one_of(WEEKDAYS)})"
COUNT = rf"(?P<count>\d{{1,3}}|{one_of(NUMBERS)})"


def counted(words: str) -> int:
    return int(words) if words.isdigit() else NUMBERS[words]


def normal(text: str) -> str:
    """Lower case, single blanks, without dots after a shortened word, commas and the like."""
    text = re.sub(r"[\s\u00a0\u202f]+", " ", text.casefold()).strip(" .,;!?")
    text = re.sub(r"(?<=[a-z0-9])\.(?=\s|$)", "", text)
    return re.sub(r"\s*,\s*", " ", text)


def on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def real(year: int, month: int, day: int) -> date | None:
    """None for 31 November, and for what nobody alive speaks of."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def whole_year(digits: str) -> int:
    """26 is 2026."""
    return int(digits) if len(digits) == 4 else 2000 + int(digits)
