"""Menus that load their options from the app while a person types."""

from __future__ import annotations

from typing import Any

from sandbox import words
from sandbox.acts.clicks import container_of
from sandbox.acts.surfaces import Target
from sandbox.delivery.records import Delivery
from sandbox.kit.check import Findings, check_field
from sandbox.kit.schema import Group, Many, Option
from sandbox.people import Impossible, Message
from sandbox.shapes import message_json, view_json
from sandbox.stage import Stage, name_in_payload

MOST = 100
# Slack's min_query_length when the element does not set it.
QUERY = 3


def load_options(stage: Stage, *, user: str, target: Target, query: str) -> Delivery:
    """Ask the app for options; they are in the delivery's `options`, and the person can choose from them.

    A query shorter than the element's `min_query_length` asks nothing.
    """
    person = stage.actor(user)
    element = target.element
    if element["type"] not in ("external_select", "multi_external_select"):
        raise Impossible(f"{target.action_id} does not load its options")
    if len(query) < element.get("min_query_length", QUERY):
        return Delivery(kind="block_suggestion", sent=False)
    payload: dict[str, Any] = {
        "type": "block_suggestion",
        **stage.common(person),
        "container": container_of(target.surface),
        "action_id": target.action_id,
        "block_id": target.block_id,
        "value": query,
    }
    if isinstance(target.surface, Message):
        channel = stage.workspace.channel(target.surface.channel)
        payload["channel"] = {"id": channel.id, "name": name_in_payload(channel)}
        if not target.surface.ephemeral:
            payload["message"] = message_json(target.surface, workspace=stage.workspace)
    else:
        payload["view"] = view_json(target.surface, workspace=stage.workspace)
    url = stage.manifest.options_url(stage.bot_url) if stage.bot_url else None
    delivery = stage.carrier.interaction(payload, url=url)
    attempt = stage.carrier.carry(delivery)
    found = _read(delivery) if attempt.ok else None
    if found is None:
        delivery.failure = words.OPTIONS_TROUBLE
        return delivery
    delivery.options = found
    stage.loaded[(user, target.surface.surface, target.action_id)] = found
    return delivery


def _read(delivery: Delivery) -> list[dict[str, Any]] | None:
    """The options of an answer, groups opened (each then names its `group`); None when Slack would refuse it."""
    try:
        given = delivery.json()
    except ValueError:
        return None
    if not isinstance(given, dict) or ("options" in given) == ("option_groups" in given):
        return None
    name, rule = ("options", Option()) if "options" in given else ("option_groups", Group())
    wrong = Findings()
    check_field(given[name], rule=Many(of=rule, max=MOST, min=0), at=f"/{name}", found=wrong)
    if wrong:
        delivery.errors = {name: "; ".join(wrong)}
        return None
    if name == "options":
        return list(given["options"])
    return [{**one, "group": group["label"]["text"]} for group in given["option_groups"] for one in group["options"]]
