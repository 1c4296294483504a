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


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": words}


def button(words: str, action_id: str, **rest: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(words), "action_id": action_id, **rest}


def option(words: str, value: str, note: str | None = None) -> dict[str, Any]:
    return {"text": plain(words), "value": value, **({"description": plain(note)} if note else {})}


def card() -> list[dict[str, Any]]:
    return [
        {"type": "header", "text": plain("Acme GmbH")},
        {
            "type": "section",
            "text": mrkdwn("*Owes €12,480.00*, of it *€4,200.00* past due for 34 days."),
            "accessory": {
                "type": "overflow",
                "action_id": "more",
                "options": [option("Open in billing", "open"), option("Mute for a week", "mute")],
            },
        },
        {
            "type": "section",
            "fields": [
                mrkdwn("*Owner*\n<@U02AMIR>"),
                mrkdwn("*Health*\n:large_yellow_circle: At risk"),
                mrkdwn("*Last nudge*\n<!date^1795000000^{date_short_pretty}, {time}|a while ago>"),
                mrkdwn("*Promise to pay*\n€2,000.00 by Friday"),
            ],
        },
        {
            "type": "table",
            "column_settings": [{"is_wrapped": True}, {"align": "right"}, {"align": "right"}],
            "rows": [
                [{"type": "raw_text", "text": word} for word in ("Invoice", "Open", "Days past due")],
                [{"type": "raw_text", "text": word} for word in ("INV-2041", "€3,000.00", "34")],
                [{"type": "raw_text", "text": word} for word in ("INV-2077", "€1,200.00", "12")],
            ],
        },
        {"type": "context", "elements": [mrkdwn("As of today · data from *billing.csv* · <https://example.com|why?>")]},
        {"type": "divider"},
        {
            "type": "actions",
            "elements": [
                button("Nudge", "nudge", style="primary", value="acme"),
                button(
                    "Hold",
                    "hold",
                    style="danger",
                    value="acme",
                    confirm={
                        "title": plain("Hold Acme?"),
                        "text": mrkdwn("Nothing leaves for *Acme* until somebody lifts it."),
                        "confirm": plain("Hold"),
                        "deny": plain("Never mind"),
                        "style": "danger",
                    },
                ),
                {
                    "type": "static_select",
                    "action_id": "window",
                    "placeholder": plain("Window"),
                    "options": [option("30 days", "30"), option("90 days", "90", "A quarter")],
                },
            ],
        },
    ]


def gallery() -> list[dict[str, Any]]:
    """The blocks and elements that the card, the modal and the Home tab leave out."""

    def said(words: str, **style: bool) -> dict[str, Any]:
        return {"type": "text", "text": words, **({"style": style} if style else {})}

    def listed(words: str) -> dict[str, Any]:
        return {"type": "rich_text_section", "elements": [said(words)]}

    return [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        said("Bold ", bold=True),
                        said("and code", code=True),
                        said(" for "),
                        {"type": "user", "user_id": "U02AMIR"},
                        {"type": "emoji", "name": "tada"},
                    ],
                },
                {"type": "rich_text_list", "style": "ordered", "elements": [listed("first"), listed("second")]},
                {"type": "rich_text_quote", "elements": [said("They said so.")]},
                {"type": "rich_text_preformatted", "elements": [said("total = 4200")]},
            ],
        },
        {
            "type": "markdown",
            "text": "# Heading\n**Bold**, _italic_, `code`\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        },
        {
            "type": "container",
            "title": plain("Details"),
            "is_collapsible": True,
            "child_blocks": [{"type": "section", "text": mrkdwn("Inside *a container*")}],
        },
        {"type": "card", "title": plain("Acme GmbH"), "subtitle": plain("Berlin"), "body": plain("Owes €4,200.00")},
        {
            "type": "actions",
            "elements": [
                button("Open", "open", url="https://example.com"),
                {"type": "timepicker", "action_id": "time", "initial_time": "07:59"},
                {"type": "multi_users_select", "action_id": "who", "placeholder": plain("Who")},
                {"type": "datetimepicker", "action_id": "when", "initial_date_time": 1_795_420_800},
            ],
        },
        {
            "type": "input",
            "block_id": "mail",
            "label": plain("Mail"),
            "element": {"type": "email_text_input", "action_id": "mail", "placeholder": plain("ann@acme.example")},
        },
    ]


def modal(step: str = "1") -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "nudge_modal",
        "title": plain("Nudge Acme GmbH"),
        "submit": plain("Queue nudge"),
        "close": plain("Cancel"),
        "notify_on_close": True,
        "private_metadata": step,
        "blocks": [
            {
                "type": "alert",
                "level": "warning",
                "text": mrkdwn("Quiet hours in Berlin: this leaves *tomorrow 08:00*."),
            },
            {
                "type": "input",
                "block_id": "contact",
                "label": plain("Recipient"),
                "element": {
                    "type": "external_select",
                    "action_id": "contact",
                    "placeholder": plain("Search contacts"),
                    "min_query_length": 1,
                },
            },
            {
                "type": "input",
                "block_id": "tone",
                "label": plain("Tone"),
                "element": {
                    "type": "radio_buttons",
                    "action_id": "tone",
                    "initial_option": option("Friendly", "friendly", "A first reminder"),
                    "options": [
                        option("Friendly", "friendly", "A first reminder"),
                        option("Firm", "firm", "A last one"),
                    ],
                },
            },
            {
                "type": "input",
                "block_id": "note",
                "label": plain("Personal note"),
                "hint": plain("Goes above the table of invoices."),
                "optional": True,
                "element": {"type": "plain_text_input", "action_id": "note", "multiline": True, "max_length": 300},
            },
            {
                "type": "section",
                "block_id": "invoices",
                "text": mrkdwn("*Invoices to name*"),
                "accessory": {
                    "type": "checkboxes",
                    "action_id": "invoices",
                    "options": [option("INV-2041, €3,000.00", "2041"), option("INV-2077, €1,200.00", "2077")],
                },
            },
            {
                "type": "input",
                "block_id": "amount",
                "optional": True,
                "label": plain("Ask for"),
                "element": {
                    "type": "number_input",
                    "action_id": "amount",
                    "is_decimal_allowed": True,
                    "min_value": "1",
                },
            },
        ],
    }


def home() -> dict[str, Any]:
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Good morning, Rita")},
            {"type": "section", "text": mrkdwn("*3 nudges* leave today. *1* is held. <!channel> stays asleep.")},
            {"type": "divider"},
            {
                "type": "section",
                "text": mrkdwn("*Acme GmbH* · €4,200.00 past due\n>Promised €2,000.00 by Friday"),
                "accessory": button("Cancel nudge", "cancel", style="danger", value="n1"),
            },
            {
                "type": "section",
                "text": mrkdwn("*Globex* · €980.00 past due\n• one invoice\n• first reminder"),
                "accessory": button("Cancel nudge", "cancel", style="danger", value="n2"),
            },
            {
                "type": "actions",
                "elements": [
                    button("Nudge somebody", "nudge", style="primary"),
                    {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-23"},
                    {"type": "users_select", "action_id": "owner", "placeholder": plain("Owner")},
                ],
            },
        ],
    }


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
