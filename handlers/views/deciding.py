"""The windows in which a Controller says yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import ids
from handlers.views import fields
from handlers.views.blocks import Block, Option, Page, View, asking, context, modal, section


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what an approval can do: the first of `gifts` is chosen. `metadata` is the sealed request."""

    lead: str
    told: str
    gifts: tuple[Option, ...]
    effect: str
    can_end: bool
    metadata: str


def waiting_view() -> View:
    """Shown at once, while the request is read."""
    return modal(Page("Request", "", (section("Reading the request…"),)))


def approval_view(question: Question, *, why_at_most: int) -> View:
    blocks: list[Block] = [section(question.lead), context(question.told), section(question.effect)]
    if len(question.gifts) > 1:
        asked = fields.Asked("What approving does", ids.DECISION_GIFT, ids.DECISION_GIFT)
        blocks.append(fields.either(asked, options=question.gifts, chosen=0))
    if question.can_end:
        blocks.append(until_field())
    blocks.append(_why(why_at_most))
    return asking(
        Page("Approve", "", tuple(blocks)),
        callback=ids.APPROVE_MODAL,
        submit="Approve",
        close="Not now",
        metadata=question.metadata,
    )


def refusal_view(question: Question, *, why_at_most: int) -> View:
    note = context("Nothing is changed. They are told your reason, and can ask again when something is new.")
    blocks = (section(question.lead), context(question.told), _why(why_at_most), note)
    return asking(
        Page("Decline", "", blocks),
        callback=ids.DECLINE_MODAL,
        submit="Decline",
        close="Not now",
        metadata=question.metadata,
    )


def until_field() -> Block:
    return fields.picked_day(
        fields.Asked(
            "Until the end of",
            ids.RIGHTS_UNTIL,
            ids.RIGHTS_UNTIL,
            hint="In your time zone; then it falls back by itself. Without a day it stays.",
            is_optional=True,
        )
    )


def role_field(options: Sequence[Option], chosen: int | None) -> Block:
    return fields.one(fields.Asked("Role", ids.ROLE_CHOICE, ids.ROLE_CHOICE), options=options, chosen=chosen)


def _why(most: int) -> Block:
    asked = fields.Asked("Why", ids.DECISION_WHY, ids.DECISION_WHY, hint="Whoever asked reads it.")
    return fields.typed(asked, most=most, lines=True)
