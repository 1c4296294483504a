"""Zone names and public holidays, on the real data packages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import available_timezones

import holidays
import pytest

from connectors.calendars import PublicHolidays, TzdataZones
from domain.calendars import Holidays, Zones
from domain.errors import InvalidValue


@pytest.fixture(scope="module")
def zones() -> Zones:
    return TzdataZones()


@pytest.fixture(scope="module")
def calendar() -> Holidays:
    return PublicHolidays()


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "UTC", "Etc/GMT+5"]
)
def test_iana_names_are_zones(zones: Zones, name: str) -> None:
    assert zones.zone(name).key == name


def test_every_available_name_is_a_zone_but_those_that_mean_the_server(zones: Zones) -> None:
    for name in available_timezones() - {"localtime", "posixrules", "Factory"}:
        assert zones.zone(name).key == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "+05:30",
        "UTC+2",
        "../..",
        "../../etc/passwd",
        "/etc/localtime",
        "localtime",
        "posixrules",
        "Factory",
        "posix/Europe/Berlin",
        "right/Europe/Berlin",
        "Europe",
        "Europe/Berln",
        "Europe/Berlin\0",
        "\ud800",
        "x" * 10_000,
    ],
)
def test_anything_else_is_refused_with_a_short_sentence_that_names_the_fix(zones: Zones, name: str) -> None:
    with pytest.raises(InvalidValue, match="choose a name such as Europe/Berlin") as caught:
        zones.zone(name)
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize("name", ["europe/berlin", "EUROPE/BERLIN", " Europe/Berlin", "Europe/Berlin\n"])
def test_a_name_is_taken_exactly_and_the_right_spelling_is_offered(zones: Zones, name: str) -> None:
    with pytest.raises(InvalidValue, match=r"did you mean Europe/Berlin\?"):
        zones.zone(name)


@pytest.mark.parametrize(
    ("country", "names"),
    [
        ("DE", ("Europe/Berlin",)),  # Büsingen follows Berlin
        ("NO", ("Europe/Oslo",)),
        ("IN", ("Asia/Kolkata",)),
        ("AR", ("America/Argentina/Buenos_Aires",)),  # twelve zones, one clock
        ("de", ("Europe/Berlin",)),
        ("CN", ("Asia/Shanghai", "Asia/Urumqi")),
        ("NZ", ("Pacific/Auckland", "Pacific/Chatham")),
        ("ES", ("Atlantic/Canary", "Europe/Madrid")),
        ("ZZ", ()),
        ("", ()),
        ("Germany", ()),
        ("#", ()),
    ],
)
def test_a_country_has_the_zones_whose_clocks_differ(zones: Zones, country: str, names: tuple[str, ...]) -> None:
    assert zones.of_country(country) == names
    assert zones.of_country(country) == names


def test_the_united_states_have_eight_clocks(zones: Zones) -> None:
    names = zones.of_country("US")
    assert len(names) == 8
    assert {"America/New_York", "America/Phoenix", "Pacific/Honolulu"} <= set(names)


@pytest.mark.parametrize("country", ["US", "RU", "AU", "BR", "CA", "MX", "KZ", "AQ", "FR"])
def test_no_clock_of_a_country_is_lost_by_counting_equal_ones_once(zones: Zones, country: str) -> None:
    """Every zone the tables list shows, through ten years, the time of one that was kept."""
    kept = zones.of_country(country)
    hours = [datetime(year, month, 1, 12, tzinfo=UTC) for year in range(2026, 2036) for month in range(1, 13)]

    def shown(name: str) -> list[str]:
        return [hour.astimezone(zones.zone(name)).isoformat() for hour in hours]

    clocks = [shown(name) for name in kept]
    assert len(clocks) == len({tuple(clock) for clock in clocks})
    for name in listed(country):
        assert shown(name) in clocks


def listed(country: str) -> set[str]:
    from importlib.resources import files

    names = set()
    for table in ("zone.tab", "zone1970.tab"):
        for line in (files("tzdata") / "zoneinfo" / table).read_text(encoding="utf-8").splitlines():
            fields = line.split("\t")
            if not line.startswith("#") and country in fields[0].split(","):
                names.add(fields[2])
    return names


@pytest.mark.parametrize(
    ("day", "country", "region", "closed"),
    [
        ("2026-10-03", "DE", None, True),
        ("2026-10-03", "DE", "BY", True),
        ("2026-10-05", "DE", None, False),
        ("2026-01-06", "DE", "BY", True),  # Epiphany
        ("2026-01-06", "DE", "DE-BY", True),
        ("2026-01-06", "de", "by", True),
        ("2026-01-06", "DE", "Bayern", True),
        ("2026-01-06", "DE", "BE", False),
        ("2026-01-06", "DE", None, False),
        ("2026-10-03", "DE", "Atlantis", True),  # unknown region: the country's
        ("2026-01-06", "DE", "Atlantis", False),
        ("2026-10-03", "DE", "BYP", True),  # a code the package gave up: the country's, and no warning
        ("2026-08-15", "DE", "BY", False),  # only where most are Catholic: not public in all of Bavaria
        ("2026-02-02", "US", None, False),  # Groundhog Day is unofficial
        ("2026-07-03", "US", "US-CA", True),  # the 4th is a Saturday: observed on Friday
        ("2026-12-25", "XX", None, False),
        ("2026-12-25", "", None, False),
        ("2026-12-25", "Germany", None, False),
        ("2026-12-25", "DEU", None, False),
        ("2026-12-25", "NYSE", None, False),
        ("2026-12-25", "HolidayBase", None, False),
    ],
)
def test_public_holidays_of_region_else_country_else_none(
    calendar: Holidays, day: str, country: str, region: str | None, closed: bool
) -> None:
    assert (calendar.holiday(date.fromisoformat(day), country, region) is not None) is closed


def test_holidays_are_named_in_english_whatever_the_server_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    assert PublicHolidays().holiday(date(2026, 4, 6), "DE", None) == "Easter Monday"


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 25), date(2037, 12, 25), date.max])
def test_years_without_data_are_not_an_error(calendar: Holidays, day: date) -> None:
    for country in ("DE", "US", "SA", "CN", "IL"):
        calendar.holiday(day, country, None)


def test_every_country_of_the_package_answers_without_a_warning(calendar: Holidays) -> None:
    days = [date(2026, 1, number) for number in range(1, 32)] + [date(2026, 12, 25)]
    silent = [
        country
        for country in holidays.list_supported_countries(include_aliases=False)
        if not any(calendar.holiday(day, country, None) for day in days)
    ]
    assert len(silent) < 40, silent


def test_a_year_is_worked_out_once_for_its_country_and_region(monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = PublicHolidays()
    assert calendar.holiday(date(2026, 10, 3), "DE", "BY")
    monkeypatch.setattr("connectors.calendars._load", None)
    assert calendar.holiday(date(2026, 1, 6), "DE", "BY")
    assert calendar.holiday(date(2026, 1, 7), "DE", "BY") is None
