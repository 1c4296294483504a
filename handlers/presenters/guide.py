"""`/plixo help`: what one's role can do here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.rules.access import may
from domain.values import Capability, Person
from handlers import vocabulary
from handlers.escaping import escape
from handlers.presenters.home_help import able_words, listed
from handlers.views.blocks import Block, Page, context, section


@dataclass(frozen=True, slots=True)
class Line:
    word: str
    usage: str
    what: str


def guide_page(person: Person, lines: Sequence[Line], *, unknown: str = "", near: str = "") -> Page:
    """`unknown` is what was typed and is no word of ours, `near` the word that was probably meant."""
    blocks: list[Block] = []
    if unknown:
        meant = f" Did you mean `/plixo {near}`?" if near else ""
        blocks.append(section(f"I don't know “{escape(unknown, 60)}”.{meant}"))
    words = ["`/account` and a part of the name: what a customer owes"]
    words += [f"`/plixo {' '.join(filter(None, (one.word, one.usage)))}`: {one.what}" for one in lines]
    words += ["`/plixo help`: this list"]
    able = able_words(one for one in Capability if may(person, one))
    blocks += [
        section("\n".join(words)),
        context(f"Your role is {vocabulary.ROLES[person.role]}: you can {listed(able)}."),
    ]
    return Page("Plixo", "What you can do with Plixo", tuple(blocks))
