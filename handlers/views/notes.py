"""Forms of notes, and texts of people as they were typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handlers import ids
from handlers.escaping import cut
from handlers.views.blocks import Block, Page, View, asking, context, modal, plain, section
from handlers.views.fields import Asked, typed

_PIECE = 2_900
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Form:
    """`about` stands above the fields. `people`: whether there is a list to choose people from."""

    title: str
    about: str
    label: str
    hint: str
    callback: str
    submit: str
    metadata: str
    value: str = ""
    people: bool = True


def waiting_view() -> View:
    """Shown at once, while the notes are read."""
    return modal(Page("Notes", "", (section("Reading the notes…"),)))


def form_view(form: Form, *, most: int, most_people: int) -> View:
    text = typed(
        Asked(form.label, ids.NOTE_BODY_BLOCK, ids.NOTE_BODY, form.hint), value=form.value, most=most, lines=True
    )
    blocks: list[Block] = [context(form.about), text]
    if form.people:
        blocks.append(_people(most_people))
    return asking(
        Page(form.title, "", tuple(blocks)),
        callback=form.callback,
        submit=form.submit,
        close="Not now",
        metadata=form.metadata,
    )


def _people(most: int) -> Block:
    element: dict[str, Any] = {
        "type": "multi_users_select",
        "action_id": ids.NOTE_PEOPLE,
        "placeholder": plain("Choose colleagues", 150),
        "max_selected_items": most,
    }
    return {
        "type": "input",
        "block_id": ids.NOTE_PEOPLE_BLOCK,
        "label": plain("Who should hear of it", 2_000),
        "hint": plain("They get a direct message. Only people who may see this account can be chosen.", 2_000),
        "element": element,
        "optional": True,
    }


def written(text: str) -> list[Block]:
    """Escaped text exactly as it is, without formatting, in as many sections as it needs; no word is cut in two."""
    blocks: list[Block] = []
    rest = text
    while rest:
        piece = cut(rest, _PIECE)
        if piece != rest:
            piece = piece.removesuffix(_ELLIPSIS)
            whole = max(piece.rfind(" "), piece.rfind("\n"))
            piece = piece[:whole] if whole > len(piece) // 2 else piece
        blocks.append({"type": "section", "text": plain(piece, 3_000)})
        rest = rest[len(piece) :].lstrip()
    return blocks
