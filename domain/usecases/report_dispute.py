"""File a dispute that somebody heard."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import DisputeDraft, Reported, Unacceptable
from domain.values import Actor


def report_dispute(
    draft: DisputeDraft, *, origin: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Reported | Unacceptable | Refused:
    """Once per `origin`. It takes its invoices out of chasing at once, and whoever is on duty is alerted."""
    raise NotImplementedError
