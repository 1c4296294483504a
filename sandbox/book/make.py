"""Puts the book together: the same seed and day always give the same book, to the byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from sandbox.book import plot
from sandbox.book.chatter import Part
from sandbox.book.contacts import make_contacts
from sandbox.book.ledger import Draft, Receipt, make_invoices, make_unapplied
from sandbox.book.model import Account, Book, Colleague, Contact, Invoice, Note, Payment, Story
from sandbox.book.team import DEMO_CHANNELS, DEMO_PEOPLE

FIRST_NUMBER = 20_417
LINK_LIFE = timedelta(days=7)
"""A live link dies about a week after the book's day: long enough for a long weekend and a held nudge."""

DEPARTMENTS = {"sales": "Sales", "csm": "CSM", "legal": "Legal"}
"""Department by role; everybody else who writes notes is A/R."""


@dataclass(slots=True)
class _Chapter:
    """One account on its way into the book."""

    line: plot.Line
    part: dict[str, Any]
    rng: Random
    contacts: list[Contact]
    drafts: list[Draft]
    unapplied: list[Receipt]


def make_book(*, seed: int, today: date) -> Book:
    """A company's receivables as they stand on `today` (UTC), with twelve months behind them.

    Instants of that day itself lie in its morning; who loads the book earlier has to pull them back.
    """
    cast, names = plot.read_cast(), plot.read_names()
    staff = {person.key: person for person in DEMO_PEOPLE}
    chapters = [_begin(line, cast.get(line.id, {}), names, seed=seed, today=today) for line in plot.read_accounts()]
    _number(chapters)
    parts = {
        chapter.line.id: Part(
            chapter.line, part=chapter.part, invoices=chapter.drafts, contacts=chapter.contacts, today=today
        )
        for chapter in chapters
    }
    steps, talks = [], []
    for chapter in chapters:
        part = parts[chapter.line.id]
        steps += part.steps()
        talks += part.talks()
        if "open" not in chapter.part:
            planned, said = part.by_cadence(chapter.rng)
            steps += planned
            talks += said
    return Book(
        today=today,
        people=DEMO_PEOPLE,
        channels=DEMO_CHANNELS,
        accounts=tuple(_account(chapter, staff, today) for chapter in chapters),
        contacts=tuple(contact for chapter in chapters for contact in chapter.contacts),
        invoices=tuple(
            sorted((_invoice(d, c.rng, seed, today) for c in chapters for d in c.drafts), key=lambda i: i.number)
        ),
        payments=_payments(chapters),
        notes=_notes(parts, staff),
        promises=tuple(promise for part in parts.values() for promise in part.promises()),
        disputes=tuple(dispute for part in parts.values() for dispute in part.disputes()),
        steps=tuple(sorted(steps, key=lambda step: (step.account_id, step.due_at))),
        communications=tuple(sorted(talks, key=lambda talk: (talk.account_id, talk.at, talk.subject))),
        stories=tuple(
            _story(row["story"], chapter.line, parts[chapter.line.id], staff)
            for chapter in chapters
            if "story" in (row := chapter.part)
        ),
    )


def _begin(
    line: plot.Line, part: dict[str, Any], names: dict[str, dict[str, list[str]]], *, seed: int, today: date
) -> _Chapter:
    # One source of chance per account: a line added to the book leaves the others as they were.
    rng = Random(f"{seed}:{line.id}")
    return _Chapter(
        line=line,
        part=part,
        rng=rng,
        contacts=make_contacts(line, part=part, names=names, today=today, rng=rng),
        drafts=make_invoices(line, part=part, today=today, rng=rng),
        unapplied=make_unapplied(line, part=part, today=today, rng=rng),
    )


def _number(chapters: Sequence[_Chapter]) -> None:
    """One run of numbers for the whole company, in the order of issue; credit notes have their own."""
    drafts = sorted(
        (draft for chapter in chapters for draft in chapter.drafts),
        key=lambda draft: (draft.issued_on, draft.account_id, draft.due_on, draft.amount, draft.is_void),
    )
    invoices = credits = 0
    for draft in drafts:
        if draft.is_credit:
            credits += 1
            draft.number = f"CN-{400 + credits}"
        else:
            invoices += 1
            draft.number = f"INV-{FIRST_NUMBER + invoices}"


