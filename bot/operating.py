"""`plixo maintenance`: close the house for a while, and open it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from getpass import getuser
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot.console import configured, out, world_or_exit
from bot.settings import Settings
from bot.world import World, ensure_organisation
from domain.errors import InvalidValue
from domain.ports import UnitOfWorkFactory
from domain.rules.spans import span_of
from domain.usecases.switch_maintenance import switch_maintenance_by
from storage.migrate import upgrade


class Span(click.ParamType[timedelta]):
    """`30m`, `2h`, `1h30m`, `1d`."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        try:
            return span_of(str(value))
        except InvalidValue as error:
            self.fail(str(error), param, ctx)


@contextmanager
def house() -> Iterator[tuple[World, Settings, UnitOfWorkFactory]]:
    settings = configured()
    with world_or_exit(settings) as world:
        upgrade(world.engine)
        yield world, settings, world.uow_for(ensure_organisation(world))


@click.group()
def maintenance() -> None:
    """Close the house for a while: looking things up works, everything that writes or sends is refused."""


@maintenance.command(name="on")
@click.argument("reason")
@click.option("--for", "lasts", type=Span(), default="1h", show_default=True, help="Ends by itself; 24h at most.")
def maintenance_on(reason: str, lasts: timedelta) -> None:
    """Refuse everything that writes or sends, with REASON for everybody to read, on every replica within 5 seconds."""
    with house() as (world, settings, uow):
        switched = switch_maintenance_by(reason, lasts=lasts, by=getuser(), uow=uow, clock=world.clock)
        if switched.now is not None:
            until = switched.now.until.astimezone(ZoneInfo(settings.zone))
            out.print(f"Maintenance is on until {until:%a %d %b %H:%M} ({settings.zone}); it ends by itself.")
        out.print(f"Mails under way that may still leave: {switched.under_way}. Nothing else does.")


@maintenance.command(name="off")
def maintenance_off() -> None:
    """Open the house again: what is due leaves, under the same guards."""
    with house() as (world, _settings, uow):
        switched = switch_maintenance_by(None, by=getuser(), uow=uow, clock=world.clock)
        out.print("Maintenance has ended." if switched.was else "No maintenance is on.")
