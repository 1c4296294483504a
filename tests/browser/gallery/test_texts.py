"""Templates, policies, cadences and segments: read, commented on, changed, decided, published."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bot.demo import Demo
from domain.usecases._publishing import FEW
from handlers import ids
from tests.browser.gallery.conftest import Seat, TakeSeat
from tests.browser.walking import BEN, CARL, LENA, MAYA, RITA, press
from tests.factories import TODAY, make_account, make_invoice

pytestmark = pytest.mark.slow

KINDER = "Hello {customer_name},\n\nwould you be so kind as to look at {invoice_number}?\n\n{pay_link}\n\n{sender_name}"


def read_template(reader: Seat, name: str) -> None:
    reader.type("/plixo templates")
    reader.window.get_by_role("button", name=f"Read {name}").click()


SHELVES = {
    "templates": "The texts that nudges are sent with",
    "policies": "When mail may leave",
    "segments": "The first one that fits",
    "cadences": "Days count from",
}


@pytest.mark.parametrize("word", SHELVES)
def test_a_shelf_as_sales_reads_it(seat: TakeSeat, word: str) -> None:
    rita = seat(RITA)
    rita.type(f"/plixo {word}")
    rita.hang(rita.window, f"window-{word}", says=SHELVES[word])
    rita.close()


def test_who_may_not_read_them_may_ask(seat: TakeSeat) -> None:
    ben = seat(BEN)
    ben.type("/plixo policies")
    ben.hang(ben.window, "window-not-allowed", says="Your role doesn't include this.")
    ben.close()


def test_a_comment_and_its_answer(seat: TakeSeat) -> None:
    rita, carl = seat(RITA), seat(CARL)
    read_template(rita, "Overdue reminder")
    rita.hang(rita.window, "window-template", says="Merge tags")
    press(rita.window, ids.TEXT_COMMENT)
    rita.hang(rita.window, "window-comment", says="Your comment")
    rita.write(ids.WRITTEN, "“Overdue” in the first line sounds like a threat.")
    rita.send()
    rita.hang(rita.window, "window-commented", says="Sent.")
    rita.close()
    carl.messages()
    carl.hang(carl.message, "told-comment", says="commented on")
    press(carl.message, ids.COMMENT_ANSWER)
    carl.hang(carl.window, "window-comment-answer", says="Your answer")
    carl.write(ids.WRITTEN, "Fair. Ask for a change, I'll look at it.")
    carl.send()
    carl.hang(carl.window, "window-comment-answered", says="Sent.")
    carl.close()
    rita.messages()
    rita.hang(rita.message, "told-comment-answered", says="answered your comment")
    read_template(rita, "Overdue reminder")
    rita.hang(rita.window, "window-template-with-comments", says="Comments on this version")
    rita.close()


def test_a_change_is_asked_for_and_decided(seat: TakeSeat) -> None:
    rita, carl, lena = seat(RITA), seat(CARL), seat(LENA)
    read_template(rita, "Overdue reminder")
    press(rita.window, ids.TEXT_CHANGE)
    rita.hang(rita.window, "window-change", says="Proposed text")
    rita.write(ids.WRITTEN, KINDER, block="change.text.block.0")
    rita.write(ids.WRITTEN, "Too harsh for new customers.", block=ids.WHY_BLOCK)
    rita.send()
    rita.hang(rita.window, "window-change-asked", says="Asked.")
    rita.close()
    carl.messages()
    carl.hang(carl.message, "told-change", says="would like to change")
    carl.hang(carl.home(), "home-controller-with-a-change", says="Requests for changes")
    carl.messages()
    press(carl.message, ids.CHANGE_DECLINE)
    carl.hang(carl.window, "window-change-decline", says="Your reason")
    carl.close()
    press(carl.message, ids.CHANGE_APPROVE)
    carl.hang(carl.window, "window-change-approve", says="Your reason")
    carl.write(ids.WRITTEN, "Kinder is fine.", block=ids.WHY_BLOCK)
    carl.write(ids.WRITTEN, ["legal"], block=ids.LEGAL_BLOCK)
    carl.send()
    carl.hang(carl.window, "window-change-approved", says="is a draft now")
    carl.close()
    carl.hang(carl.message, "told-change-decided", says="approved it")
    carl.hang(carl.home(), "home-controller-with-a-draft", says="Drafts of texts waiting for you")
    rita.messages()
    rita.hang(rita.message, "told-change-approved", says="was approved")
    read_template(carl, "Overdue reminder")
    carl.hang(carl.window, "window-template-draft", says="draft")
    carl.close()
    lena.hang(lena.home(), "home-legal-with-a-sign-off", says="Disputes")


def test_two_versions_are_compared(seat: TakeSeat) -> None:
    carl = seat(CARL)
    read_template(carl, "Overdue reminder")
    carl.page.locator(f'[data-action-id="{ids.TEXT_COMPARE}"]').click()
    carl.page.get_by_role("option").first.click()
    carl.hang(carl.window, "window-compared", says="From version")
    carl.close()
    carl.type("/plixo templates")
    carl.hang(carl.window, "window-templates-with-a-draft", says="is a draft")
    carl.close()


def test_a_policy_is_changed_and_published(seat: TakeSeat) -> None:
    rita, carl, maya = seat(RITA), seat(CARL), seat(MAYA)
    rita.type("/plixo policies")
    press(rita.window, ids.TEXT_CHANGE)
    rita.hang(rita.window, "window-policy-change", says="Proposed text")
    field = rita.window.locator(f'[data-block-id="{ids.TEXT_BLOCK}.0"] textarea').first
    rita.write(ids.WRITTEN, field.input_value().replace("cap: 50", "cap: 80"), block=f"{ids.TEXT_BLOCK}.0")
    rita.write(ids.WRITTEN, "We have outgrown it.", block=ids.WHY_BLOCK)
    rita.send()
    rita.hang(rita.window, "window-policy-change-asked", says="Asked.")
    rita.close()
    carl.messages()
    carl.hang(carl.message, "told-policy-change", says="would like to change the policy")
    press(carl.message, ids.CHANGE_APPROVE)
    carl.write(ids.WRITTEN, "Our mail provider agrees.", block=ids.WHY_BLOCK)
    carl.send()
    carl.hang(carl.window, "window-policy-change-approved", says="is a draft now")
    press(carl.window, ids.TEXT_OPEN)
    carl.hang(carl.window, "window-policy-draft", says="A draft.")
    press(carl.window, ids.TEXT_PUBLISH)
    carl.hang(carl.window, "window-publish", says="beside version 1, which is in force")
    carl.send()
    carl.hang(carl.window, "window-published", says="Published: the policy, version 2")
    carl.close()
    maya.messages()
    maya.hang(maya.message, "told-published", says="published the policy")


def test_a_segment_is_set(seat: TakeSeat) -> None:
    maya = seat(MAYA)
    maya.type("/plixo segments")
    maya.hang(maya.window, "window-segments-of-a-manager", says="The first one that fits")
    press(maya.window, ids.SEGMENT_OPEN)
    maya.hang(maya.window, "window-segment", says="Quiet hours on the customer's clock")
    maya.write(ids.WRITTEN, "20", block=ids.CAP_BLOCK)
    maya.write(ids.WRITTEN, "20:00-07:00", block=ids.QUIET_BLOCK)
    maya.write(ids.WRITTEN, "They answer late in the day.", block=ids.WHY_BLOCK)
    maya.send()
    maya.hang(maya.window, "window-segment-set", says="Set:")
    maya.close()


def test_all_that_changes_is_read_to_its_end_and_the_draft_discarded(seat: TakeSeat) -> None:
    rita, carl = seat(RITA), seat(CARL)
    rita.type("/plixo cadences")
    press(rita.window, ids.TEXT_CHANGE)
    block = f"{ids.TEXT_BLOCK}.0"
    lines = rita.window.locator(f'[data-block-id="{block}"] textarea').first.input_value().splitlines()
    numbered = "".join(f"{line}\n# line {number}\n" for number, line in enumerate(lines, 1))
    rita.write(ids.WRITTEN, numbered, block=block)
    rita.write(ids.WRITTEN, "We speak of lines on the phone.", block=ids.WHY_BLOCK)
    rita.send()
    expect(rita.window).to_contain_text("Asked.")
    rita.close()
    carl.messages()
    expect(carl.message).to_contain_text("would like to change the cadences")
    press(carl.message, ids.PLACES_OPEN)
    carl.hang(carl.window, "window-what-changed-of-a-request", says="Later changes")
    carl.close()
    press(carl.message, ids.CHANGE_APPROVE)
    carl.write(ids.WRITTEN, "Let us see.", block=ids.WHY_BLOCK)
    carl.send()
    press(carl.window, ids.TEXT_OPEN)
    press(carl.window, ids.TEXT_PUBLISH)
    press(carl.window, ids.PLACES_OPEN)
    carl.hang(carl.window, "window-what-changed-by-publishing", says="Later changes")
    carl.close()
    carl.hang(carl.home(), "home-controller-with-a-document", says="Cadences, version 2")
    carl.home().get_by_role("button", name="Open Cadences").click()
    press(carl.window, ids.TEXT_DISCARD)
    asked = carl.page.get_by_role("dialog", name="Discard this draft?")
    carl.hang(asked, "window-discard", says="It is set aside.")
    asked.get_by_role("button", name="Discard", exact=True).click()
    carl.hang(carl.window, "window-discarded", says="Discarded.")
    carl.close()
    rita.messages()
    rita.hang(rita.message, "told-discarded", says="was discarded")


def test_many_customers_are_counted_first(seat: TakeSeat, demo: Demo) -> None:
    maya, world, org_id = seat(MAYA), demo.bot.world, demo.bot.org_id
    for _ in range(FEW):
        account = make_account(world.across, org_id)
        make_invoice(world.across, org_id, account.id, due_on=TODAY - timedelta(days=20))
    maya.type("/plixo segments")
    maya.window.get_by_role("button", name="Settings of Freshly due").click()
    maya.write(ids.WRITTEN, "shadow", block=ids.MODE_BLOCK)
    maya.write(ids.WRITTEN, "We begin with these.", block=ids.WHY_BLOCK)
    maya.send()
    maya.hang(maya.window, "window-being-counted", says="The customers are being counted")
    maya.close()
    maya.messages()
    maya.hang(maya.message, "told-too-few-contacts", says="may be written to")
