"""The watch over the house: every row of the console looked at, kept, and told when it turns red."""

from __future__ import annotations

from datetime import timedelta

from bot.doctor import installation_rows
from bot.slack_app import build_client
from bot.world import World
from domain.errors import InvalidValue
from domain.readiness import overlaid
from domain.usecases._house import own_rows
from domain.usecases._sending_now import sending_now
from domain.usecases.watch_house import watch_house

AGAIN = timedelta(minutes=2)
"""How often the house is looked at, by whichever replica comes first (decided)."""


def watch(world: World, org_id: int) -> int:
    """How many rows were told of. Asks the mail server and Slack; nothing of that inside a transaction."""
    rows = world.last_look.rows(lambda: list(installation_rows(world, build_client(world))))
    uow = world.uow_for(org_id)
    try:
        rulebook = world.rulebook_for(org_id)
    except InvalidValue:
        rulebook = None  # the row “policy” says so
    at = world.clock.now()
    with uow() as work:
        sending = sending_now(work, rulebook, at) if rulebook is not None else None
        rows = overlaid(rows, own_rows(work, rulebook, sending, at))
    return watch_house(rows, uow=uow, clock=world.clock)
