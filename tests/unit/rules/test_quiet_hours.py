"""Quiet hours: tables of the clocks that have bitten others, and two judges that know no formula.

The judges walk UTC minute by minute, read the clock on the wall and look the minute up. The rule under test
jumps along the wall clock. They share nothing but the zone data.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.rules.quiet_hours import (
    DEFAULT,
    NeverOpen,
    Opening,
    Place,
    QuietHours,
    Skipped,
    Wait,
    ZoneChoice,
    ZoneRule,
    is_open,
    next_opening,
    pick_zone,
    spread,
)
from domain.values import Span

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVERY_DAY = frozenset(range(7))
ZONE_NAMES = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})


@dataclass(frozen=True)
class Calendar:
    """Holidays of the country XX, for the whole country or for one region."""

    days: dict[date, str] = field(default_factory=dict)
    regional: dict[tuple[str, date], str] = field(default_factory=dict)

    def holiday(self, day: date, country: str, region: str | None) -> str | None:
        if country != "XX":
            return None
        return self.days.get(day) or self.regional.get((region or "", day))


@dataclass(frozen=True)
class Atlas:
    """Zones port with two real zones, a land of one and a land of two."""

    def zone(self, name: str) -> ZoneInfo:
        if name not in {"Europe/Berlin", "America/New_York", "Asia/Tokyo"}:
            raise InvalidValue("unknown zone")
        return ZoneInfo(name)

    def of_country(self, country: str) -> tuple[str, ...]:
        return {"DE": ("Europe/Berlin",), "XX": ("America/New_York", "Asia/Tokyo")}.get(country, ())


NO_HOLIDAYS = Calendar()


def instants(first: int, last: int) -> st.SearchStrategy[datetime]:
    """Any instant of the years from `first` to `last`."""
    start = datetime(first, 1, 1, tzinfo=UTC)
    seconds = (datetime(last + 1, 1, 1, tzinfo=UTC) - start) // timedelta(seconds=1)
    return st.integers(0, seconds - 1).map(lambda number: start + timedelta(seconds=number))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def make_quiet(start: str, end: str, *, days: Collection[int] = EVERY_DAY) -> QuietHours:
    return QuietHours(time.fromisoformat(start), time.fromisoformat(end), frozenset(days))


def make_place(*names: str, country: str | None = None, region: str | None = None) -> Place:
    return Place(tuple(ZoneInfo(name) for name in names), country, region)


def opening_at(
    at: datetime, quiet: QuietHours, *names: str, holidays: Calendar = NO_HOLIDAYS, region: str | None = None
) -> Opening:
    place = make_place(*names, country="XX", region=region)
    return next_opening(at, quiet=quiet, place=place, holidays=holidays)


# --- tables -------------------------------------------------------------------------------------------------

ORDINARY = [
    # asked (Berlin), quiet, open days, opens, closes, waited for
    ("2026-03-04 10:00", DEFAULT, "2026-03-04 10:00", "2026-03-04 18:00", ()),
    ("2026-03-04 08:00", DEFAULT, "2026-03-04 08:00", "2026-03-04 18:00", ()),
    ("2026-03-04 07:59", DEFAULT, "2026-03-04 08:00", "2026-03-04 18:00", ("quiet_hours",)),
    ("2026-03-04 18:00", DEFAULT, "2026-03-05 08:00", "2026-03-05 18:00", ("quiet_hours",)),
    ("2026-03-04 23:59", DEFAULT, "2026-03-05 08:00", "2026-03-05 18:00", ("quiet_hours",)),
    ("2026-03-06 18:00", DEFAULT, "2026-03-09 08:00", "2026-03-09 18:00", ("quiet_hours", "weekend")),
    ("2026-03-07 12:00", DEFAULT, "2026-03-09 08:00", "2026-03-09 18:00", ("weekend", "quiet_hours")),
    # not wrapping: the open time is two pieces of the day, and the night joins them
    ("2026-03-04 12:30", make_quiet("12:00", "14:00"), "2026-03-04 14:00", "2026-03-05 12:00", ("quiet_hours",)),
    ("2026-03-04 11:00", make_quiet("12:00", "14:00"), "2026-03-04 11:00", "2026-03-04 12:00", ()),
    (
        "2026-03-06 15:00",
        make_quiet("12:00", "14:00", days=range(5)),
        "2026-03-06 15:00",
        "2026-03-07 00:00",
        (),
    ),
    (
        "2026-03-07 00:00",
        make_quiet("12:00", "14:00", days=range(5)),
        "2026-03-09 00:00",
        "2026-03-09 12:00",
        ("weekend",),
    ),
    # edges at midnight
    ("2026-03-04 19:00", make_quiet("18:00", "00:00"), "2026-03-05 00:00", "2026-03-05 18:00", ("quiet_hours",)),
    ("2026-03-04 03:00", make_quiet("00:00", "08:00"), "2026-03-04 08:00", "2026-03-05 00:00", ("quiet_hours",)),
    ("2026-03-04 12:00", make_quiet("12:01", "12:00"), "2026-03-04 12:00", "2026-03-04 12:01", ()),
    ("2026-03-04 12:01", make_quiet("12:01", "12:00"), "2026-03-05 12:00", "2026-03-05 12:01", ("quiet_hours",)),
    # one day of the week
    ("2026-03-04 12:00", make_quiet("18:00", "08:00", days={1}), "2026-03-10 08:00", "2026-03-10 18:00",
     ("weekend", "quiet_hours")),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "quiet", "opens", "closes", "waited"), ORDINARY)
def test_on_ordinary_days_the_next_opening_follows_the_wall_clock(
    asked: str, quiet: QuietHours, opens: str, closes: str, waited: tuple[str, ...]
) -> None:
    berlin = "Europe/Berlin"
    opening = opening_at(local(asked, berlin), quiet, berlin)
    assert (opening.at, opening.closes) == (local(opens, berlin), local(closes, berlin))
    assert tuple(skipped.why for skipped in opening.skipped) == waited
    assert opening.at.tzinfo is UTC and opening.closes.tzinfo is UTC


CLOCK_CHANGES = [
    # zone, quiet, asked (UTC), opens (UTC), closes (UTC): the clock in words
    ("America/New_York", make_quiet("22:00", "02:30"), "2026-03-08 06:30", "2026-03-08 07:00", "2026-03-09 02:00"),
    ("Africa/Cairo", make_quiet("18:00", "00:00"), "2026-04-23 20:00", "2026-04-23 22:00", "2026-04-24 15:00"),
    ("Africa/Cairo", make_quiet("18:00", "00:30"), "2026-04-23 20:00", "2026-04-23 22:00", "2026-04-24 15:00"),
    ("Asia/Beirut", make_quiet("18:00", "00:15"), "2026-03-28 20:00", "2026-03-28 22:00", "2026-03-29 15:00"),
    ("America/Havana", make_quiet("18:00", "00:45"), "2026-03-08 00:00", "2026-03-08 05:00", "2026-03-08 22:00"),
    # 30 minutes: 02:00 becomes 02:30
    ("Australia/Lord_Howe", make_quiet("18:00", "02:15"), "2026-10-03 12:00", "2026-10-03 15:30", "2026-10-04 07:00"),
    ("Australia/Lord_Howe", make_quiet("18:00", "08:00"), "2026-10-03 12:00", "2026-10-03 21:00", "2026-10-04 07:00"),
    # back to 01:30 at 02:00, which is quiet again
    ("Australia/Lord_Howe", make_quiet("18:00", "01:45"), "2026-04-04 12:00", "2026-04-04 14:45", "2026-04-04 15:00"),
    ("Australia/Lord_Howe", make_quiet("18:00", "01:45"), "2026-04-04 15:00", "2026-04-04 15:15", "2026-04-05 07:30"),
    # the Friday between Thursday and Saturday did not exist
    ("Pacific/Apia", make_quiet("18:00", "08:00"), "2011-12-30 05:00", "2011-12-30 18:00", "2011-12-31 04:00"),
    ("Pacific/Apia", DEFAULT, "2011-12-30 05:00", "2012-01-01 18:00", "2012-01-02 04:00"),
    # summer time is off during Ramadan: 08:00 is 08:00 UTC inside, 07:00 UTC before and after
    ("Africa/Casablanca", DEFAULT, "2026-02-12 20:00", "2026-02-13 07:00", "2026-02-13 17:00"),
    ("Africa/Casablanca", DEFAULT, "2026-02-13 20:00", "2026-02-16 08:00", "2026-02-16 18:00"),
    ("Africa/Casablanca", DEFAULT, "2026-03-20 20:00", "2026-03-23 07:00", "2026-03-23 17:00"),
    # autumn: 01:30 comes twice, the first counts, and the hour that is repeated is quiet again
    ("America/New_York", make_quiet("22:00", "01:30"), "2026-11-01 04:00", "2026-11-01 05:30", "2026-11-01 06:00"),
    ("America/New_York", make_quiet("22:00", "01:30"), "2026-11-01 06:00", "2026-11-01 06:30", "2026-11-02 03:00"),
    ("America/New_York", make_quiet("01:30", "08:00"), "2026-11-01 05:30", "2026-11-01 06:00", "2026-11-01 06:30"),
    # the repeated hour belongs to the day before, whose weekday is open
    ("America/Havana", make_quiet("12:00", "14:00", days={5, 6}), "2025-11-02 04:30", "2025-11-02 04:30",
     "2025-11-02 17:00"),
    # a quiet hour that the gap swallowed does not close the door
    ("America/New_York", make_quiet("02:00", "03:00"), "2026-03-08 06:30", "2026-03-08 06:30", "2026-03-09 06:00"),
    # open only inside the gap: that day has no opening
    ("America/New_York", make_quiet("02:30", "02:00"), "2026-03-08 06:30", "2026-03-09 06:00", "2026-03-09 06:30"),
    # a weekend over the change in both directions
    ("Europe/Berlin", DEFAULT, "2026-03-27 20:00", "2026-03-30 06:00", "2026-03-30 16:00"),
    ("Europe/Berlin", DEFAULT, "2026-10-23 20:00", "2026-10-26 07:00", "2026-10-26 17:00"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "quiet", "asked", "opens", "closes"), CLOCK_CHANGES)
def test_when_the_clock_is_changed_only_the_wall_decides(
    zone: str, quiet: QuietHours, asked: str, opens: str, closes: str
) -> None:
    opening = opening_at(utc(asked), quiet, zone)
    assert (opening.at, opening.closes) == (utc(opens), utc(closes))


def test_holidays_of_country_and_region_are_whole_closed_days_and_are_named() -> None:
    calendar = Calendar(
        {date(2026, 4, 3): "Good Friday", date(2026, 4, 6): "Easter Monday"},
        {("BY", date(2026, 4, 7)): "Local day"},
    )
    asked = local("2026-04-02 19:00", "Europe/Berlin")
    opening = opening_at(asked, DEFAULT, "Europe/Berlin", holidays=calendar, region="BY")
    assert opening.at == local("2026-04-08 08:00", "Europe/Berlin")
    assert opening.skipped == (
        Skipped(Wait.QUIET_HOURS, date(2026, 4, 2)),
        Skipped(Wait.HOLIDAY, date(2026, 4, 3), "Good Friday"),
        Skipped(Wait.WEEKEND, date(2026, 4, 4)),
        Skipped(Wait.HOLIDAY, date(2026, 4, 6), "Easter Monday"),
        Skipped(Wait.HOLIDAY, date(2026, 4, 7), "Local day"),
    )
    elsewhere = opening_at(asked, DEFAULT, "Europe/Berlin", holidays=calendar, region="BE")
    assert elsewhere.at == local("2026-04-07 08:00", "Europe/Berlin")


def test_holidays_do_not_count_where_they_are_switched_off_or_the_country_is_unknown() -> None:
    calendar = Calendar({date(2026, 4, 3): "Good Friday"})
    asked = local("2026-04-03 10:00", "Europe/Berlin")
    off = replace(DEFAULT, keep_holidays=False)
    assert opening_at(asked, off, "Europe/Berlin", holidays=calendar).at == asked
    nowhere = make_place("Europe/Berlin")
    assert is_open(asked, quiet=DEFAULT, place=nowhere, holidays=calendar)
    somewhere = make_place("Europe/Berlin", country="XX")
    assert not is_open(asked, quiet=DEFAULT, place=somewhere, holidays=calendar)


def test_a_holiday_on_a_day_that_never_was_is_not_waited_for() -> None:
    calendar = Calendar({date(2011, 12, 30): "Ghost"})
    opening = opening_at(utc("2011-12-30 05:00"), make_quiet("18:00", "08:00"), "Pacific/Apia", holidays=calendar)
    assert opening.at == utc("2011-12-30 18:00")
    assert [skipped.why for skipped in opening.skipped] == [Wait.QUIET_HOURS]


def test_a_blackout_closes_its_days_by_the_local_calendar_and_ends_before_its_end() -> None:
    freeze = replace(DEFAULT, blackouts=(Span(date(2026, 12, 21), date(2027, 1, 4)),))
    opening = opening_at(local("2026-12-21 00:00", "Asia/Tokyo"), freeze, "Asia/Tokyo")
    assert opening.at == local("2027-01-04 08:00", "Asia/Tokyo")
    assert opening.skipped[0] == Skipped(Wait.BLACKOUT, date(2026, 12, 21))
    before = local("2026-12-18 17:59", "Asia/Tokyo")
    assert opening_at(before, freeze, "Asia/Tokyo").at == before


def test_several_zones_must_all_be_open() -> None:
    coasts = "America/New_York", "America/Los_Angeles"
    opening = opening_at(utc("2026-01-14 14:00"), DEFAULT, *coasts)  # 09:00 and 06:00
    assert (opening.at, opening.closes) == (utc("2026-01-14 16:00"), utc("2026-01-14 23:00"))
    late = opening_at(utc("2026-01-16 23:00"), DEFAULT, *coasts)  # Friday 18:00 and 15:00
    assert late.at == utc("2026-01-19 16:00")
    assert not is_open(utc("2026-01-14 15:59"), quiet=DEFAULT, place=make_place(*coasts), holidays=NO_HOLIDAYS)


def test_across_the_date_line_the_weekends_of_both_sides_are_kept() -> None:
    both = "Pacific/Midway", "Pacific/Wake"  # 23 hours apart
    opening = opening_at(utc("2026-03-06 20:00"), DEFAULT, *both)  # Friday 09:00, Saturday 08:00
    assert opening.at == utc("2026-03-09 20:00")  # Monday 09:00, Tuesday 08:00


def test_zones_without_a_common_hour_are_refused_with_the_way_out() -> None:
    with pytest.raises(NeverOpen, match="set the contact's or the account's time zone"):
        opening_at(utc("2026-03-04 10:00"), DEFAULT, "Europe/Kaliningrad", "Asia/Kamchatka")


def test_a_long_holiday_does_not_make_several_zones_hopeless() -> None:
    calendar = Calendar({date(2026, 1, 1) + number * DAY: "Long feast" for number in range(30)})
    opening = opening_at(utc("2026-01-01 12:00"), DEFAULT, "America/New_York", "America/Los_Angeles", holidays=calendar)
    assert opening.at == utc("2026-02-02 16:00")


def test_a_window_without_a_way_out_is_an_error_that_names_the_fix() -> None:
    shut = replace(DEFAULT, blackouts=(Span(date(2026, 1, 1), date(2027, 1, 2)),))
    with pytest.raises(InvalidValue, match="shorten a blackout"):
        opening_at(utc("2025-12-31 19:00"), shut, "Europe/London")
    assert opening_at(utc("2026-01-05 12:00"), shut, "Europe/London").at == utc("2027-01-04 08:00")


def test_it_is_asked_at_any_fraction_of_a_second_and_in_any_zone() -> None:
    asked = utc("2026-03-04 06:59:59.999999").astimezone(timezone(timedelta(hours=-3)))
    assert opening_at(asked, DEFAULT, "Europe/Berlin").at == utc("2026-03-04 07:00")
    open_now = utc("2026-03-04 16:59:59.999999")
    assert opening_at(open_now, DEFAULT, "Europe/Berlin").at == open_now


def test_a_time_without_a_zone_is_refused() -> None:
    naive = utc("2026-03-04 12:00").replace(tzinfo=None)
    with pytest.raises(InvalidValue):
        opening_at(naive, DEFAULT, "Europe/Berlin")
    with pytest.raises(InvalidValue):
        is_open(naive, quiet=DEFAULT, place=make_place("Europe/Berlin"), holidays=NO_HOLIDAYS)


@pytest.mark.parametrize(
    ("start", "end", "days", "says"),
    [
        (time(8), time(8), range(5), "same time"),
        (time(18), time(8), (), "at least one day"),
        (time(18), time(8), (7,), "0 .Monday. to 6"),
        (time(18), time(8), (-1, 2), "0 .Monday. to 6"),
        (time(18, 0, 30), time(8), range(5), "whole minute"),
        (time(18), time(8, 0, 0, 1), range(5), "whole minute"),
        (time(18, tzinfo=UTC), time(8), range(5), "without a zone"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(start: time, end: time, days: Collection[int], says: str) -> None:
    with pytest.raises(InvalidValue, match=says):
        QuietHours(start, end, frozenset(days))


def test_a_place_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidValue):
        Place(())


# --- which zone ---------------------------------------------------------------------------------------------

BERLIN, NEW_YORK, TOKYO = "Europe/Berlin", "America/New_York", "Asia/Tokyo"


@pytest.mark.parametrize(
    ("contact", "account", "country", "rule", "names", "warned"),
    [
        (TOKYO, NEW_YORK, "DE", ZoneRule.CONTACT, (TOKYO,), ()),
        (None, NEW_YORK, "DE", ZoneRule.ACCOUNT, (NEW_YORK,), ()),
        (None, None, "DE", ZoneRule.COUNTRY, (BERLIN,), ()),
        (None, None, "XX", ZoneRule.EVERY_ZONE_OF_COUNTRY, (NEW_YORK, TOKYO), ()),
        (None, None, None, ZoneRule.WORKSPACE, (BERLIN,), ()),
        ("+05:30", NEW_YORK, "DE", ZoneRule.ACCOUNT, (NEW_YORK,), ("contact", "+05:30")),
        ("", None, "DE", ZoneRule.COUNTRY, (BERLIN,), ("contact",)),
        ("Mars", "Moon", "XX", ZoneRule.EVERY_ZONE_OF_COUNTRY, (NEW_YORK, TOKYO), ("Mars", "Moon")),
        (None, "../..", None, ZoneRule.WORKSPACE, (BERLIN,), ("account", "../..")),
        (None, None, "Germany", ZoneRule.WORKSPACE, (BERLIN,), ("country", "Germany")),
    ],
)
def test_the_zone_is_the_contacts_else_the_accounts_else_the_countrys_else_ours(
    contact: str | None,
    account: str | None,
    country: str | None,
    rule: ZoneRule,
    names: tuple[str, ...],
    warned: tuple[str, ...],
) -> None:
    choice = pick_zone(contact=contact, account=account, country=country, workspace=BERLIN, zones=Atlas())
    assert (choice.rule, choice.names) == (rule, names)
    assert (choice.warning is not None) == bool(warned)
    assert all(word in (choice.warning or "") for word in warned)


def test_an_unusable_workspace_zone_is_an_error_and_never_utc() -> None:
    with pytest.raises(InvalidValue):
        pick_zone(contact=None, account="Mars", country=None, workspace="", zones=Atlas())
    used = pick_zone(contact=None, account=TOKYO, country=None, workspace="", zones=Atlas())
    assert used == ZoneChoice(ZoneRule.ACCOUNT, (TOKYO,))


# --- spread -------------------------------------------------------------------------------------------------


def test_the_spread_is_fixed_by_the_message_and_uses_the_whole_quarter_hour() -> None:
    opening = Opening(utc("2026-03-04 08:00"), utc("2026-03-04 18:00"))
    times = {spread(opening, key=f"message-{number}") for number in range(2000)}
    assert times == {spread(opening, key=f"message-{number}") for number in range(2000)}
    assert min(times) >= opening.at and max(times) < opening.at + 15 * MINUTE
    assert max(times) - min(times) > 14 * MINUTE and len(times) > 700
    # A number on paper: were the hash replaced, a message would move between two runs of two versions.
    assert spread(opening, key="message-1") == utc("2026-03-04 08:06:40")


@given(
    start=st.builds(lambda at, us: at.replace(microsecond=us), instants(1990, 2037), st.integers(0, 999_999)),
    length=st.timedeltas(timedelta(microseconds=1), timedelta(hours=2)),
    over=st.timedeltas(timedelta(0), timedelta(hours=1)),
    key=st.text(max_size=40).filter(lambda text: text.isprintable()),
)
@settings(max_examples=200, deadline=None)
def test_the_spread_stays_inside_the_opening(start: datetime, length: timedelta, over: timedelta, key: str) -> None:
    opening = Opening(start, start + length)
    leaves = spread(opening, key=key, over=over)
    assert opening.at <= leaves < opening.closes
    assert leaves == opening.at or (leaves < opening.at + over and leaves.microsecond == 0)


# --- the first judge: any zone, any instant, minute by minute -----------------------------------------------


def loud_minutes(quiet: QuietHours) -> list[bool]:
    """The 1,440 minutes of a wall clock's day; the hand goes round from `start` until it meets `end`."""
    loud = [True] * 1440
    hand = quiet.start.hour * 60 + quiet.start.minute
    while hand != quiet.end.hour * 60 + quiet.end.minute:
        loud[hand] = False
        hand = (hand + 1) % 1440
    return loud


