"""The 15-minute clock: remind whoever is on duty, then tell those above them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.usecases._alerting import escalate, remind


@dataclass(frozen=True, slots=True)
class Watched:
    """How many reports were reminded of and escalated by this look."""

    reminded: int = 0
    escalated: int = 0


def watch_reports(*, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook, limit: int = 200) -> Watched:
    """Safe on every replica at once: each reminder and each escalation is marked in its row before it is told.

    It knows no quiet hours: those are the customers', and this is between ourselves. Acknowledging a report ends the
    reminder, only settling it ends the escalation.
    """
    at, reminded, escalated, policy = clock.now(), 0, 0, rulebook.policy
    with uow() as work:
        for report in work.reports.overdue(said_by=at - policy.remind_after, limit=limit):
            if at - report.said_at >= policy.escalate_after:
                escalated += escalate(work, report, at)
            elif report.reminded_at is None and report.acknowledged_at is None:
                reminded += remind(work, report, at)
    return Watched(reminded, escalated)
