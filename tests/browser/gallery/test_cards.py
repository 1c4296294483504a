"""Every variety of the card, and what stands in its place."""

from __future__ import annotations

import pytest

from bot.demo import Demo
from handlers import ids
from tests.browser.gallery.conftest import TakeSeat
from tests.browser.walking import CARL, CLEO, LENA, OLGA, PRIYA, RITA, VIK, agree, press
from tests.stage import AFTER

pytestmark = pytest.mark.slow

CARDS = {
    "clean": (RITA, "C-1001", "You can nudge for"),
    "nothing-open": (RITA, "C-1002", "Nothing is owed"),
    "broken-promise": (RITA, "C-1003", "You can nudge for"),
    "disputed-late": (RITA, "C-1004", "Disputed."),
    "disputed-newest": (RITA, "C-1006", "Disputed."),
    "promise": (RITA, "C-1007", "You can nudge for"),
    "autopilot-tomorrow": (RITA, "C-1008", "No nudge now."),
    "written-to-today": (RITA, "C-1009", "No nudge now."),
    "legal-hold": (RITA, "C-1010", "Legal hold."),
    "no-contact": (RITA, "C-1011", "No nudge now."),
    "dead-link": (RITA, "C-1012", "No nudge now."),
    "unapplied-cash": (RITA, "C-1013", "No nudge now."),
    "bounced": (RITA, "C-1014", "No nudge now."),
    "nudged-twice": (RITA, "C-1015", "No nudge now."),
    "promise-reported": (RITA, "C-1016", "No nudge now."),
    "opted-out": (RITA, "C-1017", "No nudge now."),
    "suppressed": (RITA, "C-1018", "No nudge now."),
    "no-link": (RITA, "C-1019", "You can nudge for"),
    "zone-unknown": (RITA, "C-1401", "You can nudge for"),
    "another-clock": (RITA, "C-1501", "You can nudge for"),
    "of-a-csm": (CLEO, "C-1103", "You can nudge for"),
    "dinars": (PRIYA, "C-1801", "You can nudge for"),
    "for-a-viewer": (VIK, "C-1001", "You can't nudge:"),
    "for-an-operator": (OLGA, "C-1301", "Meridian Health"),
    "for-legal": (LENA, "C-1602", "Construtora"),
    "for-a-controller": (CARL, "C-1004", "Disputed."),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_card(seat: TakeSeat, name: str) -> None:
    person, number, says = CARDS[name]
    reader = seat(person)
    reader.type(f"/account {number}")
    reader.hang(reader.message, f"card-{name}", says=says)
    assert number in reader.message.inner_text()


def test_a_card_with_everything_unfolded(seat: TakeSeat) -> None:
    olga = seat(OLGA)
    press(olga.card("C-1315"), ids.ACCOUNT_MORE)
    olga.hang(olga.message, "card-more", says="Settled disputes")


ANSWERS = {
    "chooser": ("acm", "Which one?"),
    "no-match": ("zzqqxx", "None of your accounts fits"),
    "nearly": ("akme robotic", "Acme Robotics"),
    "out-of-scope": ("Lone Star Drilling", "you can ask the Controller"),
    "mine": ("", "worst first"),
    "help": ("help", "Plixo in Slack"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_stands_in_its_place(seat: TakeSeat, name: str) -> None:
    words, says = ANSWERS[name]
    rita = seat(RITA)
    rita.type(f"/account {words}".rstrip())
    rita.hang(rita.message, f"account-{name}", says=says)


def test_a_card_that_is_shared(seat: TakeSeat) -> None:
    rita = seat(RITA)
    press(rita.card("C-1006"), ids.ACCOUNT_SHARE)
    agree(rita.page)
    rita.hang(rita.message, "card-shared", says="Shared by Rita Rep")


def test_the_finder(seat: TakeSeat, demo: Demo) -> None:
    rita = seat(RITA)
    demo.slack.shortcut(user=RITA, callback_id=ids.FIND_SHORTCUT)
    rita.hang(rita.window, "window-find", says="Find an account")
    rita.close()


def test_the_morning_after_quiet_hours(seat: TakeSeat, demo: Demo) -> None:
    demo.clock.set(AFTER)
    rita = seat(RITA)
    rita.type("/account C-1001")
    rita.hang(rita.message, "card-in-business-hours", says="You can nudge for")
