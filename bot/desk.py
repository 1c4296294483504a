"""What a command works at: the installation's organisation, over tables that are up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.console import configured, world_or_exit
from bot.settings import Settings
from bot.world import World, ensure_organisation
from domain.policy import Rulebook
from domain.ports import UnitOfWork, UnitOfWorkFactory
from storage.migrate import upgrade


@dataclass(frozen=True, slots=True)
class Desk:
    """`at`: the instant at which the command began, UTC."""

    world: World
    org_id: int
    uow: UnitOfWorkFactory
    at: datetime

    @property
    def settings(self) -> Settings:
        return self.world.settings

    @property
    def rulebook(self) -> Rulebook:
        """By the published policy, read in a transaction of its own: ask before you begin one. Raises Busy,
        InvalidValue.
        """
        return self.world.rulebook_for(self.org_id)


@contextmanager
def open_desk(*, patience: float = 15) -> Iterator[Desk]:
    """Migrates the tables first. `patience`: seconds one statement may take.

    What is wrong with the settings, and known failures, end the command with a sentence and an exit code.
    """
    with world_or_exit(configured(), patience=patience) as world:
        upgrade(world.engine)
        org_id = ensure_organisation(world)
        yield Desk(world, org_id, world.uow_for(org_id), world.clock.now())


def zone_of(work: UnitOfWork) -> ZoneInfo:
    """The workspace's: in it a command's days and hours are meant."""
    return ZoneInfo(work.organisation.get().zone)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """What a clock on the wall there shows, as UTC; a midnight that the clocks skip is the first minute after it."""
    return wall.replace(tzinfo=zone).astimezone(UTC)
