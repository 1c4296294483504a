"""Fields that people fill in, and menus that stand between buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import ids
from handlers.escaping import width
from handlers.views.blocks import Block, Button, Option, Page, View, button, modal, option, plain

FIELD_AT_MOST = 3_000
_ROOM = 600
"""What is left in each field of a long text for writing more."""
FIELDS_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Field:
    """`limit` in characters; `lines`: several. `is_optional`: it may stay empty."""

    label: str
    block_id: str
    value: str = ""
    hint: str = ""
    limit: int = 2_000
    lines: bool = True
    is_optional: bool = False


def written(field: Field) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": ids.WRITTEN,
        "multiline": field.lines,
        "max_length": field.limit,
    }
    if field.value:
        element["initial_value"] = field.value
    block: Block = {
        "type": "input",
        "block_id": field.block_id,
        "label": plain(field.label, 2_000),
        "element": element,
    }
    if field.is_optional:
        block["optional"] = True
    if field.hint:
        block["hint"] = plain(field.hint, 2_000)
    return block


def selected(label: str, *, block_id: str, options: Sequence[Option], chosen: int) -> Block:
    """A select that is only read when the modal is sent."""
    shown = [option(one) for one in options[:100]]
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2_000),
        "element": {
            "type": "static_select",
            "action_id": ids.WRITTEN,
            "options": shown,
            "initial_option": shown[min(chosen, len(shown) - 1)],
        },
    }


def ticked(label: str, *, block_id: str, text: str, value: str, is_ticked: bool) -> Block:
    """One box that may be ticked."""
    shown = option(Option(text, value))
    element: Block = {"type": "checkboxes", "action_id": ids.WRITTEN, "options": [shown]}
    if is_ticked:
        element["initial_options"] = [shown]
    return {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": plain(label, 2_000),
        "element": element,
    }


def several_ticked(label: str, *, block_id: str, options: Sequence[Option]) -> Block:
    """Boxes of which any may be ticked; none is at first."""
    return {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": plain(label, 2_000),
        "element": {
            "type": "checkboxes",
            "action_id": ids.WRITTEN,
            "options": [option(one) for one in options[:10]],
        },
    }


@dataclass(frozen=True, slots=True)
class Menu:
    """Tells at once what is chosen. `chosen` None: nothing yet, `prompt` stands there."""

    action: str
    prompt: str
    options: tuple[Option, ...]
    chosen: int | None = None


def controls(*elements: Button | Menu) -> Block:
    """Buttons and menus in one row."""
    return {"type": "actions", "elements": [button(one) if isinstance(one, Button) else _menu(one) for one in elements]}


def _menu(menu: Menu) -> Block:
    shown = [option(one) for one in menu.options[:100]]
    element: Block = {
        "type": "static_select",
        "action_id": menu.action,
        "placeholder": plain(menu.prompt, 150),
        "options": shown,
    }
    if menu.chosen is not None and menu.chosen < len(shown):
        element["initial_option"] = shown[menu.chosen]
    return element


def portions(text: str) -> list[str]:
    """A text in pieces that each fit a field and leave room, cut between lines; joined by line breaks they are it."""
    pieces: list[str] = []
    for line in text.rstrip("\n").split("\n"):
        longer = f"{pieces[-1]}\n{line}" if pieces else line
        if pieces and width(longer) <= FIELD_AT_MOST - _ROOM:
            pieces[-1] = longer
        else:
            pieces.append(line)
    return pieces


def is_editable(text: str) -> bool:
    """Whether a window of Slack can hold its pieces."""
    pieces = portions(text)
    return len(pieces) <= FIELDS_AT_MOST and all(width(piece) <= FIELD_AT_MOST for piece in pieces)


def about(page: Page, *, metadata: str) -> View:
    """A page to read that remembers what it is about."""
    return {**modal(page), "private_metadata": metadata}
