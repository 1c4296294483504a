"""`plixo serve` as a process, beside its database and the local Slack, and what that Slack would send it.

The Web API is the one of sandbox/. It stays out of the measured time: an answer to Slack is the answer to its request,
and what the bot has to say afterwards is said by threads of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bench.load import REP
from bench.slack.calls import Request
from bench.slack.processes import HERE, Process, started
from sandbox.delivery.records import Delivery
from sandbox.people import Channel, Person
from sandbox.server import SandboxServer

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xoxb-bench"
RITA, SALES, AR = "URITA1", "C1SALES", "C1AR"
THREADS = 16


@dataclass(frozen=True)
class Office:
    """A bot at work and the Slack that it serves."""

    bot: Process
    slack: SandboxServer

    def account(self, words: str, *, expect: str) -> Request:
        """`/account <words>` as Rita types it."""
        return _request("account", self.slack.command(user=RITA, command="/account", text=words, channel=SALES), expect)

    def refresh(self) -> Request:
        """The button under the card that was shown last."""
        return _request("button", self.slack.click(user=RITA, action_id="account.refresh"), "")

    def queue(self) -> Request:
        """The Nudge modal of that card, sent; whoever sends it again gets the nudge that is already there."""
        self.slack.click(user=RITA, action_id="nudge.open")
        self.slack.wait_for(self._can_send, timeout=20)
        return _request("modal", self.slack.submit(user=RITA), "response_action")

    def _can_send(self) -> bool:
        view = self.slack.view(user=RITA)
        return view is not None and view.submit is not None


def _request(name: str, sent: Delivery, expect: str) -> Request:
    if not sent.ok or expect not in sent.text:
        raise RuntimeError(f"The bot does not answer {name} as it should: {sent.status} {sent.failure}")
    return Request(name, sent.raw.decode(), expect)


@contextmanager
def open_slack() -> Iterator[SandboxServer]:
    """The workspace: Rita, her channel and A/R's."""
    with SandboxServer(
        manifest=yaml.safe_load((HERE / "manifest.yaml").read_text("utf-8")),
        people=[Person(id=RITA, name="Rita Rep", email=REP, zone="Europe/Berlin", locale="en-GB")],
        channels=[Channel(id=SALES, name="sales"), Channel(id=AR, name="ar-team")],
        signing_secret=SECRET,
        bot_token=TOKEN,
    ) as slack:
        yield slack


def slack_environment(slack: SandboxServer) -> dict[str, str]:
    """How an app finds this workspace."""
    return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.api_url}


@contextmanager
def open_office(slack: SandboxServer, folder: Path, *, database_url: str, **settings: Any) -> Iterator[Office]:
    """Start the bot. `settings` are its environment without the prefix, in small letters."""
    environment = {
        **slack_environment(slack),
        "PLIXO_DATABASE_URL": database_url,
        "PLIXO_MAILDIR": str(folder / "mail"),
        "PLIXO_HTTP_PORT": "0",
        "PLIXO_HTTP_THREADS": str(THREADS),
        "PLIXO_AR_CHANNEL": AR,
        "PLIXO_ORGANISATION": "Northwind",
        "PLIXO_LOG_LEVEL": "ERROR",
        **{f"PLIXO_{name.upper()}": str(value) for name, value in settings.items()},
    }
    with started(["bot.cli", "serve"], environment, folder=folder) as bot:
        slack.bot_url = bot.url
        yield Office(bot, slack)
