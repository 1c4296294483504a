"""The 15-minute clock: remind whoever is on duty, then tell the A/R Managers."""

from __future__ import annotations

from dataclasses import dataclass

from domain.ports import Clock, UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Watched:
    """How many reports were reminded of and escalated by this look."""

    reminded: int = 0
    escalated: int = 0


def watch_reports(*, uow: UnitOfWorkFactory, clock: Clock, limit: int = 50) -> Watched:
    """Safe on every replica at once: each reminder and each escalation is marked in its row before it is told."""
    raise NotImplementedError
