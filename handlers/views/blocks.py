"""Block Kit's pieces, each within Slack's limits whatever it is given. Texts arrive escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.escaping import cut, stretches

Block = dict[str, Any]
View = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
_SECTION = 3_000
_CONTEXT = 2_000
_NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Confirm:
    """Asked before a click counts. `go` and `stop` say what they do."""

    title: str
    text: str
    go: str
    stop: str = "Not now"
    is_danger: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    action: str
    value: str
    style: str | None = None
    confirm: Confirm | None = None
    label: str | None = None  # for screen readers, where the text alone is not enough


@dataclass(frozen=True, slots=True)
class Option:
    text: str
    value: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Something to read that fits a message, a modal or App Home. `text` is what a notification shows."""

    title: str
    text: str
    blocks: tuple[Block, ...]


def plain(text: str, limit: int, *, emoji: bool = False) -> Block:
    return {"type": "plain_text", "text": cut(text, limit) or _NOTHING, "emoji": emoji}


def mrkdwn(text: str, limit: int = _SECTION) -> Block:
    """`verbatim`: an address in a customer's name stays text and does not become a link."""
    return {"type": "mrkdwn", "text": cut(text, limit) or _NOTHING, "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def section(text: str, *, beside: Button | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if beside:
        block["accessory"] = button(beside)
    return block


def exact(text: str) -> list[Block]:
    """Text as it is, all of it, without any formatting, in as many sections as it needs."""
    lines = [piece for line in text.split("\n") for piece in stretches(line, _SECTION)]
    return [{"type": "section", "text": plain(piece, _SECTION)} for piece in pieces(lines, _SECTION)]


def paragraphs(lines: Sequence[str]) -> list[Block]:
    """Lines packed into sections."""
    return [section(piece) for piece in pieces(lines, _SECTION)]


def context(text: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text, _CONTEXT)]}


def divider() -> Block:
    return {"type": "divider"}


def actions(buttons: Iterable[Button]) -> Block:
    return {"type": "actions", "elements": [button(one) for one in buttons]}


def button(one: Button) -> Block:
    block: Block = {
        "type": "button",
        "text": plain(one.text, 75, emoji=True),
        "action_id": one.action,
        "value": one.value,
    }
    if one.style:
        block["style"] = one.style
    if one.confirm:
        block["confirm"] = {
            "title": plain(one.confirm.title, 100),
            "text": plain(one.confirm.text, 300),
            "confirm": plain(one.confirm.go, 30),
            "deny": plain(one.confirm.stop, 30),
            **({"style": "danger"} if one.confirm.is_danger else {}),
        }
    if one.label:
        block["accessibility_label"] = cut(one.label, 75)
    return block


def option(one: Option) -> Block:
    block: Block = {"text": plain(one.text, 75), "value": one.value}
    if one.description:
        block["description"] = plain(one.description, 75)
    return block


def choice(label: str, *, block_id: str, action: str, options: Sequence[Option], chosen: int) -> Block:
    """A select that tells at once when something else is chosen."""
    shown = [option(one) for one in options[:100]]
    return {
        "type": "input",
        "block_id": block_id,
        "dispatch_action": True,
        "label": plain(label, 2_000),
        "element": {
            "type": "static_select",
            "action_id": action,
            "options": shown,
            "initial_option": shown[min(chosen, len(shown) - 1)],
        },
    }


def modal(page: Page, *, close: str = "Close") -> View:
    """A page as a modal with nothing to send."""
    return {
        "type": "modal",
        "title": plain(page.title, 24),
        "close": plain(close, 24),
        "blocks": fitting(page.blocks, VIEW_BLOCKS),
    }


def asking(page: Page, *, callback: str, submit: str, close: str, metadata: str) -> View:
    """A page as a modal that is sent."""
    return {
        **modal(page, close=close),
        "callback_id": callback,
        "submit": plain(submit, 24),
        "private_metadata": metadata,
    }


def home(page: Page) -> View:
    return {"type": "home", "blocks": fitting(page.blocks, VIEW_BLOCKS)}


def message_text(page: Page) -> str:
    """What notifications, screen readers and old clients show."""
    return cut(page.text, _SECTION) or _NOTHING


def message_blocks(page: Page) -> list[Block]:
    return fitting(page.blocks, MESSAGE_BLOCKS)


def fitting(blocks: Sequence[Block], most: int) -> list[Block]:
    """All blocks, or the first ones and a line that says so."""
    if len(blocks) <= most:
        return list(blocks)
    return [*blocks[: most - 1], context("There is more than fits here.")]


def pieces(lines: Iterable[str], limit: int) -> list[str]:
    """Lines joined into texts of at most `limit` characters; a longer line is cut."""
    texts: list[str] = []
    now = ""
    for line in lines:
        short = cut(line, limit)
        longer = f"{now}\n{short}" if now else short
        if cut(longer, limit) != longer:
            texts.append(now)
            now = short
        else:
            now = longer
    if now.strip():
        texts.append(now)
    return [text for text in texts if text.strip()]
