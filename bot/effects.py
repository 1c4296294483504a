"""What each command does when the house is under maintenance: the one table by which it is let through or refused.

A command that is not here writes. Those that always run end maintenance, are done under it, or only start processes,
which hold their own work meanwhile. `plixo restored` belongs to them: it takes mail away and must come first.
"""

from __future__ import annotations

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.world import World
from domain.errors import PlixoError
from domain.maintenance import Effect, Maintenance

_READING = (
    "audit list",
    "audit verify",
    "cron list",
    "deliverability",
    "doctor",
    "duty list",
    "policy check",
    "policy diff",
    "policy export",
    "policy simulate",
    "roles list",
    "status",
    "suppress list",
)
_WRITING = (
    "audit export",
    "bounces",
    "deliverability lift",
    "cron pause",
    "cron resume",
    "cron run",
    "duty absent",
    "duty set",
    "import",
    "policy apply",
    "policy discard",
    "policy publish",
    "roles activate",
    "roles deactivate",
    "roles grant",
    "roles set",
    "sending",
    "summary",
    "suppress add",
    "suppress import",
    "suppress lift",
)
_ALWAYS = ("demo", "maintenance off", "maintenance on", "migrate", "restored", "serve", "worker")

EFFECTS: dict[str, Effect] = {
    **dict.fromkeys(_READING, Effect.READS),
    **dict.fromkeys(_WRITING, Effect.WRITES),
    **dict.fromkeys(_ALWAYS, Effect.ALWAYS),
}


def command_in_hand() -> str | None:
    """`roles set`; None where no command runs."""
    context = click.get_current_context(silent=True)
    words: list[str] = []
    while context is not None and context.parent is not None:
        words.insert(0, str(context.info_name))
        context = context.parent
    return " ".join(words) or None


def standing_in_the_way(world: World) -> Maintenance | None:
    """The maintenance that refuses the command in hand. A database that cannot be asked says so by itself, later."""
    command = command_in_hand()
    if command is None or EFFECTS.get(command, Effect.WRITES) is not Effect.WRITES:
        return None
    try:
        at = world.clock.now()
        found = [one.maintenance_at(at) for one in world.directory.organisations()]
    except (SQLAlchemyError, PlixoError, OSError):
        return None
    return next(filter(None, found), None)
