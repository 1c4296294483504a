"""Nudges that a report or a hold ended, as told to whoever caused that; and what older messages about a nudge say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.messages import State
from domain.outcomes import NudgeStory
from domain.reporting import ReportStory
from handlers import ids, vocabulary
from handlers.escaping import escape, quoted
from handlers.presenters.reader import Reader
from handlers.presenters.reports import WHAT
from handlers.presenters.stories import became_words
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Page, actions, section

_SHOWN = 5
_STOOD = {State.HELD: "was on hold", State.UNCONFIRMED: "was not confirmed"}


def taken_back_words(stories: Sequence[NudgeStory]) -> str:
    """`The nudge waiting for INV-1 was taken back.` Empty when there was none."""
    ended = [one for one in stories if one.message.state is State.CANCELLED]
    doubtful = [one for one in stories if one.message.state is not State.CANCELLED]
    said = []
    if ended:
        said.append(f"{_nudges(ended)} {'was' if len(ended) == 1 else 'were'} taken back.")
    if doubtful:
        said.append(f"{_nudges(doubtful)} may have left before: A/R is asked to find out.")
    return " ".join(said)


def _nudges(stories: Sequence[NudgeStory]) -> str:
    numbers = list(dict.fromkeys(escape(one.invoice.number, 60) for one in stories))
    shown, rest = numbers[:_SHOWN], len(numbers) - _SHOWN
    listed = ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")
    return f"The nudge{'' if len(stories) == 1 else 's'} waiting for {listed}"


def free_page(story: NudgeStory, report: ReportStory, *, signet: Signet) -> Page:
    """For whoever had queued it: the report that took it back was not so."""
    by = escape(report.settled_by.name, 80) if report.settled_by else "A/R"
    number, name = escape(story.invoice.number, 60), escape(story.account.name, 80)
    lead = f"↩️ *You can nudge {name} for {number} again.*"
    why = f"{by} found the {WHAT[report.report.kind]} that took your nudge back not valid."
    text = f"{lead}\n{why} The reason: {quoted(report.report.why, 500)}"
    value = signet.close_for_all(Kind.ACCOUNT, story.account.id, 0)
    buttons = [Button("Open account", ids.ACCOUNT_OPEN, value), Button("Nudge again", ids.NUDGE_OPEN, value)]
    return Page("Nudge", lead.replace("*", ""), (section(text), actions(buttons)))


def earlier_page(story: NudgeStory, stood: State, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """What an older message says once its nudge stands elsewhere: how it was told then, and what became of it."""
    number, name = escape(story.invoice.number, 60), escape(story.account.name, 80)
    sign = vocabulary.STATE_SIGNS[story.message.state]
    lead = f"{sign} *Your nudge to {name} for {number} {_STOOD[stood]}.* It {became_words(story, reader=reader, at=at)}"
    opened = Button("Open account", ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, story.account.id, 0))
    return Page("Nudge", lead.replace("*", ""), (section(lead), actions([opened])))
