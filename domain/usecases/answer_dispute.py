"""Legal's answer to a dispute."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import DisputeChanged, Unacceptable
from domain.values import Actor


def answer_dispute(
    dispute_id: int, *, text: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> DisputeChanged | Unacceptable | Refused:
    """A remark in its history; the Operators hear of it and resolve it."""
    raise NotImplementedError
