"""Into the official record, corrected."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import Draft, Settled, Unacceptable
from domain.values import Actor


def correct_report(
    report_id: int, draft: Draft, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Settled | Unacceptable | Refused:
    """As `record_report`, with what the draft says of amount, day, reason and invoices."""
    raise NotImplementedError
