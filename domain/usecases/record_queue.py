"""What waits for the record."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import RecordQueue
from domain.values import Actor


def record_queue(*, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> RecordQueue | Refused:
    """For Operators, A/R Managers and Controllers everything; for Legal the disputes in review."""
    raise NotImplementedError
