"""A started workspace and a bot that answers what the test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from sandbox.clock import MovableClock
from sandbox.people import Channel, Person
from sandbox.server import SandboxServer

SECRET, BOT, APP = "integration-secret", "xoxb-integration", "xapp-integration"

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Plixo"},
    "features": {
        "bot_user": {"display_name": "Plixo"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/account", "description": "Show", "usage_hint": "[name]", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Nudge", "type": "global", "callback_id": "nudge", "description": "d"},
            {"name": "Find", "type": "message", "callback_id": "find", "description": "d"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "users:read", "im:write"]}},
    "settings": {
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "message.im",
                "user_change",
                "team_join",
                "subteam_created",
                "subteam_members_changed",
                "subteam_updated",
                "tokens_revoked",
                "app_uninstalled",
            ]
        },
    },
}


class Heard:
    """One request the bot got."""

    def __init__(self, *, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path, self.headers, self.body = path, headers, body

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}

    @property
    def payload(self) -> dict[str, Any]:
        """An interaction's payload or an event's JSON."""
        is_form = "urlencoded" in self.headers["content-type"]
        found: dict[str, Any] = json.loads(self.form["payload"] if is_form else self.body)
        return found


Answer = tuple[int, str | dict[str, Any]]


class FakeBot:
    """Answers every request by `answer(heard)`: a status and a text or a JSON body."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answer: Callable[[Heard], Answer] = lambda heard: (200, "")
        self.extra_headers: dict[str, str] = {}
        self.release = threading.Event()
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard = Heard(path=self.path, headers={k.lower(): v for k, v in self.headers.items()}, body=body)
                bot.heard.append(heard)
                status, said = bot.answer(heard)
                content = said.encode() if isinstance(said, str) else json.dumps(said).encode()
                try:
                    self.send_response(status)
                    kind = "text/plain" if isinstance(said, str) else "application/json"
                    for name, value in {
                        "Content-Type": kind,
                        "Content-Length": str(len(content)),
                        **bot.extra_headers,
                    }.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(content)
                except ConnectionError:
                    pass  # Slack has hung up already.

            def log_message(self, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 128  # the standard library's 5 refuses a burst

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def never(self, heard: Heard) -> Answer:
        """An answer that does not come while the test runs."""
        self.release.wait(10)
        return 200, ""

    def close(self) -> None:
        self.release.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def make_slack(**changes: Any) -> SandboxServer:
    given: dict[str, Any] = {
        "manifest": MANIFEST,
        "people": [
            Person(id="U01REP", name="Rita Rep", email="rita@example.com", zone="Europe/Berlin", title="Sales"),
            Person(id="U02LED", name="Amir Ledger", email="amir@example.com", zone="America/New_York"),
        ],
        "channels": [Channel(id="C01GEN", name="general"), Channel(id="C06PRIV", name="deals", is_private=True)],
        "signing_secret": SECRET,
        "bot_token": BOT,
        "app_token": APP,
        "clock": MovableClock(),
        "ack_seconds": 0.5,
    }
    return SandboxServer(**{**given, **changes})


@pytest.fixture
def bot() -> Iterator[FakeBot]:
    made = FakeBot()
    yield made
    made.close()


@pytest.fixture
def slack(bot: FakeBot) -> Iterator[SandboxServer]:
    with make_slack(bot_url=bot.url) as started:
        yield started


def section(words: str = "hi", **rest: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **rest}


def button(action_id: str = "go", **rest: Any) -> dict[str, Any]:
    element = {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": "Go"}, **rest}
    return {"type": "actions", "block_id": "acts", "elements": [element]}


def modal(*blocks: dict[str, Any], **rest: Any) -> dict[str, Any]:
    texts = {name: {"type": "plain_text", "text": name} for name in ("title", "submit", "close")}
    return {"type": "modal", "callback_id": "m", **texts, "blocks": list(blocks), **rest}


def asks(action_id: str = "a", block_id: str = "b", **rest: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": action_id}
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": "Label"},
        "element": element,
        **rest,
    }


def call(slack: SandboxServer, method: str, /, **given: Any) -> dict[str, Any]:
    """A Web API call without the network."""
    return slack.api.call(method, given=given, token=BOT).body


def open_modal(slack: SandboxServer, view: dict[str, Any], *, user: str = "U01REP") -> dict[str, Any]:
    answer = call(slack, "views.open", trigger_id=slack.desk.triggers.issue(user=user), view=view)
    assert answer["ok"], answer
    shown: dict[str, Any] = answer["view"]
    return shown
