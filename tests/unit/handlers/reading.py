"""Blocks as a person reads them: for tests, and for looking at a page in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from handlers.views.blocks import Page


def strings(part: Any) -> Iterator[str]:
    """Every text a person or Slack reads, buttons' values and metadata left out."""
    if isinstance(part, dict):
        if part.get("type") in ("mrkdwn", "plain_text"):
            yield part["text"]
        for key, inner in part.items():
            if key in ("accessibility_label",):
                yield inner
            elif key not in ("value", "private_metadata", "text") or isinstance(inner, dict):
                yield from strings(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from strings(inner)


def as_text(blocks: Sequence[dict[str, Any]]) -> str:
    """A page, roughly as it looks."""
    lines: list[str] = []
    for block in blocks:
        match block["type"]:
            case "header":
                lines.append(f"# {block['text']['text']}")
            case "section":
                beside = f"   [{block['accessory']['text']['text']}]" if "accessory" in block else ""
                lines.append(block["text"]["text"] + beside)
            case "context":
                lines.append("~ " + " ".join(one["text"] for one in block["elements"]))
            case "actions":
                lines.append(" ".join(f"[{one['text']['text']}]" for one in block["elements"]))
            case "divider":
                lines.append("-" * 20)
            case "input":
                element = block["element"]
                first = element.get("initial_option", {}).get("text", {}).get("text", "")
                lines.append(f"{block['label']['text']}: <{first}>")
    return "\n".join(lines)


def button_texts(page: Page) -> list[str]:
    """What the buttons say, in order."""
    return [
        element["text"]["text"]
        for block in page.blocks
        for element in block.get("elements", [block.get("accessory", {})])
        if element.get("type") == "button"
    ]
