"""A workspace that is put together but not started: its Web API answers without a socket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.clock import MovableClock
from sandbox.people import Channel, Person
from sandbox.server import SandboxServer

BOT, APP = "xoxb-unit", "xapp-unit"

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Plixo"},
    "features": {
        "bot_user": {"display_name": "Plixo"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [{"command": "/account", "description": "Show", "usage_hint": "[name]"}],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "chat:write",
                "channels:history",
                "channels:join",
                "channels:read",
                "groups:read",
                "im:history",
                "im:read",
                "im:write",
                "usergroups:read",
                "users:read",
                "users:read.email",
            ]
        }
    },
    "settings": {"interactivity": {"is_enabled": True}},
}

Call = Callable[..., dict[str, Any]]


def make_slack(**changes: Any) -> SandboxServer:
    given: dict[str, Any] = {
        "manifest": MANIFEST,
        "people": [
            Person(id="U01REP", name="Rita Rep", email="rita@example.com", zone="Europe/Berlin", title="Sales"),
            Person(id="U02LED", name="Amir Ledger", email="amir@example.com", zone="America/New_York"),
            Person(id="U03GONE", name="Gone Guy", email="gone@example.com", deactivated=True),
        ],
        "channels": [
            Channel(id="C01GEN", name="general"),
            Channel(id="C02AR", name="ar-team", members=["U01REP"]),
            Channel(id="C03OUT", name="outside", bot_is_member=False),
            Channel(id="C04OLD", name="old", is_archived=True),
            Channel(id="C05SEC", name="secret", is_private=True, bot_is_member=False),
            Channel(id="C06PRIV", name="deals", is_private=True, members=["U01REP"]),
        ],
        "signing_secret": "unit-secret",
        "bot_token": BOT,
        "app_token": APP,
        "clock": MovableClock(start=datetime(2026, 3, 2, 9, 0, tzinfo=UTC), frozen=True),
    }
    return SandboxServer(**{**given, **changes})


@pytest.fixture
def slack() -> SandboxServer:
    return make_slack()


@pytest.fixture
def call(slack: SandboxServer) -> Call:
    """`call("users.info", user="U01REP")` -> the answer's body."""

    def make(method: str, /, *, token: str | None = BOT, **given: Any) -> dict[str, Any]:
        return slack.api.call(method, given=given, token=token).body

    return make
