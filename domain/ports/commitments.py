"""Promises, disputes, the reports they were made from, and whose duty they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.commitments import DisputeState, PromiseState, Resolution, Verdict
from domain.duties import Absence, Keeper
from domain.legal_holds import LegalHold
from domain.reporting import DisputeDraft, DisputeStory, Draft, PromiseDraft, PromiseStory, Report, ReportStory
from domain.values import Money


@dataclass(frozen=True, slots=True)
class PromiseStep:
    """One step of one promise through PROMISE_TRANSITIONS, conditional on where it is now.

    `paid` is written with a decision. `actor_id` is None for the loop itself.
    """

    id: int
    was: PromiseState
    to: PromiseState
    at: datetime
    actor_id: int | None = None
    why: str = ""
    paid: Money | None = None


@dataclass(frozen=True, slots=True)
class DisputeStep:
    """One step of one dispute through DISPUTE_TRANSITIONS, conditional on where it is now.

    Fields that are None are left as they are; `resolution` belongs to the step to `resolved`.
    """

    id: int
    was: DisputeState
    to: DisputeState
    at: datetime
    actor_id: int | None = None
    why: str = ""
    owner: str | None = None
    owner_email: str | None = None
    answer_due_at: datetime | None = None
    resolution: Resolution | None = None


class Promises(Protocol):
    """The official record of promises, with its history."""

    def add(self, draft: PromiseDraft, *, hold_until: datetime, actor_id: int, at: datetime) -> int:
        """A reported one, with its invoices and the first row of its history; returns its id."""
        ...

    def revise(self, promise_id: int, draft: PromiseDraft) -> None:
        """Amount, day and invoices as the draft says; only while it is reported."""
        ...

    def move(self, step: PromiseStep) -> bool:
        """Apply one step and write its row of history; False when the promise is no longer where the step begins.

        Raises ValueError for a step that PROMISE_TRANSITIONS does not allow.
        """
        ...

    def open_on(self, invoice_ids: Collection[int]) -> list[int]:
        """Ids of open promises that name one of these invoices."""
        ...

    def story(self, promise_id: int) -> PromiseStory | None: ...


class Disputes(Protocol):
    """The official record of disputes, with its history."""

    def add(self, draft: DisputeDraft, *, actor_id: int, at: datetime) -> int:
        """A reported one, with its invoices and the first row of its history; returns its id."""
        ...

    def revise(self, dispute_id: int, draft: DisputeDraft) -> None:
        """Reason, amount and invoices as the draft says; only while it is reported."""
        ...

    def move(self, step: DisputeStep) -> bool:
        """Apply one step and write its row of history; False when the dispute is no longer where the step begins.

        Raises ValueError for a step that DISPUTE_TRANSITIONS does not allow.
        """
        ...

    def remark(self, dispute_id: int, text: str, *, state: DisputeState, actor_id: int, at: datetime) -> None:
        """A row of history that changes no state: Legal's answer."""
        ...

    def story(self, dispute_id: int) -> DisputeStory | None: ...

    def unresolved(self, *, states: Collection[DisputeState], limit: int) -> list[DisputeStory]:
        """By the day the answer is due, those without one last; without their history."""
        ...


class Reports(Protocol):
    """What came in, and how far it is."""

    def add(
        self,
        draft: Draft,
        *,
        promise_id: int | None = None,
        dispute_id: int | None = None,
        origin: str,
        reported_by: int,
        operator_id: int | None,
        at: datetime,
    ) -> int: ...

    def find(self, *, id: int | None = None, origin: str | None = None) -> Report | None: ...

    def stories(
        self,
        ids: Collection[int] | None = None,
        *,
        reported_by: int | None = None,
        promise_id: int | None = None,
        dispute_id: int | None = None,
        waiting: bool = False,
        limit: int = 50,
    ) -> list[ReportStory]:
        """Newest first; `waiting` ones, which nobody has settled, the earliest said first."""
        ...

    def acknowledge(self, report_id: int, *, by: int, at: datetime) -> bool:
        """False when somebody had acknowledged or settled it."""
        ...

    def settle(self, report_id: int, *, verdict: Verdict, by: int, why: str, at: datetime) -> bool:
        """False when somebody had settled it. It is acknowledged by this too."""
        ...

    def overdue(self, *, said_by: datetime, limit: int) -> list[Report]:
        """Reports not settled and not escalated that were said at `said_by` or earlier, earliest first."""
        ...

    def mark(
        self, report_id: int, *, reminded_at: datetime | None = None, escalated_at: datetime | None = None
    ) -> bool:
        """Once: False when it was marked so before, was settled meanwhile or, for a reminder, acknowledged."""
        ...


class Duties(Protocol):
    """Who keeps whose record."""

    def keepers(self, account_id: int | None = None) -> list[Keeper]:
        """Of the account and of everything; without an account every duty there is."""
        ...

    def assign(self, user_id: int, account_id: int | None, *, at: datetime) -> bool:
        """False when it was theirs already."""
        ...

    def take_off(self, user_id: int, account_id: int | None) -> bool: ...

    def hand_over(self, report_id: int, user_id: int | None, *, by: int | None = None) -> None:
        """Whose a report that waits is now, None: several people's; `by`: who says so, None: their duty does. What
        anybody else said of having it in hand no longer holds.
        """
        ...


class Absences(Protocol):
    """Who is away, and until when."""

    def standing(self, at: datetime) -> list[Absence]:
        """Those that have not ended at `at`, by start."""
        ...

    def enter(self, absence: Absence, *, at: datetime) -> None:
        """In place of all of theirs that overlap it. If it runs at `at`, it counts as applied."""
        ...

    def end(self, user_id: int, *, at: datetime) -> bool:
        """They are back: what covers `at` ends then, what would begin later is dropped. False when there was none."""
        ...

    def apply(self, at: datetime) -> list[Absence]:
        """Mark those that began or ended since the last time: whoever gets them hands over, and nobody else does."""
        ...


class LegalHolds(Protocol):
    """Holds that were placed here. What the books say stands in `accounts.legal_hold`."""

    def standing(self, account_id: int) -> LegalHold | None: ...

    def place(self, account_id: int, *, why: str, by: int, at: datetime) -> bool:
        """False when one stands already."""
        ...

    def lift(self, account_id: int, *, by: int, at: datetime) -> bool:
        """False when none stands."""
        ...

    def in_the_books(self, account_id: int) -> str | None:
        """What the last import said of a hold; only an import takes it away."""
        ...
