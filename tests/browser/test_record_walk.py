"""The record's three main flows, done by people in the browser: a report, a request for access, a note with a name."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.walking import (
    ACME,
    CARL,
    NUDGE,
    OLGA,
    RITA,
    VIK,
    Keep,
    Look,
    fill_report,
    open_acme,
    open_home,
    open_messages,
    pick,
)


def test_a_promise_from_the_card_to_the_record_and_back(look: Look, keep: Keep, width: int) -> None:
    rita = look(RITA)
    modal = fill_report(rita)
    keep(rita, "record-report")
    modal.get_by_role("button", name="Report", exact=True).click()
    expect(modal.get_by_text("The promise is reported.")).to_be_visible()
    expect(modal.get_by_text("Friday 4 December 2026")).to_be_visible()
    keep(rita, "record-reported")
    modal.get_by_role("button", name="Close").last.click()

    olga = look(OLGA)
    open_messages(olga, width)
    alert = olga.get_by_test_id("message").filter(has_text=f"Promise reported: {ACME}")
    expect(alert).to_contain_text("We pay INV-21164 next Friday, promised.")
    expect(alert).to_contain_text("Log by")
    keep(olga, "record-alert")
    alert.get_by_role("button", name="Record", exact=True).click()
    expect(olga.get_by_test_id("message").filter(has_text="On record").first).to_be_visible()
    expect(olga.get_by_role("button", name="Record", exact=True)).to_have_count(0)
    keep(olga, "record-recorded")

    open_messages(rita, width)
    expect(rita.get_by_test_id("message").filter(has_text="Your report is on record")).to_be_visible()
    keep(rita, "record-reporter-told")


def test_who_may_not_nudge_asks_and_the_controller_approves_with_a_reason(look: Look, keep: Keep, width: int) -> None:
    vik = look(VIK)
    card = open_acme(vik)
    expect(card.get_by_role("button", name=NUDGE)).to_have_count(0)
    card.get_by_role("button", name="Ask the Controller").click()
    expect(vik.get_by_text("Asked. The Controller has a message")).to_be_visible()
    keep(vik, "record-asked")

    carl = look(CARL)
    open_messages(carl, width)
    request = carl.get_by_test_id("message").filter(has_text="Vik Viewer asks to send nudges")
    keep(carl, "record-request")
    request.get_by_role("button", name="Approve", exact=True).click()
    modal = carl.get_by_test_id("modal")
    modal.get_by_label("Why").fill("Covers for Rita this week.")
    keep(carl, "record-approve")
    modal.get_by_role("button", name="Approve", exact=True).click()
    expect(request.get_by_role("button", name="Approve", exact=True)).to_have_count(0)

    open_messages(vik, width)
    expect(vik.get_by_test_id("message").filter(has_text="Covers for Rita this week.")).to_be_visible()
    keep(vik, "record-answered")


def test_a_note_names_a_colleague_who_hears_of_it(look: Look, keep: Keep, width: int) -> None:
    rita = look(RITA)
    open_acme(rita).get_by_role("button", name="Add note").click()
    modal = rita.get_by_test_id("modal")
    modal.get_by_role("textbox", name="Note").fill("Pays on the 15th only. Can you confirm?")
    pick(rita, modal, "Who should hear of it", option="Olga Operator")
    keep(rita, "record-note")
    modal.get_by_role("button", name="Add note").click()
    expect(modal.get_by_text("Your note is there")).to_be_visible()

    olga = look(OLGA)
    open_messages(olga, width)
    told = olga.get_by_test_id("message").filter(has_text="Pays on the 15th only.")
    expect(told).to_contain_text(f"named you in a note about {ACME}")
    expect(told.get_by_role("button", name="Reply", exact=True)).to_be_visible()
    keep(olga, "record-named")


def test_people_and_roles_are_looked_at_in_a_window(look: Look, keep: Keep, width: int) -> None:
    carl = look(CARL)
    open_home(carl, width).get_by_role("button", name="People and roles").click()
    modal = carl.get_by_test_id("modal")
    expect(modal.get_by_text("Rita Rep").first).to_be_visible()
    keep(carl, "record-people")


def test_who_asked_and_was_declined_reads_why(look: Look, keep: Keep, width: int) -> None:
    vik = look(VIK)
    open_acme(vik).get_by_role("button", name="Ask the Controller").click()
    expect(vik.get_by_text("Asked. The Controller has a message")).to_be_visible()

    carl = look(CARL)
    open_messages(carl, width)
    request = carl.get_by_test_id("message").filter(has_text="Vik Viewer asks to send nudges")
    request.get_by_role("button", name="Decline", exact=True).click()
    modal = carl.get_by_test_id("modal")
    modal.get_by_label("Why").fill("Rita writes to this customer; ask her.")
    keep(carl, "record-decline")
    modal.get_by_role("button", name="Decline", exact=True).click()
    expect(request.get_by_role("button", name="Decline", exact=True)).to_have_count(0)
    keep(carl, "record-declined")

    open_messages(vik, width)
    expect(vik.get_by_test_id("message").filter(has_text="Rita writes to this customer; ask her.")).to_be_visible()
    keep(vik, "record-refused")
    expect(open_acme(vik).get_by_role("button", name=NUDGE)).to_have_count(0)
