"""`plixo suppress`: addresses to which nobody writes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from getpass import getuser
from pathlib import Path

import click
from rich.table import Table

from bot.console import FAILED, ROWS_REJECTED, err, out
from bot.desk import Desk, open_desk
from connectors.suppressions import Bad, read_suppressions
from domain.accounts import Suppressed, Suppression
from domain.errors import InvalidValue
from domain.ports import UnitOfWork
from domain.rules.suppressing import COMPLAINED, REASONS, is_weaker, read_address, read_day, read_reason
from domain.usecases._suppressing import reactivate_here, suppress_here
from domain.usecases._warming import today_of
from handlers import vocabulary

AT_ONCE = 500
"""Rows of a list in one transaction."""
PAGE = 1_000


@click.group()
def suppress() -> None:
    """Addresses to which nobody writes: add, list, lift, import a file."""


@suppress.command()
@click.argument("email")
@click.option("--reason", default="opted out", show_default=True, help=f"One of: {', '.join(REASONS)}.")
@click.option(
    "--until", default="", metavar="DAY", help="From this day on, in the account's zone, they may be written to."
)
@click.option("--note", default="", help="Why, or where it is written down.")
def add(email: str, reason: str, until: str, note: str) -> None:
    """Write to an address no more, whatever account it belongs to."""
    with open_desk(patience=60) as desk:
        with _mistakes():
            kept, detail = read_reason(reason)
            day = read_day(until, today=_today(desk))
            wanted = Suppressed(read_address(email), Suppression(kept, day), desk.at, note.strip() or detail)
            with desk.uow() as work:
                is_new = suppress_here(work, wanted, actor_id=None, by=getuser(), at=desk.at)
        ends = f" before {day}" if day else " until somebody lifts it"
        said = "Nobody writes" if is_new else "It stood so already: nobody writes"
        out.print(f"{said} to {wanted.email}{ends}.", markup=False)


@suppress.command(name="list")
@click.option("--all", "everything", is_flag=True, help="Those that ended too.")
def list_(everything: bool) -> None:
    """Every suppressed address, by address."""
    with open_desk(patience=60) as desk:
        today = _today(desk)
        table = Table("E-mail", "Why", "Until", "Since", "Note")
        after = ""
        while True:
            with desk.uow() as work:
                found = work.suppressions.page(after=after, limit=PAGE)
            for one in found:
                if everything or one.suppression.holds_on(today):
                    table.add_row(
                        one.email, _why(one), str(one.suppression.until or "–"), f"{one.since:%Y-%m-%d}", one.detail
                    )
            if len(found) < PAGE:
                break
            after = found[-1].email
        out.print(table if table.row_count else "No address is suppressed.")


@suppress.command()
@click.argument("email")
@click.argument("why")
def lift(email: str, why: str) -> None:
    """Let an address be written to again. WHY stands in the audit log."""
    with open_desk(patience=60) as desk:
        with _mistakes(), desk.uow() as work:
            address = read_address(email)
            before = reactivate_here(work, address, why, actor_id=None, by=getuser(), at=desk.at)
        if before is None:
            err.print(f"{address} is not suppressed; `plixo suppress list` shows all that are.", markup=False)
            sys.exit(FAILED)
        out.print(f"{address} may be written to again.", markup=False)


@suppress.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Add all addresses of a CSV file: columns email, and as you like reason, until, note.

    A list never shortens what stands: an address that is suppressed for longer stays so. Importing it twice changes
    nothing. Exit code 4 when rows could not be taken; they are named, with what to mend.
    """
    with open_desk(patience=60) as desk:
        counts: Counter[str] = Counter()
        batch: list[Suppressed] = []
        with _mistakes():
            for row in read_suppressions(file, today=_today(desk), at=desk.at):
                if isinstance(row, Bad):
                    counts["rejected"] += 1
                    err.print(f"Row {row.row}: {row.mend}", markup=False, soft_wrap=True)
                else:
                    batch.append(row)
                if len(batch) == AT_ONCE:
                    counts += _take(desk, batch)
                    batch = []
            counts += _take(desk, batch)
    out.print(f"New: {counts['new']}. As they were: {counts['same']}. Rejected: {counts['rejected']}.")
    if counts["rejected"]:
        sys.exit(ROWS_REJECTED)


def _today(desk: Desk) -> date:
    rulebook = desk.rulebook
    with desk.uow() as work:
        return today_of(work, rulebook, desk.at)


def _take(desk: Desk, batch: list[Suppressed]) -> Counter[str]:
    with desk.uow() as work:
        return Counter("new" if _take_one(work, one, desk.at) else "same" for one in batch)


def _take_one(work: UnitOfWork, one: Suppressed, at: datetime) -> bool:
    standing = work.suppressions.get(one.email)
    if standing is not None and (
        is_weaker(one.suppression, standing.suppression) or one.suppression == standing.suppression
    ):
        return False
    return suppress_here(work, one, actor_id=None, by=getuser(), at=at)


def _why(one: Suppressed) -> str:
    if one.detail == COMPLAINED:
        return "they reported a mail of ours as unwanted"
    return vocabulary.SUPPRESSIONS[one.suppression.reason.value]


@contextmanager
def _mistakes() -> Iterator[None]:
    try:
        yield
    except InvalidValue as error:
        raise click.UsageError(str(error)) from error
