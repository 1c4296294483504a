"""A modal with one thing to write, and perhaps one thing to choose before it. Texts arrive escaped."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import ids
from handlers.views import fields
from handlers.views.blocks import Block, Option, Page, View, asking, section
from handlers.views.fields import Asked

WORDS_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class WordsSheet:
    """`choices` come before the text, under `choice_label`. `effect`, what sending it does, stays whole however long
    `lead` is.
    """

    title: str
    lead: str
    label: str
    hint: str
    callback: str
    submit: str
    metadata: str
    most: int = WORDS_AT_MOST
    choices: tuple[Option, ...] = ()
    choice_label: str = ""
    effect: str = ""
    is_optional: bool = False


def words_view(sheet: WordsSheet) -> View:
    blocks: list[Block] = [section(sheet.lead), *([section(sheet.effect)] if sheet.effect else [])]
    if sheet.choices:
        blocks.append(
            fields.either(Asked(sheet.choice_label, "resolution", ids.RESOLUTION), options=sheet.choices, chosen=None)
        )
    words = Asked(sheet.label, "words", ids.WORDS, hint=sheet.hint, is_optional=sheet.is_optional)
    blocks.append(fields.typed(words, most=sheet.most, lines=True))
    return asking(
        Page(sheet.title, "", tuple(blocks)),
        callback=sheet.callback,
        submit=sheet.submit,
        close="Not now",
        metadata=sheet.metadata,
    )
