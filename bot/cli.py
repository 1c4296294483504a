"""`plixo`: the one command line.

Exit codes: 0 done; 1 failed; 2 wrong use; 3 the configuration is not valid; 4 an import rejected rows;
5 not ready (`doctor`).
"""

from __future__ import annotations

import sys
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from getpass import getuser
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from bot.demo import run_demo
from bot.health import all_checks
from bot.importing import run_import
from bot.logs import set_up_logs
from bot.serve import run_bot, start_loop, wait_for_signal
from bot.settings import ConfigurationError, Settings, load_settings
from bot.slack_app import build_client
from bot.world import World, build_world, ensure_organisation
from domain.errors import PlixoError
from domain.policy import Sending
from domain.ports import UnitOfWorkFactory
from domain.usecases.set_sending import set_sending
from domain.values import Capability, Person, Role
from storage.migrate import upgrade

FAILED, NOT_CONFIGURED, ROWS_REJECTED, NOT_READY = 1, 3, 4, 5

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def configured(**overrides: Any) -> Settings:
    """The settings, or every problem with them and exit code 3."""
    try:
        settings = load_settings(**overrides)
    except ConfigurationError as error:
        err.print("The configuration is not valid:")
        for problem in error.problems:
            err.print(f"  • {problem}", markup=False)
        sys.exit(NOT_CONFIGURED)
    set_up_logs(settings.log_level)
    return settings


@contextmanager
def world_or_exit(settings: Settings) -> Iterator[World]:
    """The world; known failures end in one sentence and exit code 1 instead of a traceback."""
    try:
        with build_world(settings) as world:
            yield world
    except PlixoError as error:
        err.print(str(error), markup=False)
        sys.exit(FAILED)
    except (SQLAlchemyError, OSError) as error:
        err.print(f"The database or a file could not be used ({type(error).__name__}). Try `plixo doctor`.")
        sys.exit(FAILED)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="plixo-slack", prog_name="plixo")
def main() -> None:
    """Plixo for Slack: Account 360 and one safe action, the Nudge.

    Settings are read from the environment and from .env; `plixo doctor` tells what is missing.
    """
    # Every replica reads the pinned zone data, whatever its system carries.
    zoneinfo.reset_tzpath(to=())


@main.command()
@click.option("--reset", is_flag=True, help="Start over: forget the demo's data, mail and messages.")
@click.option("--port", default=8420, show_default=True, help="Port of the local Slack workspace; busy: the next free.")
def demo(reset: bool, port: int) -> None:
    """The whole product on this machine: bot, loop, a book of receivables and a local Slack workspace."""
    run_demo(reset=reset, port=port, out=out)


@main.command()
def serve() -> None:
    """The bot and the release loop. Socket Mode when SLACK_APP_TOKEN is set, HTTP otherwise."""
    settings = configured()
    _need_slack(settings)
    with world_or_exit(settings) as world, run_bot(world) as bot:
        way = "Socket Mode" if settings.slack_app_token else "HTTP"
        out.print(f"Plixo listens by {way}; health checks on port {bot.port}. Ctrl-C stops it.")
        wait_for_signal()


@main.command()
def worker() -> None:
    """The release loop alone: another replica for the queue."""
    settings = configured()
    with world_or_exit(settings) as world:
        upgrade(world.engine)
        loop = start_loop(world, build_client(world), ensure_organisation(world))
        out.print(f"Worker {world.worker} releases what is due. Ctrl-C stops it.")
        wait_for_signal()
        loop.stop()


@main.command()
def migrate() -> None:
    """Bring the database's tables up to date. Safe to run from several machines at once."""
    with world_or_exit(configured()) as world:
        upgrade(world.engine)
        out.print("The tables are up to date.")


@main.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), help="TOML file that says which column is what.")
@click.option("--date-format", help="How dates are written, such as %d/%m/%Y, when the file does not tell.")
@click.option("--decimal", type=click.Choice([".", ","]), help="The decimal separator, when the file does not tell.")
@click.option("--currency", help="ISO 4217 code for files without a currency column.")
@click.option("--rejects", type=click.Path(path_type=Path), default=Path("var/rejects"), show_default=True)
@click.option("--by", default=None, help="Who imports; your login name when left out.")
def import_(
    files: tuple[Path, ...],
    mapping: Path | None,
    date_format: str | None,
    decimal: str | None,
    currency: str | None,
    rejects: Path,
    by: str | None,
) -> None:
    """Read receivables from CSV files: customers, contacts, invoices, payments, notes.

    Each file is recognised by its headers. Importing a file twice changes nothing. Rows that cannot be taken go to a
    file of rejects with the row, the column and what to mend (exit code 4).
    """
    with world_or_exit(configured()) as world:
        upgrade(world.engine)
        org_id = ensure_organisation(world)
        reports = run_import(
            world,
            org_id,
            list(files),
            mapping=mapping,
            date_format=date_format,
            decimal=decimal,
            currency=currency,
            rejects=rejects,
            by=by or getuser(),
            out=out,
        )
    if any(report.problems for report in reports):
        sys.exit(FAILED)
    if any(report.rejected for report in reports):
        sys.exit(ROWS_REJECTED)


@main.group()
def roles() -> None:
    """Who may do what: list people, set roles, grant the Nudge, deactivate."""


@contextmanager
def _people() -> Iterator[tuple[UnitOfWorkFactory, datetime]]:
    with world_or_exit(configured()) as world:
        upgrade(world.engine)
        yield world.uow_for(ensure_organisation(world)), world.clock.now()


