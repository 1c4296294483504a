"""Zone data from tzdata and public holidays from the `holidays` package, behind the domain's ports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from domain.errors import InvalidValue

if TYPE_CHECKING:
    from holidays import HolidayBase

# Names that open but mean “the server's own zone” or “not set”.
_NOT_PLACES = frozenset({"localtime", "posixrules", "Factory"})
_NOT_PLACE_FOLDERS = ("posix/", "right/")

# Two zones of a country count as one when their clocks agree for this long: nothing is sent before it, and
# after it tzdata repeats the last rule. A step of a week is shorter than any summer time in these years.
_AGREE_FROM, _AGREE_UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=7)
_MINUTE = timedelta(minutes=1)

_NONE: Mapping[date, str] = MappingProxyType({})


class TzdataZones:
    """IANA zones by their exact names. The first question reads the data; the answers are kept."""

    def __init__(self) -> None:
        self._differing: dict[str, tuple[str, ...]] = {}

    def zone(self, name: str) -> ZoneInfo:
        """The zone of that exact name. Raises InvalidValue for anything else, naming the fix."""
        if name not in self._names:
            near = self._by_lower.get(name.strip().lower())
            hint = f"did you mean {near}?" if near else "choose a name such as Europe/Berlin."
            raise InvalidValue(f"“{name[:40]}” is not an IANA time zone; {hint}")
        return ZoneInfo(name)

    def of_country(self, country: str) -> tuple[str, ...]:
        """The zones of a country whose clocks differ, sorted; empty when the country is unknown.

        Zones that agree from 2025 on count once, under the name tzdata lists first: Germany has one
        (Büsingen follows Berlin), Argentina one, the United States eight.
        """
        country = country.strip().upper()
        listed = self._listed.get(country, ())
        if listed and country not in self._differing:
            self._differing[country] = tuple(sorted(_one_for_each_clock(listed)))
        return self._differing.get(country, ())

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(
            name
            for name in available_timezones()
            if name not in _NOT_PLACES and not name.startswith(_NOT_PLACE_FOLDERS)
        )

    @cached_property
    def _by_lower(self) -> Mapping[str, str]:
        return {name.lower(): name for name in self._names}

    @cached_property
    def _listed(self) -> Mapping[str, tuple[str, ...]]:
        """Country to zones in tzdata's order. zone.tab has each country's own names; zone1970.tab adds a
        neighbour's zone where a part of the country follows it."""
        listed: dict[str, dict[str, None]] = {}
        for table in ("zone.tab", "zone1970.tab"):
            text = files("tzdata").joinpath("zoneinfo", table).read_text(encoding="utf-8")
            for line in text.splitlines():
                if line.startswith("#") or not line.strip():
                    continue
                countries, _, name = line.split("\t")[:3]
                if name in self._names:
                    for country in countries.split(","):
                        listed.setdefault(country, {})[name] = None
        return {country: tuple(names) for country, names in listed.items()}


def _one_for_each_clock(names: Iterable[str]) -> Iterable[str]:
    names = tuple(names)
    if len(names) == 1:
        return names
    first: dict[object, str] = {}
    for name in names:
        first.setdefault(_clock(ZoneInfo(name)), name)
    return first.values()


def _clock(zone: ZoneInfo) -> tuple[tuple[datetime, timedelta | None], ...]:
    """Every change of the clock and the offset after it, in the years that are compared."""
    at = _AGREE_FROM
    offset = at.astimezone(zone).utcoffset()
    changes = [(at, offset)]
    while at < _AGREE_UNTIL:
        later = at + _STEP
        after = later.astimezone(zone).utcoffset()
        if after != offset:
            low, high = at, later
            while high - low > _MINUTE:
                middle = low + (high - low) // _MINUTE // 2 * _MINUTE
                if middle.astimezone(zone).utcoffset() == offset:
                    low = middle
                else:
                    high = middle
            changes.append((high, after))
        at, offset = later, after
    return tuple(changes)


class PublicHolidays:
    """Official public holidays, named in English where the data has it; no bank, school or optional days.

    An unknown region falls back to its country, an unknown country has no holidays. A year of a country and
    region is worked out once.
    """

    def __init__(self) -> None:
        self._year = lru_cache(maxsize=2048)(_year_of)

    def holiday(self, day: date, country: str, region: str | None) -> str | None:
        """The name of the public holiday on `day`, or None. Takes `BY` and `DE-BY` for a region."""
        return self._year(country, region, day.year).get(day)


def _year_of(country: str, region: str | None, year: int) -> Mapping[date, str]:
    country = country.strip().upper()
    # The package answers to three-letter, market and class names as well, which are not what is asked here.
    if len(country) != 2 or not (country.isascii() and country.isalpha()):
        return _NONE
    try:
        national = _load(country, None, year)
    except NotImplementedError:
        return _NONE
    code = (region or "").strip().removeprefix(f"{country}-")
    known = {*national.subdivisions, *national.subdivisions_aliases}
    # Asking for a region only when it is listed also keeps clear of the package's deprecated codes.
    for spelling in (code, code.upper()):
        if spelling in known:
            return dict(_load(country, spelling, year))
    return dict(national)


def _load(country: str, region: str | None, year: int) -> HolidayBase:
    # Imported with the first question: an idle bot does not hold every country's calendar.
    from holidays import PUBLIC, country_holidays

    return country_holidays(country, subdiv=region, years=year, expand=False, language="en_US", categories=PUBLIC)
