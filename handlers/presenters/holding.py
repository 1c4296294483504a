"""The window in which a nudge is put on hold, and what it says afterwards."""

from __future__ import annotations

from datetime import datetime

from domain.messages import WHY_AT_MOST
from domain.outcomes import HoldBegun, NudgeChanged
from domain.timeline import Source
from handlers import ids
from handlers.escaping import escape
from handlers.presenters.reader import Reader
from handlers.presenters.stories import changed_words, noun, who_sends
from handlers.presenters.timeline import state_words
from handlers.views.blocks import Page, section
from handlers.views.words import WordsSheet


def hold_sheet(begun: HoldBegun, *, metadata: str, reader: Reader, at: datetime) -> WordsSheet:
    """What it is about, what holding does, and why. Whoever holds their own need not say why."""
    story, message = begun.story, begun.story.message
    state = state_words(message, reader=reader, there=story.zone, at=at)
    expires = reader.moment_there(message.expires_at, story.zone, at)
    by = f" by {who_sends(story)}" if begun.needs_why else ""
    lines = [
        f"*{escape(story.account.name, 140)}* · {escape(story.invoice.number, 60)}",
        f"{noun(story).capitalize()}{by}: {state}.",
        f"On hold it waits until somebody resumes or cancels it, and expires {expires}.",
    ]
    return WordsSheet(
        title=f"Hold {noun(story)}",
        lead="\n".join(lines),
        label="Why?",
        hint=_who_reads(begun),
        callback=ids.NUDGE_HOLD_MODAL,
        submit="Hold",
        metadata=metadata,
        most=WHY_AT_MOST,
        is_optional=not begun.needs_why,
    )


def _who_reads(begun: HoldBegun) -> str:
    is_told = begun.needs_why and begun.story.message.source is Source.NUDGE
    who = (
        "Whoever queued it reads this, and so does A/R in its channel." if is_told else "A/R reads this in its channel."
    )
    return f"{who} No addresses, amounts or payment links, please. It stands in the audit log."


def held_page(outcome: NudgeChanged, *, reader: Reader, at: datetime) -> Page:
    story = outcome.story
    expires = reader.moment_there(story.message.expires_at, story.zone, at)
    text = f"{changed_words(outcome)} It waits until somebody resumes or cancels it, and expires {expires}."
    holder = story.held_by.id if story.held_by else None
    if story.message.source is Source.NUDGE and story.message.requested_by != holder:
        text += f" {who_sends(story)} is told."
    return Page(f"Hold {noun(story)}", text, (section(text),))
