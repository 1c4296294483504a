"""Bugs on purpose, each in one rule of the house: what the quarter has to find.

Each function changes one thing for as long as the given MonkeyPatch lives. Some say by which words they are found: one
cap that is broken is easily found by another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from domain.facts import AccountFacts
from domain.policies import Segment
from domain.policy import Policy, Rulebook
from domain.rules import allowance, autopilot, autopilot_course, guards, nudging, quiet_hours
from domain.usecases import _autopilot, _room, judge_sending, queue_steps
from domain.warming import Caps, SendingDomain

Mutant = Callable[[pytest.MonkeyPatch], None]

ALL: list[Any] = []


def mutant(change: Mutant, found_by: str | None = None) -> Mutant:
    ALL.append(pytest.param(change, found_by, id=change.__name__))
    return change


def found_by(words: str) -> Callable[[Mutant], Mutant]:
    return lambda change: mutant(change, words)


def _skipping(guard: guards.Guard) -> Mutant:
    def skip(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(guards, "GUARDS", tuple(each for each in guards.GUARDS if each is not guard))

    skip.__name__ = f"{guard.__name__} is not asked"
    return skip


for _guard in (guards.sending_is_on, guards.autopilot_is_clear, guards.contact_is_rested):
    mutant(_skipping(_guard))


@mutant
def quiet_hours_end_an_hour_early(patch: pytest.MonkeyPatch) -> None:
    find = nudging._opening.__wrapped__

    def an_hour_early(
        at: datetime, names: Any, country: Any, region: Any, quiet: quiet_hours.QuietHours, *data: Any
    ) -> Any:
        return find(at, names, country, region, replace(quiet, end=time(quiet.end.hour - 1)), *data)

    patch.setattr(nudging, "_opening", an_hour_early)


@mutant
def holidays_are_not_kept(patch: pytest.MonkeyPatch) -> None:
    find = nudging._opening.__wrapped__

    def nowhere(at: datetime, names: Any, country: Any, region: Any, *rules: Any) -> Any:
        return find(at, names, None, None, *rules)

    patch.setattr(nudging, "_opening", nowhere)


@found_by("the day's cap on")
def a_day_holds_one_more(patch: pytest.MonkeyPatch) -> None:
    count = allowance.daily_cap
    patch.setattr(
        allowance, "daily_cap", lambda domain, policy: count(domain, replace(policy, daily_cap=policy.daily_cap + 1))
    )


def _with_another_hour(more: int) -> Mutant:
    def change(patch: pytest.MonkeyPatch) -> None:
        count = allowance.caps_of

        def another(domain: SendingDomain, policy: Policy) -> Caps:
            assert policy.hourly_cap is not None
            return count(domain, replace(policy, hourly_cap=policy.hourly_cap + more))

        for module in (allowance, _room):  # wherever they are worked out to let something leave
            patch.setattr(module, "caps_of", another)

    change.__name__ = f"an_hour_holds_one_{'more' if more > 0 else 'less'}"
    return change


mutant(_with_another_hour(1), found_by="the hour's cap at")
mutant(_with_another_hour(-1), found_by="there was room")


@found_by("the segment's cap of")
def a_segment_holds_one_more(patch: pytest.MonkeyPatch) -> None:
    count = allowance.segment_caps

    def one_more(segment: Segment, policy: Policy) -> Caps | None:
        more = None if segment.daily_cap is None else segment.daily_cap + 1
        return count(replace(segment, daily_cap=more), policy)

    for module in (allowance, _room):
        patch.setattr(module, "segment_caps", one_more)


@found_by("the warm-up's quota on")
def the_ramp_grows_a_day_early(patch: pytest.MonkeyPatch) -> None:
    find = allowance.quota_of
    patch.setattr(allowance, "quota_of", lambda counted, warm_up: find(counted + 1, warm_up))


@found_by("the warm-up's quota on")
def the_ramp_binds_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(allowance, "quota_of", lambda counted, warm_up: None)


@found_by("the warm-up's quota on")
def the_ramp_follows_the_calendar(patch: pytest.MonkeyPatch) -> None:
    judge = judge_sending.judge

    def each_day_counts(domain: SendingDomain, days: Any, *, today: date, **given: Any) -> SendingDomain:
        judged = judge(domain, days, today=today, **given)
        ended = 0 if domain.judged_on is None else (today - domain.judged_on).days - 1
        return replace(judged, counted=domain.counted + ended)

    patch.setattr(judge_sending, "judge", each_day_counts)


@mutant
def promises_are_not_believed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(AccountFacts, "promise_on", lambda self, invoice_id, at: None)


@mutant
def what_was_missed_is_sent_after_all(patch: pytest.MonkeyPatch) -> None:
    def from_the_oldest(cadence: Any, anchor: Any, *, today: Any, after: Any = None, limit: int = 3) -> Any:
        left = [step for step in cadence.steps if after is None or step.day > after]
        days = [(step, anchor.due_on + timedelta(days=step.day)) for step in left]
        return tuple(autopilot._upcoming(step, day, today) for step, day in days[:limit])

    patch.setattr(autopilot_course, "upcoming_steps", from_the_oldest)


@mutant
def a_step_is_planned_without_notice(patch: pytest.MonkeyPatch) -> None:
    """As it was before this quarter was first played: a nudge of the day before made the step wait."""

    def at_once(on: Any, facts: Any, payer: Any, rulebook: Rulebook, **given: Any) -> datetime | None:
        hasty = replace(rulebook, policy=replace(rulebook.policy, contact_gap=timedelta(0)))
        return autopilot_course.due_of(on, facts, payer, hasty, **given)

    patch.setattr(_autopilot, "due_of", at_once)


@mutant
def steps_are_never_settled(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(queue_steps, "_settle", lambda *given: 0)
