"""Drafts of Autopilot that wait for a person: the list, and the windows in which one is edited or skipped.

Payment links stand in none of them: they are bearer secrets, and whoever approves has no use for one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TypedDict

from domain.homing import Cut
from domain.policies import Mode
from domain.rules.letters import SUBJECT_AT_MOST
from domain.rules.wording import BODY_AT_MOST
from domain.shadow import A_PAGE, Approved, Draft, DraftEdited, DraftList, DraftsApproved, DraftSkipped, Weighed
from handlers import ids
from handlers.escaping import escape, escape_lines, width
from handlers.presenters import timeline
from handlers.presenters.counting import days_from
from handlers.presenters.departures import leaves_words
from handlers.presenters.frame import Frame, counted
from handlers.presenters.reader import Reader
from handlers.presenters.refusals import told
from handlers.presenters.stories import slack_date
from handlers.seal import Kind, Signet
from handlers.views.blocks import (
    Block,
    Button,
    Confirm,
    Page,
    View,
    actions,
    asking,
    context,
    divider,
    exact,
    header,
    section,
)
from handlers.views.forms import Field, written

WHY_AT_MOST = 300
LINK = "‹the payment link›"


class Eyes(TypedDict):
    """Who reads, and when."""

    reader: Reader
    signet: Signet
    at: datetime


class Form(Protocol):
    def __call__(self, weighed: Weighed, start: int, *, signet: Signet) -> View: ...


def waiting_words(total: int) -> str:
    """`3 Autopilot drafts wait`."""
    return "1 Autopilot draft waits" if total == 1 else f"{counted(total)} Autopilot drafts wait"


def drafts_wait_page(cut: Cut[Draft], *, reader: Reader, at: datetime) -> Page:
    """For A/R's channel: names no customer. The first of them is in `cut`."""
    lead = f"{waiting_words(cut.total)} for A/R"
    ends = slack_date(cut.items[0].expires_at, reader, at)
    how = "Each is a reminder that leaves once somebody of A/R has approved it. `/plixo drafts` shows them, too."
    note = f"As of {slack_date(at, reader, at)}. What nobody decides is not sent; the first expires {ends}."
    see = Button("See drafts", ids.DRAFTS_OPEN, "drafts", style="primary")
    return Page("Autopilot", lead, (section(f"📝 *{lead}*\n{how}"), context(note), actions([see])))


def home_drafts(cut: Cut[Draft], frame: Frame) -> list[Block]:
    if not cut.items:
        return []
    ends = frame.reader.moment(cut.items[0].expires_at, frame.at)
    text = f"{waiting_words(cut.total)} for you. What nobody decides is not sent; the first expires {ends}."
    see = [] if frame.by_itself else [actions([Button("See drafts", ids.DRAFTS_OPEN, "drafts", style="primary")])]
    return [header("Autopilot's drafts"), section(text), *see]


def list_page(outcome: DraftList, *, reader: Reader, signet: Signet, at: datetime, notice: str = "") -> Page:
    """`notice` is what the last click did."""
    blocks: list[Block] = [section(notice)] if notice else []
    if not outcome.drafts:
        blocks.append(section("✅ *No Autopilot draft waits.*\nSegments in Shadow draft their steps on their days."))
        return Page("Drafts", "No draft waits", tuple(blocks))
    lead = waiting_words(outcome.total)
    shown = f"{outcome.start + 1}-{outcome.start + len(outcome.drafts)} of {counted(outcome.total)}"
    blocks.append(section(f"📝 *{lead}*" + (f" · {shown}" if outcome.total > len(outcome.drafts) else "")))
    for one in outcome.drafts:
        blocks += [*_draft(one, outcome.start, reader=reader, signet=signet, at=at), divider()]
    if buttons := _buttons(outcome, signet):
        blocks.append(actions(buttons))
    return Page("Drafts", lead, tuple(blocks))


