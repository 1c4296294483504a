"""Puts a workspace together and serves it: the Web API, the response URLs, the sockets and the page."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.api.desk import Desk
from sandbox.api.dispatch import Api, Tokens
from sandbox.api.errors import ApiError
from sandbox.clock import MovableClock
from sandbox.delivery.carrier import Carrier
from sandbox.delivery.events import Events
from sandbox.delivery.hooks import Hooks
from sandbox.delivery.sockets import SocketHub
from sandbox.driver import Driver
from sandbox.faults import FaultPlan
from sandbox.mail import Maildir
from sandbox.manifest import Manifest
from sandbox.memory import Keeper
from sandbox.people import Channel, Person, UserGroup
from sandbox.stage import Stage
from sandbox.triggers import Triggers
from sandbox.trouble import Trouble
from sandbox.web.app import build_app
from sandbox.workspace import Workspace


class SandboxServer(Driver, Trouble):
    """A running workspace; `with SandboxServer(...) as slack:` starts and stops it.

    `bot_url` is where the bot listens (one address for commands, interactions and events) and may be set
    later; a bot that opens a socket instead gets everything there. `ack_seconds`, `trigger_seconds` and
    `retry_scale` shorten Slack's times for tests. `port=0` takes a free port.
    """

    def __init__(
        self,
        *,
        manifest: dict[str, Any],
        people: list[Person],
        channels: list[Channel],
        signing_secret: str,
        bot_token: str,
        app_token: str = "xapp-sandbox",
        team_id: str = "T01SANDBOX",
        team_name: str = "Sandbox",
        bot_url: str | None = None,
        groups: Sequence[UserGroup] = (),
        clock: MovableClock | None = None,
        maildir: Path | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
        state_path: Path | None = None,
        welcome: str = "",
        seed: int = 1,
        ack_seconds: float = 3.0,
        trigger_seconds: float = 3.0,
        retry_scale: float = 1.0,
    ) -> None:
        self._host, self._port = host, port
        self._stopping = threading.Event()
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self.clock = clock or MovableClock()
        self.manifest = Manifest(manifest)
        self.welcome = welcome
        self.mail = Maildir(maildir)
        self.workspace = Workspace(
            people=people,
            channels=channels,
            groups=groups,
            clock=self.clock,
            team_id=team_id,
            team_name=team_name,
            app_name=self.manifest.name,
            seed=seed,
        )
        self._keeper = Keeper(workspace=self.workspace, path=state_path) if state_path else None
        self.hub = SocketHub(ids=self.workspace.ids, app_id=self.workspace.app_id)
        triggers = Triggers(workspace=self.workspace, seconds=trigger_seconds)
        self.desk = Desk(
            workspace=self.workspace,
            triggers=triggers,
            faults=FaultPlan(),
            scopes=self.manifest.scopes,
            app_home=self.manifest.app_home,
            url=lambda: self.url,
            open_socket=self._open_socket,
        )
        self.tokens = Tokens(bot=bot_token, app=app_token)
        self.api = Api(desk=self.desk, tokens=self.tokens, stopping=self._stopping)
        carrier = Carrier(secret=signing_secret, hub=self.hub, seconds=ack_seconds, bot_url=lambda: self.bot_url)
        self.stage = Stage(
            workspace=self.workspace,
            manifest=self.manifest,
            carrier=carrier,
            events=Events(workspace=self.workspace, carrier=carrier, stopping=self._stopping, scale=retry_scale),
            hooks=Hooks(desk=self.desk),
            triggers=triggers,
            bot_url=bot_url,
            loaded={},
        )
        self._forget_clock = self.clock.on_change(self.workspace.touch)

    # -- where it is -------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The page's address, without a slash at the end."""
        return f"http://{self._host}:{self._port}"

    @property
    def api_url(self) -> str:
        """`base_url` for slack_sdk's WebClient."""
        return f"{self.url}/api/"

    @property
    def bot_url(self) -> str | None:
        return self.stage.bot_url

    @bot_url.setter
    def bot_url(self, url: str | None) -> None:
        self.stage.bot_url = url

    @property
    def is_local(self) -> bool:
        return self._host in ("127.0.0.1", "localhost", "::1")

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    # -- life --------------------------------------------------------------------------------------------

    def start(self) -> Self:
        if self._keeper is not None:
            self._keeper.start()
        self.hub.start()
        self._server = make_server(
            self._host, self._port, build_app(self), threaded=True, request_handler=_QuietHandler
        )
        self._port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="sandbox-web", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close sockets, end retries, write the state file. Requests under way get a moment to end."""
        self._stopping.set()
        self._forget_clock()
        self.workspace.touch()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None
        self.hub.close()
        self.stage.events.close()
        if self._keeper is not None:
            self._keeper.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _open_socket(self) -> str:
        url = self.hub.ticket()
        if url is None:
            raise ApiError("too_many_websockets")
        return url


class _QuietHandler(WSGIRequestHandler):
    """One request per connection: a thread that waits on an idle browser would outlive the server."""

    protocol_version = "HTTP/1.0"

    def log(self, type: str, message: str, *args: Any) -> None:
        pass
