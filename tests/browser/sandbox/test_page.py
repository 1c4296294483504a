"""The page as a person uses it."""

from __future__ import annotations

import mailbox
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sandbox.server import SandboxServer
from tests.browser.sandbox.conftest import Look

pytestmark = pytest.mark.browser
RITA = "U01RITA"


def test_an_empty_workspace_invites(look: Look) -> None:
    page = look()
    expect(page.get_by_role("heading", name="Welcome to #general")).to_be_visible()
    expect(page.get_by_text("to see what Acme owes")).to_be_visible()
    expect(page.locator(".welcome code")).to_have_text("/account acme")


def test_from_a_command_to_the_reminder_by_keyboard_alone(look: Look, slack: SandboxServer) -> None:
    page = look()
    page.locator("#composer").focus()
    page.keyboard.type("/acc")
    expect(page.get_by_role("option", name=re.compile("Show an account"))).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("acme")
    page.keyboard.press("Enter")
    card = page.get_by_test_id("message").last
    expect(card.get_by_text("Only visible to you")).to_be_visible()
    expect(card.get_by_role("heading", name="Acme GmbH")).to_be_visible()
    card.get_by_role("button", name="Nudge").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Nudge Acme GmbH")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Recipient: Search contacts")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("cle")
    page.keyboard.press("Enter")  # faster than the options load
    expect(dialog.get_by_role("button", name="Recipient: Cleo Chen")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("b")
    expect(dialog.get_by_role("option", name="Bob Baker")).to_be_visible()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Recipient: Bob Baker")).to_be_focused()
    dialog.get_by_label("Personal note").fill("bad")
    dialog.get_by_role("button", name="Queue nudge").click()
    expect(dialog.get_by_text("Please say something kinder.")).to_be_visible()
    expect(dialog.get_by_label("Personal note")).to_be_focused()
    dialog.get_by_label("Personal note").fill("Hope you are well")
    dialog.get_by_role("button", name="Queue nudge").focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    sent = slack.deliveries("view_submission")[-1].payload["view"]["state"]["values"]
    assert sent["contact"]["contact"]["selected_option"]["value"] == "bob"
    assert sent["note"]["note"]["value"] == "Hope you are well"
    page.get_by_role("link", name="Plixo 1").click()
    expect(page.get_by_text("Queued for tomorrow 08:00.")).to_be_visible()


def test_a_confirmation_is_asked_and_obeyed(look: Look, slack: SandboxServer) -> None:
    slack.command(user=RITA, command="/account", text="acme", channel="C01GEN")
    page = look()
    page.get_by_role("button", name="Hold").click()
    ask = page.get_by_role("dialog", name="Hold Acme?")
    expect(ask).to_contain_text("Nothing leaves for Acme until somebody lifts it.")
    page.keyboard.press("Escape")
    expect(ask).to_be_hidden()
    assert slack.deliveries("block_actions") == []
    page.get_by_role("button", name="Hold").click()
    ask.get_by_role("button", name="Hold", exact=True).click()
    expect(page.get_by_text("Acme is on hold.")).to_be_visible()
    expect(page.get_by_text("(edited)")).to_be_visible()


def test_menus_by_keyboard(look: Look, slack: SandboxServer) -> None:
    slack.command(user=RITA, command="/account", text="acme", channel="C01GEN")
    page = look()
    card = page.get_by_test_id("message").last
    card.get_by_role("button", name="More actions").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Open in billing")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    card.get_by_role("button", name=re.compile("Window: Window")).click()
    page.keyboard.type("90")
    page.keyboard.press("Enter")
    expect(card.get_by_role("button", name=re.compile("Window: 90 days"))).to_be_visible()
    slack.wait_for(lambda: len(slack.deliveries("block_actions")) == 2)
    chosen = [one.payload["actions"][0]["selected_option"]["value"] for one in slack.deliveries("block_actions")]
    assert chosen == ["mute", "90"]


def test_everybody_sees_what_is_theirs(look: Look, slack: SandboxServer) -> None:
    slack.command(user=RITA, command="/account", text="acme", channel="C01GEN")
    page = look(as_="U02AMIR")
    expect(page.get_by_text("Welcome to #general")).to_be_visible()
    expect(page.get_by_role("link", name="deal-desk")).to_have_count(0)
    page.get_by_test_id("people").click()
    expect(page.get_by_role("menuitemradio", name=re.compile("Rita Rep Sales .*10:00 AM in Berlin"))).to_be_visible()
    page.get_by_role("menuitemradio", name=re.compile("Rita")).click()
    expect(page.get_by_text("Only visible to you")).to_be_visible()
    expect(page.get_by_role("link", name="deal-desk")).to_be_visible()


def test_the_home_tab(look: Look, slack: SandboxServer) -> None:
    page = look()
    page.get_by_role("link", name="Plixo", exact=True).first.click()
    expect(page.get_by_role("heading", name="Good morning, Rita")).to_be_visible()
    expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    page.get_by_test_id("home").locator("input[type=date]").fill("2026-03-09")
    slack.wait_for(lambda: slack.deliveries("block_actions"))
    assert slack.deliveries("block_actions")[0].payload["actions"][0]["selected_date"] == "2026-03-09"
    page.get_by_role("tab", name="Home").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("This is the beginning of your messages with Plixo.")).to_be_visible()


