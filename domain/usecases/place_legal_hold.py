"""Take an account out of chasing."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import HoldChanged, Unacceptable
from domain.values import Actor


def place_legal_hold(
    account_id: int, *, why: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> HoldChanged | Unacceptable | Refused:
    """By Legal or the Controller. It stands beside what the books say; waiting nudges are refused when they are due."""
    raise NotImplementedError
