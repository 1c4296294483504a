"""A day to come, in words: `Friday`, `next Friday`, `30 Nov`, `in two weeks`, `end of month`.

A small grammar of its own (decision record 015): what it does not know it does not guess, and every day it reads is
written out in full to the person before it counts.

- `Friday` is the first one after today; said on a Friday it is a week away, for today has a word of its own.
- `this Friday` is this week's, from Monday to Sunday; `next Friday` that of the week after.
- A day without its year is the next one of that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from handlers.spoken.calendar_words import (
    COUNT,
    MONTHS,
    WEEKDAY,
    WEEKDAYS,
    counted,
    last_of_month,
    monday_of,
    months_later,
    normal,
    on_or_after,
    one_of,
    real,
    whole_year,
)
from handlers.spoken.misread import Misread

HELP = "Write a day such as “Friday”, “next Friday”, “30 Nov”, “in two weeks” or “end of month”, or pick it below."

_Match = re.Match[str]
_Day = date | Misread | None
_LEAD = re.compile(r"^(?:(?:by|on|until|till|due|for|about|around) )+(?:the (?=end|last|start|begin|mid))?")
_A_DAY_EARLIER = re.compile(r"^(?:before|after)\b")
_MONTH = rf"(?P<month>{one_of(MONTHS)})"
_ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:\s(?P<year>\d{4}))?"
_FRIDAY = 4
_SHORT = {"eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}
_UNIT = r"(?P<unit>(?:working |business )?days?|workdays?|weeks?|fortnights?|months?)"


def day_in_words(text: str, *, today: date, month_first: bool) -> date | Misread:
    """The day meant, seen from `today`. `month_first`: the reader writes 11/30 for 30 November."""
    words = _LEAD.sub("", normal(text))
    if _A_DAY_EARLIER.match(words):
        return Misread("Write the last day that counts itself: for “before Friday” that is “Thursday”.")
    for pattern, read in _PATTERNS:
        if (match := pattern.fullmatch(words)) and (found := read(match, today, month_first)):
            return found
    return Misread(HELP)


def _fixed(days: int) -> Callable[[_Match, date, bool], _Day]:
    return lambda match, today, month_first: today + timedelta(days=days)


def _weekday(match: _Match, today: date, month_first: bool) -> _Day:
    return on_or_after(today + timedelta(days=1), WEEKDAYS[match["weekday"]])


def _this_weekday(match: _Match, today: date, month_first: bool) -> _Day:
    found = monday_of(today) + timedelta(days=WEEKDAYS[match["weekday"]])
    if found < today:
        return Misread(f"This week's {match['weekday'].title()} is over. Write “next {match['weekday'].title()}”.")
    return found


def _next_weekday(match: _Match, today: date, month_first: bool) -> _Day:
    return monday_of(today) + timedelta(days=7 + WEEKDAYS[match["weekday"]])


def _weekday_in_weeks(match: _Match, today: date, month_first: bool) -> _Day:
    first = on_or_after(today + timedelta(days=1), WEEKDAYS[match["weekday"]])
    return first + timedelta(weeks=counted(match["count"]) if "count" in match.groupdict() else 1)


def _in_some(match: _Match, today: date, month_first: bool) -> _Day:
    count, unit = counted(match["count"]), match["unit"].removesuffix("s")
    if unit in ("working day", "business day", "workday"):
        return _working_days_later(today, count)
    if unit == "month":
        return months_later(today, count)
    return today + timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])


def _working_days_later(today: date, count: int) -> date:
    """Monday to Friday; holidays are the customer's and not known here."""
    day = today
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() <= _FRIDAY
    return day


def _end_of(match: _Match, today: date, month_first: bool) -> _Day:
    return _end(match["unit"], today, 1 if match["next"] else 0)


def _end_soon(match: _Match, today: date, month_first: bool) -> _Day:
    """`month end`, `EOM`."""
    return _end(_SHORT.get(match["unit"], match["unit"]), today, 0)


def _end(unit: str, today: date, further: int) -> _Day:
    """The last day of this week (Friday), month, quarter or year, or of the one after."""
    if unit == "week":
        friday = monday_of(today) + timedelta(days=_FRIDAY + 7 * further)
        return friday if friday >= today else Misread("This week is over. Write “end of next week”, or a day.")
    if unit == "month":
        return last_of_month(months_later(today.replace(day=1), further))
    if unit == "quarter":
        return last_of_month(months_later(today.replace(day=1), 2 - (today.month - 1) % 3 + 3 * further))
    return date(today.year + further, 12, 31)


