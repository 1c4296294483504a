"""Business days and ends of days on the customer's own clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.rules.business_days import BusinessCalendar, calendar_of
from tests.builders import make_account, make_rulebook, make_workspace

RULEBOOK = make_rulebook()
WEEK = frozenset(range(5))


def calendar(
    *zones: str, country: str | None = None, region: str | None = None, days: frozenset[int] = WEEK
) -> BusinessCalendar:
    return BusinessCalendar(tuple(map(ZoneInfo, zones or ("Europe/Berlin",))), days, RULEBOOK.holidays, country, region)


@pytest.mark.parametrize(
    ("day", "country", "region", "expected", "why"),
    [
        (date(2026, 11, 23), "DE", None, date(2026, 11, 25), "Monday, then Tuesday and Wednesday"),
        (date(2026, 11, 26), "DE", None, date(2026, 11, 30), "over a weekend"),
        (date(2026, 11, 25), "US", None, date(2026, 11, 30), "Thanksgiving, then Friday, and Monday"),
        (date(2026, 11, 25), "DE", None, date(2026, 11, 27), "which Germany does not keep"),
        (date(2026, 12, 23), "DE", None, date(2026, 12, 28), "Christmas"),
        (date(2026, 12, 31), "DE", None, date(2027, 1, 5), "New Year"),
        (date(2027, 1, 5), "DE", "BY", date(2027, 1, 8), "Epiphany, in Bavaria"),
        (date(2027, 1, 5), "DE", "BE", date(2027, 1, 7), "but not in Berlin"),
        (date(2026, 11, 25), None, None, date(2026, 11, 27), "no country, no holidays"),
        (date(2026, 11, 28), "DE", None, date(2026, 12, 1), "from a Saturday"),
    ],
)
def test_two_business_days_later(day: date, country: str | None, region: str | None, expected: date, why: str) -> None:
    assert calendar(country=country, region=region).after(day, 2) == expected, why


def test_no_business_day_is_the_day_itself() -> None:
    assert calendar().after(date(2026, 11, 28), 0) == date(2026, 11, 28)


def test_a_week_without_business_days_is_an_error_and_no_endless_loop() -> None:
    with pytest.raises(InvalidValue):
        calendar(days=frozenset()).after(date(2026, 11, 23), 1)


@pytest.mark.parametrize(
    ("zone", "day", "expected", "why"),
    [
        ("Europe/Berlin", date(2026, 11, 23), datetime(2026, 11, 23, 23, tzinfo=UTC), "winter"),
        ("Europe/Berlin", date(2026, 6, 23), datetime(2026, 6, 23, 22, tzinfo=UTC), "summer"),
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC), "a day of 23 hours"),
        ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC), "a day of 25 hours"),
        ("America/New_York", date(2026, 11, 1), datetime(2026, 11, 2, 5, tzinfo=UTC), "the other side, 25 hours"),
        ("Asia/Tokyo", date(2026, 11, 23), datetime(2026, 11, 23, 15, tzinfo=UTC), "no clock change at all"),
        ("America/Santiago", date(2026, 9, 5), datetime(2026, 9, 6, 4, tzinfo=UTC), "midnight does not exist"),
        ("America/Havana", date(2026, 10, 31), datetime(2026, 11, 1, 4, tzinfo=UTC), "midnight comes twice"),
    ],
)
def test_the_end_of_a_day(zone: str, day: date, expected: datetime, why: str) -> None:
    found = calendar(zone).end_of(day)
    assert found == expected, why
    assert found.astimezone(ZoneInfo(zone)).date() == day + timedelta(days=1)
    assert (found - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date() == day


def test_where_several_zones_are_possible_a_day_ends_when_it_is_over_in_all() -> None:
    both = calendar("America/New_York", "America/Los_Angeles")
    day = date(2026, 11, 23)
    assert both.end_of(day) == calendar("America/Los_Angeles").end_of(day)
    between = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # 01:30 in New York, 22:30 the day before in Los Angeles
    assert (both.day_of(between), both.latest_day_of(between)) == (day, day + timedelta(days=1))


@pytest.mark.parametrize(
    ("account", "zones"),
    [
        ({"zone": "Asia/Tokyo", "country": "JP"}, ["Asia/Tokyo"]),
        ({"zone": None, "country": "DE"}, ["Europe/Berlin"]),
        ({"zone": None, "country": None}, ["Europe/Berlin"]),
    ],
)
def test_an_accounts_calendar_is_its_own(account: dict[str, str | None], zones: list[str]) -> None:
    found = calendar_of(make_account(**account), make_workspace(zone="Europe/Berlin"), RULEBOOK)
    assert set(zones) <= {zone.key for zone in found.zones}
    assert found.country == account["country"]


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 9), st.sampled_from(["DE", "US", "JP", None]))
def test_so_many_business_days_lie_after_the_day(day: date, count: int, country: str | None) -> None:
    found = calendar(country=country)
    later = found.after(day, count)
    between = [day + timedelta(days=n) for n in range(1, (later - day).days + 1)]
    assert sum(found.is_business_day(one) for one in between) == count
    assert count == 0 or found.is_business_day(later)