@dataclass(frozen=True)
class Judge:
    quiet: QuietHours
    zones: tuple[ZoneInfo, ...]
    closed: frozenset[date] = frozenset()
    loud: list[bool] = field(default_factory=list)

    def finds_open(self, at: datetime) -> bool:
        for zone in self.zones:
            wall = at.astimezone(zone)
            if not self.loud[wall.hour * 60 + wall.minute]:
                return False
            if wall.weekday() not in self.quiet.open_days or wall.date() in self.closed:
                return False
        return True

    def first(self, at: datetime, *, open_: bool, days: int) -> datetime | None:
        if self.finds_open(at) is open_:
            return at
        at = at.replace(second=0, microsecond=0)
        for _ in range(days * 1440):
            at += MINUTE
            if self.finds_open(at) is open_:
                return at
        return None


@cache
def changes(name: str, first: int = 1990, last: int = 2037) -> tuple[datetime, ...]:
    """When the zone's clock is changed in these years: weeks are compared, then halved to the minute."""
    zone, found = ZoneInfo(name), []
    at, week = datetime(first, 1, 1, tzinfo=UTC), 7 * DAY
    offset = at.astimezone(zone).utcoffset()
    while at.year <= last:
        later = at + week
        new = later.astimezone(zone).utcoffset()
        if new != offset:  # then halve the week down to the minute
            low, minutes = at, 7 * 1440
            while minutes > 1:
                half = minutes // 2
                if (low + half * MINUTE).astimezone(zone).utcoffset() == offset:
                    low, minutes = low + half * MINUTE, minutes - half
                else:
                    minutes = half
            found.append(low + MINUTE)
        at, offset = later, new
    return tuple(found)


