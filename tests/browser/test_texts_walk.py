"""A rep finds a text too harsh: asked for, approved with a reason, signed off by Legal, and then nudged with."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.walking import (
    CARL,
    LENA,
    NUDGE,
    RITA,
    Keep,
    Look,
    close_windows,
    open_acme,
    open_messages,
    type_command,
)

KINDER = "Hello {customer_name},\n\nwould you be so kind as to look at {invoice_number}?\n\n{pay_link}\n\n{sender_name}"


def read_template(page: Page, name: str) -> None:
    modal = page.get_by_test_id("modal")
    modal.get_by_role("button", name=f"Read {name}").click()
    expect(modal.get_by_role("button", name="All templates")).to_be_visible()


def test_a_kinder_text_from_the_wish_to_the_nudge(look: Look, keep: Keep, width: int) -> None:
    rita = look(RITA)
    type_command(rita, "/plixo templates")
    keep(rita, "texts-list")
    read_template(rita, "Overdue reminder")
    keep(rita, "texts-template")
    modal = rita.get_by_test_id("modal")
    modal.get_by_role("button", name="Request a change").click()
    modal.get_by_label("Proposed text").fill(KINDER)
    modal.get_by_label("Why?").fill("Too harsh for new customers.")
    keep(rita, "texts-wish")
    modal.get_by_role("button", name="Ask", exact=True).click()
    expect(modal.get_by_text("Asked.")).to_be_visible()
    keep(rita, "texts-asked")
    close_windows(rita, "Request a change", "Template")

    carl = look(CARL)
    open_messages(carl, width)
    wish = carl.get_by_test_id("message").filter(has_text="Rita Rep would like to change")
    expect(wish).to_contain_text("would you be so kind")
    keep(carl, "texts-request")
    wish.get_by_role("button", name="Approve", exact=True).click()
    modal = carl.get_by_test_id("modal")
    modal.get_by_label("Your reason").fill("Kinder is fine.")
    modal.get_by_role("checkbox").check()
    keep(carl, "texts-approve")
    modal.get_by_role("button", name="Make the draft").click()
    expect(modal.get_by_text("is a draft now")).to_be_visible()
    modal.get_by_role("button", name="Read the draft").click()
    modal.get_by_role("button", name="Approve", exact=True).click()
    carl.get_by_role("dialog").last.get_by_role("button", name="Approve", exact=True).click()
    expect(modal.get_by_text("It stays a draft")).to_be_visible()
    keep(carl, "texts-approved")

    lena = look(LENA)
    type_command(lena, "/plixo templates")
    read_template(lena, "Overdue reminder")
    modal = lena.get_by_test_id("modal")
    modal.get_by_role("button", name="Sign off for Legal").click()
    expect(modal.get_by_text(re.compile("Nudges can be sent"))).to_be_visible()
    keep(lena, "texts-signed")

    open_acme(rita).get_by_role("button", name=NUDGE).click()
    modal = rita.get_by_test_id("modal")
    modal.get_by_role("button", name=re.compile("^Text:")).click()
    rita.get_by_role("option", name=re.compile("Overdue reminder")).click()
    expect(modal.get_by_text("would you be so kind")).to_be_visible()
    keep(rita, "texts-nudge")
    modal.get_by_role("button", name=re.compile("^Queue")).click()
    expect(modal.get_by_text(re.compile("queued", re.IGNORECASE)).first).to_be_visible()
