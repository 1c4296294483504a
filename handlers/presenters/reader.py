"""How one reader sees money and time.

The words are English, so days are written in English too, in the order of the reader's country; amounts are written
the reader's own way (`12.400,00 €`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time, format_timedelta, get_timezone_location
from babel.numbers import NumberPattern, format_decimal, format_percent, parse_pattern

from domain.policies import Segment
from domain.rules.quiet_hours import ZoneChoice, ZoneRule
from domain.values import Money, Person
from handlers.escaping import escape

DEFAULT_LOCALE = "en_GB"
_LETTER_BESIDE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")  # KWD 12, not KWD12
_ENGLISH_ELSEWHERE = "en_150"  # day before month, 24 hours


@dataclass(frozen=True, slots=True)
class Reader:
    """`numbers` is the reader's own locale, `words` an English one of the same country.

    `names_zone`: others read along, so every time of day says where it is counted.
    """

    zone: ZoneInfo
    numbers: Locale
    words: Locale
    names_zone: bool = False

    @classmethod
    def of(cls, person: Person | None, *, zone: str) -> Reader:
        """`zone` is used where the person has none of their own, or one that does not exist."""
        own = person.locale if person else None
        return cls(_zone(person.zone if person else None, zone), *_locales(own))

    def for_all(self) -> Reader:
        """For what several people read."""
        return replace(self, names_zone=True)

    def money(self, money: Money) -> str:
        """With the decimals that ISO 4217 gives the currency, whatever the locale's data thinks of it."""
        shown = _money_pattern(str(self.numbers), money.exponent).apply(
            money.major, self.numbers, currency=money.currency, currency_digits=False
        )
        return _steady(_LETTER_BESIDE_DIGIT.sub("\u00a0", str(shown)))

    def percent(self, share: float) -> str:
        return _steady(format_percent(share, locale=self.numbers))

    def count(self, number: float, digits: int = 0) -> str:
        return _steady(f"{number:.{digits}f}")

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def day(self, day: date, now: datetime) -> str:
        """`Tue 24 Nov`; with the year when it is not this year."""
        short = _written(day, "MMMEd", self.words)
        if day.year == self.today(now).year:
            return short
        longer = _written(day, "yMMMEd", self.words)
        return longer if "," in short else longer.replace(",", "")

    def full_day(self, day: date) -> str:
        """`Friday 4 December 2026`: nothing left to misread."""
        if self.month_first:
            return f"{day:%A}, {day:%B} {day.day}, {day.year}"
        return f"{day:%A} {day.day} {day:%B} {day.year}"

    @property
    def month_first(self) -> bool:
        """Writes 11/30 for 30 November."""
        return str(self.words.date_formats["short"].pattern).lstrip().startswith("M")

    def number(self, money: Money) -> str:
        """The amount without its currency and without grouping: to be typed over, and read again as it was."""
        return str(
            format_decimal(
                money.major, format=f"0.{'0' * money.exponent}" if money.exponent else "0", locale=self.numbers
            )
        )

    def short_day(self, day: date, now: datetime) -> str:
        """`24 Nov`, where the day of the week says nothing; with the year when it is not this year."""
        shown = _written(day, "MMMd" if day.year == self.today(now).year else "yMMMd", self.words)
        return shown.replace(" ", "\u00a0")

    def day_at(self, moment: datetime, now: datetime) -> str:
        """The day of a moment in the reader's own time."""
        return self.day(moment.astimezone(self.zone).date(), now)

    def clock(self, at: datetime, zone: ZoneInfo | None = None) -> str:
        """`08:04`, or `8:04 AM`."""
        local = at.astimezone(zone or self.zone)
        return _steady(format_time(local.replace(tzinfo=None), "short", locale=self.words))

    def moment(self, at: datetime, now: datetime) -> str:
        """`Tue 24 Nov, 07:04` in the reader's own time; `Tue 24 Nov, 07:04 in London` where others read along."""
        shown = f"{self.day_at(at, now)}, {self.clock(at)}"
        return f"{shown} in {self.city(self.zone)}" if self.names_zone else shown

    def until(self, at: datetime, now: datetime) -> str:
        """Until when something is to be done: `14:35`, with its day when that is not today.

        Where it is midnight: `the end of Tue 24 Nov`, and nobody wonders which of two days is meant.
        """
        local = at.astimezone(self.zone)
        if (local.hour, local.minute) == (0, 0):
            return f"the end of {self.day(local.date() - timedelta(days=1), now)}"
        day = "" if self.today(at) == self.today(now) else f"{self.day_at(at, now)}, "
        return f"{day}{self.clock(at)}"

    def deadline(self, at: datetime, now: datetime) -> str:
        """The same with the clock it is on: `14:35 (London time)`."""
        return f"{self.until(at, now)} ({self.city(self.zone)} time)"

    def also(self, at: datetime, zone: str) -> str:
        """`; 21:40 in Berlin` for those whose own clock shows something else."""
        there = _zone(zone, "UTC")
        if at.astimezone(there).utcoffset() == at.astimezone(self.zone).utcoffset():
            return ""
        return f"; {self.clock(at, there)} in {self.city(there)}"

    def moment_there(self, at: datetime, there: ZoneChoice | None, now: datetime) -> str:
        """`Tue 24 Nov, 08:04 in Berlin (07:04 your time)`; the second part only where it differs."""
        if there is None:
            return self.moment(at, now) if self.names_zone else f"{self.moment(at, now)} your time"
        zones = _edges(there, at)
        first = at.astimezone(zones[0])
        shown = f"{self.day(first.date(), now)}, {self.clock(at, zones[0])} in {self.city(zones[0])}"
        if len(zones) > 1:
            shown += f" and {self.clock(at, zones[1])} in {self.city(zones[1])}"
        mine = at.astimezone(self.zone)
        if mine.replace(tzinfo=None) == first.replace(tzinfo=None):
            return shown
        own = self.clock(at) if mine.date() == first.date() else f"{self.day_at(at, now)}, {self.clock(at)}"
        return f"{shown} ({own} {f'in {self.city(self.zone)}' if self.names_zone else 'your time'})"

    def ago(self, at: datetime, now: datetime) -> str:
        """`2 hours ago`, `in 3 days`."""
        if abs(now - at) < timedelta(minutes=1):
            return "just now"
        return _steady(format_timedelta(at - now, add_direction=True, locale=self.words, threshold=1.2))

    def city(self, zone: ZoneInfo) -> str:
        """`Berlin` for Europe/Berlin."""
        name = str(get_timezone_location(zone, locale=self.words, return_city=True))
        return name.rpartition("/")[2] or str(zone)

    def country(self, code: str) -> str:
        return str(self.words.territories.get(code.upper(), code.upper()))

    def hours_of(self, there: ZoneChoice, country: str | None, segment: Segment | None = None) -> str:
        """Whose business hours count, and why those. `segment`: one that may have quiet hours of its own."""
        whose = self._whose_hours(there, country)
        if segment is None or segment.quiet is None:
            return whose
        start, end = segment.quiet
        return f"{whose}, quiet {start:%H:%M} to {end:%H:%M} (set for the segment “{escape(segment.name, 60)}”)"

    def _whose_hours(self, there: ZoneChoice, country: str | None) -> str:
        city = self.city(_zone(there.names[0], "UTC"))
        match there.rule:
            case ZoneRule.CONTACT:
                return f"Business hours: {city} (set for the contact)"
            case ZoneRule.ACCOUNT:
                return f"Business hours: {city} (set for the account)"
            case ZoneRule.COUNTRY:
                return f"Business hours: {city} (billing country {self.country(country or '')})"
            case ZoneRule.WORKSPACE:
                return f"Business hours: {city} (our own, as theirs aren't known)"
            case ZoneRule.EVERY_ZONE_OF_COUNTRY:
                where = f"all {len(there.names)} time zones of {self.country(country or '')}"
                return f"Business hours: only when {where} are open (theirs isn't known)"


