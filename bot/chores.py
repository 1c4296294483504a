"""What is looked after now and then, organisation by organisation. A new chore gets its line in CHORES.

Every replica does them all, so each must be safe to do twice and at the same time as another: what is due stands in the
rows, and a change is conditional on what it was decided by.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from bot.slack_app import build_client
from bot.slack_groups import SlackGroups
from bot.world import World
from domain.errors import Unavailable
from domain.usecases.decide_promises import decide_promises
from domain.usecases.drop_old_audit import drop_old_audit
from domain.usecases.give_group_role import read_groups
from domain.usecases.raise_mornings import raise_mornings
from domain.usecases.seal_audit import seal_audit
from domain.usecases.watch_reports import watch_reports

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """`do` is given the world and an organisation; it looks at the rows and comes back."""

    name: str
    every: timedelta
    do: Callable[[World, int], object]


def _decide_promises(world: World, org_id: int) -> object:
    return decide_promises(uow=world.uow_for(org_id), clock=world.clock, rulebook=world.rulebook_for(org_id))


def _mornings(world: World, org_id: int) -> object:
    return raise_mornings(uow=world.uow_for(org_id), clock=world.clock, rulebook=world.rulebook_for(org_id))


def _watch_reports(world: World, org_id: int) -> object:
    return watch_reports(uow=world.uow_for(org_id), clock=world.clock)


def _read_groups(world: World, org_id: int) -> None:
    """Who is in the user groups that give a role. When Slack does not answer, the next look asks again."""
    if not world.settings.slack_bot_token:
        return
    groups = SlackGroups(build_client(world))
    try:
        read_groups(groups=groups, uow=world.uow_for(org_id), clock=world.clock)
    except Unavailable as error:
        log.warning("user groups not read: %s", error.code)


def _seal_audit(world: World, org_id: int) -> None:
    seal_audit(uow=world.uow_for(org_id), clock=world.clock)


def _drop_old_audit(world: World, org_id: int) -> None:
    if (days := world.settings.audit_retention_days) is not None:
        drop_old_audit(timedelta(days=days), uow=world.uow_for(org_id), clock=world.clock)


CHORES: tuple[Chore, ...] = (
    Chore("watch reports", timedelta(0), _watch_reports),
    Chore("decide promises", timedelta(minutes=5), _decide_promises),
    Chore("mornings", timedelta(minutes=1), _mornings),
    Chore("user groups", timedelta(seconds=30), _read_groups),
    Chore("seal the audit log", timedelta(minutes=1), _seal_audit),
    Chore("drop old audit", timedelta(hours=6), _drop_old_audit),
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
