"""The rules that no single field breaks: unique names, one table, initial choices that exist, total lengths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.kit import rules
from sandbox.kit.walk import elements_of, inner_blocks, options_of

Add = Callable[[str, str], None]

_RICH_PARTS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
# What a piece of rich text must say, and in which form.
_PIECES: dict[str, tuple[str, type]] = {
    "text": ("text", str),
    "link": ("url", str),
    "emoji": ("name", str),
    "user": ("user_id", str),
    "channel": ("channel_id", str),
    "usergroup": ("usergroup_id", str),
    "broadcast": ("range", str),
    "date": ("timestamp", int),
    "color": ("value", str),
}
_CELLS = ("raw_text", "raw_number", "rich_text")


def check_together(blocks: list[dict[str, Any]], *, at: str, add: Add) -> None:
    """Called only for blocks whose fields are all well-formed."""
    _names_are_unique(blocks, at=at, add=add)
    _initial_choices_exist(blocks, at=at, add=add)
    _lengths_agree(blocks, at=at, add=add)
    _insides(blocks, at=at, add=add)


def markdown_length(blocks: list[dict[str, Any]]) -> int:
    """Characters of all markdown blocks of a message together."""
    return sum(len(block["text"]) for block in blocks if block.get("type") == "markdown")


def _names_are_unique(blocks: list[dict[str, Any]], *, at: str, add: Add) -> None:
    seen: set[str] = set()
    focused = 0
    for block, here in inner_blocks(blocks, at=at):
        name = block.get("block_id")
        if name is not None and name in seen:
            add(f"block_id `{name}` already exists", f"{here}/block_id")
        if name is not None:
            seen.add(name)
        actions: set[str] = set()
        for element, place in elements_of(block, at=here):
            action = element.get("action_id")
            if action is not None and action in actions:
                add(f"action_id `{action}` already exists in this block", f"{place}/action_id")
            if action is not None:
                actions.add(action)
            focused += bool(element.get("focus_on_load"))
            if focused > 1 and element.get("focus_on_load"):
                add("only one element may have `focus_on_load`", f"{place}/focus_on_load")


def _initial_choices_exist(blocks: list[dict[str, Any]], *, at: str, add: Add) -> None:
    for block, here in inner_blocks(blocks, at=at):
        for element, place in elements_of(block, at=here):
            if "options" not in element and "option_groups" not in element:
                continue
            known = [(one["value"], one["text"]["text"]) for one in options_of(element)]
            if "initial_option" in element:
                first = element["initial_option"]
                if (first["value"], first["text"]["text"]) not in known:
                    add("must exactly match one of the options", f"{place}/initial_option")
            for index, one in enumerate(element.get("initial_options", [])):
                if (one["value"], one["text"]["text"]) not in known:
                    add("must exactly match one of the options", f"{place}/initial_options/{index}")


def _lengths_agree(blocks: list[dict[str, Any]], *, at: str, add: Add) -> None:
    for block, here in inner_blocks(blocks, at=at):
        for element, place in elements_of(block, at=here):
            shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
            if shortest > longest:
                add("`min_length` must not be more than `max_length`", f"{place}/min_length")
            if len(element.get("initial_value", "")) > longest and element["type"] == "plain_text_input":
                add(f"must be less than {longest + 1} characters", f"{place}/initial_value")
    if markdown_length(blocks) > rules.MARKDOWN_TOTAL:
        add(f"markdown blocks must be less than {rules.MARKDOWN_TOTAL + 1} characters together", at)


def _insides(blocks: list[dict[str, Any]], *, at: str, add: Add) -> None:
    tables = [here for block, here in inner_blocks(blocks, at=at) if block["type"] == "table"]
    for here in tables[1:]:
        add("only one table allowed", f"{here}/type")
    for block, here in inner_blocks(blocks, at=at):
        if block["type"] == "table":
            _check_table(block, here=here, add=add)
        elif block["type"] == "rich_text":
            _check_rich_text(block, here=here, add=add)


def _check_table(block: dict[str, Any], *, here: str, add: Add) -> None:
    for row, cells in enumerate(block["rows"]):
        for column, cell in enumerate(cells):
            place = f"{here}/rows/{row}/{column}"
            kind = cell.get("type")
            if kind not in _CELLS:
                add(f"unsupported type: {kind}", f"{place}/type")
            elif kind == "raw_text" and not isinstance(cell.get("text"), str):
                add("must be a string", f"{place}/text")
            elif kind == "raw_text" and not cell["text"]:
                add("must be more than 0 characters", f"{place}/text")
            elif kind == "raw_number" and not isinstance(cell.get("value"), (int, float)):
                add("missing required field: value", place)
            elif kind == "rich_text":
                _check_rich_text(cell, here=place, add=add)
    for index, column in enumerate(block.get("column_settings", [])):
        if column.get("align", "left") not in ("left", "center", "right"):
            add("must be a valid enum value", f"{here}/column_settings/{index}/align")


def _check_rich_text(block: dict[str, Any], *, here: str, add: Add) -> None:
    parts = block.get("elements")
    if not isinstance(parts, list):
        add("missing required field: elements", here)
        return
    for index, part in enumerate(parts):
        place = f"{here}/elements/{index}"
        kind = part.get("type") if isinstance(part, dict) else None
        if kind not in _RICH_PARTS:
            add(f"unsupported type: {kind}", f"{place}/type")
        elif not isinstance(part.get("elements"), list):
            add("missing required field: elements", place)
        elif kind == "rich_text_list":
            _check_rich_list(part, here=place, add=add)
        else:
            _check_pieces(part["elements"], here=place, add=add)


def _check_rich_list(part: dict[str, Any], *, here: str, add: Add) -> None:
    if part.get("style") not in ("bullet", "ordered"):
        add("must be a valid enum value", f"{here}/style")
    for index, one in enumerate(part["elements"]):
        place = f"{here}/elements/{index}"
        if not isinstance(one, dict) or one.get("type") != "rich_text_section":
            add("must be a rich_text_section", place)
        elif not isinstance(one.get("elements"), list):
            add("missing required field: elements", place)
        else:
            _check_pieces(one["elements"], here=place, add=add)


def _check_pieces(pieces: list[Any], *, here: str, add: Add) -> None:
    for index, piece in enumerate(pieces):
        place = f"{here}/elements/{index}"
        kind = piece.get("type") if isinstance(piece, dict) else None
        if not isinstance(kind, str) or kind not in _PIECES:
            add(f"unsupported type: {kind}", f"{place}/type")
            continue
        name, form = _PIECES[kind]
        if not isinstance(piece.get(name), form):
            add(f"missing required field: {name}", place)
