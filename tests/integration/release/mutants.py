"""Bugs on purpose, each in one seam of the release path: what the state machine has to find.

Each function changes one thing for as long as the given MonkeyPatch lives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import local
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from domain.facts import AccountFacts
from domain.messages import Message, State
from domain.policy import Policy
from domain.ports import Move
from domain.rules import guards, nudging, quiet_hours
from domain.timeline import Source
from domain.usecases import fence_due, record_answers, rescue, telling
from domain.warming import SendingDay, Slot
from storage.scope import ORG
from storage.stores import messages, moves
from storage.stores.audit import AuditStore
from storage.stores.quota import QuotaStore
from storage.tables import sending_days

Mutant = Callable[[pytest.MonkeyPatch], None]

ALL: list[Any] = []
HARD_TO_FIND = (
    "account_is_free is not asked at release",
    "an_answer_that_never_came_is_a_no",
    "autopilot_is_clear is not asked at release",
    "person_may_nudge is not asked at release",
    "the_state_is_not_compared",
    "doubts_are_forgotten_when_something_ends",
    "books_are_fresh is not asked at release",
    "disputes_are_not_read_again_at_release",
)
"""They take the search longest, and are looked for in `make long`."""


def mutant(change: Mutant) -> Mutant:
    marks = [pytest.mark.slow] if change.__name__ in HARD_TO_FIND else []
    ALL.append(pytest.param(change, id=change.__name__, marks=marks))
    return change


def _skipping(guard: guards.Guard) -> Mutant:
    def skip(patch: pytest.MonkeyPatch) -> None:
        def judge(case: guards.Case) -> guards.Verdict:
            if case.message_id is None:
                return guards.judge(case)
            with pytest.MonkeyPatch.context() as inner:
                inner.setattr(guards, "GUARDS", tuple(each for each in guards.GUARDS if each is not guard))
                return guards.judge(case)

        patch.setattr(nudging, "judge", judge)

    skip.__name__ = f"{guard.__name__} is not asked at release"
    return skip


# `day_has_room` is missing: at release the quota's own statement does its work, and test_cap_race looks at that.
for _guard in (
    guards.sending_is_on,
    guards.person_may_nudge,
    guards.account_is_free,
    guards.invoice_may_be_chased,
    guards.contact_is_reachable,
    guards.books_are_fresh,
    guards.autopilot_is_clear,
    guards.contact_is_rested,
    guards.hours_are_open,
):
    mutant(_skipping(_guard))


@mutant
def the_lease_is_not_checked_at_the_fence(patch: pytest.MonkeyPatch) -> None:
    _without(patch, "claimed_until >")


@mutant
def the_state_is_not_compared(patch: pytest.MonkeyPatch) -> None:
    _without(patch, "messages.state =")


@mutant
def the_token_is_not_compared(patch: pytest.MonkeyPatch) -> None:
    _without(patch, "messages.token =")


@mutant
def leases_are_taken_away_before_they_end(patch: pytest.MonkeyPatch) -> None:
    asked = messages.MessageStore.overdue_claims

    def overdue(self: Any, *, at: datetime, limit: int) -> list[Message]:
        return asked(self, at=at + timedelta(minutes=5), limit=limit)

    patch.setattr(messages.MessageStore, "overdue_claims", overdue)


def the_cap_is_read_outside_the_transaction(patch: pytest.MonkeyPatch) -> None:
    """What was used is read in the claim's transaction only, as if nobody could come between that and the fence."""
    _skipping(guards.day_has_room)(patch)
    read: dict[str, dict[date, int]] = {}
    deciding = local()
    claim, within = messages.MessageStore.claim, fence_due._Decision._with_room

    def claim_and_read(self: Any, **options: Any) -> list[Message]:
        claimed = claim(self, **options)
        used = self._scope.execute(
            select(sending_days.c.day, sending_days.c.nudges).where(sending_days.c.org_id == ORG)
        )
        for message in claimed[:1]:
            read[str(message.token)] = {row.day: row.nudges for row in used}
        return claimed

    def within_what_was_read(self: Any, work: Any, ready: list[Any], *others: Any) -> list[Any]:
        deciding.token = ready[0].message.token if ready else None
        return within(self, work, ready, *others)

    def as_it_was_read(self: QuotaStore, slot: Slot) -> SendingDay:
        return SendingDay(slot.day, nudges=read[deciding.token].get(slot.day, 0))

    patch.setattr(messages.MessageStore, "claim", claim_and_read)
    patch.setattr(fence_due._Decision, "_with_room", within_what_was_read)
    patch.setattr(QuotaStore, "locked", as_it_was_read)


