"""Chromium, from Debian's packages; without it these tests say so and are skipped."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from rich.console import Console

from bot.demo import Demo, start_demo
from sandbox.clock import MovableClock
from tests.browser.walking import NARROW, PATIENCE, Keep, Look
from tests.stage import EVENING

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"The page is drawn in Chromium, and there is none at {CHROMIUM}.")
    # As long as for a click: on a busy machine an answer takes more than the five seconds it has by default.
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Screenshots are kept here, for people to look at."""
    folder = Path("test-output")
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """One for each test: a window that somebody left open is open on every page of theirs."""
    clock, out = MovableClock(start=EVENING), Console(file=StringIO())
    with start_demo(tmp_path, clock=clock, port=0, out=out, patience=PATIENCE) as running:
        yield running


@pytest.fixture(params=[pytest.param(1280, id="wide"), pytest.param(NARROW, id="narrow", marks=pytest.mark.slow)])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def look(browser: Browser, demo: Demo, width: int) -> Iterator[Look]:
    contexts = []

    def open_page(person: str) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 1100}, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(f"{demo.slack.url}/?as={person}")
        page.get_by_role("main").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def keep(pictures: Path, width: int) -> Keep:
    """Take a picture, and see that nothing hangs over the edge."""

    def picture(page: Page, name: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=pictures / f"{name}-{width}.png")

    return picture
