"""People's choices in the exact shapes of Slack's `state.values` and `actions`, the empty ones included."""

from __future__ import annotations

import copy
from typing import Any

from sandbox.kit.walk import STATELESS, Element, interactive, options_of
from sandbox.people import Impossible

Entry = dict[str, Any]

# kind of element: (the key of its state entry, what stands there when nothing is chosen, its initial field)
STATE: dict[str, tuple[str, Any, str]] = {
    "plain_text_input": ("value", None, "initial_value"),
    "email_text_input": ("value", None, "initial_value"),
    "url_text_input": ("value", None, "initial_value"),
    "number_input": ("value", None, "initial_value"),
    "rich_text_input": ("rich_text_value", None, "initial_value"),
    "static_select": ("selected_option", None, "initial_option"),
    "external_select": ("selected_option", None, "initial_option"),
    "radio_buttons": ("selected_option", None, "initial_option"),
    "users_select": ("selected_user", None, "initial_user"),
    "conversations_select": ("selected_conversation", None, "initial_conversation"),
    "channels_select": ("selected_channel", None, "initial_channel"),
    "datepicker": ("selected_date", None, "initial_date"),
    "timepicker": ("selected_time", None, "initial_time"),
    "datetimepicker": ("selected_date_time", None, "initial_date_time"),
    "checkboxes": ("selected_options", [], "initial_options"),
    "multi_static_select": ("selected_options", [], "initial_options"),
    "multi_external_select": ("selected_options", [], "initial_options"),
    "multi_users_select": ("selected_users", [], "initial_users"),
    "multi_conversations_select": ("selected_conversations", [], "initial_conversations"),
    "multi_channels_select": ("selected_channels", [], "initial_channels"),
    "file_input": ("files", [], "-"),
}

Chosen = dict[str, dict[str, Entry]]


def initial_entry(element: Element) -> Entry:
    """The state entry of an element nobody has touched."""
    key, empty, first = STATE[element["type"]]
    value = element.get(first, empty)
    if value == "" and key == "value":
        value = None
    entry = {"type": element["type"], key: copy.deepcopy(value)}
    if element["type"] == "timepicker" and "timezone" in element:
        entry["timezone"] = element["timezone"]
    return entry


def state_values(blocks: list[dict[str, Any]], *, chosen: Chosen) -> Chosen:
    """`state.values`: every stateful element of the surface, by block_id and action_id."""
    values: Chosen = {}
    for block, element in interactive(blocks):
        if element["type"] in STATELESS:
            continue
        held = chosen.get(block["block_id"], {}).get(element["action_id"])
        if held is None or held["type"] != element["type"]:
            held = initial_entry(element)
        values.setdefault(block["block_id"], {})[element["action_id"]] = copy.deepcopy(held)
    return values


def entry_for(element: Element, *, value: Any, loaded: list[dict[str, Any]] | None = None) -> Entry:
    """The state entry after a person chose `value`.

    `value` is what a person would say: a text, the value of an option or a list of them, a user id,
    "2026-03-29", "14:30"; None or [] to clear. Raises Impossible when the element does not offer it.
    """
    kind = element["type"]
    key, empty, _ = STATE[kind]
    entry = initial_entry(element)
    if key in ("selected_option", "selected_options"):
        offered = options_of(element) or list(loaded or [])
        if key == "selected_option":
            entry[key] = None if value is None else _option(value, offered=offered, element=element)
        else:
            entry[key] = [_option(one, offered=offered, element=element) for one in value or []]
            _not_too_many(entry[key], element=element)
    elif isinstance(empty, list):
        entry[key] = list(value or [])
        _not_too_many(entry[key], element=element)
    elif kind == "datetimepicker":
        entry[key] = None if value is None else int(value)
    elif key == "rich_text_value":
        entry[key] = value
    else:
        entry[key] = None if value in (None, "") else str(value)
    return entry


def _option(value: Any, *, offered: list[dict[str, Any]], element: Element) -> dict[str, Any]:
    wanted = value["value"] if isinstance(value, dict) else value
    for option in offered:
        if option["value"] == wanted:
            return {key: copy.deepcopy(option[key]) for key in ("text", "value", "description") if key in option}
    values = ", ".join(one["value"] for one in offered)
    raise Impossible(f"{element.get('action_id')} offers no option {wanted!r}; it offers: {values or 'none'}")


def _not_too_many(chosen: list[Any], *, element: Element) -> None:
    most = element.get("max_selected_items")
    if most is not None and len(chosen) > most:
        raise Impossible(f"{element.get('action_id')} takes {most} at most")


def action_for(
    element: Element, *, block_id: str, action_ts: str, entry: Entry | None = None, option: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One member of `actions` in a block_actions payload. `option` is the line picked in an overflow menu."""
    action: dict[str, Any] = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block_id,
    }
    for name in ("text", "value", "style", "placeholder", "url", "initial_option", "initial_date", "initial_time"):
        if name in element and name not in action and (element["type"] == "button" or name not in ("text", "url")):
            action[name] = copy.deepcopy(element[name])
    if option is not None:
        action["selected_option"] = {key: option[key] for key in ("text", "value") if key in option}
    if entry is not None:
        action.update({key: copy.deepcopy(value) for key, value in entry.items() if key != "type"})
    if "confirm" in element:
        action["confirm"] = copy.deepcopy(element["confirm"])
    action["action_ts"] = action_ts
    return action
