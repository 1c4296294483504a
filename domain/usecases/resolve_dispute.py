"""End a dispute: credit, invalid or withdrawn."""

from __future__ import annotations

from domain.commitments import Resolution
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import DisputeChanged, Unacceptable
from domain.values import Actor


def resolve_dispute(
    dispute_id: int,
    *,
    resolution: Resolution,
    why: str,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> DisputeChanged | Unacceptable | Refused:
    """Its invoices may be chased again; whoever reported it hears of it."""
    raise NotImplementedError
