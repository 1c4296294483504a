"""The doctor's line about the policy: whether the settings still say what counts."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from bot.settings import Settings, variable_of
from bot.world import World
from domain.errors import InvalidValue
from domain.readiness import Row
from domain.rules.minimum_terms import OTHERS
from domain.rules.terms import terms_of, tree_of


def check_policy(world: World) -> Row:
    """Settings make an organisation's first policy only; a number changed there changes nothing. Raises Busy."""
    said = terms_of(world.settings.policy(), zone=world.settings.zone, country=world.settings.country or None)
    for workspace in world.directory.organisations():
        try:
            policy = world.rulebook_for(workspace.org_id).policy
        except InvalidValue as error:
            return unreadable(error)
        counts = tree_of(terms_of(policy, zone=workspace.zone, country=workspace.country))
        apart = [
            f"{name} is {_written(counts[name])}, not {_written(value)} as in {variable_of(name)}"
            for name, value in tree_of(said).items()
            if name in Settings.model_fields and _as_set(counts[name]) != value
        ]
        if apart:
            return Row.of(
                "policy",
                False,
                f"the published policy counts: {'; '.join(apart)}",
                "To change what counts: `plixo policy export`, edit, `apply`, `publish`. The settings make the first "
                "version only; set them to the policy's numbers to end this note.",
                is_vital=False,
            )
    return Row.of("policy", True, "the published policy and the settings agree", is_vital=False)


def unreadable(error: InvalidValue) -> Row:
    """While it stands nothing leaves."""
    return Row.of("policy", False, str(error), "Publish one that can be read: `plixo policy check FILE` tells.")


def freshness_asked(world: World) -> timedelta:
    """How old the books may be for the strictest policy; the installation's where one cannot be read. Raises Busy."""
    asked = []
    for workspace in world.directory.organisations():
        with suppress(InvalidValue):  # check_policy says so
            asked.append(world.rulebook_for(workspace.org_id).policy.freshness)
    return min(asked, default=world.rulebook.policy.freshness)


def _as_set(value: object) -> object:
    """A setting has one minimum balance: a document that names currencies says it of the others."""
    return value[OTHERS] if isinstance(value, Mapping) else value


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{value[OTHERS]} for {OTHERS}"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value) or "none"
