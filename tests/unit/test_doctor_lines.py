"""The doctor's lines on the mail server and on Slack: green, amber and red, with the reason and the fix."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.doctor import SCOPES, check_mail, check_slack
from bot.world import World
from domain.errors import Unavailable
from domain.readiness import Level

SMTP = "smtp://user:password@mail.example.com:587"


class Relay:
    """A mailer that only answers whether it works."""

    def __init__(self, *, answers: bool) -> None:
        self._answers = answers

    def check(self) -> None:
        if not self._answers:
            raise Unavailable("the server refused the login")


class Slack:
    """A client that knows one call. `scopes` None: Slack does not tell them."""

    def __init__(self, said: Exception | None = None, scopes: set[str] | None = None) -> None:
        self._said, self._scopes = said, scopes

    def auth_test(self) -> Any:
        if self._said is not None:
            raise self._said
        headers = {} if self._scopes is None else {"x-oauth-scopes": ", ".join(sorted(self._scopes))}
        answer = SimpleNamespace(headers=headers)
        answer.get = {"team": "Northwind"}.get
        return answer


def world(*, smtp_url: str = "", maildir: str = "", answers: bool = True, token: str = "xoxb-1") -> World:
    settings = SimpleNamespace(smtp_url=smtp_url, maildir=maildir, slack_bot_token=token)
    return cast(World, SimpleNamespace(settings=settings, mailer=Relay(answers=answers)))


@pytest.mark.parametrize(
    ("given", "level", "detail", "fix"),
    [
        ({"smtp_url": SMTP}, Level.GREEN, "mail.example.com:587 answers by starttls, logged in", ""),
        ({"maildir": "mail"}, Level.GREEN, "written into a Maildir, not sent", ""),
        ({}, Level.RED, "no transport is set", "Set PLIXO_SMTP_URL or PLIXO_MAILDIR."),
        (
            {"smtp_url": SMTP, "answers": False},
            Level.RED,
            "the server refused the login",
            "Check PLIXO_SMTP_URL, its login and its certificate.",
        ),
    ],
)
def test_the_mail_servers_line(given: dict[str, Any], level: Level, detail: str, fix: str) -> None:
    row = check_mail(world(**given))
    assert (row.level, row.detail, row.fix) == (level, detail, fix)


@pytest.mark.parametrize(
    ("slack", "level", "detail", "fix"),
    [
        (Slack(scopes=set(SCOPES)), Level.GREEN, "connected to Northwind, all scopes granted", ""),
        (Slack(), Level.GREEN, "connected to Northwind, its scopes were not told", ""),
        (Slack(URLError("no route")), Level.AMBER, "unreachable (URLError)", "Check the network."),
        (
            Slack(scopes=SCOPES - {"commands"}),
            Level.RED,
            "missing scopes: commands",
            "Paste manifest.yaml again and reinstall.",
        ),
        (
            Slack(SlackApiError("no", {"ok": False, "error": "token_revoked"})),
            Level.RED,
            "Slack says token_revoked",
            "Reinstall the app and set its new token.",
        ),
    ],
)
def test_slacks_line(slack: Slack, level: Level, detail: str, fix: str) -> None:
    row = check_slack(world(), cast(WebClient, slack))
    assert (row.level, row.detail, row.fix) == (level, detail, fix)


def test_without_a_token_nobody_is_asked() -> None:
    row = check_slack(world(token=""), cast(WebClient, Slack(AssertionError("asked"))))
    assert (row.level, row.detail) == (Level.RED, "no token")
    assert row.fix == "Set SLACK_BOT_TOKEN (OAuth & Permissions in the app's settings)."
