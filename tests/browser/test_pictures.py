"""The pictures in the docs, of the demo as it is, shot by `make long`.

Copy what changed from `test-output/docs` to `docs/pictures`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.demo import Demo
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
from tests.stage import AFTER

pytestmark = pytest.mark.slow

Shoot = Callable[..., None]


WIDE, TALL = 1024, 1700
"""Pixels: no blank space beside a message, and none of a window below its edge."""
THE_TOP = 700
"""Pixels of what is longer than a picture should be."""


@pytest.fixture
def width() -> int:
    return WIDE


@pytest.fixture
def shoot(pictures: Path) -> Shoot:
    folder = pictures / "docs"
    folder.mkdir(exist_ok=True)

    def picture(what: Page | Locator, name: str, *, height: int = TALL) -> None:
        if isinstance(what, Locator):
            what.page.set_viewport_size({"width": WIDE, "height": TALL})
            what.evaluate(f"shown => {{ shown.style.maxHeight = '{height}px'; shown.scrollIntoView(); }}")
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
    expect(alert.get_by_text(re.compile("Nudge by Rita Rep"))).to_be_visible()
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
    home = open_home(olga, width)
    expect(home).to_contain_text("Log by")
    shoot(home, "home", height=THE_TOP)


def test_the_console(look: Look, shoot: Shoot, demo: Demo, width: int) -> None:
    open_acme(rita := look(RITA)).get_by_role("button", name=NUDGE).click()
    rita.get_by_test_id("modal").get_by_role("button", name=re.compile("^Queue")).click()
    expect(rita.get_by_test_id("modal").get_by_text("Queued.")).to_be_visible()
    demo.clock.set(AFTER)
    carl = look(CARL)
    type_command(carl, '/plixo cron pause promises 30m "The bank file comes late today"')
    expect(carl.get_by_test_id("message").last).to_contain_text("paused by Carl Controller")
    open_home(carl, width).get_by_role("button", name="Whether everything is in order").click()
    modal = carl.get_by_test_id("modal")
    expect(modal).to_contain_text("1 sent")
    shoot(modal, "console", height=THE_TOP)
