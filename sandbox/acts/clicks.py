"""Pressing, choosing and typing in blocks."""

from __future__ import annotations

from typing import Any

from sandbox import words
from sandbox.acts.surfaces import Target, chosen_on, loaded_for, state_of
from sandbox.delivery.records import TIMEOUT, Attempt, Delivery
from sandbox.kit.values import action_for, entry_for
from sandbox.kit.walk import STATELESS
from sandbox.people import Impossible, Message, Person
from sandbox.shapes import message_json, view_json
from sandbox.stage import Stage, name_in_payload


def act_on(stage: Stage, *, user: str, target: Target, value: Any = None, quiet: bool = False) -> Delivery:
    """Press a button, pick from a menu, choose or type.

    Elements of input blocks only remember what was chosen, unless the block says `dispatch_action`; all
    others tell the app at once. `value` is the option's value for an overflow menu, and the choice for
    everything that holds one. `quiet` only remembers: what typing does before Enter.
    """
    person = stage.actor(user)
    element, block = target.element, target.block
    entry = option = None
    if element["type"] == "overflow":
        option = _overflow_option(element, value=value)
    elif element["type"] not in STATELESS:
        entry = entry_for(element, value=value, loaded=loaded_for(stage, user=user, target=target))
        with stage.workspace.change():
            chosen_on(stage, user=user, surface=target.surface).setdefault(block["block_id"], {})[
                element["action_id"]
            ] = entry
            if not isinstance(target.surface, Message):
                target.surface.errors.pop(block["block_id"], None)
    if quiet or (block["type"] == "input" and not block.get("dispatch_action")):
        return Delivery(kind="block_actions", sent=False)
    if not stage.manifest.is_interactive:
        return _noted(stage, user=user, target=target, words_shown=words.NOT_INTERACTIVE)
    action = action_for(
        element, block_id=block["block_id"], action_ts=stage.workspace.next_ts(), entry=entry, option=option
    )
    delivery = stage.carrier.interaction(_payload(stage, person=person, target=target, action=action))
    with stage.workspace.change():
        stage.workspace.notices.pop((user, target.surface.surface), None)
    with stage.workspace.waiting(user=user, what=f"{target.surface.surface}/{block['block_id']}/{target.action_id}"):
        attempt = stage.carrier.carry(delivery)
    if not attempt.ok:
        delivery.failure = failure_words(attempt)
        _note(stage, user=user, target=target, words_shown=delivery.failure)
    return delivery


def failure_words(attempt: Attempt) -> str:
    """What Slack shows beside an element when the app fails."""
    return words.ACTION_TIMEOUT if attempt.error == TIMEOUT else words.action_failed(attempt.status)


def _payload(stage: Stage, *, person: Person, target: Target, action: dict[str, Any]) -> dict[str, Any]:
    workspace, surface = stage.workspace, target.surface
    payload: dict[str, Any] = {
        "type": "block_actions",
        **stage.common(person),
        "trigger_id": stage.triggers.issue(user=person.id),
    }
    if isinstance(surface, Message):
        url, _ = stage.hooks.issue(kind="actions", user=person.id, channel=surface.channel, source=surface)
        payload |= {
            "container": container_of(surface),
            "channel": {"id": surface.channel, "name": name_in_payload(workspace.channel(surface.channel))},
            "state": {"values": state_of(stage, user=person.id, surface=surface)},
            "response_url": url,
        }
        # Slack leaves the message out of what comes from an ephemeral one.
        if not surface.ephemeral:
            payload["message"] = message_json(surface, workspace=workspace)
    else:
        payload |= {"container": container_of(surface), "view": view_json(surface, workspace=workspace)}
    payload["actions"] = [action]
    return payload


def container_of(surface: Any) -> dict[str, Any]:
    """`container` of block_actions and block_suggestion payloads."""
    if isinstance(surface, Message):
        container = {
            "type": "message",
            "message_ts": surface.ts,
            "channel_id": surface.channel,
            "is_ephemeral": surface.ephemeral,
        }
        if surface.thread_ts:
            container["thread_ts"] = surface.thread_ts
        return container
    return {"type": "view", "view_id": surface.id}


def _overflow_option(element: dict[str, Any], *, value: Any) -> dict[str, Any]:
    for option in element["options"]:
        if option["value"] == value:
            return dict(option)
    raise Impossible(f"the menu {element['action_id']} has no line {value!r}")


def _note(stage: Stage, *, user: str, target: Target, words_shown: str) -> None:
    with stage.workspace.change():
        if isinstance(target.surface, Message):
            stage.workspace.notices[(user, target.surface.surface)] = words_shown
        else:
            target.surface.failure = words_shown


def _noted(stage: Stage, *, user: str, target: Target, words_shown: str) -> Delivery:
    _note(stage, user=user, target=target, words_shown=words_shown)
    return Delivery(kind="block_actions", sent=False, failure=words_shown)
