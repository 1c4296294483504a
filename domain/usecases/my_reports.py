"""What the reader reported."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import MyReports
from domain.values import Actor


def my_reports(*, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> MyReports | Refused:
    """Newest first, with what became of each."""
    raise NotImplementedError
