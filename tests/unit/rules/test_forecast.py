"""The forecast: what waits leaves within the caps, on open days, and no later than the quota needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.calendars import PublicHolidays, TzdataZones
from domain.policies import Mode, Segment, Segments
from domain.policy import Policy, Rulebook
from domain.rules.allowance import caps_of
from domain.rules.forecast import HORIZON, Forecast, Load, foresee, open_hours
from domain.rules.quiet_hours import QuietHours
from domain.timeline import Source
from domain.values import Span
from domain.warming import DomainState, SendingDay, SendingDomain, Stage, Trouble, WarmUp

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)
MORNING = datetime.combine(MONDAY, time(7), tzinfo=UTC)
NEW = SendingDomain("example.com", judged_on=MONDAY - DAY)
HOLIDAYS = PublicHolidays()
STEADY = WarmUp(ramp=())


def nudges(count: int, segment: str | None = None, *, ready: date = MONDAY, lasts: int = 30) -> Load:
    return Load(Source.NUDGE, ready, ready + lasts * DAY, count, segment)


def steps(count: int, segment: str | None = None, *, ready: date = MONDAY, lasts: int = 30) -> Load:
    return Load(Source.AUTOPILOT, ready, ready + lasts * DAY, count, segment)


def segment(name: str, **given_: Any) -> Segment:
    return Segment(name, given_.pop("mode", Mode.OFF), **given_)


def forecast(
    *waiting: Load,
    at: datetime = MORNING,
    days: Any = None,
    domain: SendingDomain = NEW,
    segments: Iterable[Segment] = (),
    left: Mapping[str, SendingDay] | None = None,
    **policy: Any,
) -> Forecast:
    """`left`: what of segments has left today."""
    return by(Policy(**policy), waiting, at=at, days=days or {}, domain=domain, segments=segments, left=left or {})


def by(
    policy: Policy,
    waiting: Iterable[Load],
    *,
    at: datetime = MORNING,
    days: Mapping[date, SendingDay] | None = None,
    domain: SendingDomain = NEW,
    segments: Iterable[Segment] = (),
    left: Mapping[str, SendingDay] | None = None,
) -> Forecast:
    rulebook = Rulebook(policy, TzdataZones(), HOLIDAYS, Segments(tuple(segments)))
    return foresee(
        waiting, domain=domain, days=days or {}, rulebook=rulebook, at=at, country="DE", of_segments=left or {}
    )


def test_what_is_over_the_quota_leaves_on_the_next_days_and_not_on_the_weekend() -> None:
    found = forecast(nudges(270), warm_up=WarmUp(), daily_cap=500, nudge_share_percent=100)
    assert [(each.day.day, each.leaving) for each in found.days if each.leaving] == [
        (23, 50), (24, 50), (25, 50), (26, 50), (27, 50), (30, 20)
    ]  # fmt: skip
    assert found.done_on == date(2026, 11, 30)


def test_the_ramp_grows_by_the_days_that_are_foreseen() -> None:
    known = SendingDomain("example.com", counted=6, judged_on=MONDAY - DAY)
    found = forecast(nudges(250), domain=known, warm_up=WarmUp(), daily_cap=500)
    assert [each.leaving for each in found.days] == [50, 100, 100]


def test_a_held_ramp_stands_until_its_window_is_clean() -> None:
    held = SendingDomain("example.com", DomainState.HELD, Trouble.BOUNCES, counted=6, judged_on=MONDAY - DAY)
    bad = {MONDAY - 3 * DAY: SendingDay(MONDAY - 3 * DAY, nudges=50, bounced=9)}
    found = forecast(nudges(150), domain=held, days=bad, warm_up=WarmUp(), daily_cap=500)
    assert [each.leaving for each in found.days] == [50, 50, 50]


def test_a_stop_waits_for_a_person() -> None:
    stopped = SendingDomain("example.com", DomainState.STOPPED, judged_on=MONDAY - DAY)
    found = forecast(nudges(3), domain=stopped)
    assert (found.is_stopped, found.left, found.done_on, found.days) == (True, 3, None, ())


def test_what_left_today_already_is_not_there_any_more() -> None:
    found = forecast(nudges(20), days={MONDAY: SendingDay(MONDAY, nudges=40)}, warm_up=STEADY, daily_cap=50)
    assert [each.leaving for each in found.days] == [10, 10]


def test_this_evening_nothing_leaves_any_more() -> None:
    found = forecast(nudges(1), at=datetime.combine(MONDAY, time(18), tzinfo=UTC), warm_up=STEADY)
    assert found.done_on == MONDAY + DAY


def test_an_hours_cap_makes_a_day_as_long_as_its_open_hours() -> None:
    found = forecast(nudges(25), warm_up=STEADY, daily_cap=500, hourly_cap=2)
    assert [each.leaving for each in found.days] == [20, 5]
    late = datetime.combine(MONDAY, time(16, 30), tzinfo=UTC)
    assert [each.leaving for each in forecast(nudges(25), at=late, warm_up=STEADY, hourly_cap=2).days] == [4, 20, 1]


def test_steps_leave_the_nudges_their_share_and_nudges_leave_the_steps_theirs() -> None:
    both = forecast(steps(30), nudges(30), warm_up=STEADY, daily_cap=20, nudge_share_percent=25)
    assert [(each.steps, each.nudges) for each in both.days] == [(15, 5), (15, 5), (0, 20)]


def test_what_expires_before_its_turn_is_said_so() -> None:
    found = forecast(nudges(120, lasts=1), warm_up=STEADY, daily_cap=50)
    assert (found.leaving, found.expired, found.left, found.done_on) == (100, 20, 0, MONDAY + DAY)


def leaving(found: Forecast) -> list[int]:
    return [each.leaving for each in found.days]


def test_a_segments_cap_makes_it_take_longer_and_the_others_do_not_wait_for_it() -> None:
    both = [nudges(25, "North"), nudges(30, "South")]
    assert leaving(forecast(*both, warm_up=STEADY, daily_cap=40)) == [40, 15]
    capped = forecast(*both, warm_up=STEADY, daily_cap=40, segments=[segment("North", daily_cap=10), segment("South")])
    assert leaving(capped) == [40, 10, 5]


def test_what_left_of_a_segment_today_counts_in_its_cap() -> None:
    left = {"North": SendingDay(MONDAY, nudges=3, steps=4)}
    north = segment("North", daily_cap=10)
    assert leaving(forecast(nudges(12, "North"), warm_up=STEADY, segments=[north], left=left)) == [3, 9]


def test_a_segments_nudges_have_their_share_of_its_cap_and_leave_the_rest_to_its_steps() -> None:
    north = segment("North", daily_cap=10, mode=Mode.AUTOPILOT)
    found = forecast(nudges(9, "North"), steps(16, "North"), warm_up=STEADY, segments=[north])
    assert [(each.steps, each.nudges) for each in found.days] == [(8, 2), (8, 2), (0, 5)]


def test_a_segments_own_hours_open_and_close_its_day() -> None:
    noon = datetime.combine(MONDAY, time(12, 30), tzinfo=UTC)
    early, late = segment("Early", quiet=(time(12), time(8))), segment("Late", quiet=(time(20), time(14)))
    given_ = {"warm_up": STEADY, "segments": [early, late], "at": noon}
    assert forecast(nudges(1, "Early"), **given_).done_on == MONDAY + DAY
    assert forecast(nudges(1, "Late"), **given_).done_on == MONDAY
    hourly = forecast(nudges(20, "Early"), nudges(40, "Late"), daily_cap=500, hourly_cap=4, **given_)
    assert leaving(hourly) == [24, 32, 4], "six hours are left today, tomorrow there are four and six"


def test_a_segment_that_is_not_in_force_any_more_has_no_limits() -> None:
    assert leaving(forecast(nudges(20, "Gone"), warm_up=STEADY, segments=[segment("North", daily_cap=1)])) == [20]


def test_what_a_segments_cap_keeps_until_it_expires_is_said_so() -> None:
    found = forecast(nudges(9, "North", lasts=2), warm_up=STEADY, segments=[segment("North", daily_cap=2)])
    assert (found.leaving, found.expired, found.left, found.done_on) == (6, 3, 0, MONDAY + 2 * DAY)


def test_what_a_segments_cap_keeps_for_longer_than_anybody_looks_ahead_is_left() -> None:
    found = forecast(nudges(99, "North", lasts=999), warm_up=STEADY, segments=[segment("North", daily_cap=1)])
    assert found.leaving + found.left == 99
    assert found.done_on is None


def test_an_empty_queue_has_nothing_to_wait_for() -> None:
    assert forecast() == Forecast()


@pytest.mark.parametrize(
    ("day", "since", "quiet", "hours"),
    [
        (MONDAY, time(0), QuietHours(time(18), time(8)), 10),
        (MONDAY, time(8, 30), QuietHours(time(18), time(8)), 10),
        (MONDAY, time(17, 59), QuietHours(time(18), time(8)), 1),
        (MONDAY, time(18), QuietHours(time(18), time(8)), 0),
        (MONDAY, time(0), QuietHours(time(12), time(13)), 23),
        (MONDAY, time(0), QuietHours(time(18), time(0)), 18),
        (MONDAY, time(0), QuietHours(time(17, 30), time(8, 30)), 10),
        (MONDAY + 5 * DAY, time(0), QuietHours(time(18), time(8)), 0),
        (date(2026, 12, 25), time(0), QuietHours(time(18), time(8)), 0),
        (MONDAY, time(0), QuietHours(time(18), time(8), blackouts=(Span(MONDAY, MONDAY + DAY),)), 0),
    ],
)
def test_the_open_hours_of_a_day(day: date, since: time, quiet: QuietHours, hours: int) -> None:
    assert len(open_hours(day, since=since, quiet=quiet, holidays=HOLIDAYS, country="DE")) == hours


NAMES = ("North", "South", None)


def loads_lasting(days: st.SearchStrategy[int]) -> st.SearchStrategy[list[Load]]:
    def load(source: Source, ready: int, lasts: int, count: int, name: str | None) -> Load:
        return Load(source, MONDAY + ready * DAY, MONDAY + (ready + lasts) * DAY, count, name)

    sources = st.sampled_from([Source.NUDGE, Source.AUTOPILOT])
    one = st.builds(load, sources, st.integers(-3, 6), days, st.integers(0, 300), st.sampled_from(NAMES))
    return st.lists(one, max_size=6)


loads = loads_lasting(st.integers(0, 9))
segments_in_force = st.tuples(
    *(
        st.builds(
            Segment,
            st.just(name),
            st.sampled_from(Mode),
            daily_cap=st.none() | st.integers(1, 60),
            quiet=st.none() | st.sampled_from([(time(17), time(11)), (time(9), time(12))]),
        )
        for name in NAMES
        if name
    )
)
policies = st.builds(
    Policy,
    daily_cap=st.integers(1, 200),
    hourly_cap=st.none() | st.integers(1, 30),
    nudge_share_percent=st.integers(0, 100),
    warm_up=st.sampled_from([WarmUp(), STEADY, WarmUp(ramp=(Stage(2, 20), Stage(2, 60)), doubles_every=None)]),
)
mornings = st.integers(0, 6).map(lambda day: MORNING + day * DAY)


@given(waiting=loads, policy=policies, at=mornings, used=st.integers(0, 60))
def test_everything_leaves_expires_or_waits_and_no_day_is_overdrawn(
    waiting: list[Load], policy: Policy, at: datetime, used: int
) -> None:
    today = at.date()
    days = {today: SendingDay(today, nudges=used)}
    found = by(policy, waiting, days=days, at=at)
    assert found.leaving + found.expired + found.left == sum(load.count for load in waiting)
    left_so_far = 0
    for each in found.days:
        before = used if each.day == today else 0
        assert each.leaving == 0 or each.leaving + before <= each.cap
        assert each.steps <= each.cap - each.cap * policy.nudge_share_percent // 100
        assert each.leaving == 0 or each.day.weekday() < 5
        if policy.hourly_cap is not None:
            kept = policy.hourly_cap * policy.nudge_share_percent // 100
            assert each.leaving <= policy.hourly_cap * 10
            assert each.steps <= (policy.hourly_cap - kept) * 10
        left_so_far += each.leaving
        assert left_so_far <= sum(load.count for load in waiting if load.ready <= each.day)
    assert len(found.days) <= HORIZON


@given(waiting=loads, policy=policies)
def test_a_day_that_leaves_somebody_waiting_was_full(waiting: list[Load], policy: Policy) -> None:
    """Nobody waits for nothing: whoever could have left today and did not found the source's own part used up."""
    only = [load for load in waiting if load.source is Source.NUDGE]
    found = by(policy, only)
    caps = caps_of(NEW, policy)
    able = sum(load.count for load in only if load.ready <= MONDAY <= load.last)
    today = sum(each.nudges for each in found.days if each.day == MONDAY)
    assert today == min(able, caps.day, caps.hour * 10)


