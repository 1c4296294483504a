"""`plixo policy simulate`: what Autopilot would send, before anything is published."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.console import FAILED, err, out
from bot.desk import open_desk
from bot.policing import FILE, read_file, say_findings
from bot.world import World
from domain.ports import UnitOfWork, UnitOfWorkFactory
from domain.simulation import BookAhead, Proposed
from domain.usecases.apply_charter import weigh_charter
from domain.usecases.simulate_account import account_ahead
from domain.usecases.simulate_book import book_ahead
from handlers.presenters import simulation, simulation_book
from handlers.presenters.reader import Reader


@click.command()
@click.argument("file", type=FILE, required=False)
@click.option(
    "--account", metavar="NUMBER", help="Only this account, by its number in the books: its next three steps."
)
def simulate(file: Path | None, account: str | None) -> None:
    """What Autopilot would send in the next seven days, per day and segment. Nothing is changed.

    With FILE as if that document were published; without it by what is in force. Exit code 1 when it does not fit.
    """
    charter = read_file(file) if file else None
    with open_desk() as desk:
        world, uow, at = desk.world, desk.uow, desk.at
        rulebook = world.rulebook_for(desk.org_id)
        proposed, what = Proposed(), []
        if file and charter:
            weighed = weigh_charter(charter, uow=uow, rulebook=world.rulebook)
            say_findings(weighed.findings, file)
            if not weighed.is_sound:
                sys.exit(FAILED)
            contents = {kind: section.content for kind, section in charter.sections.items()}
            proposed, what = Proposed(contents, {one.key: one.name for one in charter.wordings}), [str(file)]
        if account is not None:
            with uow() as work:
                id = _account(work, account)
                ahead = account_ahead(work, id, proposed, rulebook=rulebook, at=at)
                reader = Reader.of(None, zone=work.organisation.get().zone).for_all()
            out.print(f"{ahead.account.name} ({ahead.account.external_id})", markup=False, soft_wrap=True)
            for line in simulation.account_lines(ahead, reader=reader, say=plain):
                out.print(line, markup=False, soft_wrap=True)
            out.print(simulation.ASSUMED, soft_wrap=True)
            return
        _show(_worked_out(proposed, world, uow, desk.org_id), what, Reader.of(None, zone=world.settings.zone).for_all())


def plain(text: str, limit: int = 300) -> str:
    """Data for a terminal: one line without control characters."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:limit]


def _account(work: UnitOfWork, number: str) -> int:
    hits = work.accounts.search(number, owner_email=None, limit=10)
    found = [hit.account.id for hit in hits if hit.account.external_id.casefold() == number.casefold()]
    if len(found) != 1:
        raise click.BadParameter(f"There is no one account with the number {number}.", param_hint="--account")
    return found[0]


def _worked_out(proposed: Proposed, world: World, uow: UnitOfWorkFactory, org_id: int) -> BookAhead:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("Customers", total=None)
        return book_ahead(
            proposed,
            uow=uow,
            rulebook=world.rulebook_for(org_id),
            at=world.clock.now(),
            progress=lambda count: progress.advance(task, count),
        )


def _show(ahead: BookAhead, what: list[str], reader: Reader) -> None:
    for line in (simulation_book.lead(ahead, what), *simulation_book.total_lines(ahead)):
        out.print(line, markup=False, soft_wrap=True)
    columns = simulation_book.columns(ahead)
    table = Table("Day", *(column.name for column in columns))
    for row, name in enumerate(simulation_book.day_names(ahead.days, ahead, reader)):
        table.add_row(name, *(f"{column.counts[row]:,}" for column in columns))
    out.print(table)
    for line in (
        simulation_book.legend(ahead),
        *simulation_book.moved_lines(ahead),
        *simulation_book.segment_lines(ahead, say=plain),
        *simulation_book.why_not_lines(ahead),
        *simulation_book.recipient_lines(ahead, say=plain),
        simulation.ASSUMED,
    ):
        out.print(line.replace("*", ""), markup=False, soft_wrap=True)
