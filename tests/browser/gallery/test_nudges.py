"""The Nudge's window and what becomes of a nudge, as its rep and A/R read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from bot.demo import Demo
from domain.messages import State
from handlers import ids
from storage import tables
from tests.browser.gallery.conftest import TakeSeat
from tests.browser.walking import CLEO, LENA, OLGA, RITA, press
from tests.stage import AFTER, EVENING

pytestmark = pytest.mark.slow


def test_a_preview_that_can_be_queued(seat: TakeSeat) -> None:
    rita = seat(RITA)
    press(rita.card("C-1001"), ids.NUDGE_OPEN)
    rita.hang(rita.window, "window-nudge", says="exactly as it would leave")
    rita.send()
    rita.hang(rita.window, "window-nudge-queued", says="Queued.")
    rita.close()


def test_a_second_one_for_the_same_invoice(seat: TakeSeat) -> None:
    rita = seat(RITA)
    press(rita.message, ids.NUDGE_OPEN)
    rita.hang(rita.window, "window-nudge-again", says="INV-")
    rita.close()
    rita.type("/account C-1001")
    rita.hang(rita.message, "card-nudge-queued", says="Nudges")


@pytest.mark.parametrize(
    ("person", "number", "name"), [(RITA, "C-1006", "older"), (RITA, "C-1501", "tokyo"), (CLEO, "C-1103", "csm")]
)
def test_a_preview(seat: TakeSeat, person: str, number: str, name: str) -> None:
    reader = seat(person)
    press(reader.card(number), ids.NUDGE_OPEN)
    reader.hang(reader.window, f"window-nudge-{name}", says="exactly as it would leave")
    reader.close()


def test_a_refused_one(seat: TakeSeat) -> None:
    """A hold is placed while the rep looks at the card."""
    rita, lena = seat(RITA), seat(LENA)
    shown = rita.card("C-1003")
    press(lena.card("C-1003"), ids.RECORD_OPEN)
    press(lena.window, ids.HOLD_PLACE)
    lena.write(ids.WORDS, "The court has been asked")
    lena.send()
    lena.close()
    press(shown, ids.NUDGE_OPEN)
    rita.hang(rita.window, "window-nudge-refused", says="legal hold")
    rita.close()


def test_what_ar_is_told(seat: TakeSeat) -> None:
    olga = seat(OLGA)
    olga.page.goto(f"{olga.slack.url}/?as={OLGA}#/c/C01AR")
    olga.hang(olga.message, "alert-queued", says="Nudge by Rita Rep")
    press(olga.message, ids.ALERT_HOLD)
    olga.write(ids.WORDS, "She pays on Friday, she says")
    olga.hang(olga.window, "window-hold", says="On hold it waits")
    olga.send()
    olga.close()
    olga.hang(olga.message, "alert-held", says="She pays on Friday")
    rita = seat(RITA)
    rita.messages()
    rita.hang(rita.message, "told-held", says="is on hold")
    olga.hang(olga.home(), "home-operator-with-a-held-nudge", says="Nudges on hold")
    press(olga.home(), ids.HOME_RESUME)
    olga.hang(olga.home(), "home-operator-resumed", says="Nudges on their way")


def test_what_is_told_when_it_left(seat: TakeSeat, demo: Demo) -> None:
    rita = seat(RITA)
    rita.hang(rita.home(), "home-sales-with-a-nudge", says="Your nudges on their way")
    demo.clock.set(AFTER)
    rita.messages()
    rita.hang(rita.message, "told-sent", says="left")
    olga = seat(OLGA)
    olga.page.goto(f"{olga.slack.url}/?as={OLGA}#/c/C01AR")
    olga.hang(olga.message, "alert-sent", says="Sent")
    rita.hang(rita.home(), "home-sales-afterwards", says="Your latest nudges")


def test_what_may_have_left_is_for_a_person_to_settle(seat: TakeSeat, demo: Demo) -> None:
    """The process died while it handed the nudge over."""
    demo.clock.set(EVENING + timedelta(days=1))
    rita, olga = seat(RITA), seat(OLGA)
    press(rita.card("C-1006"), ids.NUDGE_OPEN)
    expect(rita.window).to_contain_text("exactly as it would leave")
    rita.send()
    expect(rita.window).to_contain_text("Queued.")
    messages = tables.messages
    with demo.bot.world.across.begin() as connection:
        died = {"state": State.SENDING.value, "claimed_by": "gone", "claimed_until": EVENING, "doubtful_since": EVENING}
        connection.execute(update(messages).where(messages.c.state == State.QUEUED.value).values(died))
    rita.close()
    demo.bot.loop.wake()
    olga.page.goto(f"{olga.slack.url}/?as={OLGA}#/c/C01AR")
    olga.hang(olga.message, "alert-unconfirmed", says="It arrived")
    rita.messages()
    rita.hang(rita.message, "told-unconfirmed", says="A/R")
