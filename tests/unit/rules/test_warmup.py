"""The ramp: it grows by days that were used, is held, stops, and steps back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.rules import warmup
from domain.rules.warmup import Verdict, changes_of, judge, lift, look_at, measured, quota_of, stage_of
from domain.warming import (
    LARGEST_QUOTA,
    RAMP,
    Change,
    DomainState,
    Limits,
    SendingDay,
    SendingDomain,
    Stage,
    Trouble,
    WarmUp,
)

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
DEFAULT = WarmUp()
NEW = SendingDomain("mail.example", judged_on=MONDAY - DAY)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def days_of(*days: SendingDay) -> dict[date, SendingDay]:
    return {day.day: day for day in days}


def used(*counts: int, first: date = MONDAY) -> dict[date, SendingDay]:
    """So many mails on each day from `first` on, none of which came back."""
    return days_of(*(SendingDay(first + number * DAY, nudges=count) for number, count in enumerate(counts)))


def judged(
    days: dict[date, SendingDay], *, domain: SendingDomain = NEW, today: date | None = None, warm_up: WarmUp = DEFAULT
) -> SendingDomain:
    today = today or max(days) + DAY
    return judge(domain, days, today=today, at=noon(today), warm_up=warm_up)


def test_the_default_ramp_is_the_published_one() -> None:
    quotas = [quota_of(counted, DEFAULT) for counted in range(32)]
    assert quotas == (
        [50] * 7 + [100] * 3 + [500] * 3 + [1_000] * 3 + [2_000] * 3 + [4_000] * 3 + [8_000] * 3
        + [16_000] * 3 + [32_000] * 3 + [64_000]
    )  # fmt: skip
    assert quota_of(10**9, DEFAULT) == LARGEST_QUOTA


def test_without_doubling_the_last_stage_stays_and_without_a_ramp_nothing_is_limited() -> None:
    assert quota_of(500, WarmUp(doubles_every=None)) == 8_000
    assert quota_of(0, WarmUp(ramp=())) is None


@pytest.mark.parametrize(
    ("counted", "stage"), [(0, 1), (6, 1), (7, 2), (9, 2), (10, 3), (24, 7), (25, 8), (27, 8), (28, 9)]
)
def test_stages_are_counted_from_one_and_go_on_where_the_quota_doubles(counted: int, stage: int) -> None:
    assert stage_of(counted, DEFAULT) == stage


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ({"ramp": (Stage(7, 50), Stage(3, 49))}, "grows"),
        ({"ramp": (Stage(0, 50),)}, "at least one day"),
        ({"ramp": (Stage(1, 0),)}, "at least one mail"),
        ({"ramp": (Stage(1, 1),) * 61}, "at most 60"),
        ({"doubles_every": 0}, "every day at the most"),
        ({"used_percent": 0}, "between 1 and 100"),
        ({"limits": Limits(hold_bounced=Decimal(6))}, "not above what stops"),
        ({"limits": Limits(hold_complained=Decimal(0))}, "above 0"),
    ],
)
def test_a_ramp_that_cannot_be_meant_is_refused(what: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence):
        WarmUp(**what)  # type: ignore[arg-type]


def test_a_day_counts_from_half_of_its_quota_on() -> None:
    assert judged(used(24)).counted == 0
    assert judged(used(25)).counted == 1
    # From the second stage on, half of fifty is not enough.
    later = replace(NEW, counted=7)
    assert judged(used(49), domain=later).counted == 7
    assert judged(used(50), domain=later).counted == 8


def test_seven_full_days_and_a_weekend_lead_to_the_second_stage() -> None:
    two_weeks = judged(used(50, 50, 50, 50, 50, 0, 0, 50, 50))
    assert (two_weeks.counted, quota_of(two_weeks.counted, DEFAULT)) == (7, 100)
    assert two_weeks.standing is DomainState.WARMING


def test_what_was_judged_is_not_judged_again_and_today_is_not_over() -> None:
    days = used(50, 50)
    once = judged(days)
    assert judge(once, days, today=MONDAY + 2 * DAY, at=noon(MONDAY), warm_up=DEFAULT) == once
    assert judged(days, today=MONDAY + DAY).counted == 1


def test_the_first_look_begins_the_count() -> None:
    fresh = judge(SendingDomain("mail.example"), used(50), today=MONDAY + DAY, at=noon(MONDAY), warm_up=DEFAULT)
    assert (fresh.counted, fresh.judged_on, fresh.since) == (0, MONDAY, noon(MONDAY))


@pytest.mark.parametrize(
    ("sent", "bounced", "complained", "verdict", "trouble"),
    [
        (3, 1, 0, Verdict.FINE, None),
        (3, 2, 0, Verdict.FINE, None),
        (50, 1, 1, Verdict.FINE, None),
        (4, 4, 0, Verdict.HOLD, Trouble.BOUNCES),
        (5, 5, 0, Verdict.STOP, Trouble.BOUNCES),
        (150, 3, 0, Verdict.HOLD, Trouble.BOUNCES),
        (151, 3, 0, Verdict.FINE, None),
        (100, 5, 0, Verdict.HOLD, Trouble.BOUNCES),
        (99, 5, 0, Verdict.STOP, Trouble.BOUNCES),
        (2_000, 0, 2, Verdict.HOLD, Trouble.COMPLAINTS),
        (2_001, 0, 2, Verdict.FINE, None),
        (1_000, 0, 3, Verdict.STOP, Trouble.COMPLAINTS),
        (1_001, 0, 3, Verdict.HOLD, Trouble.COMPLAINTS),
        (1_000, 51, 3, Verdict.STOP, Trouble.COMPLAINTS),
        (0, 5, 0, Verdict.STOP, Trouble.BOUNCES),
    ],
)
def test_the_limits(sent: int, bounced: int, complained: int, verdict: Verdict, trouble: Trouble | None) -> None:
    day = SendingDay(MONDAY, nudges=sent, bounced=bounced, complained=complained)
    found = measured(NEW, days_of(day), until=MONDAY, warm_up=DEFAULT)
    assert (found.verdict, found.trouble) == (verdict, trouble)


def test_a_week_is_measured_together_and_the_eighth_day_is_not() -> None:
    old = SendingDay(MONDAY, nudges=50, bounced=50)
    days = days_of(old, SendingDay(MONDAY + 6 * DAY, nudges=50))
    assert measured(NEW, days, until=MONDAY + 6 * DAY, warm_up=DEFAULT).verdict is Verdict.STOP
    assert measured(NEW, days, until=MONDAY + 7 * DAY, warm_up=DEFAULT).verdict is Verdict.FINE


def test_a_held_ramp_stands_still_and_goes_on_by_itself() -> None:
    bad = SendingDay(MONDAY, nudges=100, bounced=3)
    held = look_at(NEW, days_of(bad), today=MONDAY, at=noon(MONDAY), warm_up=DEFAULT)
    assert (held.standing, held.trouble, held.since) == (DomainState.HELD, Trouble.BOUNCES, noon(MONDAY))
    after_a_day = judged(days_of(bad), domain=held)
    assert (after_a_day.counted, after_a_day.standing) == (0, DomainState.HELD)
    better = days_of(bad, *(SendingDay(MONDAY + n * DAY, nudges=50) for n in (1, 2)))
    gone_on = judged(better, domain=after_a_day)
    assert (gone_on.standing, gone_on.trouble, gone_on.counted) == (DomainState.WARMING, None, 1)


def test_a_stop_outlasts_any_number_of_quiet_days_and_is_lifted_by_a_person() -> None:
    bad = days_of(SendingDay(MONDAY, nudges=50, bounced=9))
    stopped = look_at(replace(NEW, counted=12), bad, today=MONDAY, at=noon(MONDAY), warm_up=DEFAULT)
    assert stopped.standing is DomainState.STOPPED
    later = judged(bad, domain=stopped, today=MONDAY + 13 * DAY)
    assert (later.standing, later.counted) == (DomainState.STOPPED, 12)
    today = MONDAY + 13 * DAY
    lifted = lift(later, today=today, at=noon(today), by=7, why="The list is cleaned.", warm_up=DEFAULT)
    assert (lifted.standing, lifted.counted) == (DomainState.WARMING, 7)
    assert (lifted.lifted_by, lifted.lifted_why, lifted.lifted_at) == (7, "The list is cleaned.", noon(today))


def test_what_left_before_a_stop_was_lifted_stops_nothing_again() -> None:
    late = days_of(SendingDay(MONDAY, nudges=50, bounced=30))
    lifted = lift(
        replace(NEW, standing=DomainState.STOPPED), today=MONDAY, at=noon(MONDAY), by=1, why="", warm_up=DEFAULT
    )
    assert look_at(lifted, late, today=MONDAY + DAY, at=noon(MONDAY), warm_up=DEFAULT) == lifted
    fresh = late | days_of(SendingDay(MONDAY + DAY, nudges=50, bounced=5))
    again = look_at(lifted, fresh, today=MONDAY + DAY, at=noon(MONDAY), warm_up=DEFAULT)
    assert again.standing is DomainState.STOPPED


@pytest.mark.parametrize(("silent", "left"), [(13, 24), (14, 19), (20, 19), (29, 19), (30, 0), (45, 0)])
def test_two_weeks_of_silence_step_back_and_a_month_begins_again(silent: int, left: int) -> None:
    known = replace(NEW, counted=24, last_sent_on=MONDAY - DAY)
    assert judged({}, domain=known, today=MONDAY + silent * DAY).counted == left


def test_the_first_stage_is_the_lowest() -> None:
    lifted = lift(replace(NEW, counted=3), today=MONDAY, at=noon(MONDAY), by=1, why="", warm_up=DEFAULT)
    assert lifted.counted == 0


def test_a_domain_without_a_ramp_is_still_stopped() -> None:
    warm = WarmUp(ramp=())
    assert judged(used(500), warm_up=warm).counted == 0
    bad = days_of(SendingDay(MONDAY, nudges=50, bounced=9))
    assert look_at(NEW, bad, today=MONDAY, at=noon(MONDAY), warm_up=warm).standing is DomainState.STOPPED


ramps = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 3_000)), min_size=1, max_size=8).map(
    lambda stages: tuple(
        Stage(days, per_day) for (days, _), per_day in zip(stages, sorted(p for _, p in stages), strict=True)
    )
)
warm_ups = st.builds(WarmUp, ramp=ramps, doubles_every=st.none() | st.integers(1, 9), used_percent=st.integers(1, 100))
# How much of its quota a day used, and what came back of it, in percent.
courses = st.lists(st.tuples(st.integers(0, 100), st.sampled_from([0, 0, 0, 1, 2, 4, 8])), min_size=1, max_size=25)


def follow(course: list[tuple[int, int]], warm_up: WarmUp) -> list[tuple[SendingDomain, SendingDay]]:
    """Day by day: what the domain was in the morning, and what was made of the day. A stopped one sends nothing."""
    domain, days = NEW, {}
    followed: list[tuple[SendingDomain, SendingDay]] = []
    for number, (share, bounced) in enumerate(course):
        today = MONDAY + number * DAY
        domain = judge(domain, days, today=today, at=noon(today), warm_up=warm_up)
        quota = quota_of(domain.counted, warm_up)
        assert quota is not None
        sent = 0 if domain.standing is DomainState.STOPPED else quota * share // 100
        days[today] = SendingDay(today, nudges=sent, bounced=sent * bounced // 100)
        followed.append((domain, days[today]))
        domain = look_at(domain, days, today=today, at=noon(today), warm_up=warm_up)
    return followed


@given(course=courses, warm_up=warm_ups)
def test_no_day_sends_more_than_the_ramp_allows_for_the_days_that_counted(
    course: list[tuple[int, int]], warm_up: WarmUp
) -> None:
    whole = [stage.per_day for stage in warm_up.ramp for _ in range(stage.days)]
    counted = 0
    for domain, day in follow(course, warm_up):
        # Counted apart from the rule: each day before this one that used enough is one step at the most.
        assert domain.counted <= counted
        if domain.counted < len(whole):
            assert day.used <= whole[domain.counted]
        counted += day.used * 100 >= warm_up.used_percent * (quota_of(domain.counted, warm_up) or 0)


@given(course=courses, warm_up=warm_ups)
def test_a_bad_day_never_grows_and_no_day_grows_by_more_than_one(
    course: list[tuple[int, int]], warm_up: WarmUp
) -> None:
    followed = follow(course, warm_up)
    days = {day.day: day for _, day in followed}
    for (before, day), (after, _) in pairwise(followed):
        assert after.counted <= before.counted + 1
        if measured(before, days, until=day.day, warm_up=warm_up).verdict is not Verdict.FINE:
            assert after.counted <= before.counted
            assert after.standing is not DomainState.WARMING


@given(course=courses, warm_up=warm_ups)
def test_a_stop_is_never_lifted_by_time(course: list[tuple[int, int]], warm_up: WarmUp) -> None:
    stops = [domain.standing is DomainState.STOPPED for domain, _ in follow(course, warm_up)]
    assert stops == sorted(stops)


@given(course=courses, warm_up=warm_ups, which=st.integers(0, 24))
def test_one_more_good_day_never_means_a_smaller_quota(
    course: list[tuple[int, int]], warm_up: WarmUp, which: int
) -> None:
    clean = [(share, 0) for share, _ in course]
    better = list(clean)
    better[which % len(clean)] = (100, 0)
    worse_end, better_end = follow(clean, warm_up)[-1][0], follow(better, warm_up)[-1][0]
    assert better_end.counted >= worse_end.counted


@given(counted=st.integers(0, 2_000), warm_up=warm_ups)
def test_quota_and_stage_never_fall_along_the_ramp_and_a_step_back_is_one(counted: int, warm_up: WarmUp) -> None:
    here, next_day = quota_of(counted, warm_up), quota_of(counted + 1, warm_up)
    assert here is not None and next_day is not None and here <= next_day
    assert stage_of(counted, warm_up) <= stage_of(counted + 1, warm_up)
    back = warmup.stage_before(counted, warm_up)
    assert back <= counted
    assert stage_of(back, warm_up) == max(1, stage_of(counted, warm_up) - 1)


@settings(max_examples=25)
@given(days=st.lists(st.integers(1, 70), min_size=0, max_size=12, unique=True), warm_up=warm_ups)
def test_judging_each_morning_or_all_at_once_comes_to_the_same(days: list[int], warm_up: WarmUp) -> None:
    sent = {MONDAY + day * DAY: SendingDay(MONDAY + day * DAY, nudges=50) for day in days}
    end = MONDAY + 71 * DAY
    step_by_step = NEW
    for number in range(72):
        today = MONDAY + number * DAY
        step_by_step = judge(step_by_step, sent, today=today, at=noon(end), warm_up=warm_up)
    assert step_by_step == judge(NEW, sent, today=end, at=noon(end), warm_up=warm_up)


@given(course=courses, warm_up=warm_ups)
def test_every_other_standing_or_stage_is_a_change_that_is_told(course: list[tuple[int, int]], warm_up: WarmUp) -> None:
    for (before, _), (after, _) in pairwise(follow(course, warm_up)):
        changes = changes_of(before, after, warm_up)
        is_same = before.standing is after.standing
        is_same_stage = stage_of(before.counted, warm_up) == stage_of(after.counted, warm_up)
        assert bool(changes) is not (is_same and is_same_stage)
        assert Change.LIFTED not in changes
        assert (Change.STOPPED in changes) is (after.standing is DomainState.STOPPED and not is_same)


def test_a_lifted_stop_is_one_change() -> None:
    stopped = replace(NEW, standing=DomainState.STOPPED, counted=12)
    lifted = lift(stopped, today=MONDAY, at=noon(MONDAY), by=1, why="", warm_up=DEFAULT)
    assert changes_of(stopped, lifted, DEFAULT) == (Change.LIFTED,)
    assert changes_of(replace(NEW, standing=DomainState.HELD), replace(NEW, standing=DomainState.STOPPED), DEFAULT) == (
        Change.STOPPED,
    )


def test_the_ramp_of_the_notes_is_complete() -> None:
    assert sum(stage.days for stage in RAMP) == 25
