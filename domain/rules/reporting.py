"""What a report must say, how long it holds, and by when somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.accounts import Contact, Invoice
from domain.reporting import LOG_WITHIN, DisputeDraft, Draft, Field, Problem, PromiseDraft
from domain.rules.business_days import BusinessCalendar
from domain.values import Money, Role

__all__ = ["LOG_WITHIN"]

SOONEST = timedelta(minutes=1)
"""No policy has a report reminded of or escalated sooner, from `said_at`."""

REPORTED_HOLD = 2
"""Business days that a reported promise holds nudges, by the account's calendar (decided)."""

LEGAL_ANSWERS_IN = 2
"""Business days that Legal has for a dispute (the product's documentation: about two)."""

HOLD_PLACERS = frozenset({Role.LEGAL, Role.CONTROLLER})
"""Who places and lifts a legal hold (decided)."""

FARTHEST = timedelta(days=366)
"""No promise is for a day farther off, no report about something said longer ago: it would be a slip of the pen."""

AHEAD = timedelta(minutes=1)
"""How far the reporter's clock may be ahead of ours."""

LONGEST = 500
"""Characters of a dispute's reason, and of why somebody decided something."""

LONGEST_EVIDENCE = 3_000
"""Characters of what the customer wrote."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a draft is checked against. `today` is the account's calendar day at `at`.

    `invoices` are those that may be named: the account's open ones, and those of the report that is corrected.
    """

    invoices: tuple[Invoice, ...]
    contacts: tuple[Contact, ...]
    at: datetime
    today: date


def checked(draft: Draft, known: Known) -> list[Problem]:
    """What is wrong with the draft, field by field, each field once; empty when it can be filed.

    Unknown is allowed: no invoice, no amount, no day, no contact.
    """
    found: dict[Field, Problem] = {}
    for problem in _problems(draft, known):
        found.setdefault(problem.field, problem)
    return list(found.values())


def _problems(draft: Draft, known: Known) -> Iterator[Problem]:
    chosen = [invoice for invoice in known.invoices if invoice.id in draft.invoice_ids]
    if len(chosen) < len(draft.invoice_ids):
        yield Problem(Field.INVOICES, "One of these invoices is no longer open. Choose among the open ones.")
    yield from _about_amount(draft.amount, chosen, known.invoices)
    if draft.contact_id is not None and all(contact.id != draft.contact_id for contact in known.contacts):
        yield Problem(Field.CONTACT, "This person is no contact of the account. Choose another one, or leave it open.")
    if draft.said_at > known.at + AHEAD:
        yield Problem(Field.SAID_AT, "This time is still to come. Choose when the customer said it.")
    elif draft.said_at < known.at - FARTHEST:
        yield Problem(Field.SAID_AT, "This is more than a year ago. Choose when the customer said it.")
    if len(draft.evidence) > LONGEST_EVIDENCE:
        yield Problem(Field.EVIDENCE, f"Please keep it within {LONGEST_EVIDENCE:,} characters.")
    match draft:
        case PromiseDraft(due_on=due_on):
            yield from _about_day(due_on, known.today)
        case DisputeDraft(reason=reason):
            yield from said(reason, Field.REASON, "Say in a few words what the customer disputes.")


def _about_amount(amount: Money | None, chosen: list[Invoice], invoices: tuple[Invoice, ...]) -> Iterator[Problem]:
    """Against the chosen invoices; when none is chosen, against all that is open."""
    if amount is None:
        return
    if amount.minor <= 0:
        yield Problem(Field.AMOUNT, "The amount must be more than zero.")
        return
    if not chosen:
        yield from _against_everything(amount, invoices)
        return
    currencies = sorted({invoice.balance.currency for invoice in chosen})
    if len(currencies) > 1:
        yield Problem(
            Field.INVOICES,
            f"These invoices are in {' and '.join(currencies)}. Report them one currency at a time, or leave the "
            "amount open.",
        )
    elif amount.currency != currencies[0]:
        yield Problem(Field.AMOUNT, f"These invoices are in {currencies[0]}. Give the amount in {currencies[0]}.")
    else:
        owed = Money(sum(max(0, invoice.balance.minor) for invoice in chosen), amount.currency)
        if amount.minor > owed.minor:
            yield Problem(Field.AMOUNT, "That is more than these invoices still owe:", owed)


def _against_everything(amount: Money, invoices: tuple[Invoice, ...]) -> Iterator[Problem]:
    """Which invoices are meant is not known; more than everything together it cannot be."""
    open_in = {one.balance.currency: 0 for one in invoices if one.balance.minor > 0}
    for one in invoices:
        if one.balance.currency in open_in:
            open_in[one.balance.currency] += max(0, one.balance.minor)
    owed = [Money(minor, currency) for currency, minor in sorted(open_in.items())]
    ours = next((total for total in owed if total.currency == amount.currency), None)
    if ours is not None:
        if amount.minor > ours.minor:
            yield Problem(Field.AMOUNT, f"That is more than this customer has open in {ours.currency}:", ours)
    elif not owed:
        yield Problem(Field.AMOUNT, "This customer has nothing open. Leave the amount out.")
    elif len(owed) == 1:
        yield Problem(Field.AMOUNT, f"This customer has nothing open in {amount.currency}. Open are", owed[0])
    else:
        others = " and ".join(total.currency for total in owed)
        yield Problem(Field.AMOUNT, f"This customer has nothing open in {amount.currency}, only in {others}.")


def _about_day(due_on: date | None, today: date) -> Iterator[Problem]:
    if due_on is None:
        return
    if due_on < today:
        yield Problem(Field.DUE_ON, "This day has passed. Choose today or a later day.")
    elif due_on > today + FARTHEST:
        yield Problem(Field.DUE_ON, "This day is more than a year away. Choose an earlier one.")


def said(text: str, field: Field, ask: str, *, longest: int = LONGEST) -> list[Problem]:
    """What is wrong with a sentence that must be there; `ask` is what to tell when it is not."""
    if not text.strip():
        return [Problem(field, ask)]
    return [Problem(field, f"Please keep it within {longest:,} characters.")] if len(text) > longest else []


def unready(draft: Draft) -> list[Problem]:
    """What the official record must know and the report does not: the invoices, and of a promise the day.

    Without them it would hold nobody's chasing, or hold it for ever.
    """
    problems = []
    if not draft.invoice_ids:
        problems.append(Problem(Field.INVOICES, "The record needs to know which invoices it is about."))
    if isinstance(draft, PromiseDraft) and draft.due_on is None:
        problems.append(Problem(Field.DUE_ON, "The record needs a day by which the customer pays."))
    return problems


def end_of_business_day(at: datetime, days: int, calendar: BusinessCalendar) -> datetime:
    """The end (UTC) of the `days`-th business day after the customer's day of `at`."""
    return calendar.end_of(calendar.after(calendar.day_of(at), days))
