"""The record's three main flows, done by people in the browser: a report, a request for access, a note with a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from rich.console import Console

from bot.demo import Demo, start_demo
from sandbox.clock import MovableClock
from tests.stage import EVENING

ACME = "Acme Robotics GmbH"
RITA, OLGA, VIK, CARL = "U01RITAREP", "U01OLGAOPS", "U01VIKVIEW", "U01CARLCTL"
NARROW = 400
"""Pixels: a phone held upright."""

Look = Callable[[str], Page]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """One for each test: a window that somebody left open is open on every page of theirs."""
    with start_demo(tmp_path, clock=MovableClock(start=EVENING), port=0, out=Console(file=StringIO())) as running:
        yield running


@pytest.fixture(params=[1280, NARROW], ids=["wide", "narrow"])
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
def keep(pictures: Path, width: int) -> Callable[[Page, str], None]:
    """Take a picture, and see that nothing hangs over the edge."""

    def picture(page: Page, name: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=pictures / f"record-{name}-{width}.png")

    return picture


Keep = Callable[[Page, str], None]


def open_acme(page: Page) -> Locator:
    page.get_by_role("combobox", name=re.compile("^Message")).fill("/account acme robotics")
    page.keyboard.press("Enter")
    card = page.get_by_test_id("message").last
    expect(card.get_by_role("heading", name=ACME)).to_be_visible()
    return card


def open_messages(page: Page, width: int) -> None:
    """Plixo's direct messages; on a narrow page the list of conversations is behind a button."""
    if width == NARROW:
        page.get_by_role("banner").get_by_role("button").first.click()
    page.get_by_role("link", name=re.compile("^Plixo")).last.click()


def pick(page: Page, modal: Locator, field: str, *, option: str) -> None:
    modal.get_by_role("button", name=re.compile(f"^{field}:")).click()
    page.get_by_role("option", name=re.compile(option)).click()
    page.keyboard.press("Escape")


def test_a_promise_from_the_card_to_the_record_and_back(look: Look, keep: Keep, width: int) -> None:
    rita = look(RITA)
    open_acme(rita).get_by_role("button", name="Report", exact=True).click()
    modal = rita.get_by_test_id("modal")
    pick(rita, modal, "Invoices", option="INV-21164")
    modal.get_by_label("They will pay by").fill("next Friday")
    modal.get_by_label("Their words").fill("We pay INV-21164 next Friday, promised.")
    keep(rita, "report")
    modal.get_by_role("button", name="Report", exact=True).click()
    expect(modal.get_by_text("The promise is reported.")).to_be_visible()
    expect(modal.get_by_text("Friday 4 December 2026")).to_be_visible()
    keep(rita, "reported")
    modal.get_by_role("button", name="Close").last.click()

    olga = look(OLGA)
    open_messages(olga, width)
    alert = olga.get_by_test_id("message").filter(has_text=f"Promise reported: {ACME}")
    expect(alert).to_contain_text("We pay INV-21164 next Friday, promised.")
    expect(alert).to_contain_text("Log by")
    keep(olga, "alert")
    alert.get_by_role("button", name="Record", exact=True).click()
    expect(olga.get_by_test_id("message").filter(has_text="On record").first).to_be_visible()
    expect(olga.get_by_role("button", name="Record", exact=True)).to_have_count(0)
    keep(olga, "recorded")

    open_messages(rita, width)
    expect(rita.get_by_test_id("message").filter(has_text="Your report is on record")).to_be_visible()
    keep(rita, "reporter-told")


def test_who_may_not_nudge_asks_and_the_controller_approves_with_a_reason(look: Look, keep: Keep, width: int) -> None:
    vik = look(VIK)
    card = open_acme(vik)
    expect(card.get_by_role("button", name="Nudge", exact=True)).to_have_count(0)
    card.get_by_role("button", name="Ask the Controller").click()
    expect(vik.get_by_text("Asked. The Controller has a message")).to_be_visible()
    keep(vik, "asked")

    carl = look(CARL)
    open_messages(carl, width)
    request = carl.get_by_test_id("message").filter(has_text="Vik Viewer asks to send nudges")
    keep(carl, "request")
    request.get_by_role("button", name="Approve", exact=True).click()
    modal = carl.get_by_test_id("modal")
    modal.get_by_label("Why").fill("Covers for Rita this week.")
    keep(carl, "approve")
    modal.get_by_role("button", name="Approve", exact=True).click()
    expect(request.get_by_role("button", name="Approve", exact=True)).to_have_count(0)

    open_messages(vik, width)
    expect(vik.get_by_test_id("message").filter(has_text="Covers for Rita this week.")).to_be_visible()
    keep(vik, "answered")


def test_a_note_names_a_colleague_who_hears_of_it(look: Look, keep: Keep, width: int) -> None:
    rita = look(RITA)
    open_acme(rita).get_by_role("button", name="Add note").click()
    modal = rita.get_by_test_id("modal")
    modal.get_by_role("textbox", name="Note").fill("Pays on the 15th only. Can you confirm?")
    pick(rita, modal, "Who should hear of it", option="Olga Operator")
    keep(rita, "note")
    modal.get_by_role("button", name="Add note").click()
    expect(modal.get_by_text("Your note is there")).to_be_visible()

    olga = look(OLGA)
    open_messages(olga, width)
    told = olga.get_by_test_id("message").filter(has_text="Pays on the 15th only.")
    expect(told).to_contain_text(f"named you in a note about {ACME}")
    expect(told.get_by_role("button", name="Reply", exact=True)).to_be_visible()
    keep(olga, "named")


def test_people_and_roles_are_looked_at_in_a_window(look: Look, keep: Keep, width: int) -> None:
    carl = look(CARL)
    if width == NARROW:
        carl.get_by_role("banner").get_by_role("button").first.click()
    carl.get_by_role("link", name=re.compile("^Plixo")).first.click()
    carl.get_by_test_id("home").get_by_role("button", name="People and roles").click()
    modal = carl.get_by_test_id("modal")
    expect(modal.get_by_text("Rita Rep").first).to_be_visible()
    keep(carl, "people")
