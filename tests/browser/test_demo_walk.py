"""The main job done by a person in the browser: the demo as `make demo` starts it, and pictures of every step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from rich.console import Console

from bot.demo import Demo, start_demo
from sandbox.clock import MovableClock
from tests.browser.walking import PATIENCE
from tests.stage import EVENING

ACME = "Acme Robotics GmbH"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    clock, out = MovableClock(start=EVENING), Console(file=StringIO())
    with start_demo(folder, clock=clock, port=0, out=out, patience=PATIENCE) as running:
        yield running


Look = Callable[..., Page]


@pytest.fixture
def look(browser: Browser, demo: Demo) -> Iterator[Look]:
    contexts = []

    def open_page(*, as_: str, width: int = 1280, height: int = 1100, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(f"{demo.slack.url}/?as={as_}")
        page.get_by_role("main").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()


def run(page: Page, command: str) -> None:
    page.get_by_role("combobox", name=re.compile("^Message")).fill(command)
    page.keyboard.press("Enter")


def test_look_up_nudge_wait_and_watch_it_leave(look: Look, demo: Demo, pictures: Path) -> None:
    rita = look(as_="U01RITAREP")
    run(rita, "/account acm")
    chooser = rita.get_by_test_id("message").last
    expect(chooser.get_by_text("Acme Logistics")).to_be_visible()
    rita.screenshot(path=pictures / "1-chooser.png")
    run(rita, "/account acme robotics")
    card = rita.get_by_test_id("message").last
    expect(card.get_by_role("heading", name=ACME)).to_be_visible()
    rita.screenshot(path=pictures / "2-card.png")

    card.get_by_role("button", name=re.compile("^Nudge")).click()
    modal = rita.get_by_test_id("modal")
    expect(modal.get_by_text("The mail, exactly as it would leave")).to_be_visible()
    rita.screenshot(path=pictures / "3-nudge.png")
    modal.get_by_role("button", name=re.compile("^Queue")).click()
    expect(modal.get_by_text(re.compile("queued", re.IGNORECASE)).first).to_be_visible()
    rita.screenshot(path=pictures / "4-queued.png")

    olga = look(as_="U01OLGAOPS")
    olga.get_by_role("link", name=re.compile("ar-team")).click()
    alert = olga.get_by_test_id("message").last
    expect(alert.get_by_text(re.compile("Nudge by Rita Rep"))).to_be_visible()
    olga.screenshot(path=pictures / "5-alert.png")

    olga.get_by_role("button", name=re.compile("^Sandbox time")).click()
    olga.get_by_label("In words").fill("tomorrow 08:20")
    olga.get_by_role("dialog", name="Move the clock").get_by_role("button", name="Go").click()
    expect(alert.get_by_text(re.compile("Sent")).first).to_be_visible()
    olga.keyboard.press("Escape")
    olga.screenshot(path=pictures / "6-sent.png")

    olga.get_by_role("link", name=re.compile("Mail")).click()
    olga.get_by_text(re.compile("^Invoice INV-")).first.click()
    expect(olga.get_by_text("receivables@northwind.example").first).to_be_visible()
    olga.screenshot(path=pictures / "7-mail.png")
    modal.get_by_role("button", name=re.compile("^(Close|Done)")).last.click()
    rita.get_by_role("link", name=re.compile("^Plixo")).last.click()
    expect(rita.get_by_text(re.compile("Your nudge to Acme Robotics GmbH"))).to_be_visible()
    rita.screenshot(path=pictures / "8-rep-told.png")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_card_on_a_phone(look: Look, pictures: Path, dark: bool) -> None:
    page = look(as_="U01RITAREP", width=375, height=1600, dark=dark)
    run(page, "/account Nordlicht Energie")
    card = page.get_by_test_id("message").last
    expect(card.get_by_role("heading", name=re.compile("Nordlicht"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.screenshot(path=pictures / f"phone-card-{'dark' if dark else 'light'}.png")


def test_finding_an_account_by_the_shortcut(look: Look, pictures: Path) -> None:
    page = look(as_="U01RITAREP")
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_role("menuitem", name=re.compile("Find an account")).click()
    modal = page.get_by_test_id("modal")
    modal.get_by_role("button", name=re.compile("Account|Customer", re.IGNORECASE)).first.click()
    page.keyboard.type("acme")
    page.get_by_role("option", name=re.compile(ACME)).click()
    page.screenshot(path=pictures / "find.png")
    modal.get_by_role("button", name=re.compile("^(Open|Show|Find)")).last.click()
    expect(modal.get_by_text(ACME).first).to_be_visible()
    page.screenshot(path=pictures / "found.png")