def _part_of_month(match: _Match, today: date, month_first: bool) -> _Day:
    """`end of November` is its last day, `mid` the 15th, `start` the first."""
    part, named = match["part"], match["named"]
    if named in ("next month", "the month", "month", "this month"):
        first = months_later(today.replace(day=1), 1 if named == "next month" else 0)
    else:
        first = date(today.year + (MONTHS[named] < today.month), MONTHS[named], 1)
    if part.startswith("end"):
        return last_of_month(first)
    return first.replace(day=15 if part.startswith("mid") else 1)


def _day_of_month(match: _Match, today: date, month_first: bool) -> _Day:
    """`the 5th`: the next one, skipping months that have none."""
    wanted = int(match["day"])
    starts = (months_later(today.replace(day=1), n) for n in range(13))
    found = (real(first.year, first.month, wanted) for first in starts)
    return _beside(match, next((day for day in found if day and day >= today), None))


def _named_date(match: _Match, today: date, month_first: bool) -> _Day:
    return _dated(match, MONTHS[match["month"]], int(match["day"]), today)


def _numbered_date(match: _Match, today: date, month_first: bool) -> _Day:
    """`30.11.` has the day first wherever dots are written; `11/30` is read the reader's way, or the only way."""
    first, second = int(match["first"]), int(match["second"])
    month, day = (first, second) if month_first and match["mark"] == "/" else (second, first)
    if month > 12 and day <= 12:
        month, day = day, month
    return _dated(match, month, day, today)


def _iso_date(match: _Match, today: date, month_first: bool) -> _Day:
    return _dated(match, int(match["month"]), int(match["day"]), today)


def _dated(match: _Match, month: int, day: int, today: date) -> _Day:
    """Without a year the next one there is, be it 29 February."""
    named = match.groupdict()
    if year := named.get("year"):
        found = real(whole_year(year), month, day)
    else:
        years = (real(today.year + n, month, day) for n in range(9))
        found = next((one for one in years if one and one >= today), None)
    return _beside(match, found)


def _beside(match: _Match, found: date | None) -> _Day:
    """Against the weekday, where one is named as well."""
    if found is None:
        return Misread("There is no such day in the calendar. Please look at the number of the day and the month.")
    weekday = match.groupdict().get("weekday")
    if weekday and found.weekday() != WEEKDAYS[weekday]:
        return Misread(
            f"{found.day} {found:%B %Y} is a {found:%A}, so one of the two is wrong. Write the one that is meant."
        )
    return found


_BESIDE = rf"(?:{WEEKDAY} (?:the )?)?"
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[_Match, date, bool], _Day]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"today|tonight|now|eod|end of (?:the )?day", _fixed(0)),
        (r"tomorrow|tmrw|tmr", _fixed(1)),
        (r"(?:the )?day after tomorrow", _fixed(2)),
        (WEEKDAY, _weekday),
        (rf"(?:coming|this coming) {WEEKDAY}", _weekday),
        (rf"this {WEEKDAY}", _this_weekday),
        (rf"{WEEKDAY} this week", _this_weekday),
        (rf"next {WEEKDAY}", _next_weekday),
        (rf"{WEEKDAY} next week", _next_weekday),
        (rf"next week {WEEKDAY}", _next_weekday),
        (rf"{WEEKDAY} week", _weekday_in_weeks),
        (rf"a week (?:from|on) {WEEKDAY}", _weekday_in_weeks),
        (rf"{WEEKDAY} in {COUNT} weeks?", _weekday_in_weeks),
        (rf"(?:in|within) {COUNT} {_UNIT}(?: time)?", _in_some),
        (rf"{COUNT} {_UNIT} from (?:now|today)", _in_some),
        (r"(?:the )?end of (?:the |this )?(?P<next>next )?(?P<unit>week|month|quarter|year)", _end_of),
        (r"(?P<unit>week|month|quarter|year)[ -]?end", _end_soon),
        (r"(?P<unit>eow|eom|eoq|eoy)", _end_soon),
        (
            r"(?P<part>end(?: of)?|mid(?:dle)?(?: of)?|start of|beginning of|early)[ -]?"
            rf"(?P<named>{one_of(MONTHS)}|next month|this month|the month|month)",
            _part_of_month,
        ),
        (rf"{_BESIDE}(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)", _day_of_month),
        (rf"{_BESIDE}(?:the )?{_ORDINAL}(?: of)? ?{_MONTH}{_YEAR}", _named_date),
        (rf"{_BESIDE}{_MONTH} (?:the )?{_ORDINAL}{_YEAR}", _named_date),
        (r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", _iso_date),
        (
            rf"{_BESIDE}(?P<first>\d{{1,2}})(?P<mark>[./-]) ?(?P<second>\d{{1,2}})"
            r"(?:(?P=mark) ?(?P<year>\d{4}|\d{2}))?\.?",
            _numbered_date,
        ),
    )
)
"""The first that fits, whole."""