def _account(chapter: _Chapter, staff: dict[str, Colleague], today: date) -> Account:
    line, part = chapter.line, chapter.part
    days = part.get("renewal") or chapter.rng.randrange(24, 350)
    return Account(
        id=line.id,
        name=line.name,
        aliases=line.aliases,
        domain=line.domain,
        country=line.country,
        region=line.region,
        zone=line.zone,
        industry=line.industry,
        owner_email=staff[line.owner].email,
        renewal_on=today + timedelta(days=days),
        legal_hold=part.get("legal_hold"),
    )


def _invoice(draft: Draft, rng: Random, seed: int, today: date) -> Invoice:
    state = "void" if draft.is_void else "open" if draft.is_open else "paid"
    link, expires_at = None, None
    minutes = rng.randrange(24 * 60)
    if state == "open" and draft.link != "none":
        token = sha256(f"{seed}:{draft.number}:{draft.account_id}".encode()).hexdigest()[:24]
        link = f"https://pay.plixo.example/i/{token}"
        first = datetime.combine(today, time(0), tzinfo=UTC)
        age = LINK_LIFE if draft.link == "live" else -timedelta(days=4)
        expires_at = first + age + timedelta(minutes=minutes)
    return Invoice(
        number=draft.number,
        account_id=draft.account_id,
        issued_on=draft.issued_on,
        due_on=draft.due_on,
        amount=draft.amount,
        balance=draft.balance,
        currency=draft.currency,
        state=state,
        paid_on=max(receipt.on for receipt in draft.receipts) if state == "paid" else None,
        pay_link=link,
        pay_link_expires_at=expires_at,
    )


def _payments(chapters: Sequence[_Chapter]) -> tuple[Payment, ...]:
    applied: list[tuple[Receipt, _Chapter, str | None]] = [
        (receipt, chapter, draft.number)
        for chapter in chapters
        for draft in chapter.drafts
        for receipt in draft.receipts
    ]
    applied += [(receipt, chapter, None) for chapter in chapters for receipt in chapter.unapplied]
    applied.sort(key=lambda row: (row[0].on, row[1].line.id, row[2] or "", row[0].amount, row[0].reference))
    return tuple(
        Payment(
            id=f"PAY-{70_000 + place}",
            account_id=chapter.line.id,
            invoice_number=number,
            received_on=receipt.on,
            amount=receipt.amount,
            currency=chapter.line.currency,
            reference=receipt.reference or _reference(chapter, number or ""),
        )
        for place, (receipt, chapter, number) in enumerate(applied, start=1)
    )


def _reference(chapter: _Chapter, number: str) -> str:
    """What payers write: mostly the number, sometimes something near it."""
    digits = number.removeprefix("INV-")
    return chapter.rng.choice((number, number, number, f"Invoice {digits}", f"{digits} {chapter.line.name.split()[0]}"))


def _notes(parts: dict[str, Part], staff: dict[str, Colleague]) -> tuple[Note, ...]:
    rows = sorted(plot.read_notes(), key=lambda row: row["day"])
    return tuple(
        Note(
            id=f"N-{3_000 + place}",
            account_id=row["account"],
            department=DEPARTMENTS.get(staff[row["by"]].role, "A/R"),
            author=staff[row["by"]].name,
            written_on=parts[row["account"]].past(row["day"]),
            body=parts[row["account"]].named(row["body"]),
        )
        for place, row in enumerate(rows, start=1)
    )


def _story(row: dict[str, Any], line: plot.Line, part: Part, staff: dict[str, Colleague]) -> Story:
    place: int | None = row.get("offers")
    skips = place is not None and place > 0
    return Story(
        key=row["key"],
        title=row["title"],
        what=row["what"],
        account_id=line.id,
        account=line.name,
        owner_email=staff[line.owner].email,
        refusal=None if skips else row.get("reason"),
        offers=None if place is None else part.open[place].number,
        passed_over=row["reason"] if skips else None,
        working_days_only=row.get("working_days_only", False),
    )
