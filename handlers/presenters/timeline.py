"""The card's lists: invoices, promises, disputes, what is queued, what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from domain.accounts import AgeingBucket, Invoice
from domain.commitments import Dispute, Heard, Promise, Verdict
from domain.facts import AccountFacts, CardFacts, Health
from domain.messages import Message, State
from domain.rules.quiet_hours import ZoneChoice
from domain.timeline import Communication, Note, Source
from domain.values import Person
from handlers import vocabulary
from handlers.escaping import escape, shortened, unmarked
from handlers.presenters.counting import several
from handlers.presenters.owed import BUCKETS
from handlers.presenters.reader import Reader

ENOUGH_PAID = 3
_INDENT = "\u2003"  # as wide as the square above; plain spaces are not kept


def invoice_lines(facts: AccountFacts, most: int, *, reader: Reader, at: datetime) -> list[str]:
    """The first open invoices, oldest debt first."""
    today = reader.today(at)
    due = sorted((i for i in facts.invoices if i.is_open), key=lambda i: (i.due_on, i.number))
    return [_invoice(invoice, facts, reader, at, invoice.days_past_due(today)) for invoice in due[:most]]


def _invoice(invoice: Invoice, facts: AccountFacts, reader: Reader, at: datetime, late: int) -> str:
    sign = BUCKETS[AgeingBucket.of(late)][0] if invoice.balance.minor > 0 else "⬜"
    marks = []
    if dispute := facts.dispute_on(invoice.id):
        marks.append(f"disputed since {reader.day_at(dispute.opened_at, at)}")
    if promise := facts.promise_on(invoice.id, at):
        marks.append(f"promised for {reader.day(promise.due_on, at)}" if promise.due_on else "promised")
    head = " · ".join([f"{sign} *{escape(invoice.number, 60)}*", reader.money(invoice.balance), *marks])
    if invoice.balance.minor < 0:
        return f"{head} · credit of {reader.day(invoice.issued_on, at)}"
    due = (
        f"{several(late, 'day')} late ({reader.short_day(invoice.due_on, at)})"
        if late > 0
        else f"due {'today' if late == 0 else reader.short_day(invoice.due_on, at)}"
    )
    return f"{head}\n{_INDENT}{due} · issued {reader.short_day(invoice.issued_on, at)}"


def due_words(invoice: Invoice, reader: Reader, at: datetime) -> str:
    """`42 days past due (since Sat 3 Oct)`, `due today`, `due Tue 24 Nov`."""
    late = invoice.days_past_due(reader.today(at))
    due = reader.day(invoice.due_on, at)
    if late > 0:
        return f"{several(late, 'day')} past due (since {due})"
    return "due today" if late == 0 else f"due {due}"


def promise_lines(promises: Iterable[Promise], card: CardFacts, *, reader: Reader, at: datetime) -> list[str]:
    """Newest first; under each, where somebody reported it, who did and what became of it."""
    lines = []
    for promise in sorted(promises, key=lambda p: p.reported_at, reverse=True):
        amount = reader.money(promise.amount) if promise.amount else "Payment"
        by = f" by {reader.day(promise.due_on, at)}" if promise.due_on else ", no day named"
        line = f"• {amount}{by} for {_numbers(promise.invoice_ids, card)}: {vocabulary.PROMISES[promise.state]}"
        if promise.invoice_ids and promise.holds_invoices(at):
            ends = reader.deadline(promise.held_until, at) if promise.held_until else "it is kept or broken"
            line += f"; no nudges until {ends}"
        ended = (vocabulary.PROMISES[promise.state], promise.decided_at) if promise.decided_at else None
        lines.append(line + _history(card.heard_promises.get(promise.id), ended, reader, at))
    return lines


def dispute_lines(disputes: Iterable[Dispute], card: CardFacts, *, reader: Reader, at: datetime) -> list[str]:
    """Unresolved ones first; under each, where somebody reported it, who did and who recorded it."""
    return [
        _dispute(dispute, card, reader, at) + _history(card.heard_disputes.get(dispute.id), None, reader, at)
        for dispute in sorted(disputes, key=lambda d: (not d.is_unresolved, -d.opened_at.timestamp()))
    ]


def _dispute(dispute: Dispute, card: CardFacts, reader: Reader, at: datetime) -> str:
    amount = f" ({_part(dispute, card.facts, reader)})" if dispute.amount else ""
    invoices, state = _numbers(dispute.invoice_ids, card), vocabulary.DISPUTES[dispute.state]
    parts = [f"• {invoices[:1].upper()}{invoices[1:]}{amount}: “{escape(dispute.reason, 160)}”"]
    opened = reader.day_at(dispute.opened_at, at)
    if dispute.is_unresolved:
        parts.append(f"{state} since {opened}")
        parts.append(f"owner {escape(dispute.owner, 80)}" if dispute.owner else "no owner yet")
        parts.append(_sla(dispute, reader, at))
    else:
        parts.append(f"opened {opened}")
        parts.append(f"{state} {reader.day_at(dispute.resolved_at, at)}" if dispute.resolved_at else state)
        parts += [vocabulary.RESOLUTIONS[dispute.resolution]] if dispute.resolution else []
    return " · ".join(parts)


def _part(dispute: Dispute, facts: AccountFacts, reader: Reader) -> str:
    """`€2,480.00`, or `€2,480.00 of €12,400.00` where that is less than its invoices have open."""
    if dispute.amount is None:
        return ""
    of = [facts.invoice(one) for one in dispute.invoice_ids]
    known = [one.balance for one in of if one and one.balance.currency == dispute.amount.currency]
    total = sum(one.minor for one in known) if len(known) == len(of) else 0
    whole = f" of {reader.money(replace(dispute.amount, minor=total))}" if total > dispute.amount.minor else ""
    return f"{reader.money(dispute.amount)}{whole}"


def _history(heard: Heard | None, ended: tuple[str, datetime] | None, reader: Reader, at: datetime) -> str:
    """A line of its own: `Reported by Sam 21 Nov, recorded by Rita 22 Nov, kept 4 Dec`."""
    if heard is None:
        return ""

    def step(what: str, by: str | None, moment: datetime) -> str:
        day = reader.short_day(moment.astimezone(reader.zone).date(), at)
        return f"{what} by {escape(by, 80)} {day}" if by else f"{what} {day}"

    steps = [step("Reported", heard.reporter, heard.reported_at)]
    if heard.verdict and heard.settled_at:
        steps.append(step(vocabulary.VERDICTS[heard.verdict], heard.settled_by, heard.settled_at))
    if ended and heard.verdict is not Verdict.NOT_VALID:
        steps.append(step(ended[0], None, ended[1]))
    return f"\n{_INDENT}{', '.join(steps)}"


def _sla(dispute: Dispute, reader: Reader, at: datetime) -> str:
    if dispute.answer_due_at is None:
        return "no answer date is set"
    state = dispute.sla(at)
    due = reader.day_at(dispute.answer_due_at - timedelta(seconds=1), at)  # midnight ends the day before
    return f"{vocabulary.SLA_SIGNS[state]} {vocabulary.SLAS[state]}, answer due {due}"


def _numbers(invoice_ids: Iterable[int], card: CardFacts) -> str:
    """Also of those that are settled by now; what is in no row that was read is counted."""
    known = [card.number_of(one) for one in sorted(invoice_ids)]
    numbers = [escape(number, 60) for number in known if number]
    settled = len(known) - len(numbers)
    if len(numbers) > 3:
        numbers, settled = numbers[:3], settled + len(numbers) - 3
    if not known:
        return "no invoice in particular"
    if not numbers:
        return "an invoice no longer open" if settled == 1 else f"{settled} invoices no longer open"
    return ", ".join(numbers) + (f" and {settled} more" if settled else "")


def nudge_lines(
    nudges: Iterable[Message],
    card: CardFacts,
    people: Mapping[int, Person],
    *,
    reader: Reader,
    there: ZoneChoice,
    at: datetime,
) -> list[str]:
    lines = []
    for nudge in nudges:
        by = _sender(nudge, people)
        number = _numbers([nudge.invoice_id], card)
        state = state_words(nudge, reader=reader, there=there, at=at)
        lines.append(f"{vocabulary.STATE_SIGNS[nudge.state]} {number} by {by}: {state}{_against(nudge, card.facts)}")
    return lines


def _against(nudge: Message, facts: AccountFacts) -> str:
    """What would have it refused when its time comes, as the rows are now."""
    if nudge.state is not State.QUEUED:
        return ""
    if facts.dispute_on(nudge.invoice_id):
        return ". It won't be sent while the dispute stands"
    if facts.promise_on(nudge.invoice_id, nudge.leaves_at):
        return ". It won't be sent while the promise stands"
    return ""


def _sender(nudge: Message, people: Mapping[int, Person]) -> str:
    if nudge.source is Source.AUTOPILOT:
        return vocabulary.SOURCES[Source.AUTOPILOT]
    person = people.get(nudge.requested_by) if nudge.requested_by is not None else None
    return escape(person.name, 80) if person else "somebody who left"


def state_words(nudge: Message, *, reader: Reader, there: ZoneChoice | None, at: datetime) -> str:
    """`queued, leaves Tue 24 Nov, 08:04 in Berlin (07:04 your time)`."""
    words = vocabulary.STATES[nudge.state]
    if nudge.state is State.QUEUED:
        return f"{words}, leaves {reader.moment_there(nudge.leaves_at, there, at)}"
    if nudge.state is State.SENT and nudge.sent_at:
        return f"{words} {reader.moment(nudge.sent_at, at)}"
    if nudge.changed_at:
        return f"{words} since {reader.moment(nudge.changed_at, at)}"
    return words


def said_lines(communications: Iterable[Communication], *, reader: Reader, at: datetime) -> list[str]:
    return [
        f"• {reader.day_at(one.at, at)} · *{vocabulary.SOURCES[one.source]}*"
        f" · {escape(one.subject, 120) or 'no subject'}"
        for one in communications
    ]


def note_lines(notes: Iterable[Note], *, reader: Reader, at: datetime, length: int) -> list[str]:
    """Pinned ones first; each text cut after a complete word, the whole of it is in the notes' window."""
    return [
        _note(note, reader, at, length)
        for note in sorted(notes, key=lambda n: (not n.is_pinned, -n.written_at.timestamp()))
    ]


def _note(note: Note, reader: Reader, at: datetime, length: int) -> str:
    pin = "📌 " if note.is_pinned else ""
    replies = f" ({note.replies} {'reply' if note.replies == 1 else 'replies'})" if note.replies else ""
    text = unmarked(shortened(escape(note.body, length * 4), length))
    tag = vocabulary.DEPARTMENTS[note.department]
    head = f"• {pin}*{tag}* {escape(note.author, 80)}, {reader.day_at(note.written_at, at)}{replies}"
    return f"{head}: {text}"


def health_line(health: Health | None, reader: Reader) -> str:
    """From paid invoices of the last year; too few say nothing."""
    if health is None or health.paid_invoices < ENOUGH_PAID:
        paid = health.paid_invoices if health else 0
        return f"Not enough data: {paid} {'invoice' if paid == 1 else 'invoices'} paid in the last 12 months."
    days = round(health.average_days_late)
    pace = "on time on average" if days <= 0 else f"{several(days, 'day')} late on average"
    share = reader.percent(health.paid_on_time / health.paid_invoices)
    return f"Pays {pace} · {share} on time ({health.paid_on_time} of {health.paid_invoices} in the last 12 months)"
