"""What people do in the local workspace's page, in a few words."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

ACME = "Acme Robotics GmbH"
RITA, OLGA, VIK, CARL, LENA = "U01RITAREP", "U01OLGAOPS", "U01VIKVIEW", "U01CARLCTL", "U01LENALEG"
MAYA, CLEO, ADA, BEN, PRIYA = "U01MAYAMGR", "U01CLEOCSM", "U01ADAADMN", "U01BENBILL", "U01PRIYANR"
HALL = "C01GENERAL"
"""The channel where everybody is, and where Plixo posts nothing by itself."""
NUDGE = re.compile("^Nudge")
"""The card's button also names the customer to those who hear it."""
NARROW = 400
"""Pixels: a phone held upright."""
PATIENCE = 30.0
"""Seconds: how slow a busy machine is says nothing about the code."""

Look = Callable[[str], Page]
Keep = Callable[[Page, str], None]


def type_command(page: Page, words: str) -> None:
    page.get_by_role("combobox", name=re.compile("^Message")).fill(words)
    page.keyboard.press("Enter")


def open_acme(page: Page) -> Locator:
    type_command(page, "/account acme robotics")
    card = page.get_by_test_id("message").last
    expect(card.get_by_role("heading", name=ACME)).to_be_visible()
    return card


def fill_report(page: Page) -> Locator:
    """From Acme's card: what was promised, ready to be sent."""
    open_acme(page).get_by_role("button", name="Report", exact=True).click()
    modal = page.get_by_test_id("modal")
    pick(page, modal, "Invoices", option="INV-21164")
    modal.get_by_label("They will pay by").fill("next Friday")
    modal.get_by_label("Their words").fill("We pay INV-21164 next Friday, promised.")
    return modal


def open_home(page: Page, width: int) -> Locator:
    _show_conversations(page, width)
    page.get_by_role("link", name=re.compile("^Plixo")).first.click()
    return page.get_by_test_id("home")


def open_messages(page: Page, width: int) -> None:
    """Plixo's direct messages."""
    _show_conversations(page, width)
    page.get_by_role("link", name=re.compile("^Plixo")).last.click()


def _show_conversations(page: Page, width: int) -> None:
    """On a narrow page their list is behind a button."""
    if width == NARROW:
        page.get_by_role("banner").get_by_role("button").first.click()


def pick(page: Page, modal: Locator, field: str, *, option: str) -> None:
    modal.get_by_role("button", name=re.compile(f"^{field}:")).click()
    page.get_by_role("option", name=re.compile(option)).click()
    page.keyboard.press("Escape")


def close_windows(page: Page, *titles: str) -> None:
    """Those with these titles, which lie on each other, the topmost first."""
    for title in titles:
        window = page.get_by_role("dialog", name=title, exact=True)
        window.get_by_role("button", name="Close").last.click()
        expect(window).to_be_hidden()


def press(where: Locator, action: str, *, nth: int = 0) -> None:
    """A button by the name it has between Slack and us: its words are what the pictures are looked at for."""
    where.locator(f'[data-action-id="{action}"]').nth(nth).click()


def agree(page: Page) -> None:
    """Yes, to the question that is asked before a click counts."""
    page.locator("dialog.ask button").last.click()


def things_that_stick_out(page: Page) -> list[str]:
    """What is wider than the place it is drawn in."""
    places = "document.querySelectorAll('html, .home, .modal-body, .messages, .message')"
    found: list[str] = page.evaluate(
        f"[...{places}].filter(one => one.scrollWidth > one.clientWidth).map(one => one.className || one.tagName)"
    )
    return found
