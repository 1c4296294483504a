"""`plixo`: the one command line.

Exit codes: 0 done; 1 failed; 2 wrong use; 3 the configuration is not valid; 4 an import rejected rows;
5 not ready (`doctor`); 6 refused under maintenance; 75 try again later (`bounces`, for a mail server's pipe).

What only one command needs is imported by that command: a bot that runs for months holds no demo and no importer.
"""

from __future__ import annotations

import sys
import zoneinfo
from contextlib import ExitStack
from getpass import getuser
from pathlib import Path

import click
from rich.markup import escape

from bot.aftermath import bounces, restored
from bot.auditing import audit
from bot.console import FAILED, NOT_CONFIGURED, NOT_READY, ROWS_REJECTED, configured, err, out, world_or_exit
from bot.deliverability import deliverability
from bot.doctor import all_checks
from bot.duty import duty
from bot.operating import cron, maintenance
from bot.policing import policy
from bot.roles import roles
from bot.sending import sending
from bot.serve import answering, listen_for_signals, run_bot, settle, start_loop, wait_for
from bot.settings import Settings
from bot.simulating import simulate
from bot.slack_app import build_client
from bot.status import status
from bot.summing import summary
from bot.suppressing import suppress
from bot.world import ensure_organisation
from domain.receivables import Kind
from storage.migrate import upgrade

WORKER_THREADS = 2
"""A worker answers probes and scrapes only."""


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
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8420,
    show_default=True,
    help="Port of the local Slack workspace; busy: the next free.",
)
def demo(reset: bool, port: int) -> None:
    """The whole product on this machine: bot, loop, a book of receivables and a local Slack workspace."""
    from bot.demo import run_demo

    run_demo(reset=reset, port=port, out=out)


@main.command()
def serve() -> None:
    """The bot and the release loop. Socket Mode when SLACK_APP_TOKEN is set, HTTP otherwise."""
    settings = configured()
    _need_slack(settings)
    stop = listen_for_signals()
    with world_or_exit(settings) as world, run_bot(world) as bot:
        way = "Socket Mode" if settings.slack_app_token else "HTTP"
        settle()
        out.print(f"Plixo listens by {way}; health checks on port {bot.port}. Ctrl-C stops it.")
        wait_for(stop)


@main.command()
def worker() -> None:
    """The release loop alone: another replica for the queue. Answers health checks when PLIXO_WORKER_PORT is set."""
    settings = configured()
    _need_slack(settings, is_asked=False)
    stop = listen_for_signals()
    with world_or_exit(settings) as world, ExitStack() as stack:
        upgrade(world.engine)
        ensure_organisation(world)
        heard = ""
        if settings.worker_port is not None:
            port = stack.enter_context(answering(world, None, port=settings.worker_port, threads=WORKER_THREADS))
            heard = f" Health checks on port {port}."
        loop = start_loop(world, build_client(world))
        settle()
        out.print(f"Worker {world.worker} releases what is due.{heard} Ctrl-C stops it.")
        wait_for(stop)
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
@click.option("--encoding", help="Such as utf-8 or cp1252, when it is not found out.")
@click.option("--delimiter", help="The character between columns, when it is not found out.")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in Kind]), help="What the file holds, if its header fits two."
)
@click.option("--rejects", type=click.Path(path_type=Path), default=Path("var/rejects"), show_default=True)
@click.option("--by", default=None, help="Who imports; your login name when left out.")
def import_(
    files: tuple[Path, ...], mapping: Path | None, rejects: Path, by: str | None, **declared: str | None
) -> None:
    """Read receivables from CSV files: customers, contacts, invoices, payments, notes.

    Each file is recognised by its headers. Importing a file twice changes nothing. Rows that cannot be taken go to a
    file of rejects with the row, the column and what to mend (exit code 4).
    """
    from bot.importing import run_import

    with world_or_exit(configured(), patience=600) as world:
        upgrade(world.engine)
        org_id = ensure_organisation(world)
        reports = run_import(
            world,
            org_id,
            list(files),
            mapping=mapping,
            declared=declared,
            rejects=rejects,
            by=by or getuser(),
            out=out,
        )
    if any(report.problems for report in reports):
        sys.exit(FAILED)
    if any(report.rejected for report in reports):
        sys.exit(ROWS_REJECTED)


main.add_command(sending)
main.add_command(roles)
main.add_command(duty)
main.add_command(audit)
main.add_command(summary)
main.add_command(policy)
policy.add_command(simulate)
main.add_command(bounces)
main.add_command(restored)
main.add_command(maintenance)
main.add_command(deliverability)
main.add_command(suppress)
main.add_command(cron)
main.add_command(status)


@main.command()
def doctor() -> None:
    """Look at everything Plixo needs, and say how to mend what is wrong.

    “bad”: it cannot work (exit code 5); “note”: it works, but look at it.
    """
    settings = configured()
    with world_or_exit(settings) as world:
        bad = 0
        for check in all_checks(world, build_client(world)):
            bad += check.is_vital and not check.is_ok
            mark = "[green]ok  [/]" if check.is_ok else "[red]bad [/]" if check.is_vital else "[yellow]note[/]"
            out.print(f"{mark} [bold]{check.name:<14}[/] {escape(check.detail)}", soft_wrap=True)
            if not check.is_ok:
                out.print(f"     {'':<14} → {escape(check.fix)}", soft_wrap=True)
    if bad:
        sys.exit(NOT_READY)


def _need_slack(settings: Settings, *, is_asked: bool = True) -> None:
    """`is_asked`: Slack's requests are answered here, and not only posts sent."""
    missing = (
        [] if settings.slack_bot_token else ["SLACK_BOT_TOKEN: set it (OAuth & Permissions in the app's settings)."]
    )
    if is_asked and not (settings.slack_app_token or settings.slack_signing_secret):
        missing.append("SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP): set one of them.")
    if not (settings.smtp_url or settings.maildir):
        missing.append("PLIXO_SMTP_URL or PLIXO_MAILDIR: set one, or no reminder can leave.")
    if missing:
        err.print("The configuration is not complete:")
        for problem in missing:
            err.print(f"  • {problem}", markup=False)
        sys.exit(NOT_CONFIGURED)


if __name__ == "__main__":
    main()
