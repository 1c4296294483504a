"""From what is typed into a report modal to a draft the domain can check; or what to mend, field by field."""

from __future__ import annotations

from datetime import date, datetime

from domain.reporting import DisputeDraft, Draft, Field, Problem, PromiseDraft, ReportKind
from domain.values import Money
from handlers.presenters.reader import Reader
from handlers.sheets import Filled, Opened
from handlers.spoken.amounts import amount_in_words
from handlers.spoken.days import day_in_words
from handlers.spoken.misread import Misread
from handlers.spoken.moments import moment_in_words


def draft_of(filled: Filled, opened: Opened, *, reader: Reader, at: datetime) -> Draft | tuple[Problem, ...]:
    """All that cannot be read is told at once. Empty fields are unknown, but for the moment: that is now."""
    amount = _amount(filled, opened, reader)
    said = moment_in_words(filled.said, now=at.astimezone(reader.zone), month_first=reader.month_first)
    is_promise = filled.kind is ReportKind.PROMISE
    due = _due(filled, reader, at) if is_promise else None
    read = ((Field.AMOUNT, amount), (Field.DUE_ON, due), (Field.SAID_AT, said))
    problems = [Problem(where, one.sentence) for where, one in read if isinstance(one, Misread)]
    if not is_promise and not filled.reason:
        problems.append(Problem(Field.REASON, "Say in a few words what is wrong."))
    if problems:
        return tuple(problems)
    assert not isinstance(amount, Misread)
    assert not isinstance(due, Misread)
    assert not isinstance(said, Misread)
    invoice_ids = filled.invoice_ids or frozenset()
    link = opened.link or None
    if is_promise:
        return PromiseDraft(
            account_id=opened.account_id,
            invoice_ids=invoice_ids,
            amount=amount,
            due_on=due,
            contact_id=filled.contact_id or None,
            said_at=said,
            evidence=filled.evidence,
            evidence_link=link,
            place=opened.place,
        )
    return DisputeDraft(
        account_id=opened.account_id,
        invoice_ids=invoice_ids,
        reason=filled.reason,
        amount=amount,
        contact_id=filled.contact_id or None,
        said_at=said,
        evidence=filled.evidence,
        evidence_link=link,
        place=opened.place,
    )


def _amount(filled: Filled, opened: Opened, reader: Reader) -> Money | Misread | None:
    if not filled.amount:
        return None
    return amount_in_words(filled.amount, currency=opened.currency or None, locale=reader.numbers)


def _due(filled: Filled, reader: Reader, at: datetime) -> date | Misread | None:
    """In words or picked; both only when they agree."""
    if not filled.due:
        return filled.due_day
    worded = day_in_words(filled.due, today=reader.today(at), month_first=reader.month_first)
    if filled.due_day and not isinstance(worded, Misread) and worded != filled.due_day:
        return Misread(
            f"In words it is {reader.full_day(worded)}, picked below is {reader.full_day(filled.due_day)}. Empty one."
        )
    return worded
