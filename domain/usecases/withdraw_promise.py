"""The customer took an open promise back."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import PromiseChanged, Unacceptable
from domain.values import Actor


def withdraw_promise(
    promise_id: int, *, why: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> PromiseChanged | Unacceptable | Refused:
    """Its invoices may be chased again; whoever reported it hears of it."""
    raise NotImplementedError
