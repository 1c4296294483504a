"""“I have it”: stops the reminder, not the escalation."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import Acknowledged
from domain.values import Actor


def acknowledge_report(
    report_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Acknowledged | Refused:
    """The first counts; a second Operator is told who has it."""
    raise NotImplementedError
