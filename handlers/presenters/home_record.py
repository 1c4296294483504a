"""The record on App Home: what waits for it, what was promised, what is disputed."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.commitments import Dispute, DisputeState, PromiseState, SlaState, Verdict
from domain.homing import Cut, DisputeLine, HoldLine, Part, PromiseLine, ReportLine
from domain.keeping import KeptRate
from domain.reporting import LOG_WITHIN
from domain.values import Money, Role
from handlers import vocabulary
from handlers.escaping import escape
from handlers.presenters.frame import Frame
from handlers.presenters.keeping import kept_against_target
from handlers.views.blocks import Block, section

SOON = timedelta(minutes=5)
_NUMBERS = 4


def escalated(cut: Cut[ReportLine], frame: Frame) -> list[Block]:
    lines = [_waiting(line, frame) for line in cut.items]
    return frame.listed(Part.ESCALATED, "🔴 Escalated to you", cut, lines)


def report_queue(cut: Cut[ReportLine], frame: Frame) -> list[Block]:
    lines = [_waiting(line, frame) for line in cut.items]
    note = "Nothing waits. Everything that was reported stands in the record."
    if frame.viewer.role is Role.AR_MANAGER:
        note = "Nothing waits."
    return frame.listed(Part.REPORT_QUEUE, "Promises and disputes to record", cut, lines, note=note)


def my_reports(cut: Cut[ReportLine], frame: Frame) -> list[Block]:
    lines = [_mine(line, frame) for line in cut.items]
    return frame.listed(Part.MY_REPORTS, "Your reports", cut, lines)


def promises_due(cut: Cut[PromiseLine], frame: Frame) -> list[Block]:
    lines = [_promise(line, frame) for line in cut.items]
    return frame.listed(Part.PROMISES_DUE, "Promises due soon", cut, lines)


def promises_missed(cut: Cut[PromiseLine], frame: Frame) -> list[Block]:
    lines = [_promise(line, frame) for line in cut.items]
    return frame.listed(Part.PROMISES_MISSED, "Broken and partly kept promises", cut, lines)


def kept_rate(rate: KeptRate, frame: Frame) -> list[Block]:
    """By count and by amount, of the last 90 days; nothing before anything was decided."""
    return [section(kept_against_target(rate, frame.reader))] if rate.by_count.whole else []


def disputes(cut: Cut[DisputeLine], frame: Frame) -> list[Block]:
    lines = [_dispute(line, frame) for line in cut.items]
    note = "No dispute is open or in review." if frame.viewer.role is Role.LEGAL else ""
    return frame.listed(Part.DISPUTES, "Disputes by answer due", cut, lines, note=note)


def legal_holds(cut: Cut[HoldLine], frame: Frame) -> list[Block]:
    lines = []
    for line in cut.items:
        name = escape(line.account_name, 80)
        text = f"🛑 *{name}*\n{escape(line.why, 300)}\n{_placed(line, frame)}"
        lines.append(section(text, beside=frame.record(line.account_id, name)))
    return frame.listed(Part.LEGAL_HOLDS, "Legal holds", cut, lines)


def _placed(line: HoldLine, frame: Frame) -> str:
    if line.placed_by is None or line.placed_at is None:
        return vocabulary.HELD_BY_THE_BOOKS
    return f"Placed by {escape(line.placed_by, 80)}, {_moment(line.placed_at, frame)}"


def _waiting(line: ReportLine, frame: Frame) -> Block:
    """With its clock; whoever reads it is meant to act."""
    name = escape(line.account_name, 80)
    said = frame.reader.clock(line.said_at) if _is_today(line.said_at, frame) else _moment(line.said_at, frame)
    if line.acknowledged_by:
        hands = f"{escape(line.acknowledged_by, 80)} has it in hand"
    else:
        hands = f"on duty: {escape(line.operator, 80)}" if line.operator else "several were alerted"
    texts = [
        _clock(line.said_at + LOG_WITHIN, frame),
        f"*{name}* {_what(line, frame)}",
        f"{_invoices(line.invoices)} · said {said}, reported by {escape(line.reporter, 80)} · {hands}",
    ]
    return section("\n".join(texts), beside=frame.settling(line.id, line.account_id, name))


def _clock(due: datetime, frame: Frame) -> str:
    """`🟠 *Log by 14:35, 4 minutes left*`; red when it is late."""
    when = frame.reader.clock(due) if _is_today(due, frame) else frame.reader.moment(due, frame.at)
    left = due - frame.at
    if left < timedelta(0):
        return f"🔴 *{_length(-left)} late*: was to be logged by {when}"
    sign = "🟠" if left <= SOON else "🟢"
    return f"{sign} *Log by {when}, {_length(left)} left*"


def _length(span: timedelta) -> str:
    """Whole minutes, hours or days, rounded down: nobody is promised time that is gone."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    for size, word in ((2 * 24 * 60, "days"), (2 * 60, "hours")):
        if minutes >= size:
            return f"{minutes // (size // 2)} {word}"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _mine(line: ReportLine, frame: Frame) -> Block:
    """How far it is, who has it, and what came of it."""
    name = escape(line.account_name, 80)
    texts = [f"{_sign(line)} *{name}* {_what(line, frame)}", _invoices(line.invoices), _standing(line, frame)]
    return section("\n".join(filter(None, texts)), beside=frame.account(line.account_id, name))