@st.composite
def times_of_day(draw: st.DrawFn, near: datetime | None) -> time:
    """Any minute, and every second time one within 90 minutes of where the hands were moved."""
    if near is not None and draw(st.booleans()):
        shown = near + draw(st.integers(-90, 90)) * MINUTE
        return time(shown.hour, shown.minute)
    return time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 1, 15, 30, 45, 59])))


@st.composite
def questions(draw: st.DrawFn, zones: int = 1) -> tuple[datetime, QuietHours, Place, Calendar, Judge]:
    names = draw(st.lists(st.sampled_from(ZONE_NAMES), min_size=zones, max_size=zones, unique=True))
    moved = changes(names[0])
    at = draw(instants(1990, 2037))
    near = None
    if draw(st.integers(0, 3)) and moved:
        number = draw(st.integers(0, len(moved) - 1))
        change = moved[number]
        at = change + timedelta(seconds=draw(st.integers(-3 * 86400, 86400)))
        near = change.astimezone(ZoneInfo(names[0]))
    start, end = draw(times_of_day(near)), draw(times_of_day(near))
    assume(start != end)
    open_days = draw(st.one_of(st.just(EVERY_DAY), st.frozensets(st.integers(0, 6), min_size=1)))
    feasts = {at.date() + draw(st.integers(-1, 9)) * DAY: "Feast" for _ in range(draw(st.integers(0, 3)))}
    black = [at.date() + draw(st.integers(-2, 5)) * DAY for _ in range(draw(st.integers(0, 1)))]
    spans = tuple(Span(day, day + 3 * DAY) for day in black)
    quiet = QuietHours(start, end, open_days, spans)
    infos = tuple(ZoneInfo(name) for name in names)
    closed = frozenset(feasts) | {day + number * DAY for day in black for number in range(3)}
    judge = Judge(quiet, infos, closed, loud_minutes(quiet))
    return at, quiet, Place(infos, "XX"), Calendar(feasts), judge


