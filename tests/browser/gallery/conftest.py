"""A demo for each module, people in front of it, and a wall to hang pictures on: `test-output/gallery`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from rich.console import Console

from bot.demo import Demo, start_demo
from sandbox.clock import MovableClock
from sandbox.server import SandboxServer
from tests.browser.walking import HALL, NARROW, PATIENCE, things_that_stick_out
from tests.stage import EVENING

WIDE, HIGH = 1280, 1000


@dataclass(frozen=True)
class Seat:
    """Somebody in front of the page. Commands and fields go to the workspace, everything else is clicked."""

    person: str
    page: Page
    slack: SandboxServer
    folder: Path

    @property
    def window(self) -> Locator:
        return self.page.get_by_test_id("modal")

    @property
    def message(self) -> Locator:
        """The newest one."""
        return self.page.get_by_test_id("message").last

    def type(self, words: str) -> None:
        """A command in the hall."""
        self.page.goto(f"{self.slack.url}/?as={self.person}#/c/{HALL}")
        command, _, text = words.partition(" ")
        self.slack.command(user=self.person, command=command, text=text, channel=HALL)

    def card(self, number: str) -> Locator:
        """Of the account with this number."""
        self.type(f"/account {number}")
        expect(self.message).to_contain_text(number)
        return self.message

    def home(self) -> Locator:
        self.page.goto(f"{self.slack.url}/?as={self.person}#/app/home")
        return self.page.get_by_test_id("home")

    def messages(self) -> None:
        """Plixo's, to this person alone."""
        self.page.goto(f"{self.slack.url}/?as={self.person}#/app/messages")

    def write(self, action: str, words: object, *, block: str | None = None) -> None:
        """Into a field of the window, once it is there."""
        self.window.locator(f'[data-action-id="{action}"]').first.wait_for()
        self.slack.fill(user=self.person, action_id=action, value=words, block_id=block)

    def send(self) -> None:
        self.slack.submit(user=self.person)

    def close(self) -> None:
        """Every window."""
        self.slack.close(user=self.person, everything=True)
        expect(self.window).to_be_hidden()

    def hang(self, what: Locator, name: str, *, says: str) -> None:
        """A picture of the whole of it on a wide and on a narrow page, on which nothing sticks out."""
        expect(what).to_contain_text(says)
        self.page.mouse.move(0, 0)
        for width in (WIDE, NARROW):
            self.page.set_viewport_size({"width": width, "height": HIGH})
            tall = what.evaluate("one => { one.style.maxHeight = 'none'; return one.scrollHeight; }")
            self.page.set_viewport_size({"width": width, "height": max(HIGH, tall + 400)})
            assert things_that_stick_out(self.page) == [], f"{name}, {width} pixels wide"
            what.screenshot(path=self.folder / f"{name}-{width}.png")
        self.page.set_viewport_size({"width": WIDE, "height": HIGH})


TakeSeat = Callable[[str], Seat]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    clock, out = MovableClock(start=EVENING), Console(file=StringIO())
    with start_demo(folder, clock=clock, port=0, out=out, patience=PATIENCE) as running:
        yield running


@pytest.fixture(scope="module")
def seat(browser: Browser, demo: Demo) -> Iterator[TakeSeat]:
    folder = Path("test-output/gallery")
    folder.mkdir(parents=True, exist_ok=True)
    taken: dict[str, Seat] = {}

    def take(person: str) -> Seat:
        if person not in taken:
            context = browser.new_context(viewport={"width": WIDE, "height": HIGH}, reduced_motion="reduce")
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.goto(f"{demo.slack.url}/?as={person}#/c/{HALL}")
            page.get_by_role("main").wait_for()
            taken[person] = Seat(person, page, demo.slack, folder)
        return taken[person]

    yield take
    for one in taken.values():
        one.page.context.close()
