"""The pictures in the docs, of the demo as it is. Copy what changed from `test-output/docs` to `docs/pictures`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.walking import (
    CARL,
    NUDGE,
    OLGA,
    RITA,
    Look,
    fill_report,
    open_acme,
    open_home,
    open_messages,
    type_command,
)

Shoot = Callable[[Page | Locator, str], None]


WIDE, TALL = 1024, 1700
"""Pixels: no blank space beside a message, and none of a window below its edge."""


@pytest.fixture
def width() -> int:
    return WIDE


@pytest.fixture
def shoot(pictures: Path) -> Shoot:
    folder = pictures / "docs"
    folder.mkdir(exist_ok=True)

    def picture(what: Page | Locator, name: str) -> None:
        if isinstance(what, Locator):
            what.page.set_viewport_size({"width": WIDE, "height": TALL})
            what.evaluate("shown => { shown.style.maxHeight = 'none'; shown.scrollIntoView(); }")
        what.screenshot(path=folder / f"{name}.png")

    return picture


def test_the_nudge_from_the_card_to_the_alert(look: Look, shoot: Shoot) -> None:
    rita = look(RITA)
    rita.set_viewport_size({"width": 1280, "height": 1060})
    card = open_acme(rita)
    shoot(rita, "workspace")
    card.get_by_role("button", name=NUDGE).click()
    modal = rita.get_by_test_id("modal")
    expect(modal.get_by_text("The mail, exactly as it would leave")).to_be_visible()
    shoot(modal, "nudge")
    modal.get_by_role("button", name=re.compile("^Queue")).click()
    expect(modal.get_by_text(re.compile("queued", re.IGNORECASE)).first).to_be_visible()

    olga = look(OLGA)
    olga.get_by_role("link", name=re.compile("ar-team")).click()
    alert = olga.get_by_test_id("message").last
    expect(alert.get_by_text(re.compile("Rita Rep nudged"))).to_be_visible()
    shoot(alert, "alert")


def test_a_card_with_a_dispute(look: Look, shoot: Shoot) -> None:
    rita = look(RITA)
    type_command(rita, "/account nordlicht energie")
    card = rita.get_by_test_id("message").last
    expect(card.get_by_text("Disputed.")).to_be_visible()
    shoot(card, "card")


def test_a_report_and_its_alert(look: Look, shoot: Shoot, width: int) -> None:
    rita = look(RITA)
    modal = fill_report(rita)
    shoot(modal, "report")
    modal.get_by_role("button", name="Report", exact=True).click()
    expect(modal.get_by_text("The promise is reported.")).to_be_visible()

    olga = look(OLGA)
    open_messages(olga, width)
    reported = olga.get_by_test_id("message").filter(has_text="Promise reported")
    expect(reported).to_contain_text("Log by")
    shoot(reported, "promise-alert")


def test_the_console(look: Look, shoot: Shoot, width: int) -> None:
    carl = look(CARL)
    open_home(carl, width).get_by_role("button", name="Whether everything is in order").click()
    modal = carl.get_by_test_id("modal")
    expect(modal.get_by_text("release loop")).to_be_visible()
    shoot(modal, "console")
