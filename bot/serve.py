"""Run the bot and its loop until told to stop."""

from __future__ import annotations

import gc
import logging
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from errno import EADDRINUSE
from threading import Event, Thread
from time import monotonic
from types import MappingProxyType

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from bot.announcer import SlackAnnouncer
from bot.chores import JOBS
from bot.health import readiness
from bot.http import build_http
from bot.loop import Loop
from bot.metering import MeteredAnnouncer
from bot.slack_app import Aside, build_app, build_client, build_seal
from bot.status import as_data, consoles_of
from bot.webhooks import Answer, build_webhooks
from bot.world import World, ensure_organisation, ensure_team
from domain.errors import PlixoError
from domain.ports import Announcer
from storage.migrate import upgrade

log = logging.getLogger(__name__)

_COLLECT = (20_000, 20, 20)
"""A request makes a few thousand objects and drops them; Python's own 700 would look through them several times
while somebody waits (a tenth of a request's CPU, measured)."""


@dataclass(frozen=True)
class Running:
    """A bot at work. `port` is where Slack's requests and health checks are answered."""

    world: World
    org_id: int
    client: WebClient
    loop: Loop
    port: int


@contextmanager
def run_bot(world: World, *, aside: Aside | None = None) -> Iterator[Running]:
    """Migrate, link the team, listen, and beat; undone in reverse order on the way out. `aside`: see `build_app`."""
    upgrade(world.engine)
    org_id = ensure_organisation(world)
    client = build_client(world)
    ensure_team(world, org_id, lambda: _who(client))
    with ExitStack() as stack:
        app, end_asides = build_app(world, client, jobs=JOBS, aside=aside)
        stack.callback(end_asides)
        socket_mode = bool(world.settings.slack_app_token)
        port = stack.enter_context(
            answering(
                world,
                None if socket_mode else app,
                port=world.settings.http_port,
                threads=world.settings.http_threads,
                webhooks=build_webhooks(world.for_people(), org_id),
            )
        )
        if socket_mode:
            handler = SocketModeHandler(
                app, world.settings.slack_app_token, web_client=client, concurrency=world.settings.http_threads
            )
            handler.connect()
            world.metrics.connected_by(handler.client.is_connected)
            stack.callback(handler.close)
        loop = start_loop(world, client)
        stack.callback(loop.stop)
        yield Running(world=world, org_id=org_id, client=client, loop=loop, port=port)


@contextmanager
def answering(
    world: World,
    app: App | None,
    *,
    port: int,
    threads: int,
    webhooks: Mapping[str, Answer] = MappingProxyType({}),
) -> Iterator[int]:
    """Listen on the port (0: any free one) while the block runs; yields the port. `app`: where Slack's requests go."""
    web = build_http(
        app,
        readiness=lambda: readiness(world.for_people()),
        metrics=world.metrics.text,
        webhooks=webhooks,
        status=lambda: {"organisations": [as_data(one) for one in consoles_of(world.for_people())]},
    )
    try:
        server = create_server(web, host=world.settings.http_host, port=port, threads=threads, ident=None)
    except OSError as error:
        if error.errno != EADDRINUSE:
            raise
        raise PlixoError(
            f"Port {port} is in use: another Plixo or another program listens there. Choose a free one with "
            "PLIXO_HTTP_PORT, for a worker with PLIXO_WORKER_PORT."
        ) from None
    end = _answer(server)
    try:
        yield int(server.effective_port)
    finally:
        end()


def _answer(server: BaseWSGIServer) -> Callable[[], None]:
    """Answer HTTP in a thread of its own; what is returned ends it, after the requests that are being worked on."""
    closing = Event()

    def run() -> None:
        try:
            server.run()
        except (OSError, ValueError):
            # Closing takes the socket away under the loop that waits for it.
            if not closing.is_set():
                raise

    thread = Thread(target=run, name="http", daemon=True)
    thread.start()

    def end() -> None:
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=5)
        last_words = monotonic() + 1
        while any(channel.total_outbufs_len for channel in list(server.active_channels.values())):
            if monotonic() > last_words or closing.wait(0.01):
                break
        closing.set()
        wasyncore.close_all(server._map, ignore_all=True)
        thread.join(timeout=5)

    return end


def start_loop(world: World, client: WebClient) -> Loop:
    """The release loop alone: `plixo worker`, and a part of `plixo serve`."""
    seal = build_seal(world)

    def announcer_for(org_id: int) -> Announcer:
        return MeteredAnnouncer(SlackAnnouncer(world=world, client=client, org_id=org_id, seal=seal), world.metrics)

    loop = Loop(world, announcer_for)
    loop.start()
    return loop


def settle() -> None:
    """What was built at the start stays to the end: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)


def listen_for_signals() -> Event:
    """Set by SIGINT or SIGTERM from now on; wait for it with `wait_for`."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def wait_for(stop: Event) -> None:
    """Block until it is set; in short waits, so that signals are seen."""
    while not stop.wait(timeout=1):
        pass


def _who(client: WebClient) -> tuple[str, str | None]:
    answer = client.auth_test()
    enterprise = answer.get("enterprise_id")
    return str(answer["team_id"]), str(enterprise) if enterprise else None