def _buttons(outcome: DraftList, signet: Signet) -> list[Button]:
    """All that nothing stands in the way of, and the pages before and behind."""
    buttons = []
    ready = [one.draft for one in outcome.drafts if one.objection is None]
    if len(ready) > 1:
        parts = [part for one in ready for part in (one.step_id, one.revision)]
        confirm = Confirm(
            f"Approve {len(ready)} drafts?",
            f"{len(ready)} mails leave in their customers' business hours. Everything is checked once more before.",
            go=f"Approve {len(ready)}",
        )
        value = signet.close(Kind.STEPS, outcome.start, *parts)
        buttons.append(Button(f"Approve all {len(ready)} shown", ids.DRAFTS_APPROVE, value, confirm=confirm))
    end = outcome.start + len(outcome.drafts)
    if outcome.start:
        before = signet.close(Kind.DRAFTS, max(0, outcome.start - A_PAGE))
        buttons.append(Button("Earlier", ids.DRAFTS_BACK, before))
    if end < outcome.total:
        buttons.append(Button("Later", ids.DRAFTS_NEXT, signet.close(Kind.DRAFTS, end)))
    return buttons


def _draft(one: Weighed, start: int, *, reader: Reader, signet: Signet, at: datetime) -> list[Block]:
    """What would leave, why, when, and what can be done about it."""
    invoice, name = one.invoice, escape(one.account.name, 140)
    lead = f"*{name}*\n*{escape(invoice.number, 60)}* · {reader.money(invoice.balance)}"
    blocks = [section(f"{lead} · {timeline.due_words(invoice, reader, at)}"), context(_why(one, reader, at))]
    if one.mail is not None:
        to = f"{escape(one.mail.to.name, 120)} ({escape(one.mail.to.address, 200)})"
        subject = _unlinked(one.mail.subject, one.mail.pay_link)
        blocks.append(section(f"*To* {to}\n*Subject* {escape(subject, 300)}"))
        blocks += exact(escape_lines(_unlinked(one.mail.text, one.mail.pay_link)))
    if one.objection is not None:
        said = told(one.objection, reader=reader, at=at, there=one.zone, of_draft=True)
        blocks.append(section(f"🚫 {said.both}"))
    elif one.departure is not None:
        blocks.append(context(leaves_words(one.departure, reader=reader, at=at)))
    blocks.append(actions(_choices(one, start, signet)))
    return blocks


def _why(one: Weighed, reader: Reader, at: datetime) -> str:
    draft = one.draft
    by = f", edited by {escape(draft.edited_by, 80)}" if draft.edited_by else ""
    text = (
        f"“{escape(one.template.name if one.template else draft.template, 80)}”, version {draft.template_version}{by}"
    )
    mode = "now on Autopilot: later steps leave by themselves" if one.mode is Mode.AUTOPILOT else "in Shadow"
    step = f"step “{days_from(draft.day, 'the due date')}” of the cadence “{escape(draft.cadence, 80)}”"
    drafted, ends = reader.moment(draft.made_at, at), reader.moment(draft.expires_at, at)
    return f"Why: {step}, segment “{escape(draft.segment, 80)}” ({mode}) · {text} · drafted {drafted}, ends {ends}"


def _unlinked(text: str, link: str) -> str:
    return text.replace(link, LINK) if link else text


def _seal(one: Weighed, start: int, signet: Signet) -> str:
    return signet.close(Kind.STEP, one.draft.step_id, one.draft.revision, start)


