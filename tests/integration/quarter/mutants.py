"""Bugs on purpose, each in one rule of the house: what the quarter has to find.

Each function changes one thing for as long as the given MonkeyPatch lives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from domain.facts import AccountFacts
from domain.policy import Rulebook
from domain.rules import allowance, autopilot, autopilot_course, guards, nudging, quiet_hours, sharing_out
from domain.usecases import _autopilot, _room, _sending_now, queue_steps

Mutant = Callable[[pytest.MonkeyPatch], None]

ALL: list[Any] = []


def mutant(change: Mutant) -> Mutant:
    ALL.append(pytest.param(change, id=change.__name__))
    return change


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


@mutant
def a_day_holds_one_more(patch: pytest.MonkeyPatch) -> None:
    count = allowance.caps_of

    def one_more(*given: Any) -> Any:
        caps = count(*given)
        return replace(caps, day=caps.day + 1, day_steps=caps.day_steps + 1)

    for module in (allowance, sharing_out, _room, _sending_now):  # wherever they are worked out to let something leave
        patch.setattr(module, "caps_of", one_more)


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