@given(questions())
@settings(max_examples=350, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_in_every_zone_the_opening_is_safe_minimal_idempotent_and_ends_in_time(
    question: tuple[datetime, QuietHours, Place, Calendar, Judge],
) -> None:
    at, quiet, place, calendar, judge = question
    opening = next_opening(at, quiet=quiet, place=place, holidays=calendar)
    assert judge.finds_open(opening.at), "released inside quiet hours"
    assert opening.at == judge.first(at, open_=True, days=40), "released too late"
    assert opening.closes == judge.first(opening.at, open_=False, days=40)
    assert (opening.skipped == ()) == (opening.at == at)
    again = next_opening(opening.at, quiet=quiet, place=place, holidays=calendar)
    assert again == Opening(opening.at, opening.closes)
    leaves = spread(opening, key=str(at))
    assert opening.at <= leaves < opening.closes and judge.finds_open(leaves)


@given(questions(), st.lists(st.integers(0, 4 * 86400), max_size=20))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_is_open_says_what_the_wall_says(
    question: tuple[datetime, QuietHours, Place, Calendar, Judge], seconds: list[int]
) -> None:
    at, quiet, place, calendar, judge = question
    for moment in [at, *(at + timedelta(seconds=number) for number in seconds)]:
        said = is_open(moment, quiet=quiet, place=place, holidays=calendar)
        assert said == judge.finds_open(moment)


@given(st.one_of(questions(2), questions(3)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_several_zones_open_at_the_first_minute_they_share(
    question: tuple[datetime, QuietHours, Place, Calendar, Judge],
) -> None:
    at, quiet, place, calendar, judge = question
    try:
        opening = next_opening(at, quiet=quiet, place=place, holidays=calendar)
    except NeverOpen:
        assert judge.first(at, open_=True, days=14) is None
        return
    assert opening.at == judge.first(at, open_=True, days=40)
    assert opening.closes == judge.first(opening.at, open_=False, days=3)
    assert next_opening(opening.at, quiet=quiet, place=place, holidays=calendar).at == opening.at


# --- the second judge: every zone, every change of the clock of eleven years --------------------------------

ASKED = (-7 * HOUR, -61 * MINUTE, -MINUTE, timedelta(0), 31 * MINUTE)


def hours_around(before: datetime, after: datetime) -> Iterator[QuietHours]:
    """Quiet hours whose edges lie where the hands jump, from `before` to `after` (wall time)."""
    low, high = sorted((before.replace(tzinfo=None), after.replace(tzinfo=None)))
    if high - low > 12 * HOUR:
        return
    middle = low + (high - low) // 2

    def at(moment: datetime) -> time:
        return time(moment.hour, moment.minute)

    yield QuietHours(time(18), time(8), EVERY_DAY)
    yield QuietHours(at(middle - 6 * HOUR), at(middle), EVERY_DAY)  # opens in the jump
    yield QuietHours(at(middle), at(middle + 6 * HOUR), EVERY_DAY)  # closes in the jump
    yield QuietHours(at(middle + 10 * MINUTE), at(middle), EVERY_DAY)  # open for ten minutes of the jump
    yield QuietHours(at(low), at(high), EVERY_DAY)  # quiet for the jump only
    yield QuietHours(at(low - 6 * HOUR), at(high), EVERY_DAY - {low.weekday()})


def verdicts(
    change: datetime, before: datetime, after: datetime, name: str
) -> list[tuple[QuietHours, datetime, datetime]]:
    """(hours, asked, opens) around one change, from one walk over the minutes."""
    zone = ZoneInfo(name)
    first = change + ASKED[0]
    shown: list[tuple[int, int]] = []
    found = []
    for quiet in hours_around(before, after):
        loud, days = loud_minutes(quiet), quiet.open_days
        for ask in ASKED:
            number = (change + ask - first) // MINUTE
            while True:
                while len(shown) <= number:
                    wall = (first + len(shown) * MINUTE).astimezone(zone)
                    shown.append((wall.hour * 60 + wall.minute, wall.weekday()))
                minute, day = shown[number]
                if loud[minute] and day in days:
                    break
                number += 1
            found.append((quiet, change + ask, first + number * MINUTE))
    return found


def test_at_every_change_of_every_clock_from_2020_to_2030_the_answer_is_the_first_open_minute() -> None:
    wrong: list[str] = []
    asked = 0
    judged: dict[tuple[datetime, datetime, datetime], list[tuple[QuietHours, datetime, datetime]]] = {}
    for name in ZONE_NAMES:
        zone = ZoneInfo(name)
        place = Place((zone,))
        for change in changes(name, 2020, 2030):
            before = (change - MINUTE).astimezone(zone) + MINUTE
            after = change.astimezone(zone)
            # Clocks that jump alike at the same instant share a verdict: walked once, asked in full once, and
            # then at every other such zone at one of the times.
            jump = change, before.replace(tzinfo=UTC), after.replace(tzinfo=UTC)
            step = len(ASKED) if jump in judged else 1
            if jump not in judged:
                judged[jump] = verdicts(change, before, after, name)
            for quiet, at, opens in judged[jump][::step]:
                asked += 1
                opening = next_opening(at, quiet=quiet, place=place, holidays=NO_HOLIDAYS)
                if opening.at != opens:
                    wrong.append(f"{name} {at} {quiet}: {opening.at}, should be {opens}")
    assert wrong == []
    assert asked > 40_000, asked
