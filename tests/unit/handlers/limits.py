"""Slack's limits, checked on finished blocks. Written apart from the views, so that one mistake is not made twice."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

OUR_DATES = re.compile(r"<!date\^\d+\^\{date_short_pretty\} \{time\}\|[^<>|^]{1,80}>")
OUR_LINKS = re.compile(r"<https?://[\w./:?=&%-]+\|See the message>", re.ASCII)
TEXTS = {"header": 150, "section": 3_000, "button": 75, "option": 75, "description": 75, "label": 2_000, "hint": 2_000}
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def problems(blocks: Sequence[dict[str, Any]], *, most: int) -> list[str]:
    """What Slack would refuse; empty when all is well."""
    found = [] if 0 < len(blocks) <= most else [f"{len(blocks)} blocks"]
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    found += [f"block_id {one} twice" for one in set(ids) if ids.count(one) > 1]
    for block in blocks:
        found += _block(block)
    return found


def view_problems(view: dict[str, Any]) -> list[str]:
    found = problems(view["blocks"], most=100)
    for name in ("title", "submit", "close"):
        if name in view:
            found += _text(view[name], 24, name)
    if units(view.get("private_metadata", "")) > 3_000:
        found.append("private_metadata")
    if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
        found.append("an input needs submit")
    if len(json.dumps(view)) > 250_000:
        found.append("view too large")
    return found


def _block(block: dict[str, Any]) -> list[str]:
    found: list[str] = []
    match block["type"]:
        case "header":
            found += _text(block["text"], 150, "header")
        case "section":
            if "text" in block:
                found += _text(block["text"], 3_000, "section")
            if len(block.get("fields", [])) > 10 or not ("text" in block or block.get("fields")):
                found.append("section fields")
            for one in block.get("fields", []):
                found += _text(one, 2_000, "field")
            if "accessory" in block:
                found += _element(block["accessory"])
        case "context":
            if not 1 <= len(block["elements"]) <= 10:
                found.append("context elements")
            for one in block["elements"]:
                found += _text(one, 2_000, "context")
        case "actions":
            if not 1 <= len(block["elements"]) <= 25:
                found.append("actions elements")
            names = [one["action_id"] for one in block["elements"]]
            if len(set(names)) < len(names):
                found.append(f"action_id twice: {names}")
            for one in block["elements"]:
                found += _element(one)
        case "input":
            found += _text(block["label"], 2_000, "label")
            found += _element(block["element"])
        case "divider":
            pass
        case other:
            found.append(f"unknown block {other}")
    return found


def _element(element: dict[str, Any]) -> list[str]:
    found: list[str] = []
    if not 1 <= units(element["action_id"]) <= 255:
        found.append("action_id")
    match element["type"]:
        case "button":
            found += _text(element["text"], 75, "button")
            if not units(element["value"]) <= 2_000:
                found.append("button value")
            if units(element.get("accessibility_label", "")) > 75:
                found.append("accessibility_label")
            if confirm := element.get("confirm"):
                for name, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
                    found += _text(confirm[name], limit, f"confirm {name}")
        case "static_select" | "multi_static_select" | "radio_buttons":
            if not 1 <= len(element["options"]) <= 100:
                found.append("options")
            values = [one["value"] for one in element["options"]]
            if len(set(values)) < len(values):
                found.append("option values twice")
            for one in element["options"]:
                found += option_problems(one)
            chosen = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
            if any(one not in element["options"] for one in chosen):
                found.append("initial_option")
            if "placeholder" in element:
                found += _text(element["placeholder"], 150, "placeholder")
        case "checkboxes":
            if not 1 <= len(element["options"]) <= 10:
                found.append("options")
            for one in element["options"]:
                found += option_problems(one)
            ticked = element.get("initial_options", element["options"])
            if not ticked or any(one not in element["options"] for one in ticked):
                found.append("initial_options")
        case "radio_buttons":
            if not 1 <= len(element["options"]) <= 10:
                found.append("options")
            for one in element["options"]:
                found += option_problems(one)
            if element.get("initial_option", element["options"][0]) not in element["options"]:
                found.append("initial_option")
        case "datepicker" | "users_select":
            pass
        case "plain_text_input":
            most = element["max_length"]
            if not 1 <= most <= 3_000 or len(element.get("initial_value", "")) > most:
                found.append("max_length or initial_value")
        case "multi_users_select":
            found += _text(element["placeholder"], 150, "placeholder")
        case "external_select":
            found += _text(element["placeholder"], 150, "placeholder")
        case "plain_text_input":
            if not 1 <= element["max_length"] <= 3_000 or units(element.get("initial_value", "")) > 3_000:
                found.append("text input")
        case other:
            found.append(f"unknown element {other}")
    return found


def option_problems(option: dict[str, Any]) -> list[str]:
    found = _text(option["text"], 75, "option")
    if not 1 <= units(option["value"]) <= 150:
        found.append(f"option value {units(option['value'])}")
    if "description" in option:
        found += _text(option["description"], 75, "description")
    return found


def _text(text: dict[str, Any], limit: int, where: str) -> list[str]:
    found = [] if 1 <= units(text["text"]) <= limit else [f"{where}: {units(text['text'])} characters"]
    if text["type"] == "mrkdwn" and text.get("verbatim") is not True:
        found.append(f"{where}: an address in it would become a link")
    return found


def markup(text: str) -> list[str]:
    """Anything Slack would read as markup, or that a reader would not see, and that did not come from us."""
    rest = OUR_LINKS.sub("", OUR_DATES.sub("", text))
    found = [one for one in "<>" if one in rest]
    if re.search(r"&(?!amp;|lt;|gt;)", rest):
        found.append("bare &")
    found += [repr(one) for one in rest if one in DIRECTIONS]
    found += [repr(one) for one in rest if one != "\n" and unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")]
    return found


def texts_of(part: Any) -> Iterator[str]:
    """Everything in a payload that is read by a person or parsed by Slack, sealed tokens left out."""
    if isinstance(part, dict):
        for key, inner in part.items():
            if isinstance(inner, str):
                if key in ("text", "accessibility_label"):
                    yield inner
            else:
                yield from texts_of(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from texts_of(inner)
