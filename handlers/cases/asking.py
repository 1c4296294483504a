"""Who asks, when and by which rules: what every use case wants to know first."""

from __future__ import annotations

from dataclasses import dataclass

from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.values import Actor


@dataclass(frozen=True, slots=True)
class Asking:
    actor: Actor
    uow: UnitOfWorkFactory
    clock: Clock
    rulebook: Rulebook