@given(waiting=loads, policy=policies, at=mornings)
def test_segments_without_limits_change_nothing(waiting: list[Load], policy: Policy, at: datetime) -> None:
    unnamed = [replace(load, segment=None) for load in waiting]
    named = by(policy, waiting, at=at, segments=[segment("North"), segment("South", mode=Mode.AUTOPILOT)])
    assert named == by(policy, waiting, at=at) == by(policy, unnamed, at=at)


@given(waiting=loads, policy=policies, at=mornings, segments=segments_in_force, used=st.integers(0, 30))
def test_no_day_is_overdrawn_for_anybody(
    waiting: list[Load], policy: Policy, at: datetime, segments: tuple[Segment, ...], used: int
) -> None:
    """Of the house with all segments, and of each segment as if the others had nothing to send."""
    today = at.date()
    left = {one.name: SendingDay(today, steps=used) for one in segments}
    found = by(policy, waiting, at=at, segments=segments, left=left)
    assert found.leaving + found.expired + found.left == sum(load.count for load in waiting)
    caps = [one.daily_cap for one in segments]
    for each in found.days:
        assert each.leaving <= each.cap
        if None not in caps and all(load.segment for load in waiting):
            assert each.leaving <= sum(cap or 0 for cap in caps)
    for one in segments:
        theirs = [load for load in waiting if load.segment == one.name]
        alone = by(policy, theirs, at=at, segments=segments, left=left)
        for each in alone.days:
            before = used if each.day == today else 0
            assert one.daily_cap is None or each.leaving == 0 or each.leaving + before <= one.daily_cap
            assert each.steps == 0 or one.daily_cap is None or one.mode is not Mode.OFF


@given(waiting=loads_lasting(st.just(999)), policy=policies, at=mornings, segments=segments_in_force)
def test_a_cap_never_makes_it_earlier(
    waiting: list[Load], policy: Policy, at: datetime, segments: tuple[Segment, ...]
) -> None:
    """On no day more has left than without it. Of a quota that does not grow, and of mails that do not expire: those
    that do make room for others. Of segments with the house's hours, too: who goes first decides what short hours hold.
    """
    segments = tuple(replace(one, quiet=None) for one in segments)
    policy, free = replace(policy, warm_up=STEADY), [replace(one, daily_cap=None) for one in segments]
    capped, uncapped = by(policy, waiting, at=at, segments=segments), by(policy, waiting, at=at, segments=free)
    days = {each.day for each in (*capped.days, *uncapped.days)}
    for day in days:
        assert left_by(day, capped) <= left_by(day, uncapped)
    assert capped.left >= uncapped.left


def left_by(day: date, found: Forecast) -> int:
    return sum(each.leaving for each in found.days if each.day <= day)
