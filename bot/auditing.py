"""`plixo audit`: is the log what was written, what does it say, and take it out."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from getpass import getuser
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.console import FAILED, err, out
from bot.desk import open_desk
from bot.settings import Settings
from domain.accounts import Account
from domain.audit import Filter, Line
from domain.errors import InvalidValue
from domain.ports import UnitOfWork
from domain.sealing import Fault, Finding, Verdict
from domain.usecases.export_audit import export_audit_to_file, exported_lines
from domain.usecases.verify_audit import verify_audit
from handlers.presenters.audit_csv import write_csv

FAULTS = {
    Fault.CHANGED: "a row was changed after it was sealed",
    Fault.MISSING: "a row was taken away",
    Fault.ADDED: "a row was added afterwards",
    Fault.SEAL_CHANGED: "the seal itself was changed",
    Fault.CHAIN_BROKEN: "it does not follow the block before: a seal was changed or taken away",
    Fault.DROPPED_UNSAID: "its rows are gone, and the log does not say that the retention dropped them",
}
"""What was found, in words."""


@click.group()
def audit() -> None:
    """The audit log: verify that nobody changed it, list it, export it."""


@audit.command()
@click.option("--expect", metavar="HASH", help="A block's hash that was kept elsewhere: is it still in the chain?")
def verify(expect: str | None) -> None:
    """Read every sealed block again and compare it with its seal. Exit code 1 when anything differs.

    Prints the newest block's hash. Keep it somewhere else, and give it to --expect next time: that shows that no
    blocks were taken away from the end.
    """
    with open_desk(patience=60) as desk:
        with desk.uow() as work:
            last, rows = work.seals.last(), work.audit_lines.last_id()
        with _bar() as progress:
            task = progress.add_task("Reading", total=max(last.last_id if last else 0, rows))
            verdict = verify_audit(
                uow=desk.uow,
                expected=expect.strip().lower() if expect else None,
                progress=lambda count: progress.advance(task, count),
            )
            progress.update(task, completed=progress.tasks[task].total)
        _say(verdict, ZoneInfo(desk.settings.zone))
    if not verdict.is_sound:
        sys.exit(FAILED)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=err, transient=True)


def _say(verdict: Verdict, zone: ZoneInfo) -> None:
    if verdict.finding is not None:
        out.print(f"[red]The audit log is not what was written.[/] {_place(verdict.finding)}", soft_wrap=True)
        out.print(f"The {verdict.blocks} blocks before it are sound.", soft_wrap=True)
        return
    if not verdict.is_expected:
        sentence = "No block has the hash that was expected: blocks were taken away, or it is another log's."
        out.print(f"[red]The audit log is not what was written.[/] {sentence}", soft_wrap=True)
        return
    out.print(f"The audit log is sound: {verdict.rows} rows in {verdict.blocks - verdict.dropped} blocks.")
    if verdict.dropped_until is not None:
        on = verdict.dropped_until.astimezone(zone)
        out.print(f"Rows of {verdict.dropped} older blocks were dropped by the retention, last on {on:%Y-%m-%d}.")
    out.print(f"Not sealed yet, and so not verified: {verdict.unsealed} rows.")
    out.print(f"Newest block: {verdict.head}", soft_wrap=True)


def _place(finding: Finding) -> str:
    row = f", row {finding.row}" if finding.row is not None else ""
    where = f"Block {finding.block} (rows {finding.first_id} to {finding.last_id}){row}"
    return f"{where}: {FAULTS[finding.fault]}."


def _filters(command: click.decorators.FC) -> click.decorators.FC:
    for option in reversed(
        (
            click.option("--user", metavar="E-MAIL", help="Only what this person did."),
            click.option("--account", metavar="NUMBER", help="Only this account, by its number in the books."),
            click.option("--action", help="Only this action, such as nudge.held; `nudge.` is all of them."),
            click.option("--from", "since", metavar="DAY", help="From this day or instant on, such as 2026-11-01."),
            click.option("--until", metavar="DAY", help="To the end of this day, or up to this instant."),
            click.option("--zone", help="Whose days and hours are meant; the workspace's when left out."),
        )
    ):
        command = option(command)
    return command


@audit.command(name="list")
@_filters
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="Newest lines shown.")
def list_(limit: int, **asked: str | None) -> None:
    """The newest lines, newest first."""
    with open_desk(patience=60) as desk:
        zone = _zone(asked["zone"], desk.settings)
        with desk.uow() as work:
            lines = work.audit_lines.newest(_filter(work, asked, zone, desk.world.clock.now()), limit=limit)
        table = Table("Id", f"Time ({zone})", "Who", "Action", "Subject", "Account", "Reason")
        for line in lines:
            table.add_row(*_cells(line, zone))
        out.print(table)


def _cells(line: Line, zone: ZoneInfo) -> list[str]:
    by = line.after.get("by") if line.after else None
    who = line.actor_name or (str(by) if by else "Plixo")
    at = line.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    return [str(line.id), at, who, line.action, line.subject, line.account_name or "", line.reason or ""]


@audit.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_filters
@click.option("--by", help="Who exports; your login name when left out.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def export(file: Path, by: str | None, force: bool, **asked: str | None) -> None:
    """Write the lines to a CSV FILE, oldest first. The export itself is a line of the log."""
    if file.exists() and not force:
        err.print(f"{file} exists already; choose another name, or give --force.", markup=False)
        sys.exit(FAILED)
    with open_desk(patience=60) as desk:
        zone = _zone(asked["zone"], desk.settings)
        with desk.uow() as work:
            wanted = _filter(work, asked, zone, desk.world.clock.now())
        with file.open("w", encoding="utf-8", newline="") as stream:
            export = export_audit_to_file(wanted, by=by or getuser(), uow=desk.uow, clock=desk.world.clock)
            count = write_csv(exported_lines(export, uow=desk.uow), stream, zone=zone)
        out.print(f"{count} lines are in {file}.", markup=False, soft_wrap=True)


def _zone(name: str | None, settings: Settings) -> ZoneInfo:
    if name is not None and name not in available_timezones():
        raise click.BadParameter(f"“{name}” is not an IANA time zone such as Europe/Berlin.", param_hint="--zone")
    return ZoneInfo(name or settings.zone)


def _filter(work: UnitOfWork, asked: dict[str, str | None], zone: ZoneInfo, at: datetime) -> Filter:
    """Raises BadParameter for a person or account that is not there, and for what is no day."""
    user, number, action = asked["user"], asked["account"], asked["action"]
    actor_id = account_id = None
    if user is not None:
        person = work.people.by_email(user, at)
        if person is None:
            raise click.BadParameter(f"There is nobody with the address {user}.", param_hint="--user")
        actor_id = person.id
    if number is not None:
        hits = [hit for hit in work.accounts.search(number, owner_email=None, limit=10) if _is(hit.account, number)]
        if len(hits) != 1:
            raise click.BadParameter(f"There is no one account with the number {number}.", param_hint="--account")
        account_id = hits[0].account.id
    try:
        since = read_bound(asked["since"], zone, is_end=False) if asked["since"] else None
        until = read_bound(asked["until"], zone, is_end=True) if asked["until"] else None
    except InvalidValue as error:
        raise click.BadParameter(str(error), param_hint="--from / --until") from error
    return Filter(actor_id=actor_id, account_id=account_id, action=action, since=since, until=until)


def _is(account: Account, number: str) -> bool:
    return account.external_id.casefold() == number.casefold()


def read_bound(text: str, zone: ZoneInfo, *, is_end: bool) -> datetime:
    """`2026-11-30` is the whole day in `zone`; `2026-11-30T14:00` an instant there, unless it has an offset of its own.

    Aware UTC. An instant that the clock shows twice is the first of them. Raises InvalidValue.
    """
    try:
        day = date.fromisoformat(text) + timedelta(days=is_end)
        moment = datetime.combine(day, clock_time.min)
    except ValueError:
        moment = _instant(text)
    except OverflowError as error:
        raise InvalidValue(f"“{text}” is after the end of the calendar.") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidValue(
            f"“{text}” is neither a day such as 2026-11-30 nor an instant such as 2026-11-30T14:00."
        ) from error
