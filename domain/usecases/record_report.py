"""Into the official record, as it was reported."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import Settled, Unacceptable
from domain.values import Actor


def record_report(
    report_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Settled | Unacceptable | Refused:
    """Open from now on; an open promise on one of its invoices is superseded."""
    raise NotImplementedError
