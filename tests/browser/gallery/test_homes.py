"""App Home of the nine roles, on the first day."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.gallery.conftest import TakeSeat
from tests.browser.walking import ADA, BEN, CARL, CLEO, LENA, MAYA, OLGA, RITA, VIK

HOMES = {
    "sales": (RITA, "Sales", "Your accounts"),
    "csm": (CLEO, "Customer Success", "Want another tone?"),
    "operator": (OLGA, "A/R Operator", "A report comes with Record, Correct and record and Not valid."),
    "ar-manager": (MAYA, "A/R Manager", "On duty for the record"),
    "controller": (CARL, "Controller", "Who asks for access or for a change of a text waits for your answer"),
    "legal": (LENA, "Legal", "A dispute that was handed to you waits for your answer"),
    "viewer": (VIK, "Viewer", "You look, others decide."),
    "admin": (ADA, "Admin", "You assign roles and look after operations"),
    "billing-admin": (BEN, "Billing Admin", "You look; reminders and texts belong to others."),
}
"""Who reads it, what their role is called, and words that are for them."""


@pytest.mark.parametrize("role", HOMES)
def test_a_home_is_the_readers_own_and_fits_a_phone(seat: TakeSeat, role: str) -> None:
    person, called, own = HOMES[role]
    reader = seat(person)
    home = reader.home()
    expect(home).to_contain_text(f"{called} · as of")
    reader.hang(home, f"home-{role}", says=own)
