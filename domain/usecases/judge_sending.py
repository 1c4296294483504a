"""The day's judgement: what has ended makes the ramp grow, holds it, lets it go on, steps it back or stops it."""

from __future__ import annotations

from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.rules.allowance import sending_domain
from domain.rules.warmup import judge, look_at
from domain.usecases._foreseeing import days_behind
from domain.usecases._warming import settle, today_of


def judge_sending(*, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> int:
    """Returns how many changes were told. Judging again, or on two replicas at once, changes nothing more.

    Today's reports are looked at too: a report that was counted while nobody looked stops sending now.
    """
    at = clock.now()
    told = 0
    with uow() as work:
        today = today_of(work, rulebook, at)
        for name in sorted({*work.sending.names(), sending_domain(rulebook)}):
            before = work.sending.take(name)
            days, warm_up = days_behind(work, before, today), rulebook.policy.warm_up
            judged = judge(before, days, today=today, at=at, warm_up=warm_up)
            after = look_at(judged, days, today=today, at=at, warm_up=warm_up)
            told += settle(work, before, after, rulebook=rulebook, at=at)
    return told
