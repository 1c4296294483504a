"""One report as told to whoever keeps the record and to A/R Managers."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from domain.commitments import DisputeState, Promise, Verdict
from domain.reporting import ReportKind, ReportStory
from domain.rules.access import may
from domain.rules.duty import DUTY_SETTERS
from domain.values import Capability, Person
from handlers import ids, vocabulary
from handlers.escaping import escape, escape_lines
from handlers.presenters.disputes import dispute_buttons, invoices_words
from handlers.presenters.reader import Reader
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, Page, actions, context, section

SIGNS = {ReportKind.PROMISE: "🤝", ReportKind.DISPUTE: "⚠️"}
WHAT = {ReportKind.PROMISE: "promise", ReportKind.DISPUTE: "dispute"}
EVIDENCE_SHOWN = 1_500
_LINK = re.compile(r"https?://[\w.:-]+/[\w./?=&%-]+", re.ASCII)


def promised_words(story: ReportStory, *, reader: Reader) -> str:
    """`They pay €12,400.00 by Friday 4 December 2026.`"""
    if story.promise:
        return promise_words(story.promise, reader=reader)
    if story.dispute:
        amount = f" (*{reader.money(story.dispute.amount)}* of it)" if story.dispute.amount else ""
        return f"What is wrong: “{escape(story.dispute.reason, 500)}”{amount}"
    return ""


def promise_words(promise: Promise, *, reader: Reader) -> str:
    much = f" *{reader.money(promise.amount)}*" if promise.amount else ""
    by = f" by *{reader.full_day(promise.due_on)}*." if promise.due_on else "; no day was named."
    return f"They pay{much}{by}{'' if much else ' No amount was named.'}"


def duty_page(story: ReportStory, *, viewer: Person, reader: Reader, signet: Signet, at: datetime) -> Page:
    """The alert of whoever is on duty: everything in view, and what they may do."""
    kind, name = story.report.kind, escape(story.account.name, 140)
    lead = f"{SIGNS[kind]} *{WHAT[kind].capitalize()} reported: {name}*"
    blocks = [
        section(
            "\n".join(
                [
                    lead,
                    promised_words(story, reader=reader),
                    invoices_words(story, reader=reader, at=at),
                    _heard(story, reader, at),
                ]
            )
        ),
        *_evidence(story),
        section("\n".join(filter(None, [_clock(story, reader, at), _whose(story, viewer)]))),
    ]
    if story.report.acknowledged_at or story.report.reminded_at or story.report.escalated_at:
        blocks.append(context(_history(story, reader, at)))
    blocks.append(actions(_duty_buttons(story, viewer, signet)))
    notification = f"{WHAT[kind].capitalize()} reported: {name}. {_clock(story, reader, at)}{_left(story, at)}"
    return Page(vocabulary.THE_RECORD, notification, tuple(blocks))


def _heard(story: ReportStory, reader: Reader, at: datetime) -> str:
    report = story.report
    who = escape(story.contact.name or story.contact.email, 80) if story.contact else "somebody there (not named)"
    heard = f"{escape(story.reporter.name, 80)} heard it from {who} {reader.moment(report.said_at, at)}"
    if report.reported_at - report.said_at >= timedelta(minutes=1):
        heard += f" and reported it at {_when(report.reported_at, reader, report.said_at)}"
    return f"{heard}."


def _evidence(story: ReportStory) -> list[Block]:
    words = escape_lines(story.report.evidence, EVIDENCE_SHOWN)
    parts = ["\n".join(f"&gt; {line}" for line in words.split("\n"))] if words else []
    if link := safe_link(story.report.evidence_link):
        parts.append(f"<{link}|See the message>")
    return [section("\n".join(parts))] if parts else []


def safe_link(link: str | None) -> str | None:
    """Only what is an address and nothing else: it stands between `<` and `|`."""
    return link if link and _LINK.fullmatch(link) else None


def _clock(story: ReportStory, reader: Reader, at: datetime) -> str:
    """Where it stands; while it waits, until when. It is still true when somebody reads the message later."""
    report = story.report
    if report.verdict is not None:
        return _settled(story, reader, at)
    by = f"*Log by {_when(story.due_at, reader, at)}.*"
    if at >= story.due_at:
        return f"❗ {by} It is late."
    return f"{'⏰' if report.reminded_at or report.escalated_at else '⏱️'} {by}"


def _whose(story: ReportStory, viewer: Person) -> str:
    """Who has a report that waits; empty when that was said otherwise, or it is several people's."""
    has, giver, acknowledged = story.operator, story.handed_by, story.acknowledged_by
    if has is None or story.report.verdict is not None or (acknowledged and (acknowledged.id != has.id or not giver)):
        return ""
    how = f"handed over by {escape(giver.name, 80)}" if giver else "on duty"
    return f"With *{'you' if has.id == viewer.id else escape(has.name, 80)}*, {how}."


