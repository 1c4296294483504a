"""What became of a report, as told to whoever made it: what is true now comes first."""

from __future__ import annotations

from datetime import datetime

from domain.commitments import PromiseState, Verdict
from domain.reporting import ReportStory, Turn
from handlers import ids, vocabulary
from handlers.escaping import escape, quoted
from handlers.presenters.disputes import INVOICES_SHOWN
from handlers.presenters.reader import Reader
from handlers.presenters.reports import WHAT, present_state, promised_words
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Page, actions, section

_PROMISE_SIGNS = {PromiseState.WITHDRAWN: "↩️", PromiseState.PARTIALLY_KEPT: "🟡", PromiseState.BROKEN: "❌"}


def outcome_page(story: ReportStory, last: Turn | None, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """`last`: how its promise or dispute ended; None while it has not.

    In a thread others read along: no amounts and none of the customer's words there, only what its keepers wrote.
    """
    by = escape(story.settled_by.name, 80) if story.settled_by else "A/R"
    numbers = ", ".join(escape(one.number, 60) for one in story.invoices[:INVOICES_SHOWN])
    about = f"{escape(story.account.name, 140)}{f' ({numbers})' if numbers else ''}"
    what = WHAT[story.report.kind]
    if state := present_state(story):
        lead = f"{_sign(story)} *The {what} of {about} is {state}.*"
        more = [_ended(last), f"{_again(story)} {by} recorded the {what}.".strip()]
    else:
        match story.report.verdict:
            case Verdict.RECORDED:
                lead = f"✅ *Your report is on record.* {by} recorded the {what} of {about}."
            case Verdict.CORRECTED:
                lead = f"✅ *Your report is on record, corrected.* {by} recorded the {what} of {about}."
            case Verdict.NOT_VALID:
                lead = f"🚫 *Your report was not recorded.* {by} found the {what} of {about} not valid."
            case _:
                lead = f"⏳ *Your report waits for the record.* {about}"
        more = [_details(story, reader)]
    opened = Button("Open account", ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, story.account.id, 0))
    return Page("Report", lead.replace("*", ""), (section("\n".join(filter(None, [lead, *more]))), actions([opened])))


def _details(story: ReportStory, reader: Reader) -> str:
    if story.report.verdict is Verdict.NOT_VALID:
        again = f" The report {vocabulary.NO_LONGER_HELD}" if story.invoices else ""
        return f"The reason: {quoted(story.report.why, 500)}{again}"
    if story.report.place is None:
        return promised_words(story, reader=reader)
    if story.promise and story.promise.due_on:
        return f"They pay by *{reader.full_day(story.promise.due_on)}*."
    return ""


def _sign(story: ReportStory) -> str:
    if story.promise:
        return _PROMISE_SIGNS.get(story.promise.state, "✅")
    return "⚖️" if story.dispute and story.dispute.is_unresolved else "✅"


def _again(story: ReportStory) -> str:
    """That it holds its invoices no longer, where that is so."""
    is_over = story.promise.state in _PROMISE_SIGNS if story.promise else _sign(story) == "✅"
    return f"The {WHAT[story.report.kind]} {vocabulary.NO_LONGER_HELD}" if is_over and story.invoices else ""


def _ended(last: Turn | None) -> str:
    if last is None or not last.why:
        return ""
    who = f"{escape(last.by.name, 80)}: " if last.by else ""
    return f"{who}“{escape(last.why, 500)}”"
