"""`plixo deliverability`: where the sending domain stands, and letting it send again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from getpass import getuser
from ipaddress import ip_address

import click

from bot.console import configured, out, world_or_exit
from bot.sender_records import sender_records
from bot.world import World, ensure_organisation
from connectors.mail.names import DnsNames
from domain.errors import InvalidValue
from domain.policy import Rulebook
from domain.ports import Names, UnitOfWork
from domain.usecases._sending_now import sending_now
from domain.usecases.lift_stop import lift_here
from handlers.presenters.deliverability import LEGEND, plot, record_lines, standing_lines
from handlers.presenters.reader import Reader
from storage.migrate import upgrade


@click.group(invoke_without_command=True)
@click.option("--no-dns", is_flag=True, help="Don't look up SPF, DKIM and DMARC.")
@click.option("--server", metavar="IP[:PORT]", help="Ask this name server, such as the domain's own after a change.")
@click.pass_context
def deliverability(context: click.Context, no_dns: bool, server: str | None) -> None:
    """The sending domain: SPF, DKIM, DMARC, warm-up, quota, what came back, and when the queue will have left."""
    if context.invoked_subcommand is not None:
        return
    with world_or_exit(configured()) as world:
        name = _show(world)
        records = () if no_dns else sender_records(world, name, names=_names(server))
    for said, publish in record_lines(records):
        out.print(f"\n{said}", markup=False, soft_wrap=True)
        if publish:
            out.print(f"  {publish}", markup=False, soft_wrap=True)


def _names(server: str | None) -> Names | None:
    if server is None:
        return None
    address, _, port = server.rpartition(":") if server.count(":") == 1 else (server, "", "53")
    try:
        return DnsNames(servers=[str(ip_address(address))], port=int(port))
    except ValueError:
        raise click.BadParameter(
            "Write the address of a name server, such as 9.9.9.9.", param_hint="--server"
        ) from None


def _show(world: World) -> str:
    """What the rows say; returns the domain."""
    with _opened(world) as (work, rulebook, at):
        now = sending_now(work, rulebook, at)
        reader = Reader.of(None, zone=work.organisation.get().zone).for_all()
        for line in standing_lines(now, reader=reader, at=at):
            out.print(line.replace("`/plixo", "plixo").replace("`", ""), markup=False, soft_wrap=True)
        out.print()
        for line in plot(now, reader=reader, at=at):
            out.print(line, markup=False, no_wrap=True)
        out.print(LEGEND)
        return now.domain.name


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
    with world_or_exit(configured()) as world, _opened(world) as opened:
        yield opened


@contextmanager
def _opened(world: World) -> Iterator[tuple[UnitOfWork, Rulebook, datetime]]:
    upgrade(world.engine)
    org_id = ensure_organisation(world)
    rulebook = world.rulebook_for(org_id)
    with world.uow_for(org_id)() as work:
        yield work, rulebook, world.clock.now()
