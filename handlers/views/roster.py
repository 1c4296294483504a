"""The windows about duty. Texts arrive escaped."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import ids
from handlers.views import fields
from handlers.views.blocks import Block, Option, Page, View, asking, modal, section
from handlers.views.fields import Asked


def reading_view() -> View:
    """Shown at once, while the roster is read."""
    return modal(Page("On duty", "", (section("Reading…"),)))


def duty_view(*, lead: str, choices: Sequence[Option], metadata: str) -> View:
    account = Asked(
        "Account",
        ids.ROSTER_ACCOUNT,
        ids.ROSTER_ACCOUNT,
        hint="Leave it empty for everything that nobody else keeps.",
        is_optional=True,
    )
    blocks = (
        section(lead),
        fields.searched(account, placeholder="Type a name or a number"),
        fields.either(Asked("Duty", ids.ROSTER_KEEPS, ids.ROSTER_KEEPS), options=choices, chosen=0),
    )
    return asking(
        Page("Who keeps it", "", blocks),
        callback=ids.ROSTER_DUTY_MODAL,
        submit="Save",
        close="Not now",
        metadata=metadata,
    )


def away_view(*, lead: str, stand_ins: Sequence[Option], today: str, metadata: str) -> View:
    blocks: list[Block] = [
        section(lead),
        fields.picked_day(Asked("First day away", ids.AWAY_FROM, ids.AWAY_FROM, is_optional=True), day=today),
        fields.picked_day(Asked("Last day away", ids.AWAY_UNTIL, ids.AWAY_UNTIL)),
    ]
    if stand_ins:
        hint = "They are alerted instead, and what waits goes to them. Without one it goes to whoever else is on duty."
        asked = Asked("Stands in", ids.AWAY_STAND_IN, ids.AWAY_STAND_IN, hint=hint, is_optional=True)
        blocks.append(fields.one(asked, options=stand_ins, chosen=None))
    return asking(
        Page("Away", "", tuple(blocks)),
        callback=ids.ROSTER_AWAY_MODAL,
        submit="Save",
        close="Not now",
        metadata=metadata,
    )


def handing_view(*, lead: str, operators: Sequence[Option], metadata: str) -> View:
    to = Asked("To", ids.HAND_TO, ids.HAND_TO, hint="Operators who are there now.")
    return asking(
        Page("Hand over", "", (section(lead), fields.one(to, options=operators, chosen=None))),
        callback=ids.HAND_MODAL,
        submit="Hand over",
        close="Not now",
        metadata=metadata,
    )
