"""Finds what a person has in front of them: the modal, the Home tab, a message, and the elements on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.kit.values import Chosen, state_values
from sandbox.kit.walk import interactive, options_of
from sandbox.people import Impossible, Message, View
from sandbox.stage import Stage

Surface = Message | View


@dataclass(frozen=True, kw_only=True)
class Target:
    """An element on a surface."""

    surface: Surface
    block: dict[str, Any]
    element: dict[str, Any]

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def block_id(self) -> str:
        return str(self.block["block_id"])


def surfaces_of(
    stage: Stage, *, user: str, channel: str | None = None, message_ts: str | None = None, view_id: str | None = None
) -> list[Surface]:
    """What the person could act on, the nearest first: an open modal, then the Home tab, then messages from
    the latest to the oldest. Naming a message or a view leaves only that."""
    workspace = stage.workspace
    if view_id is not None:
        view = workspace.find_view(view_id=view_id)
        if view is None or view.user != user:
            raise Impossible(f"{user} has no view {view_id} open")
        return [view]
    places = [channel] if channel else [one.id for one in workspace.channels_of(user)]
    messages = [one for place in places for one in workspace.visible(channel=place, viewer=user)]
    if message_ts is not None:
        return [_only(messages, ts=message_ts)]
    messages.sort(key=lambda one: float(one.ts), reverse=True)
    if channel is not None:
        return list(messages)
    top, home = workspace.top_view(user), workspace.homes.get(user)
    return [one for one in (top, home) if one is not None] + list(messages)


def find(
    stage: Stage,
    *,
    user: str,
    action_id: str,
    block_id: str | None = None,
    value: Any = None,
    channel: str | None = None,
    message_ts: str | None = None,
    view_id: str | None = None,
) -> Target:
    """The element named so on the nearest surface that has one.

    When a surface has several, `value` (of a button, or of one of the options) or `block_id` must tell them
    apart. Raises Impossible when nothing fits, or more than one thing does.
    """
    for surface in surfaces_of(stage, user=user, channel=channel, message_ts=message_ts, view_id=view_id):
        fitting = [
            Target(surface=surface, block=block, element=element)
            for block, element in interactive(surface.blocks)
            if element["action_id"] == action_id and block_id in (None, block["block_id"])
        ]
        if len(fitting) > 1 and value is not None:
            fitting = [one for one in fitting if _offers(one.element, value=value)]
        if len(fitting) > 1:
            raise Impossible(f"{len(fitting)} elements are called {action_id}; say which by value= or block_id=")
        if fitting:
            return fitting[0]
    raise Impossible(f"nothing that {user} sees has an element {action_id}" + (f" in {block_id}" if block_id else ""))


def chosen_on(stage: Stage, *, user: str, surface: Surface) -> Chosen:
    """What the person typed or chose on it so far; write into it to choose."""
    return stage.workspace.inputs.setdefault((user, surface.surface), {})


def state_of(stage: Stage, *, user: str, surface: Surface) -> Chosen:
    return state_values(surface.blocks, chosen=stage.workspace.inputs.get((user, surface.surface), {}))


def loaded_for(stage: Stage, *, user: str, target: Target) -> list[dict[str, Any]]:
    return stage.loaded.get((user, target.surface.surface, target.action_id), [])


def _offers(element: dict[str, Any], *, value: Any) -> bool:
    return element.get("value") == value or any(one["value"] == value for one in options_of(element))


def _only(messages: list[Message], *, ts: str) -> Message:
    for message in messages:
        if message.ts == ts:
            return message
    raise Impossible(f"no message {ts} is visible")
