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


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise-to-pay. `reported` until the Operator records it; then it holds nudges until it is decided.

    A reported promise holds only until `hold_until` (policy: two business days after the report).
    """

    id: int
    invoice_ids: frozenset[int]
    amount: Money | None
    due_on: date | None
    state: PromiseState
    reported_at: datetime
    hold_until: datetime | None = None

    def holds_invoices(self, at: datetime) -> bool:
        if self.state is PromiseState.OPEN:
            return True
        return self.state is PromiseState.REPORTED and (self.hold_until is None or at < self.hold_until)


class DisputeState(StrEnum):
    REPORTED = "reported"
    OPEN = "open"
    IN_REVIEW = "in_review"
    RESOLVED = "resolved"


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
class Dispute:
    """A disputed part of one or several invoices. It takes only its own invoices out of chasing."""

    id: int
    invoice_ids: frozenset[int]
    reason: str
    amount: Money | None
    state: DisputeState
    opened_at: datetime
    owner: str | None = None
    answer_due_at: datetime | None = None

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
