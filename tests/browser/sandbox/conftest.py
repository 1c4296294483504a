"""Chromium, a workspace with the showcase's bot, and a page somebody looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from sandbox.clock import MovableClock
from sandbox.server import SandboxServer
from tests.browser.sandbox.showcase import (
    APP,
    BOT,
    CHANNELS,
    MANIFEST,
    PEOPLE,
    SECRET,
    WELCOME,
    Served,
    build_bot,
)

Look = Callable[..., Page]


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[SandboxServer]:
    slack = SandboxServer(
        manifest=MANIFEST,
        people=PEOPLE,
        channels=CHANNELS,
        signing_secret=SECRET,
        bot_token=BOT,
        app_token=APP,
        clock=MovableClock(start=datetime(2026, 3, 2, 9, 0, tzinfo=UTC)),
        maildir=tmp_path / "mail",
        welcome=WELCOME,
        team_name="Northwind",
        ack_seconds=1.5,
    )
    with slack, Served(build_bot(slack.api_url)) as bot:
        slack.bot_url = bot.url
        yield slack


@pytest.fixture
def look(browser: Browser, slack: SandboxServer) -> Iterator[Look]:
    """`look()` opens the page as Rita; fails at the end if the page complained."""
    complaints: list[str] = []
    contexts = []

    def open_page(*, as_: str = "U01RITA", at: str = "", width: int = 1280, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{slack.url}/?as={as_}{at}")
        page.get_by_role("main").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [words for words in complaints if "allow-scripts" not in words and "status of 4" not in words] == []