def _choices(one: Weighed, start: int, signet: Signet) -> list[Button]:
    seal, of = _seal(one, start, signet), escape(one.account.name, 50)
    buttons = []
    if one.objection is None:
        buttons.append(Button("Approve", ids.DRAFT_APPROVE, seal, style="primary", label=f"Approve: {of}"))
    if one.wording is not None and width(one.wording.body) <= BODY_AT_MOST:
        buttons.append(Button("Edit", ids.DRAFT_EDIT, seal, label=f"Edit: {of}"))
    buttons.append(Button("Skip", ids.DRAFT_SKIP, seal, label=f"Skip: {of}"))
    account = signet.close(Kind.ACCOUNT, one.account.id, 0)
    return [*buttons, Button("Open account", ids.ACCOUNT_OPEN, account, label=f"Open {of}")]


def editing_form(weighed: Weighed, start: int, *, signet: Signet) -> View:
    """The words, with the tags that have to stay."""
    wording = weighed.wording
    assert wording is not None, "without a text there is no button"
    number, name = escape(weighed.invoice.number, 60), escape(weighed.account.name, 140)
    how = "Change the words. What stands in braces is filled in when the mail leaves, and has to stay as it is."
    blocks = (
        section(f"*{name}* · {number}\n{how}"),
        written(Field("Subject", ids.SUBJECT_BLOCK, value=wording.subject, limit=SUBJECT_AT_MOST, lines=False)),
        written(Field("Text", ids.TEXT_BLOCK, value=wording.body.rstrip("\n"), limit=BODY_AT_MOST)),
    )
    return asking(
        Page("Edit draft", "Edit draft", blocks),
        callback=ids.DRAFT_EDIT_MODAL,
        submit="Save",
        close="Not now",
        metadata=_seal(weighed, start, signet),
    )


def skipping_form(weighed: Weighed, start: int, *, signet: Signet) -> View:
    number, name = escape(weighed.invoice.number, 60), escape(weighed.account.name, 140)
    after = "If a step comes after it, that comes on its day; if none does, the invoice is yours."
    text = f"*{name}* · {number}\nThis reminder won't be sent. {after}"
    hint = "A few words; the audit log keeps them."
    blocks = (section(text), written(Field("Why?", ids.WHY_BLOCK, hint=hint, limit=WHY_AT_MOST)))
    return asking(
        Page("Skip draft", "Skip draft", blocks),
        callback=ids.DRAFT_SKIP_MODAL,
        submit="Skip it",
        close="Not now",
        metadata=_seal(weighed, start, signet),
    )


def edited_page(outcome: DraftEdited, start: int, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    lead = "✏️ *Saved.* It goes on waiting until somebody of A/R approves it."
    blocks = _draft(outcome.weighed, start, reader=reader, signet=signet, at=at)
    return Page("Drafts", "Saved", (section(lead), *blocks, divider(), actions([_back(start, signet)])))


def skipped_page(outcome: DraftSkipped, start: int, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    one = outcome.weighed
    about = f"{escape(one.account.name, 80)}, {escape(one.invoice.number, 60)}"
    when = reader.moment_there(outcome.next_at, one.zone, at) if outcome.next_at else ""
    after = f"The next step is planned for {when}." if when else ""
    text = f"⏭️ *Skipped: {about}.* Nothing is sent for it. {after}".rstrip()
    return Page("Drafts", "Skipped", (section(text), actions([_back(start, signet)])))


def _back(start: int, signet: Signet) -> Button:
    return Button("All drafts", ids.DRAFTS_LIST, signet.close(Kind.DRAFTS, start))


def approved_words(outcome: DraftsApproved, *, reader: Reader, at: datetime) -> str:
    """A line for each."""
    lines = []
    for one in outcome.each:
        if isinstance(one, Approved):
            departure, name = one.departure, escape(one.weighed.account.name, 80)
            when = reader.moment_there(departure.at, departure.zone, at)
            leaves = "leaves within a minute" if departure.waits_for is None else f"leaves {when}"
            lines.append(f"✅ *{name}*: approved, {leaves}.")
        else:
            said = told(one.refusal, reader=reader, at=at, of_draft=True)
            lines.append(f"🚫 *{escape(one.account.name, 80)}*: {said.both}")
    return "\n".join(lines)
