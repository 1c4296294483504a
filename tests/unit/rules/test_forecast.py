"""The forecast: what waits leaves within the caps, on open days, and no later than the quota needs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.calendars import PublicHolidays
from domain.policy import Policy
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


def nudges(count: int, *, ready: date = MONDAY, lasts: int = 30) -> Load:
    return Load(Source.NUDGE, ready, ready + lasts * DAY, count)


def steps(count: int, *, ready: date = MONDAY, lasts: int = 30) -> Load:
    return Load(Source.AUTOPILOT, ready, ready + lasts * DAY, count)


def forecast(
    *waiting: Load, at: datetime = MORNING, days: Any = None, domain: SendingDomain = NEW, **policy: Any
) -> Forecast:
    return foresee(
        waiting, domain=domain, days=days or {}, policy=Policy(**policy), at=at, holidays=HOLIDAYS, country="DE"
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
    assert open_hours(day, since=since, quiet=quiet, holidays=HOLIDAYS, country="DE") == hours


loads = st.lists(
    st.builds(
        lambda source, ready, lasts, count: Load(source, MONDAY + ready * DAY, MONDAY + (ready + lasts) * DAY, count),
        st.sampled_from([Source.NUDGE, Source.AUTOPILOT]),
        st.integers(-3, 6),
        st.integers(0, 9),
        st.integers(0, 300),
    ),
    max_size=6,
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
    found = foresee(waiting, domain=NEW, days=days, policy=policy, at=at, holidays=HOLIDAYS, country="DE")
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
    found = foresee(only, domain=NEW, days={}, policy=policy, at=MORNING, holidays=HOLIDAYS, country="DE")
    caps = caps_of(NEW, policy)
    able = sum(load.count for load in only if load.ready <= MONDAY <= load.last)
    today = sum(each.nudges for each in found.days if each.day == MONDAY)
    assert today == min(able, caps.day, caps.hour * 10)
