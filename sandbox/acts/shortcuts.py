"""Global shortcuts and those of a message."""

from __future__ import annotations

from sandbox.acts.clicks import failure_words
from sandbox.delivery.records import Delivery
from sandbox.people import Impossible
from sandbox.shapes import message_json
from sandbox.stage import Stage, name_in_payload


def run_shortcut(stage: Stage, *, user: str, callback_id: str) -> Delivery:
    """Pick a shortcut from the lightning menu."""
    person = stage.actor(user)
    if stage.manifest.shortcut(callback_id, type="global") is None:
        raise Impossible(f"the manifest has no global shortcut {callback_id}")
    delivery = stage.carrier.interaction(
        {
            "type": "shortcut",
            **stage.common(person),
            "action_ts": stage.workspace.next_ts(),
            "callback_id": callback_id,
            "trigger_id": stage.triggers.issue(user=user),
        }
    )
    return _carried(stage, delivery, user=user, what=f"shortcut/{callback_id}")


def run_message_shortcut(stage: Stage, *, user: str, callback_id: str, channel: str, message_ts: str) -> Delivery:
    """Pick a shortcut from a message's menu. Ephemeral messages have none."""
    person, place = stage.actor(user), stage.place(channel, user=user)
    if stage.manifest.shortcut(callback_id, type="message") is None:
        raise Impossible(f"the manifest has no message shortcut {callback_id}")
    message = stage.workspace.find_message(channel=channel, ts=message_ts)
    if message is None or message.ephemeral:
        raise Impossible(f"there is no message {message_ts} with shortcuts in {channel}")
    url, _ = stage.hooks.issue(kind="actions", user=user, channel=channel, source=message)
    delivery = stage.carrier.interaction(
        {
            "type": "message_action",
            **stage.common(person),
            "action_ts": stage.workspace.next_ts(),
            "channel": {"id": channel, "name": name_in_payload(place)},
            "callback_id": callback_id,
            "trigger_id": stage.triggers.issue(user=user),
            "response_url": url,
            "message_ts": message_ts,
            "message": message_json(message, workspace=stage.workspace),
        }
    )
    return _carried(stage, delivery, user=user, what=f"shortcut/{callback_id}")


def _carried(stage: Stage, delivery: Delivery, *, user: str, what: str) -> Delivery:
    with stage.workspace.waiting(user=user, what=what):
        attempt = stage.carrier.carry(delivery)
    if not attempt.ok:
        delivery.failure = failure_words(attempt)
    return delivery