@mutant
def the_unconfirmed_are_sent_again(patch: pytest.MonkeyPatch) -> None:
    settle = rescue._let_go

    def let_go(message: Message, at: datetime, policy: Policy) -> Move:
        move = settle(message, at, policy)
        if move.to is not State.UNCONFIRMED:
            return move
        return replace(move, to=State.QUEUED, leaves_at=at, doubtful_since=None)

    patch.setattr(rescue, "_let_go", let_go)


@mutant
def an_answer_that_never_came_is_a_no(patch: pytest.MonkeyPatch) -> None:
    settle = record_answers._settle

    def settle_boldly(*asked: Any) -> Move:
        move = settle(*asked)
        if move.to is not State.UNCONFIRMED:
            return move
        return replace(move, to=State.QUEUED, leaves_at=move.at, doubtful_since=None)

    patch.setattr(record_answers, "_settle", settle_boldly)


@mutant
def quiet_hours_are_computed_in_utc(patch: pytest.MonkeyPatch) -> None:
    def in_utc(at: datetime, *, place: quiet_hours.Place, **rules: Any) -> quiet_hours.Opening:
        return quiet_hours.next_opening(at, place=replace(place, zones=(ZoneInfo("UTC"),)), **rules)

    patch.setattr(nudging, "next_opening", in_utc)


@mutant
def doubts_are_forgotten_when_something_ends(patch: pytest.MonkeyPatch) -> None:
    for module in (rescue, record_answers):
        patch.setattr(module, "ending", lambda message, state: state)


@mutant
def the_quota_is_not_given_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(QuotaStore, "give_back", lambda self, slot, source, count: None)


@mutant
def the_quota_is_taken_twice(patch: pytest.MonkeyPatch) -> None:
    take = QuotaStore.take

    def twice(self: QuotaStore, slot: Slot, source: Source, **options: Any) -> Any:
        take(self, slot, source, **options)
        return take(self, slot, source, **options)

    patch.setattr(QuotaStore, "take", twice)


@mutant
def disputes_are_not_read_again_at_release(patch: pytest.MonkeyPatch) -> None:
    def plan(*, facts: AccountFacts, **options: Any) -> Any:
        return nudging.plan_nudge(facts=replace(facts, disputes=()), **options)

    patch.setattr(fence_due, "plan_nudge", plan)


@mutant
def the_loop_audits_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(AuditStore, "record_all", lambda self, entries: None)


@mutant
def nobody_is_asked_about_the_unconfirmed(patch: pytest.MonkeyPatch) -> None:
    tell = telling.tellings

    def without_duty(message: Message, move: Move) -> Iterable[Any]:
        return [each for each in tell(message, move) if not each.key.endswith(":duty")]

    patch.setattr(telling, "tellings", without_duty)


def _without(patch: pytest.MonkeyPatch, condition: str) -> None:
    """The queue's step without one of its conditions."""
    for dialect, statement in moves._MOVE.items():
        kept = [each for each in statement._where_criteria if condition not in str(each)]
        assert len(kept) == len(statement._where_criteria) - 1, condition
        changed = statement._clone()
        changed._where_criteria = tuple(kept)
        patch.setitem(moves._MOVE, dialect, changed)
