"""The person behind a request as rows know them now, for answers that depend on the role alone."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.usecases._asker import asker
from domain.values import Actor, Capability, Person


def who_asks(*, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> Person | Refused:
    """Every active person gets an answer; others are refused."""
    at = clock.now()
    with uow() as work:
        return asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing="help")
