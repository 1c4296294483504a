"""What Slack adds to blocks when it takes them: names for what has none, and the defaults of text objects."""

from __future__ import annotations

import copy
from typing import Any

from sandbox.identifiers import Identifiers
from sandbox.kit.walk import elements_of, inner_blocks


def finish_blocks(blocks: list[dict[str, Any]], *, ids: Identifiers) -> list[dict[str, Any]]:
    """A copy with a block_id on every block, an action_id on every element, and text defaults filled in."""
    done = copy.deepcopy(blocks)
    for block, _ in inner_blocks(done):
        block.setdefault("block_id", ids.block())
        for element, _ in elements_of(block):
            if element.get("type") != "image":
                element.setdefault("action_id", ids.block())
        if block["type"] == "input":
            block.setdefault("optional", False)
            block.setdefault("dispatch_action", False)
        if block["type"] not in ("rich_text", "table", "markdown"):
            _fill_texts(block)
    return done


def finish_text(text: dict[str, Any] | None) -> dict[str, Any] | None:
    """A text object with its defaults, or None."""
    if text is None:
        return None
    done = dict(text)
    _defaults(done)
    return done


def _fill_texts(thing: Any) -> None:
    if isinstance(thing, list):
        for one in thing:
            _fill_texts(one)
    elif isinstance(thing, dict):
        _defaults(thing)
        for value in thing.values():
            _fill_texts(value)


def _defaults(thing: dict[str, Any]) -> None:
    if thing.get("type") == "plain_text":
        thing.setdefault("emoji", True)
    elif thing.get("type") == "mrkdwn":
        thing.setdefault("verbatim", False)
