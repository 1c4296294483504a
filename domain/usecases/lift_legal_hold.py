"""Let an account back into chasing."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import HoldChanged, Unacceptable
from domain.values import Actor


def lift_legal_hold(
    account_id: int, *, why: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> HoldChanged | Unacceptable | Refused:
    """Lifts what was placed here. `books` of the outcome says when the books still hold it."""
    raise NotImplementedError
