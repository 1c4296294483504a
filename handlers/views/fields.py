"""Fields of modals: a label, something to fill in, a hint. Texts arrive escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.views.blocks import Block, Option, option, plain

MOST_OPTIONS = 100
WHY_AT_MOST = 500
"""Of a reason, in characters."""
_TYPED_AT_MOST = 3_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A field's frame. `tells`: the app hears of every choice in it at once."""

    label: str
    block_id: str
    action: str
    hint: str = ""
    is_optional: bool = False
    tells: bool = False


def typed(
    asked: Asked, *, value: str = "", placeholder: str = "", most: int = _TYPED_AT_MOST, lines: bool = False
) -> Block:
    """Something to type."""
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": asked.action,
        "multiline": lines,
        "max_length": most,
    }
    if value:
        element["initial_value"] = value[:most]
    return _framed(asked, element, placeholder)


def one(asked: Asked, *, options: Sequence[Option], chosen: int | None, placeholder: str = "") -> Block:
    """One of a list. `chosen` counts from 0."""
    shown = [option(each) for each in options[:MOST_OPTIONS]]
    element: dict[str, Any] = {"type": "static_select", "action_id": asked.action, "options": shown}
    if chosen is not None and chosen < len(shown):
        element["initial_option"] = shown[chosen]
    return _framed(asked, element, placeholder)


def several(asked: Asked, *, options: Sequence[Option], chosen: Sequence[int], placeholder: str = "") -> Block:
    """Any number of a list."""
    shown = [option(each) for each in options[:MOST_OPTIONS]]
    element: dict[str, Any] = {"type": "multi_static_select", "action_id": asked.action, "options": shown}
    if picked := [shown[index] for index in chosen if index < len(shown)]:
        element["initial_options"] = picked
    return _framed(asked, element, placeholder)


def either(asked: Asked, *, options: Sequence[Option], chosen: int | None) -> Block:
    """One of a few, all in view."""
    shown = [option(each) for each in options[:10]]
    element: dict[str, Any] = {"type": "radio_buttons", "action_id": asked.action, "options": shown}
    if chosen is not None:
        element["initial_option"] = shown[chosen]
    return _framed(asked, element)


def searched(asked: Asked, *, chosen: Option | None = None, placeholder: str = "", focus: bool = False) -> Block:
    """One of what fits the words typed."""
    element: dict[str, Any] = {"type": "external_select", "action_id": asked.action, "min_query_length": 2}
    if chosen:
        element["initial_option"] = option(chosen)
    if focus:
        element["focus_on_load"] = True
    return _framed(asked, element, placeholder)


def picked_day(asked: Asked, *, day: str = "", placeholder: str = "") -> Block:
    """A day from a calendar, as 2026-11-30."""
    element: dict[str, Any] = {"type": "datepicker", "action_id": asked.action}
    if day:
        element["initial_date"] = day
    return _framed(asked, element, placeholder)


def _framed(asked: Asked, element: dict[str, Any], placeholder: str = "") -> Block:
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    block: Block = {
        "type": "input",
        "block_id": asked.block_id,
        "label": plain(asked.label, 2_000),
        "element": element,
        "optional": asked.is_optional,
    }
    if asked.hint:
        block["hint"] = plain(asked.hint, 2_000)
    if asked.tells:
        block["dispatch_action"] = True
    return block
