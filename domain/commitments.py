"""What customers promise and what they dispute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.values import Money


class PromiseState(StrEnum):
    REPORTED = "reported"
    OPEN = "open"
    KEPT = "kept"
    PARTIALLY_KEPT = "partially_kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


PROMISE_TRANSITIONS: dict[PromiseState, frozenset[PromiseState]] = {
    # Withdrawn before it was recorded: the report was found not valid.
    PromiseState.REPORTED: frozenset({PromiseState.OPEN, PromiseState.WITHDRAWN}),
    PromiseState.OPEN: frozenset(
        {
            PromiseState.KEPT,
            PromiseState.PARTIALLY_KEPT,
            PromiseState.BROKEN,
            PromiseState.WITHDRAWN,
            PromiseState.SUPERSEDED,
        }
    ),
    PromiseState.KEPT: frozenset(),
    PromiseState.PARTIALLY_KEPT: frozenset(),
    PromiseState.BROKEN: frozenset(),
    PromiseState.WITHDRAWN: frozenset(),
    PromiseState.SUPERSEDED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise-to-pay. `reported` until the Operator records it; then it holds nudges until it is decided.

    A reported promise holds only until `hold_until` (policy: two business days after the report). `decided_at` is when
    it was kept, broken, withdrawn or superseded, `paid` what had arrived by then.
    """

    id: int
    invoice_ids: frozenset[int]
    amount: Money | None
    due_on: date | None
    state: PromiseState
    reported_at: datetime
    hold_until: datetime | None = None
    recorded_at: datetime | None = None
    decided_at: datetime | None = None
    paid: Money | None = None

    @property
    def held_until(self) -> datetime | None:
        """A report holds its invoices for a while; what is on record, until it is kept, broken or withdrawn (None)."""
        return self.hold_until if self.state is PromiseState.REPORTED else None

    def holds_invoices(self, at: datetime) -> bool:
        if self.state is PromiseState.OPEN:
            return True
        return self.state is PromiseState.REPORTED and (self.hold_until is None or at < self.hold_until)


class DisputeState(StrEnum):
    REPORTED = "reported"
    OPEN = "open"
    IN_REVIEW = "in_review"
    RESOLVED = "resolved"


DISPUTE_TRANSITIONS: dict[DisputeState, frozenset[DisputeState]] = {
    # Resolved before it was recorded: the report was found not valid.
    DisputeState.REPORTED: frozenset({DisputeState.OPEN, DisputeState.RESOLVED}),
    DisputeState.OPEN: frozenset({DisputeState.IN_REVIEW, DisputeState.RESOLVED}),
    DisputeState.IN_REVIEW: frozenset({DisputeState.RESOLVED}),
    DisputeState.RESOLVED: frozenset(),
}


class SlaState(StrEnum):
    """Where an open dispute stands against the day its answer is due."""

    OPEN = "Open"
    AT_RISK = "At Risk"
    LATE = "Late"


class Resolution(StrEnum):
    """How a dispute ended."""

    CREDIT = "credit"
    INVALID = "invalid"
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    """What whoever keeps the record made of a report."""

    RECORDED = "recorded"
    CORRECTED = "corrected"
    NOT_VALID = "not_valid"


@dataclass(frozen=True, slots=True)
class Heard:
    """Who reported a promise or a dispute, and what whoever keeps the record made of it; None while it waits."""

    reporter: str
    reported_at: datetime
    verdict: Verdict | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A disputed part of one or several invoices. It takes only its own invoices out of chasing.

    `owner_email` is set, in lower case, when the owner is one of our people.
    """

    id: int
    invoice_ids: frozenset[int]
    reason: str
    amount: Money | None
    state: DisputeState
    opened_at: datetime
    owner: str | None = None
    answer_due_at: datetime | None = None
    owner_email: str | None = None
    resolution: Resolution | None = None
    resolved_at: datetime | None = None

    @property
    def is_unresolved(self) -> bool:
        return self.state is not DisputeState.RESOLVED

    def sla(self, at: datetime) -> SlaState:
        """Late after `answer_due_at`, At Risk in the last quarter of the time that was given (decided)."""
        if self.answer_due_at is None:
            return SlaState.OPEN
        if at >= self.answer_due_at:
            return SlaState.LATE
        given = self.answer_due_at - self.opened_at
        return SlaState.AT_RISK if self.answer_due_at - at <= given / 4 else SlaState.OPEN
