"""`plixo sending`: the switch, and the provider's trouble."""

from __future__ import annotations

from datetime import timedelta
from getpass import getuser
from zoneinfo import ZoneInfo

import click

from bot.console import configured, out, world_or_exit
from bot.world import ensure_organisation
from domain.messages import State
from domain.policy import Sending
from domain.ports import UnitOfWorkFactory
from domain.usecases.set_sending import set_sending
from domain.usecases.switch_degraded import switch_degraded
from storage.migrate import upgrade


@click.command()
@click.argument("state", type=click.Choice(["on", "paused", "degraded"]))
@click.argument("reason", default="")
@click.option("--hours", type=click.FloatRange(min=0.1), help="Switch a pause back on by itself after so many hours.")
def sending(state: str, reason: str, hours: float | None) -> None:
    """Switch sending on, or pause it: nothing leaves and nothing new is queued; what waits keeps waiting.

    “degraded” says that billing or the mail provider is in trouble; a signed message of theirs can say so, too.
    “on” ends both.
    """
    settings = configured()
    with world_or_exit(settings) as world:
        upgrade(world.engine)
        uow = world.uow_for(ensure_organisation(world))
        if state == "degraded":
            switch_degraded(reason, by=getuser(), uow=uow, clock=world.clock)
            out.print("Sending is degraded until somebody runs `plixo sending on`.")
            _tell_under_way(uow)
            return
        until = world.clock.now() + timedelta(hours=hours) if hours and state != "on" else None
        set_sending(Sending(state), reason=reason, until=until, by=getuser(), uow=uow, clock=world.clock)
        if state == "on":
            switch_degraded(None, by=getuser(), uow=uow, clock=world.clock)
            out.print("Sending is on.")
            return
        ends = f"until {until.astimezone(ZoneInfo(settings.zone)):%H:%M} ({settings.zone})" if until else ""
        out.print(f"Sending is paused {ends or 'until somebody runs `plixo sending on`'}.", soft_wrap=True)
        _tell_under_way(uow)


def _tell_under_way(uow: UnitOfWorkFactory) -> None:
    with uow() as work:
        under_way = work.oversight.standing()[State.SENDING]
    out.print(f"Mails under way that may still leave: {under_way}. Nothing else does.")
