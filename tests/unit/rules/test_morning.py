"""When a digest is due on somebody's own wall, and what it counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.calendars import PublicHolidays
from domain.morning import Morning, News
from domain.policy import Policy
from domain.rules.morning import HEARS_OF_ALL, HEARS_OF_OWN, Dawn, dawn_at, morning_of
from domain.values import Capability, Role
from tests.builders import make_person

HOLIDAYS = PublicHolidays()
BERLIN, NEW_YORK, SAMOA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")


def dawn(at: datetime, *, zone: ZoneInfo = BERLIN, country: str | None = "DE", **policy: object) -> Dawn | None:
    return dawn_at(at, zone=zone, country=country, policy=Policy(**policy), holidays=HOLIDAYS)  # type: ignore[arg-type]


def local(day: date, clock: time, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).replace(fold=fold).astimezone(UTC)


MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("clock", "is_due"),
    [("08:29", False), ("08:30", True), ("12:29", True), ("12:30", False), ("18:00", False), ("00:00", False)],
)
def test_it_is_due_from_half_past_eight_for_four_hours(clock: str, is_due: bool) -> None:
    found = dawn(local(MONDAY, time.fromisoformat(clock)))
    assert (found is not None) is is_due


def test_it_covers_all_since_the_last_working_day() -> None:
    found = dawn(local(MONDAY, time(9)))
    assert found == Dawn(MONDAY, local(FRIDAY, time(8, 30)), local(MONDAY, time(8, 30)))


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22), date(2026, 12, 25)])
def test_not_on_days_off(day: date) -> None:
    assert dawn(local(day, time(9))) is None


def test_the_day_after_a_holiday_covers_the_day_before() -> None:
    found = dawn(local(date(2026, 12, 28), time(9)))  # Monday; Friday was Christmas
    assert found is not None and found.since == local(date(2026, 12, 24), time(8, 30))


def test_each_persons_own_wall_counts() -> None:
    at = local(MONDAY, time(8, 30), NEW_YORK)
    assert dawn(at, zone=BERLIN) is None
    found = dawn(at, zone=NEW_YORK, country=None)
    assert found is not None and found.day == MONDAY


def test_it_can_be_switched_off() -> None:
    assert dawn(local(MONDAY, time(9)), digest_at=None) is None


def test_the_same_hour_in_summer_and_winter() -> None:
    before, after = date(2026, 10, 23), date(2026, 10, 26)
    for day, hour in ((before, 6), (after, 7)):
        found = dawn(local(day, time(8, 30)))
        assert found is not None and found.until.hour == hour


def _any_day(digest_at: time) -> dict[str, object]:
    from domain.rules.quiet_hours import QuietHours

    return {
        "digest_at": digest_at,
        "quiet": QuietHours(time(18), time(8), open_days=frozenset(range(7)), keep_holidays=False),
    }


def test_a_time_that_the_clock_skips_comes_with_the_first_minute_after() -> None:
    spring = date(2026, 3, 29)  # 02:00 becomes 03:00 in Berlin
    first = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    policy = _any_day(time(2, 30))
    assert dawn(first - timedelta(seconds=1), **policy) is None
    found = dawn(first, **policy)
    assert found is not None and (found.day, found.until) == (spring, first)


def test_a_time_that_comes_twice_counts_the_first_time() -> None:
    autumn = date(2026, 10, 25)  # 03:00 becomes 02:00 in Berlin
    policy = _any_day(time(2, 30))
    first, second = local(autumn, time(2, 30)), local(autumn, time(2, 30), fold=1)
    assert second - first == timedelta(hours=1)
    found, again = dawn(first, **policy), dawn(second, **policy)
    assert found is not None and again is not None
    assert found == again, "the same digest, which is raised once"
    assert found.until == first


@pytest.mark.parametrize("digest_at", [time(0), time(2, 30), time(8, 30), time(20, 30), time(23, 30)])
@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, SAMOA, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kolkata")])
@settings(max_examples=25, deadline=None)
@given(start=st.dates(date(2026, 1, 1), date(2027, 12, 1)))
def test_every_day_has_one_digest_whatever_the_clock_does(zone: ZoneInfo, digest_at: time, start: date) -> None:
    """Looked at every half hour of two days: what is found on one local day is one digest, and one is found."""
    at, policy = datetime.combine(start, time(0), tzinfo=UTC), _any_day(digest_at)
    seen: dict[date, set[Dawn]] = {}
    for step in range(0, 48 * 60, 30):
        now = at + timedelta(minutes=step)
        found = dawn(now, zone=zone, country=None, **policy)
        if found is not None:
            assert found.day == now.astimezone(zone).date()
            assert found.since < found.until <= now
            seen.setdefault(found.day, set()).add(found)
    assert seen and all(len(dawns) == 1 for dawns in seen.values())


@pytest.mark.parametrize("role", Role)
def test_a_digest_fits_a_notices_subject(role: Role) -> None:
    person = make_person(role=role, capabilities=frozenset({Capability.NUDGE}))
    most = dict.fromkeys(News, 123_456)
    morning = morning_of(person, of_all=most, of_own=most)
    if morning is not None:
        assert len(morning.subject) <= 64
        assert Morning.of_subject(morning.subject).counts.keys() == morning.counts.keys()


def test_each_hears_of_what_is_theirs() -> None:
    of_all, of_own = {News.DUE_TODAY: 40, News.TO_RECORD: 7, News.REQUESTS: 2}, {News.DUE_TODAY: 1, News.LEFT: 3}

    def told(role: Role, **changes: object) -> dict[News, int]:
        morning = morning_of(make_person(role=role, **changes), of_all=of_all, of_own=of_own)
        return dict(morning.counts) if morning else {}

    assert told(Role.SALES) == {News.LEFT: 3, News.DUE_TODAY: 1}
    assert told(Role.OPERATOR) == {News.TO_RECORD: 7, News.DUE_TODAY: 40}
    assert told(Role.CONTROLLER) == {News.REQUESTS: 2}
    assert told(Role.ADMIN) == told(Role.VIEWER) == {}
    assert told(Role.VIEWER, capabilities=frozenset({Capability.NUDGE})) == {News.LEFT: 3}
    of_all, of_own = {News.TO_RECORD: 1, News.LATE: 9, News.HELD: 2}, {News.LATE: 3}
    assert list(told(Role.OPERATOR).items()) == [(News.TO_RECORD, 1), (News.LATE, 3), (News.HELD, 2)]
    assert told(Role.AR_MANAGER)[News.LATE] == 9


def test_nothing_to_say_is_not_said() -> None:
    sales = make_person(role=Role.SALES)
    assert morning_of(sales, of_all={News.TO_RECORD: 9}, of_own={News.LEFT: 0}) is None
    assert morning_of(sales, of_all={}, of_own={News.STILL_WAITING: 2}) is None, "that alone would come every day"
    both = morning_of(sales, of_all={}, of_own={News.STILL_WAITING: 2, News.LEFT: 1})
    assert both is not None and both.counts == {News.LEFT: 1, News.STILL_WAITING: 2}


def test_every_news_is_heard_by_somebody() -> None:
    heard = {news for table in (HEARS_OF_ALL, HEARS_OF_OWN) for told in table.values() for news in told}
    assert heard == set(News)