@roles.command(name="list")
def roles_list() -> None:
    """Everybody with their role as it is now."""
    with _people() as (uow, at), uow() as work:
        table = Table("E-mail", "Name", "Role", "Also may", "Active", "Seen in Slack")
        for person in work.people.everyone(at):
            also = ", ".join(sorted(person.capabilities)) or "–"
            table.add_row(
                person.email,
                person.name,
                person.role.value,
                also,
                "yes" if person.is_active else "no",
                "yes" if person.slack_user_id else "not yet",
            )
        out.print(table)


@roles.command(name="set")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--name", help="Name, for somebody new.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Only until this day; then the old role returns.")
def roles_set(email: str, role: str, name: str | None, until: datetime | None) -> None:
    """Give somebody a role. Somebody new is added and matched in Slack by e-mail."""
    with _people() as (uow, at), uow() as work:
        person = work.people.by_email(email, at)
        if person is None:
            if until:
                err.print("There is nobody with this address yet; set a lasting role first.")
                sys.exit(FAILED)
            person = Person(
                org_id=0, id=0, email=email, name=name or email.partition("@")[0], role=Role(role), is_active=True
            )
            person = work.people.save(person)
        else:
            work.people.save(replace(person, name=name or person.name))
            ends = _utc(until) if until else None
            work.people.grant(person.id, role=Role(role), capability=None, until=ends, by=getuser())
        after = {"role": role, "until": until.date().isoformat() if until else None, "by": getuser()}
        work.audit.record("role.set", at=at, actor_id=None, subject=f"user:{person.id}", after=after)
        out.print(f"{email} is {role}{f' until {until.date()}' if until else ''}.")


@roles.command(name="grant")
@click.argument("email")
@click.argument("capability", type=click.Choice([Capability.NUDGE.value]))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Only until this day.")
def roles_grant(email: str, capability: str, until: datetime | None) -> None:
    """Grant a Viewer the Nudge."""
    with _people() as (uow, at), uow() as work:
        person = work.people.by_email(email, at)
        if person is None:
            err.print(f"There is nobody with the address {email}; `plixo roles list` shows everybody.")
            sys.exit(FAILED)
        ends = _utc(until) if until else None
        work.people.grant(person.id, role=None, capability=Capability(capability), until=ends, by=getuser())
        work.audit.record(
            "capability.granted",
            at=at,
            actor_id=None,
            subject=f"user:{person.id}",
            after={"capability": capability, "by": getuser()},
        )
        out.print(f"{email} may {capability}{f' until {until.date()}' if until else ''}.")


@roles.command(name="deactivate")
@click.argument("email")
def roles_deactivate(email: str) -> None:
    """Refuse somebody at once. Their history stays."""
    _set_active(email, False)


@roles.command(name="activate")
@click.argument("email")
def roles_activate(email: str) -> None:
    """Let somebody back in."""
    _set_active(email, True)


def _set_active(email: str, is_active: bool) -> None:
    with _people() as (uow, at), uow() as work:
        person = work.people.by_email(email, at)
        if person is None:
            err.print(f"There is nobody with the address {email}; `plixo roles list` shows everybody.")
            sys.exit(FAILED)
        work.people.save(replace(person, is_active=is_active))
        action = "person.activated" if is_active else "person.deactivated"
        work.audit.record(action, at=at, actor_id=None, subject=f"user:{person.id}", after={"by": getuser()})
        out.print(f"{email} is {'active' if is_active else 'deactivated'}.")


@main.command()
@click.argument("state", type=click.Choice(["on", "paused"]))
@click.argument("reason", default="")
@click.option("--hours", type=click.FloatRange(min=0.1), help="Switch back on by itself after so many hours.")
def sending(state: str, reason: str, hours: float | None) -> None:
    """Switch sending on, or pause it: nothing leaves and nothing new is queued; what waits keeps waiting."""
    with world_or_exit(configured()) as world:
        upgrade(world.engine)
        until = world.clock.now() + timedelta(hours=hours) if hours and state != "on" else None
        set_sending(
            Sending(state),
            reason=reason,
            until=until,
            by=getuser(),
            uow=world.uow_for(ensure_organisation(world)),
            clock=world.clock,
        )
        out.print(
            "Sending is on." if state == "on" else f"Sending is paused{f' until {until:%H:%M} UTC' if until else ''}."
        )


@main.command()
def doctor() -> None:
    """Look at everything Plixo needs, and say how to mend what is wrong (exit code 5 when something is)."""
    settings = configured()
    with world_or_exit(settings) as world:
        bad = 0
        for look in all_checks(world, build_client(world)):
            check = look()
            bad += not check.is_ok
            mark = "[green]ok  [/]" if check.is_ok else "[red]bad [/]" if check.is_vital else "[yellow]note[/]"
            out.print(f"{mark} {check.name}: {check.detail}")
            if not check.is_ok:
                out.print(f"       → {check.fix}")
    if bad:
        sys.exit(NOT_READY)


def _need_slack(settings: Settings) -> None:
    missing = (
        [] if settings.slack_bot_token else ["SLACK_BOT_TOKEN: set it (OAuth & Permissions in the app's settings)."]
    )
    if not (settings.slack_app_token or settings.slack_signing_secret):
        missing.append("SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP): set one of them.")
    if not (settings.smtp_url or settings.maildir):
        missing.append("PLIXO_SMTP_URL or PLIXO_MAILDIR: set one, or no reminder can leave.")
    if missing:
        err.print("The configuration is not complete:")
        for problem in missing:
            err.print(f"  • {problem}", markup=False)
        sys.exit(NOT_CONFIGURED)


def _utc(day: datetime) -> datetime:
    return day.replace(tzinfo=UTC)