def _zone(name: str | None, fallback: str) -> ZoneInfo:
    for one in (name, fallback):
        try:
            if one:
                return ZoneInfo(one)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def _edges(there: ZoneChoice, at: datetime) -> list[ZoneInfo]:
    """The zones with the earliest and the latest clock; one when all agree."""
    zones = sorted((_zone(name, "UTC") for name in there.names), key=lambda zone: at.astimezone(zone).isoformat())
    first, last = zones[0], zones[-1]
    return [first] if at.astimezone(first).utcoffset() == at.astimezone(last).utcoffset() else [first, last]


@lru_cache(maxsize=256)
def _locales(name: str | None) -> tuple[Locale, Locale]:
    try:
        own = Locale.parse((name or DEFAULT_LOCALE).replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        own = Locale.parse(DEFAULT_LOCALE)
    if own.language == "en":
        return own, own
    try:
        return own, Locale("en", own.territory)
    except (ValueError, UnknownLocaleError):
        return own, Locale.parse(_ENGLISH_ELSEWHERE)


@lru_cache(maxsize=4096)
def _written(day: date, skeleton: str, words: Locale) -> str:
    """A card names the same few days again and again."""
    return _steady(str(format_skeleton(skeleton, datetime(day.year, day.month, day.day, tzinfo=UTC), locale=words)))


@lru_cache(maxsize=512)
def _money_pattern(locale: str, exponent: int) -> NumberPattern:
    pattern = parse_pattern(Locale.parse(locale).currency_formats["standard"].pattern)
    pattern.frac_prec = (exponent, exponent)
    return pattern


def _steady(text: str) -> str:
    """Slack's fonts know the plain no-break space; direction marks have no business in our sentences."""
    return text.replace("\u202f", "\u00a0").replace("\u200f", "").replace("\u200e", "")
