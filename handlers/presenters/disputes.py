"""A dispute as told to Legal, and what may be done about it wherever it stands."""

from __future__ import annotations

from datetime import datetime

from domain.commitments import Dispute, DisputeState, SlaState
from domain.reporting import DisputeStory, PromiseStory, ReportStory, Turn
from domain.rules.access import may
from domain.values import Capability, Person
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters import timeline
from handlers.presenters.reader import Reader
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Confirm, Page, actions, context, section

INVOICES_SHOWN = 10


def invoices_words(story: ReportStory | PromiseStory | DisputeStory, *, reader: Reader, at: datetime) -> str:
    """Each invoice with its balance, or that none was named."""
    if not story.invoices:
        return "No invoice was named."
    lines = [
        f"• *{escape(one.number, 60)}* · {reader.money(one.balance)} open · {timeline.due_words(one, reader, at)}"
        for one in story.invoices[:INVOICES_SHOWN]
    ]
    rest = len(story.invoices) - INVOICES_SHOWN
    return "\n".join([*lines, *([f"and {rest} more"] if rest > 0 else [])])


def wrong_words(dispute: Dispute, *, reader: Reader) -> str:
    amount = f" (*{reader.money(dispute.amount)}*)" if dispute.amount else ""
    return f"What is wrong: “{escape(dispute.reason, 500)}”{amount}"


def answer_due_words(dispute: Dispute, *, reader: Reader, at: datetime) -> str:
    """Until when Legal answers, and whether that is late; empty where no date is set."""
    if dispute.answer_due_at is None:
        return ""
    state = dispute.sla(at)
    late = "" if state is SlaState.OPEN else f" ({vocabulary.SLAS[state]})"
    return f"answer by {reader.deadline(dispute.answer_due_at, at)}{late}"


def answer_words(story: DisputeStory) -> list[str]:
    """Legal's last answer, where there is one."""
    answers = [turn for turn in story.history if turn.was == turn.became and turn.by]
    return [f"{escape(turn.by.name, 80)}: “{escape(turn.why, 1_000)}”" for turn in answers[-1:] if turn.by]


def dispute_buttons(
    dispute_id: int, account_id: int, state: DisputeState, viewer: Person, signet: Signet, *, is_answered: bool = False
) -> list[Button]:
    """What the viewer may do about a dispute of the record; an answer that is there already can be added to."""
    value = signet.close_for_all(Kind.DISPUTE, dispute_id, account_id)
    buttons = []
    if may(viewer, Capability.RECORD_DISPUTE_INPUT) and state is DisputeState.IN_REVIEW:
        answer = ("Answer again", None) if is_answered else ("Answer", "primary")
        buttons.append(Button(answer[0], ids.LEGAL_ANSWER, value, style=answer[1]))
    if may(viewer, Capability.RECORD):
        if state is DisputeState.OPEN:
            buttons.append(
                Button(
                    "Loop in Legal",
                    ids.LEGAL_LOOP_IN,
                    value,
                    confirm=Confirm(
                        "Loop in Legal?",
                        "Legal is asked at once and has about two business days. The dispute is in review meanwhile.",
                        go="Loop in Legal",
                    ),
                )
            )
        if state in (DisputeState.OPEN, DisputeState.IN_REVIEW):
            buttons.append(Button("Resolve", ids.DISPUTE_RESOLVE, value))
    return buttons


def legal_page(story: DisputeStory, *, viewer: Person, reader: Reader, signet: Signet, at: datetime) -> Page:
    """A dispute that Legal is asked about."""
    dispute, name = story.dispute, escape(story.account.name, 140)
    answers = answer_words(story)
    is_answered = bool(answers) and not may(viewer, Capability.RECORD_DISPUTE_INPUT)
    lead = f"{'Legal answered' if is_answered else 'A dispute for Legal'}: {name}"
    lines = [
        f"⚖️ *{lead}*",
        wrong_words(dispute, reader=reader),
        invoices_words(story, reader=reader, at=at),
    ]
    if is_answered:
        lines[1:1] = answers
    now = f"*{vocabulary.DISPUTES[dispute.state].capitalize()}*"
    if dispute.resolution:
        now += f": {vocabulary.RESOLUTIONS[dispute.resolution]}"
    if dispute.owner:
        now += f" · {escape(dispute.owner, 80)} owns it"
    if dispute.is_unresolved:
        now += f" · {answer_due_words(dispute, reader=reader, at=at) or 'no answer date is set'}"
    blocks = [section("\n".join(lines)), section(now)]
    if turns := [history_line(turn, reader, at) for turn in story.history[-5:]]:
        blocks.append(context("\n".join(turns)))
    opened = Button("Open account", ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, story.account.id, 0))
    buttons = dispute_buttons(dispute.id, story.account.id, dispute.state, viewer, signet, is_answered=bool(answers))
    return Page("Dispute", lead, (*blocks, actions([*buttons, opened])))


def history_line(turn: Turn, reader: Reader, at: datetime) -> str:
    """`Thu 26 Nov, 14:20 · Omar Haddad: open → in review “…”`."""
    by = escape(turn.by.name, 80) if turn.by else "Plixo"
    step = (
        _named(turn.became) if turn.was in (None, turn.became) else f"{_named(turn.was or '')} → {_named(turn.became)}"
    )
    if turn.was == turn.became:
        step = "answered"
    why = f" “{escape(turn.why, 300)}”" if turn.why else ""
    return f"{reader.moment(turn.at, at)} · {by}: {step}{why}"


def _named(state: str) -> str:
    return escape(state.replace("_", " "), 40)
