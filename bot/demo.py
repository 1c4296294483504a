"""`plixo demo`: the whole product on one machine, with a Slack of its own.

The bot does not know that it is in a sandbox: only its base URL and its clock differ.
"""

from __future__ import annotations

import fcntl
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import yaml
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.demo_book import load_book
from bot.demo_shadow import run_in_shadow
from bot.demo_time import pass_time
from bot.logs import set_up_logs
from bot.sender_records import look_up
from bot.serve import Running, listen_for_signals, run_bot, wait_for
from bot.settings import Settings
from bot.world import World, build_world, ensure_organisation
from sandbox.book import DEMO_CHANNELS, DEMO_PEOPLE, make_book
from sandbox.clock import MovableClock
from sandbox.names import MadeUpNames
from sandbox.people import Channel, Person
from sandbox.server import SandboxServer
from storage.migrate import upgrade

FOLDER = Path("var/demo")
MANIFEST = Path(__file__).parents[1] / "manifest.yaml"
TEAM = "T01PLIXO"
SEED = 20
PUBLISHED = {
    "northwind.example": ["v=spf1 include:relay.example ~all"],
    "_dmarc.northwind.example": ["v=DMARC1; p=quarantine; rua=mailto:dmarc@northwind.example"],
}
"""TXT records of the demo's sender."""
WELCOME = "Type `/account acme` to look a customer up, then try the Nudge."


@dataclass(frozen=True)
class Demo:
    """A running demo: the workspace in the browser and the bot behind it."""

    slack: SandboxServer
    bot: Running
    clock: MovableClock


def run_demo(*, reset: bool, port: int, out: Console) -> None:
    """Start everything, print one URL, and stay until Ctrl-C."""
    set_up_logs("WARNING")
    if reset:
        shutil.rmtree(FOLDER, ignore_errors=True)
    stop = listen_for_signals()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER.parent / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            out.print("A demo is already running here. Use its page, or stop it with Ctrl-C first.")
            raise SystemExit(1) from None
        _run(stop, reset=reset, port=port, out=out)


def _run(stop: Event, *, reset: bool, port: int, out: Console) -> None:
    with start_demo(FOLDER, clock=MovableClock(), port=free_port(port), out=out) as demo:
        out.print(f"\nOpen [bold]{demo.slack.url}[/] and type [bold]/account acme[/]. Ctrl-C stops it; the data stays.")
        wait_for(stop)
    out.print("Stopped. `make demo` goes on where you left; `make demo RESET=1` starts over.")


@contextmanager
def start_demo(
    folder: Path,
    *,
    clock: MovableClock,
    port: int,
    out: Console,
    database_url: str | None = None,
    patience: float = 3.0,
    **changes: Any,
) -> Iterator[Demo]:
    """The demo with its data under `folder`; tests start the same one. `changes` are settings.

    `patience`: seconds in which the bot has to answer, as Slack gives it three.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        secret = _kept_secret(folder / "secret")
        settings = demo_settings(folder, api_url="http://127.0.0.1/api/", secret=secret, **changes)
        slack = stack.enter_context(
            SandboxServer(
                manifest=yaml.safe_load(MANIFEST.read_text(encoding="utf-8")),
                people=[
                    Person(
                        id=p.slack_id,
                        name=p.name,
                        email=p.email,
                        zone=p.zone,
                        title=p.title,
                        locale=p.locale,
                        deactivated=not p.is_active,
                    )
                    for p in DEMO_PEOPLE
                ],
                channels=[Channel(id=c.id, name=c.name, topic=c.topic, members=list(c.members)) for c in DEMO_CHANNELS],
                signing_secret=secret,
                bot_token=settings.slack_bot_token,
                team_id=TEAM,
                team_name=settings.organisation,
                clock=clock,
                maildir=settings.maildir,
                port=port,
                state_path=folder / "slack.json",
                welcome=WELCOME,
                ack_seconds=patience,
                trigger_seconds=patience,
            )
        )
        settings = demo_settings(folder, api_url=slack.api_url, secret=secret, **changes)
        if database_url:
            settings = settings.model_copy(update={"database_url": database_url})
        world = stack.enter_context(build_world(settings, clock=clock, names=MadeUpNames(PUBLISHED)))
        org_id = fill(world, out=out)
        look_up(world, org_id)  # or the console would wonder until the first round of the jobs
        bot = stack.enter_context(run_bot(world))
        slack.bot_url = f"http://127.0.0.1:{bot.port}/slack/events"

        def clock_moved() -> None:
            pass_time(world, org_id=bot.org_id)
            bot.loop.wake()

        stack.callback(clock.on_change(clock_moved))
        yield Demo(slack=slack, bot=bot, clock=clock)


def demo_settings(folder: Path, *, api_url: str, secret: str, **changes: Any) -> Settings:
    """The demo's configuration; nothing of it comes from the environment."""
    alerts = next(channel.id for channel in DEMO_CHANNELS if channel.is_ar_alerts)
    given: dict[str, Any] = {
        "slack_bot_token": f"xoxb-demo-{secret}",
        "slack_signing_secret": secret,
        "slack_app_token": "",
        "slack_api_url": api_url,
        "database_url": f"sqlite:///{folder / 'plixo.db'}",
        "smtp_url": "",
        "maildir": folder / "mail",
        "http_host": "127.0.0.1",
        "http_port": 0,
        "tick_seconds": 1,
        "organisation": "Northwind Machines",
        "zone": "Europe/Berlin",
        "country": "DE",
        "ar_channel": alerts,
        "sender_address": "receivables@northwind.example",
        "sender_name": "Northwind Machines",
        "reply_to": "receivables@northwind.example",
        "unsubscribe_address": "unsubscribe@northwind.example",
    }
    return Settings.model_validate({**{n: f.default for n, f in Settings.model_fields.items()}, **given, **changes})


def fill(world: World, *, out: Console) -> int:
    """Migrate, and load the book of receivables once; a second start only freshens it."""
    upgrade(world.engine)
    org_id = ensure_organisation(world)
    at = world.clock.now()
    with world.uow_for(org_id)() as work:
        is_filled = bool(work.people.everyone(at))
    if is_filled:
        pass_time(world, org_id=org_id)
        return org_id
    book = make_book(seed=SEED, today=at.date())
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out) as progress:
        bar = progress.add_task("Loading twelve months of receivables", total=1.0)

        def show(what: str, share: float) -> None:
            progress.update(bar, completed=share, description=what)

        loaded = load_book(book, engine=world.engine, org_id=org_id, at=at, on_progress=show)
    if not loaded.was_there:
        run_in_shadow(world, org_id=org_id, at=at)
    return org_id


def free_port(wanted: int) -> int:
    """The wanted port, or the next free one after it."""
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    return 0


def _kept_secret(path: Path) -> str:
    """The same at every start, so that buttons of an earlier one still work."""
    if not path.exists():
        path.write_text(secrets.token_hex(16))
        path.chmod(0o600)
    return path.read_text()