def _sign(line: ReportLine) -> str:
    if line.settled_at is None:
        return "⏳"
    return "✖️" if line.verdict is Verdict.NOT_VALID else "📌"


def _standing(line: ReportLine, frame: Frame) -> str:
    """One sentence: with whom it is, or what became of it."""
    if line.settled_at is None:
        if line.acknowledged_by:
            return f"{escape(line.acknowledged_by, 80)} has it in hand. Not yet recorded."
        who = f"{escape(line.operator, 80)} was told" if line.operator else "A/R was told"
        return f"Reported {_moment(line.reported_at, frame)}. {who}; not yet recorded."
    by = f" by {escape(line.settled_by, 80)}" if line.settled_by else ""
    why = f" {escape(line.why, 300)}" if line.why else ""
    if line.verdict is Verdict.NOT_VALID:
        return f"Found not valid{by}.{why}"
    words = "Corrected and recorded" if line.verdict is Verdict.CORRECTED else "Recorded"
    state = vocabulary.PROMISES[line.state] if isinstance(line.state, PromiseState) else vocabulary.DISPUTES[line.state]
    return f"{words}{by}, {_moment(line.settled_at, frame)}. Now: {state}."


def _what(line: ReportLine, frame: Frame) -> str:
    """`promises €4,000.00 by Fri 27 Nov`, `disputes €300.00: wrong quantity`."""
    amount = frame.reader.money(line.amount) if line.amount else ""
    if line.is_promise:
        by = f" by {frame.reader.day(line.due_on, frame.at)}" if line.due_on else ", day not known"
        return f"promises {amount or 'to pay'}{by}"
    return f"disputes {amount or 'an invoice'}: {escape(line.reason, 200)}"


def _promise(line: PromiseLine, frame: Frame) -> Block:
    name = escape(line.account_name, 80)
    amount = frame.reader.money(line.amount) if line.amount else "amount not known"
    day = frame.reader.day(line.due_on, frame.at) if line.due_on else "day not known"
    match line.state:
        case PromiseState.OPEN:
            today = frame.reader.today(frame.at)
            late = line.due_on is not None and line.due_on < today
            when = "today" if line.due_on == today else f"{'since ' if late else ''}{day}"
            text = f"{'🟠' if late or line.due_on == today else '🗓️'} *{name}*\n{amount} · due {when}"
        case PromiseState.PARTIALLY_KEPT:
            text = f"🟠 *{name}*\n{amount} by {day}: {_paid(line.paid, frame)} arrived"
        case _:
            text = f"🔴 *{name}*\n{amount} by {day}: {vocabulary.PROMISES[line.state]}"
    return section(
        "\n".join(filter(None, (text, _invoices(line.invoices)))), beside=frame.account(line.account_id, name)
    )


def _paid(paid: Money | None, frame: Frame) -> str:
    return frame.reader.money(paid) if paid else "a part"


def _dispute(line: DisputeLine, frame: Frame) -> Block:
    name, dispute = escape(line.account_name, 80), line.dispute
    amount = f"{frame.reader.money(dispute.amount)}: " if dispute.amount else ""
    if dispute.state is DisputeState.IN_REVIEW:
        standing = f"{vocabulary.SLA_SIGNS[dispute.sla(frame.at)]} *In review*"
    else:
        standing = f"*Open* since {_moment(dispute.opened_at, frame)}"
    standing += _answer_due(dispute, frame)
    owner = f" · {escape(dispute.owner, 80)}" if dispute.owner else ""
    texts = [f"*{name}*", f"{amount}{escape(dispute.reason, 200)}", _invoices(line.invoices), f"{standing}{owner}"]
    if line.answered_at:
        texts.append(f"⚖️ Legal answered {_moment(line.answered_at, frame)}; it waits to be resolved")
    return section("\n".join(filter(None, texts)), beside=frame.record(line.account_id, name))


def _answer_due(dispute: Dispute, frame: Frame) -> str:
    if dispute.answer_due_at is None:
        return ", no answer date is set"
    sla = dispute.sla(frame.at)
    how = f" ({vocabulary.SLAS[sla]})" if sla is not SlaState.OPEN else ""
    return f", answer due by {frame.reader.until(dispute.answer_due_at, frame.at)}{how}"


def _invoices(numbers: tuple[str, ...]) -> str:
    shown = ", ".join(escape(number, 60) for number in numbers[:_NUMBERS])
    rest = f" and {len(numbers) - _NUMBERS} more" if len(numbers) > _NUMBERS else ""
    return shown + rest or "No invoice named"


def _moment(at: datetime, frame: Frame) -> str:
    return frame.reader.moment(at, frame.at)


def _is_today(at: datetime, frame: Frame) -> bool:
    return frame.reader.today(at) == frame.reader.today(frame.at)
