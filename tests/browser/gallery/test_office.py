"""Autopilot's drafts, requests for access, roles, duty, messages: what people have to decide or may choose."""

from __future__ import annotations

import pytest

from bot.demo import Demo
from handlers import ids
from tests.browser.gallery.conftest import TakeSeat
from tests.browser.walking import ADA, CARL, MAYA, OLGA, RITA, VIK, press
from tests.stage import AFTER

pytestmark = pytest.mark.slow


def test_drafts_are_read_edited_skipped_and_approved(seat: TakeSeat) -> None:
    olga = seat(OLGA)
    olga.hang(olga.home(), "home-operator-with-drafts", says="Autopilot's drafts")
    press(olga.home(), ids.DRAFTS_OPEN)
    olga.hang(olga.window, "window-drafts", says="wait")
    press(olga.window, ids.DRAFT_EDIT)
    olga.hang(olga.window, "window-draft-edit", says="has to stay as it is")
    olga.write(ids.WRITTEN, "{customer_name}: about invoice {invoice_number}", block=ids.SUBJECT_BLOCK)
    olga.send()
    olga.hang(olga.window, "window-draft-edited", says="Saved.")
    olga.close()
    press(olga.home(), ids.DRAFTS_OPEN)
    press(olga.window, ids.DRAFT_SKIP)
    olga.hang(olga.window, "window-draft-skip", says="won't be sent")
    olga.write(ids.WRITTEN, "They called this morning")
    olga.send()
    olga.hang(olga.window, "window-draft-skipped", says="Skipped")
    press(olga.window, ids.DRAFTS_LIST)
    press(olga.window, ids.DRAFT_APPROVE)
    olga.hang(olga.window, "window-draft-approved", says="approved")
    olga.close()


def test_access_is_asked_for_and_decided(seat: TakeSeat) -> None:
    vik, carl = seat(VIK), seat(CARL)
    press(vik.card("C-1001"), ids.ACCESS_ASK)
    vik.hang(vik.message, "asked", says="Asked.")
    carl.messages()
    carl.hang(carl.message, "told-request", says="Vik Viewer asks")
    press(carl.message, ids.ACCESS_APPROVE)
    carl.hang(carl.window, "window-access-approve", says="What approving does")
    carl.close()
    press(carl.message, ids.ACCESS_DECLINE)
    carl.hang(carl.window, "window-access-decline", says="They are told your reason")
    carl.close()
    carl.hang(carl.home(), "home-controller-with-a-request", says="Requests for access")
    press(carl.home(), ids.ACCESS_APPROVE)
    carl.write(ids.DECISION_WHY, "Covers for Rita this week.")
    carl.send()
    carl.hang(carl.window, "window-access-approved", says="Approved.")
    carl.close()
    vik.messages()
    vik.hang(vik.message, "told-access", says="said yes")
    vik.hang(vik.home(), "home-viewer-who-may-nudge", says="How it works")


def test_roles(seat: TakeSeat) -> None:
    carl = seat(CARL)
    press(carl.home(), ids.ROLES_OPEN)
    carl.hang(carl.window, "window-roles", says="Rita Rep")
    press(carl.window, ids.ROLES_PERSON)
    carl.hang(carl.window, "window-role", says="Role")
    carl.close()
    press(carl.home(), ids.ROLES_OPEN)
    press(carl.window, ids.ROLES_ADD)
    carl.hang(carl.window, "window-role-add", says="Who")
    carl.close()
    press(carl.home(), ids.ROLES_OPEN)
    press(carl.window, ids.ROLES_GROUPS)
    carl.hang(carl.window, "window-role-groups", says="roup")
    carl.close()


def test_duty(seat: TakeSeat) -> None:
    maya = seat(MAYA)
    press(maya.home(), ids.ROSTER_OPEN)
    maya.hang(maya.window, "window-roster", says="Olga Operator")
    press(maya.window, ids.ROSTER_DUTY)
    maya.hang(maya.window, "window-duty", says="Account")
    maya.close()
    press(maya.home(), ids.ROSTER_OPEN)
    press(maya.window, ids.ROSTER_AWAY)
    maya.hang(maya.window, "window-away", says="Last day away")
    maya.write(ids.AWAY_UNTIL, "2026-11-27")
    maya.send()
    maya.hang(maya.window, "window-away-set", says="Away until the end of Fri 27 Nov")
    maya.close()
    maya.hang(maya.home(), "home-ar-manager-somebody-away", says="On duty")


def test_messages_are_chosen(seat: TakeSeat) -> None:
    rita = seat(RITA)
    press(rita.home(), ids.HOME_MESSAGES)
    rita.hang(rita.window, "window-messages", says="Send me a message")
    rita.write(ids.MESSAGES_KINDS, ["daily_digest"])
    rita.send()
    rita.hang(rita.window, "window-messages-saved", says="Saved.")
    rita.close()


@pytest.mark.parametrize("person", [RITA, OLGA, CARL, ADA, VIK])
def test_help(seat: TakeSeat, person: str) -> None:
    reader = seat(person)
    reader.type("/plixo help")
    reader.hang(reader.message, f"help-{person.lower()}", says="Your role is")
    reader.type("/plixo tempaltes")
    reader.hang(reader.message, f"help-unknown-{person.lower()}", says="I don't know")


def test_the_next_mornings_digest(seat: TakeSeat, demo: Demo) -> None:
    demo.clock.set(AFTER.replace(hour=9))
    olga = seat(OLGA)
    olga.messages()
    digest = olga.page.get_by_test_id("message").filter(has_text="Good morning")
    olga.hang(digest, "told-digest", says="Good morning")
