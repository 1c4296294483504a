"""A small bot that uses every block and element, for looking at the page with a person's eyes."""

from __future__ import annotations

import threading
from typing import Any

from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient
from waitress.server import create_server

from sandbox.people import Channel, Person
from tests.browser.sandbox.showcase_blocks import card, home, modal, option

SECRET, BOT, APP = "showcase-secret", "xoxb-showcase", "xapp-showcase"

MANIFEST: dict[str, Any] = {
    "display_information": {
        "name": "Plixo",
        "description": "Account 360 and one safe action, the Nudge",
        "long_description": "See what an account owes, what it promised and what went out, *before* you call.",
        "background_color": "#3f51a8",
    },
    "features": {
        "bot_user": {"display_name": "Plixo", "always_online": True},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "slash_commands": [
            {"command": "/account", "description": "Show an account", "usage_hint": "[name]"},
            {"command": "/accounts-due", "description": "List what is due this week", "usage_hint": "[days]"},
        ],
        "shortcuts": [
            {"name": "Nudge a customer", "type": "global", "callback_id": "nudge_global", "description": "Queue it"},
            {"name": "Find the account", "type": "message", "callback_id": "find_account", "description": "From this"},
        ],
    },
    "oauth_config": {
        "scopes": {"bot": ["chat:write", "commands", "users:read", "users:read.email", "im:write", "im:history"]}
    },
    "settings": {
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.im"]},
    },
}

PEOPLE = [
    Person(id="U01RITA", name="Rita Rep", email="rita@example.com", zone="Europe/Berlin", title="Sales"),
    Person(id="U02AMIR", name="Amir Ledger", email="amir@example.com", zone="America/New_York", title="A/R lead"),
    Person(id="U03YUKI", name="Yuki Tan", email="yuki@example.com", zone="Asia/Tokyo", locale="ja-JP", title="Ops"),
]
CHANNELS = [
    Channel(id="C01GEN", name="general", topic="Whatever concerns everybody"),
    Channel(id="C02AR", name="ar-team", topic="Receivables: what leaves, what is held", members=["U01RITA", "U02AMIR"]),
    Channel(id="C03DEAL", name="deal-desk", is_private=True, members=["U01RITA"], bot_is_member=False),
]
WELCOME = "Try `/account acme` to see what Acme owes, then press *Nudge* to queue a friendly reminder."


def build_bot(api_url: str) -> Flask:
    """The bot as a WSGI application at /slack/events."""
    app = App(client=WebClient(token=BOT, base_url=api_url), signing_secret=SECRET, process_before_response=True)

    @app.command("/account")
    def account(ack: Any, body: dict[str, Any]) -> None:
        if body["text"] == "slow":
            threading.Event().wait(4)
        ack(response_type="ephemeral", text="Acme GmbH", blocks=card())

    @app.command("/accounts-due")
    def due(ack: Any, client: WebClient, body: dict[str, Any]) -> None:
        ack(
            response_type="in_channel",
            text="*2 accounts* are due :hourglass: <!here>\n```\nAcme    4,200\nGlobex    980\n```",
        )

    @app.action("nudge")
    def nudge(ack: Any, client: WebClient, body: dict[str, Any]) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    @app.action("hold")
    def hold(ack: Any, respond: Any) -> None:
        ack()
        respond(replace_original=True, text="Acme is on hold. :double_vertical_bar:")

    for name in ("more", "window", "cancel", "day", "owner", "invoices"):
        app.action(name)(lambda ack: ack())

    @app.options("contact")
    def contacts(ack: Any, body: dict[str, Any]) -> None:
        names = ["Ann Archer", "Bob Baker", "Cleo Chen"]
        ack(
            options=[
                option(name, name.split()[0].lower(), "acme.example")
                for name in names
                if body["value"].lower() in name.lower()
            ]
        )

    @app.view("nudge_modal")
    def submitted(ack: Any, client: WebClient, body: dict[str, Any], view: dict[str, Any]) -> None:
        if view["state"]["values"]["note"]["note"]["value"] == "bad":
            ack(response_action="errors", errors={"note": "Please say something kinder."})
            return
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text="Queued for tomorrow 08:00. :incoming_envelope:")

    @app.view_closed("nudge_modal")
    def closed(ack: Any) -> None:
        ack()

    @app.event("app_home_opened")
    def opened(client: WebClient, event: dict[str, Any]) -> None:
        if event["tab"] == "home" and "view" not in event:
            client.views_publish(user_id=event["user"], view=home())

    @app.event("message")
    def heard(client: WebClient, event: dict[str, Any]) -> None:
        if not event.get("bot_id"):
            client.chat_postMessage(channel=event["channel"], text=f"You said: {event['text']}")

    @app.shortcut("nudge_global")
    def from_menu(ack: Any, client: WebClient, body: dict[str, Any]) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    @app.shortcut("find_account")
    def from_message(ack: Any, respond: Any) -> None:
        ack()
        respond("This is about *Acme GmbH*.")

    flask = Flask("showcase")
    handler = SlackRequestHandler(app)

    @flask.post("/slack/events")
    def events() -> Response:
        return handler.handle(request)

    return flask


class Served:
    """A WSGI application under waitress on a free port; closed cleanly at the end of the `with`."""

    def __init__(self, wsgi: Any, *, threads: int = 4) -> None:
        self._map: dict[Any, Any] = {}
        self._server = create_server(
            wsgi, host="127.0.0.1", port=0, threads=threads, map=self._map, clear_untrusted_proxy_headers=False
        )
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.effective_port}/slack/events"

    def __enter__(self) -> Served:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing the server's own trigger and channels is what ends its loop.
        self._stop = True
        self._server.pull_trigger()
        self._thread.join()
        self._server.task_dispatcher.shutdown()
        self._server.close()
        for channel in list(self._map.values()):
            channel.close()

    _stop = False

    def _run(self) -> None:
        while not self._stop:
            self._server.asyncore.loop(timeout=0.2, map=self._map, count=1)
