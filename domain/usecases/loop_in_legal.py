"""Ask Legal about a dispute."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import DisputeChanged
from domain.values import Actor


def loop_in_legal(
    dispute_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> DisputeChanged | Refused:
    """In review from now on: a Legal person owns it and has two business days."""
    raise NotImplementedError
