"""`plixo deliverability`: where the sending domain stands, and letting it send again."""

from __future__ import annotations

from getpass import getuser
from ipaddress import ip_address

import click

from bot.console import out
from bot.desk import Desk, open_desk
from bot.sender_records import sender_records
from connectors.mail.names import DnsNames
from domain.errors import InvalidValue
from domain.ports import Names
from domain.rules.sender_records import Record
from domain.usecases._sending_now import sending_now
from domain.usecases.lift_stop import lift_here
from handlers.presenters.deliverability import LEGEND, plot, record_lines, standing_lines
from handlers.presenters.reader import Reader

LIFT = 'plixo deliverability lift "why"'
"""What lifts a stop, here."""


@click.group(invoke_without_command=True)
@click.option("--no-dns", is_flag=True, help="Don't look up SPF, DKIM and DMARC.")
@click.option("--server", metavar="IP[:PORT]", help="Ask this name server, such as the domain's own after a change.")
@click.pass_context
def deliverability(context: click.Context, no_dns: bool, server: str | None) -> None:
    """The sending domain: SPF, DKIM, DMARC, warm-up, quota, what came back, and when the queue will have left."""
    if context.invoked_subcommand is not None:
        return
    with open_desk() as desk:
        records = _show(desk, no_dns=no_dns, names=_names(server))
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


def _show(desk: Desk, *, no_dns: bool, names: Names | None) -> tuple[Record, ...]:
    """What the rows say; returns the records of the domain."""
    rulebook = desk.rulebook
    with desk.uow() as work:
        now = sending_now(work, rulebook, desk.at)
        zone = work.organisation.get().zone
    reader = Reader.of(None, zone=zone).for_all()
    records = () if no_dns else sender_records(desk.world, now.domain.name, names=names)
    for line in standing_lines(now, records, reader=reader, at=desk.at, lift=LIFT):
        out.print(line, markup=False, soft_wrap=True)
    out.print()
    for line in plot(now, reader=reader, at=desk.at):
        out.print(line, markup=False, no_wrap=True)
    out.print(LEGEND)
    return records


@deliverability.command()
@click.argument("why")
def lift(why: str) -> None:
    """Let a domain that was stopped send again, one stage lower. WHY stands in the audit log."""
    with open_desk() as desk:
        rulebook = desk.rulebook
        with desk.uow() as work:
            try:
                lifted = lift_here(work, why, rulebook=rulebook, at=desk.at, actor_id=None, by=getuser())
            except InvalidValue as error:
                raise click.BadParameter(str(error), param_hint="WHY") from error
            now = sending_now(work, rulebook, desk.at)
    name, allowed = lifted.domain.name, now.caps.day
    if lifted.was_stopped:
        out.print(f"{name} sends again, at most {allowed} mails a day.", markup=False)
    else:
        out.print(f"{name} is not stopped: there is nothing to lift.", markup=False)