def _left(story: ReportStory, at: datetime) -> str:
    """How long there is: only for the notification, which is read when it comes."""
    if story.report.verdict is not None:
        return ""
    minutes = int((story.due_at - at).total_seconds() // 60)
    return f" {_minutes(minutes)} left." if at < story.due_at else f" {_minutes(-minutes)} over."


def _when(moment: datetime, reader: Reader, at: datetime) -> str:
    """The time of day, with its day when that is not the day of `at`."""
    is_today = reader.today(moment) == reader.today(at)
    return reader.clock(moment) if is_today else reader.moment(moment, at)


def _minutes(count: int) -> str:
    if count >= 120:
        hours = count // 60
        return f"{hours // 24} days" if hours >= 48 else f"{hours} hours"
    return "less than a minute" if count < 1 else "1 minute" if count == 1 else f"{count} minutes"


def _settled(story: ReportStory, reader: Reader, at: datetime) -> str:
    report = story.report
    by = escape(story.settled_by.name, 80) if story.settled_by else "somebody"
    when = f" {reader.moment(report.settled_at, at)}" if report.settled_at else ""
    match report.verdict:
        case Verdict.RECORDED:
            said = f"✅ *On record*, by {by}{when}."
        case Verdict.CORRECTED:
            said = f"✅ *On record, corrected*, by {by}{when}."
        case _:
            said = f"🚫 *Not valid*, found by {by}{when}: “{escape(report.why, 500)}”"
    if state := present_state(story):
        said += f"\nNow: {state}."
    return said


def present_state(story: ReportStory) -> str:
    """What became of it since it was recorded; empty when nothing did."""
    if story.report.verdict is Verdict.NOT_VALID:
        return ""
    if story.dispute and story.dispute.state is not DisputeState.OPEN:
        state = vocabulary.DISPUTES[story.dispute.state]
        owner = f", {escape(story.dispute.owner, 80)}" if story.dispute.owner else ""
        how = f" ({vocabulary.RESOLUTIONS[story.dispute.resolution]})" if story.dispute.resolution else ""
        return f"{state}{how}{'' if how else owner}"
    if story.promise and story.promise.decided_at:
        return vocabulary.PROMISES[story.promise.state]
    return ""


def _history(story: ReportStory, reader: Reader, at: datetime) -> str:
    report, steps = story.report, []
    if report.acknowledged_at:
        by = escape(story.acknowledged_by.name, 80) if story.acknowledged_by else "Somebody"
        steps.append(f"👀 {by} has it in hand since {_when(report.acknowledged_at, reader, at)}")
    if report.reminded_at:
        steps.append(f"Reminded {_when(report.reminded_at, reader, at)}")
    if report.escalated_at:
        steps.append(f"Escalated {_when(report.escalated_at, reader, at)}")
    return " · ".join(steps)


def _duty_buttons(story: ReportStory, viewer: Person, signet: Signet) -> list[Button]:
    report = story.report
    value = signet.close_for_all(Kind.REPORT, report.id, story.account.id)
    opened = Button("Open account", ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, story.account.id, 0))
    if not may(viewer, Capability.RECORD):
        can_hand = report.verdict is None and viewer.role in DUTY_SETTERS
        return [*([Button("Hand to…", ids.DUTY_HAND, value, style="primary")] if can_hand else []), opened]
    if report.verdict is None:
        first = [] if report.acknowledged_at else [Button("Acknowledge", ids.DUTY_ACKNOWLEDGE, value)]
        return [*first, *report_buttons(story, value), opened]
    if story.dispute and story.dispute.is_unresolved:
        return [*dispute_buttons(story.dispute.id, story.account.id, story.dispute.state, viewer, signet), opened]
    return [opened]


def report_buttons(story: ReportStory, value: str) -> list[Button]:
    """How a report is settled. `value` is the report, sealed for whoever may click.

    Without an invoice there is nothing to record yet: correcting it comes first.
    """
    record = [Button("Record", ids.DUTY_RECORD, value, style="primary")] if story.invoices else []
    return [
        *record,
        Button("Correct and record", ids.DUTY_CORRECT, value, style=None if record else "primary"),
        Button("Not valid", ids.DUTY_REJECT, value, style="danger"),
    ]


def escalation_page(story: ReportStory, *, viewer: Person, reader: Reader, signet: Signet, at: datetime) -> Page:
    """To those above the record, before minute 15: who should have, and what can be done."""
    page = duty_page(story, viewer=viewer, reader=reader, signet=signet, at=at)
    if story.report.verdict is not None:
        return page
    has = story.acknowledged_by
    who = (
        f"{escape(has.name, 80)} has it in hand, but it is not on record yet."
        if has
        else f"{escape(story.operator.name, 80)} {'was given it' if story.handed_by else 'is on duty'} and has not "
        "said that they have it."
        if story.operator
        else "Nobody has said that they have it."
    )
    misses = "is about to miss" if at < story.due_at else "has missed"
    lead = section(f"🚨 *A report {misses} its 15 minutes.* {who} Please see that somebody records it.")
    return Page(vocabulary.THE_RECORD, f"A report waits for the record. {page.text}", (lead, *page.blocks))