def test_a_slow_bot_shows_that_it_works_and_then_that_it_failed(look: Look, slack: SandboxServer) -> None:
    page = look()
    page.locator("#composer").fill("/account slow")
    page.locator("#composer").press("Enter")
    expect(page.get_by_text("Plixo is working on /account")).to_be_visible()
    expect(page.get_by_text('/account failed with the error "operation_timeout"')).to_be_visible()
    expect(page.get_by_text("Plixo is working")).to_have_count(0)


def test_a_modal_closes_by_escape_and_gives_the_focus_back(look: Look, slack: SandboxServer) -> None:
    page = look()
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_role("menuitem", name=re.compile("Nudge a customer")).click()
    dialog = page.get_by_role("dialog", name="Nudge Acme GmbH")
    expect(dialog).to_be_visible()
    for _ in range(14):
        page.keyboard.press("Tab")
        # Between two rounds the focus may rest on the page itself; never on something behind the dialog.
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    slack.wait_for(lambda: slack.deliveries("view_closed"))
    expect(page.get_by_role("button", name="Shortcuts")).to_be_focused()


def test_typed_text_survives_an_update_of_the_modal(look: Look, slack: SandboxServer) -> None:
    slack.shortcut(user=RITA, callback_id="nudge_global")
    page = look()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Personal note").fill("half a sent")
    dialog.get_by_label("INV-2041").check()
    slack.wait_for(lambda: slack.deliveries("block_actions"))
    view = slack.view(user=RITA)
    assert view is not None
    blocks = [*view.blocks, {"type": "section", "text": {"type": "mrkdwn", "text": "Added meanwhile"}}]
    given = {"type": "modal", "title": view.title, "submit": view.submit, "callback_id": "x", "blocks": blocks}
    assert slack.api.call("views.update", given={"view_id": view.id, "view": given}, token="xoxb-showcase").body["ok"]
    expect(dialog.get_by_text("Added meanwhile")).to_be_visible()
    expect(dialog.get_by_label("Personal note")).to_have_value("half a sent")
    expect(dialog.get_by_label("INV-2041")).to_be_checked()
    expect(dialog.get_by_label("INV-2041")).to_be_focused()


def test_the_clock(look: Look, slack: SandboxServer) -> None:
    page = look()
    button = page.get_by_role("button", name=re.compile("Sandbox time: Mon, Mar 2, 10:00 AM in Berlin, moved"))
    button.click()
    page.get_by_role("button", name="Tomorrow 07:59").click()
    expect(page.get_by_test_id("clock")).to_contain_text("Tue, Mar 3, 7:59 AM")
    page.get_by_role("button", name=re.compile("Sandbox time")).click()
    page.get_by_label("In words").fill("whenever")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="whenever")).to_be_visible()
    page.get_by_label("In words").fill("next monday 08:00")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("clock")).to_contain_text("Mon, Mar 9, 8:00 AM")
    page.get_by_role("button", name=re.compile("Sandbox time")).click()
    page.get_by_role("button", name="Back to real time").click()
    expect(page.get_by_text("moved", exact=True)).to_have_count(0)
    assert not slack.clock.is_moved


def test_mail_that_left(look: Look, slack: SandboxServer, tmp_path: Path) -> None:
    page = look(at="#/mail")
    expect(page.get_by_role("heading", name="No mail has left")).to_be_visible()
    box = mailbox.Maildir(str(tmp_path / "mail"))
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "rita@example.com", "ann@acme.example", "Friendly reminder"
    letter["Date"], letter["Message-ID"] = "Mon, 02 Mar 2026 08:00:00 +0100", "<n1@plixo.example>"
    letter.set_content("Hello Ann")
    letter.add_alternative("<p>Hello <b>Ann</b></p><script>parent.document.title='owned'</script>", subtype="html")
    box.add(letter)
    box.close()
    page.get_by_role("link", name=re.compile("ann@acme.example")).click()
    expect(page.get_by_text("<n1@plixo.example>")).to_be_visible()
    expect(page.frame_locator("iframe").locator("b")).to_have_text("Ann")
    assert page.locator("iframe").get_attribute("sandbox") == ""
    page.get_by_role("tab", name="Plain text").click()
    expect(page.locator(".mail-text")).to_have_text("Hello Ann\n")
    assert "owned" not in page.title()


def test_threads_and_message_shortcuts(look: Look, slack: SandboxServer) -> None:
    slack.say(user="U02AMIR", channel="C01GEN", text="Who is Acme?")
    page = look()
    message = page.get_by_test_id("message").first
    message.hover()
    message.get_by_role("button", name="Reply in thread").click()
    page.keyboard.type("A customer")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="1 reply").click()
    expect(page.get_by_text("A customer")).to_be_visible()
    message.hover()
    message.get_by_role("button", name="More actions").first.click()
    page.get_by_role("menuitem", name=re.compile("Find the account")).click()
    expect(page.get_by_text("This is about Acme GmbH.")).to_be_visible()
