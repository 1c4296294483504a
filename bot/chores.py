"""What is looked after now and then, organisation by organisation. A new chore gets its line in CHORES.

Every replica does them all, so each must be safe to do twice and at the same time as another: what is due stands in the
rows, and a change is conditional on what it was decided by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from bot.world import World
from domain.usecases.decide_promises import decide_promises
from domain.usecases.raise_mornings import raise_mornings
from domain.usecases.watch_reports import watch_reports


@dataclass(frozen=True, slots=True)
class Chore:
    """`do` is given the world and an organisation; it looks at the rows and comes back."""

    name: str
    every: timedelta
    do: Callable[[World, int], object]


def _decide_promises(world: World, org_id: int) -> object:
    return decide_promises(uow=world.uow_for(org_id), clock=world.clock, rulebook=world.rulebook)


def _mornings(world: World, org_id: int) -> object:
    return raise_mornings(uow=world.uow_for(org_id), clock=world.clock, rulebook=world.rulebook)


def _watch_reports(world: World, org_id: int) -> object:
    return watch_reports(uow=world.uow_for(org_id), clock=world.clock)


CHORES: tuple[Chore, ...] = (
    Chore("watch reports", timedelta(0), _watch_reports),
    Chore("decide promises", timedelta(minutes=5), _decide_promises),
    Chore("mornings", timedelta(minutes=1), _mornings),
)


@dataclass(slots=True)
class Rota:
    """When this process last did which chore."""

    chores: tuple[Chore, ...] = CHORES
    _done: dict[str, float] = field(default_factory=dict)

    def due(self) -> Iterator[Chore]:
        """Those whose time has come; each counts as done when it is handed out."""
        for chore in self.chores:
            if monotonic() - self._done.get(chore.name, float("-inf")) >= chore.every.total_seconds():
                self._done[chore.name] = monotonic()
                yield chore

    def forget(self) -> None:
        """All are due now: a clock was moved."""
        self._done.clear()
