"""`plixo deliverability`: where the sending domain stands, and letting it send again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from getpass import getuser

import click

from bot.console import configured, out, world_or_exit
from bot.world import ensure_organisation
from domain.errors import InvalidValue
from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.usecases._sending_now import sending_now
from domain.usecases.lift_stop import lift_here
from handlers.presenters.deliverability import plot, standing_lines
from handlers.presenters.reader import Reader
from storage.migrate import upgrade


@click.group(invoke_without_command=True)
@click.pass_context
def deliverability(context: click.Context) -> None:
    """The sending domain: warm-up, quota, what came back, and when the queue will have left."""
    if context.invoked_subcommand is not None:
        return
    with _desk() as (work, rulebook, at):
        now = sending_now(work, rulebook, at)
        reader = Reader.of(None, zone=work.organisation.get().zone).for_all()
        for line in standing_lines(now, reader=reader, at=at):
            out.print(line.replace("`", ""), markup=False, soft_wrap=True)
        out.print()
        for line in plot(now, reader=reader, at=at):
            out.print(line, markup=False, no_wrap=True)
        out.print("█ left, ▒ came back or was reported, ░ what the ramp allows when every day counts")


@deliverability.command()
@click.argument("why")
def lift(why: str) -> None:
    """Let a domain that was stopped send again, one stage lower. WHY stands in the audit log."""
    with _desk() as (work, rulebook, at):
        try:
            lifted = lift_here(work, why, rulebook=rulebook, at=at, actor_id=None, by=getuser())
        except InvalidValue as error:
            raise click.BadParameter(str(error), param_hint="WHY") from error
        now = sending_now(work, rulebook, at)
    name, allowed = lifted.domain.name, now.caps.day
    if lifted.was_stopped:
        out.print(f"{name} sends again, at most {allowed} mails a day.", markup=False)
    else:
        out.print(f"{name} is not stopped: there is nothing to lift.", markup=False)


@contextmanager
def _desk() -> Iterator[tuple[UnitOfWork, Rulebook, datetime]]:
    with world_or_exit(configured()) as world:
        upgrade(world.engine)
        org_id = ensure_organisation(world)
        rulebook = world.rulebook_for(org_id)
        with world.uow_for(org_id)() as work:
            yield work, rulebook, world.clock.now()
