"""Finds the elements inside blocks, wherever a block keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Element = dict[str, Any]

# Elements that hold a choice which Slack reports in `state.values`; buttons and overflow menus do not.
STATELESS = ("button", "overflow", "image", "icon_button", "feedback_buttons", "workflow_button")


def inner_blocks(blocks: list[dict[str, Any]], *, at: str = "/blocks") -> Iterator[tuple[dict[str, Any], str]]:
    """Every block with its JSON pointer, those inside containers and carousels as well."""
    for place, block in enumerate(blocks):
        here = f"{at}/{place}"
        yield block, here
        if block.get("type") == "container":
            yield from inner_blocks(block.get("child_blocks", []), at=f"{here}/child_blocks")
        elif block.get("type") == "carousel":
            yield from inner_blocks(block.get("elements", []), at=f"{here}/elements")


def elements_of(block: dict[str, Any], *, at: str = "") -> Iterator[tuple[Element, str]]:
    """The elements of one block with their JSON pointers."""
    match block.get("type"):
        case "section" if "accessory" in block:
            yield block["accessory"], f"{at}/accessory"
        case "input" if "element" in block:
            yield block["element"], f"{at}/element"
        case "actions" | "context_actions":
            for place, element in enumerate(block.get("elements", [])):
                yield element, f"{at}/elements/{place}"
        case "card":
            for place, element in enumerate(block.get("actions", [])):
                yield element, f"{at}/actions/{place}"


def interactive(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Element]]:
    """Every (block, element) a person can act on."""
    for block, _ in inner_blocks(blocks):
        for element, _ in elements_of(block):
            if element.get("type") != "image":
                yield block, element


def options_of(element: Element) -> list[dict[str, Any]]:
    """The options written into an element, groups opened."""
    listed = list(element.get("options", []))
    for group in element.get("option_groups", []):
        listed.extend(group.get("options", []))
    return listed
