"""Under maintenance each listener and each command is known to read, to write, or to be let through always."""

from __future__ import annotations

from collections.abc import Iterator

import click

from bot import effects
from bot.cli import main
from handlers import ids, registry
from handlers.effects import EFFECTS, writes
from handlers.listeners.plixo import SUBCOMMANDS


def test_every_listener_is_classified_and_nothing_else() -> None:
    rooms = (registry.COMMANDS, registry.SHORTCUTS, registry.MESSAGE_SHORTCUTS, registry.ACTIONS, registry.SUBMISSIONS)
    listened_to = {name for room in (*rooms, registry.OPTIONS, registry.EVENTS) for name in room}
    assert set(EFFECTS) == listened_to | ids.EVENTS


def test_what_is_not_classified_writes() -> None:
    assert writes("something.new")


def test_every_command_is_classified_and_nothing_else() -> None:
    assert set(effects.EFFECTS) == set(commands(main))


def test_orders_after_plixo_that_write_are_words_of_their_usage() -> None:
    for word, one in SUBCOMMANDS.items():
        assert all(order in one.usage for order in one.writes), word


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield f"{before}{name}"
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"
