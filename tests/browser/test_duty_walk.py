"""Who keeps the record: the Controller gives an account to its keeper, and the keeper says that they are away."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.walking import ACME, CARL, OLGA, Keep, Look, open_home, open_messages


def test_an_account_gets_a_keeper_who_goes_away(look: Look, keep: Keep, width: int) -> None:
    carl = look(CARL)
    open_home(carl, width).get_by_role("button", name="Who keeps the record, and who is away").click()
    modal = carl.get_by_test_id("modal")
    expect(modal.get_by_text("Olga Operator").first).to_be_visible()
    keep(carl, "duty-roster")
    modal.get_by_role("button", name="Accounts of Olga Operator").click()
    modal.get_by_role("button", name=re.compile("^Account:")).click()
    carl.get_by_role("combobox", name=re.compile("^Search Account")).fill("acme rob")
    carl.get_by_role("option", name=re.compile(ACME)).click()
    keep(carl, "duty-account")
    modal.get_by_role("button", name="Save").click()
    expect(modal.get_by_text("Saved.")).to_be_visible()
    expect(modal).to_contain_text(f"Keeps {ACME}")
    keep(carl, "duty-saved")

    olga = look(OLGA)
    open_messages(olga, width)
    expect(olga.get_by_test_id("message").filter(has_text=f"you keep {ACME}")).to_be_visible()
    open_home(olga, width).get_by_role("button", name="Who keeps the record, and who is away").click()
    modal = olga.get_by_test_id("modal")
    modal.get_by_role("button", name="Absence of Olga Operator").click()
    modal.get_by_label("Last day away").fill("2026-11-27")
    keep(olga, "duty-away")
    modal.get_by_role("button", name="Save").click()
    expect(modal).to_contain_text("Away until the end of Fri 27 Nov")
    keep(olga, "duty-gone")
    modal.get_by_role("button", name="Absence of Olga Operator")
    modal.get_by_role("button", name="Olga Operator: no longer away").click()
    expect(modal.get_by_text("Welcome back")).to_be_visible()
