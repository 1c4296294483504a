"""What was said, promised and planned around the invoices: communications, Autopilot's steps, promises, disputes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sandbox.book.days import at_local, working_day, working_day_before, working_days_later
from sandbox.book.ledger import Draft
from sandbox.book.model import Communication, Contact, Dispute, Promise, Step
from sandbox.book.plot import Line, minor

# Autopilot's cadence: days from the due date of the oldest open invoice, the step's name, its tone.
CADENCE = (
    (-3, "Coming due", "Neutral"),
    (5, "First reminder", "Neutral"),
    (12, "Second reminder", "Confident"),
    (25, "Statement of account", "Formal"),
    (40, "Final notice", "Formal"),
    (62, "Escalation", "Formal"),
)
SUBJECTS = {
    "Coming due": "Invoice {0} is due soon",
    "First reminder": "Reminder: {0} is due",
    "Second reminder": "Second reminder: {0}",
    "Statement of account": "Statement of account",
    "Final notice": "Final notice: {0}",
    "Escalation": "{0}: please call us",
}
REPLIES = (
    "Re: {0}, with our approver",
    "Re: {0}, could you resend the PDF?",
    "Re: {0}, in the next payment run",
    "Re: {0}, which cost centre is this?",
    "Out of office: back on Monday",
)
BY_HAND = (
    "Call about {0}",
    "Copy of {0} as asked for",
    "New remittance details confirmed",
    "Order number added to {0}",
)


class Part:
    """The prepared part of one account, with its invoices and contacts at hand."""

    def __init__(
        self, line: Line, *, part: dict[str, Any], invoices: Sequence[Draft], contacts: Sequence[Contact], today: date
    ) -> None:
        self.line = line
        self.part = part
        self.today = today
        # An account whose zone nobody knows still gets its mail by day.
        self.zone = line.zone or {"CA": "America/Toronto", "JP": "Asia/Tokyo"}.get(line.country, "Europe/London")
        self.contact = contacts[0].email if contacts else None
        newest_first = sorted(invoices, key=lambda draft: (draft.issued_on, draft.due_on, draft.number), reverse=True)
        self.open = [draft for draft in newest_first if draft.is_open and not draft.is_credit]
        self.credits = [draft for draft in newest_first if draft.is_open and draft.is_credit]
        self.settled = [draft for draft in newest_first if not draft.is_open and not draft.is_void]

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def coming(self, offset: int) -> date:
        """The day; from the sixth on, when no story hangs on it any more, the Monday after it instead of a weekend."""
        return working_day(self.day(offset)) if offset > 5 else self.day(offset)

    def past(self, offset: int) -> date:
        """The day, or the Friday before it; the book's own day stays what it is."""
        return working_day_before(self.day(offset)) if offset < 0 else self.coming(offset)

    def named(self, text: str) -> str:
        """Fill `{0}` with the number of the newest open invoice, `{1}` with the next; credit notes come last."""
        return text.format(*(draft.number for draft in [*self.open, *self.credits]))

    def chosen(self, row: dict[str, Any]) -> list[Draft]:
        return [self.settled[row["paid"]]] if "paid" in row else [self.open[place] for place in row["on"]]

    def promises(self) -> list[Promise]:
        return [self._promise(row) for row in self.part.get("promises", ())]

    def _promise(self, row: dict[str, Any]) -> Promise:
        drafts = self.chosen(row)
        settled = "paid" in row
        if settled:  # the money came on the promised day, or twelve days after it
            paid_on = max(receipt.on for receipt in drafts[0].receipts)
            due_on = paid_on if row["state"] == "kept" else paid_on - timedelta(days=12)
            said = due_on - timedelta(days=9)
        else:
            due_on, said = self.day(row["due"]), self.past(row["said"])
        hold_until = None
        if row["state"] == "reported":
            hold_until = at_local(working_days_later(self.today, 2), "18:00", self.zone)
        return Promise(
            account_id=self.line.id,
            invoice_numbers=tuple(draft.number for draft in drafts),
            amount=sum(draft.amount if settled else draft.balance for draft in drafts),
            currency=self.line.currency,
            due_on=due_on,
            state=row["state"],
            reported_at=at_local(said, "09:25", self.zone),
            hold_until=hold_until,
        )

    def disputes(self) -> list[Dispute]:
        return [self._dispute(row) for row in self.part.get("disputes", ())]

    def _dispute(self, row: dict[str, Any]) -> Dispute:
        drafts = self.chosen(row)
        amount = minor(row["amount"], self.line.currency) if "amount" in row else sum(d.amount for d in drafts)
        return Dispute(
            account_id=self.line.id,
            invoice_numbers=tuple(draft.number for draft in drafts),
            reason=row["reason"],
            amount=amount,
            currency=self.line.currency,
            state=row["state"],
            opened_at=at_local(self.past(row["opened"]), "10:20", self.zone),
            owner=row["owner"] or None,
            answer_due_at=at_local(self.coming(row["answer"]), "17:00", self.zone) if "answer" in row else None,
        )

    def steps(self) -> list[Step]:
        return [self._step(row) for row in self.part.get("steps", ())]

    def _step(self, row: dict[str, Any]) -> Step:
        due_at = at_local(self.past(row["day"]), row["at"], self.zone)
        state = "sent" if row.get("sent") else "skipped" if row.get("skipped") else "scheduled"
        return Step(self.line.id, row["name"], row["tone"], state, due_at, due_at if state == "sent" else None)

    def talks(self) -> list[Communication]:
        everything = [*self.open, *self.credits]
        return [
            Communication(
                account_id=self.line.id,
                contact_email=self.contact,
                source=row["source"],
                subject=self.named(row["subject"]),
                # Two nudges shall stay two days, or the story of the weekly cap would not hold on a Monday.
                at=at_local((self.day if row["source"] == "nudge" else self.past)(row["day"]), row["at"], self.zone),
                invoice_number=everything[row["about"]].number if "about" in row else None,
            )
            for row in self.part.get("talks", ())
        ]

    def by_cadence(self, rng: Random) -> tuple[list[Step], list[Communication]]:
        """What Autopilot did and will do by itself, with a reply or a call here and there."""
        overdue = [draft for draft in self.open if draft.due_on <= self.today + timedelta(days=20)]
        if not overdue or self.contact is None:
            return [], []
        anchor = min(overdue, key=lambda draft: (draft.due_on, draft.number))
        steps: list[Step] = []
        talks: list[Communication] = []
        for offset, name, tone in CADENCE:
            day = working_day(anchor.due_on + timedelta(days=offset))
            due_at = at_local(day, f"09:{rng.randrange(5, 55):02d}", self.zone)
            sent = day <= self.today
            steps.append(
                Step(self.line.id, name, tone, "sent" if sent else "scheduled", due_at, due_at if sent else None)
            )
            if not sent:
                continue
            talks.append(self._talk("autopilot", SUBJECTS[name], due_at, anchor))
            if rng.random() < 0.3:
                talks.append(self._talk("customer", rng.choice(REPLIES), due_at + _hours(rng, 1, 5), anchor))
            elif offset >= 12 and rng.random() < 0.4:
                talks.append(self._talk("operator", rng.choice(BY_HAND), due_at + _hours(rng, 48, 53), anchor))
        today = datetime.combine(self.today, time(0), tzinfo=UTC)
        return steps, [talk for talk in talks if talk.at < today or talk.source == "autopilot"]

    def _talk(self, source: str, subject: str, at: datetime, draft: Draft) -> Communication:
        return Communication(self.line.id, self.contact, source, subject.format(draft.number), at, draft.number)


def _hours(rng: Random, low: int, high: int) -> timedelta:
    return timedelta(minutes=rng.randrange(low * 60, high * 60))
