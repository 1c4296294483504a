"""Autopilot's nouns: where a customer stands, which sequence runs for it, and what keeps one from running."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5

from domain.policies import CadenceStep, Mode, Segment
from domain.reasons import Reason
from domain.timeline import StepState


@dataclass(frozen=True, slots=True)
class Anchor:
    """The invoice from whose due date a sequence counts."""

    invoice_id: int
    number: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Position:
    """What segments ask of a customer. `balance`: open balances in the anchor's currency, major units.

    `anchor` None: nothing is open that may be chased, so no segment fits.
    """

    account_id: int
    anchor: Anchor | None
    balance: Decimal = Decimal(0)
    industry: str | None = None
    region: str | None = None
    risk: str | None = None


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A step that is to come. `on` is the first day on which it may leave; `is_late`: its own day was before, and it
    stands for all that were missed.
    """

    step: CadenceStep
    on: date
    is_late: bool = False


class Misfit(StrEnum):
    """By what a customer is not in a segment."""

    NOTHING_OPEN = "nothing_open"
    AGEING = "ageing"
    BALANCE_BELOW = "balance_below"
    BALANCE_ABOVE = "balance_above"
    INDUSTRY = "industry"
    REGION = "region"
    RISK = "risk"


class Stop(StrEnum):
    """Why a sequence ended."""

    PAID = "paid"
    DISPUTED = "disputed"
    PROMISED = "promised"
    BELOW_MINIMUM = "below_minimum"
    LEGAL_HOLD = "legal_hold"
    SUPPRESSED = "suppressed"
    OUT_OF_SEGMENT = "out_of_segment"
    EXHAUSTED = "exhausted"


class Shortfall(StrEnum):
    """What keeps a segment from sending by itself."""

    CONTACTS = "contacts"
    DISPUTES = "disputes"
    REVERSALS = "reversals"


@dataclass(frozen=True, slots=True)
class SegmentHealth:
    """What the preconditions ask of one segment's customers on one day.

    `reachable` of its `accounts` have a contact that may be written to. `reversed_payments` of the trailing week's
    `payments`.
    """

    accounts: int = 0
    reachable: int = 0
    unresolved_disputes: int = 0
    payments: int = 0
    reversed_payments: int = 0

    def __add__(self, other: SegmentHealth) -> SegmentHealth:
        return SegmentHealth(
            self.accounts + other.accounts,
            self.reachable + other.reachable,
            self.unresolved_disputes + other.unresolved_disputes,
            self.payments + other.payments,
            self.reversed_payments + other.reversed_payments,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a segment runs: as its policy says, or in Shadow because of `shortfalls`."""

    segment: Segment
    mode: Mode
    shortfalls: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    """A cadence that runs for one invoice of a customer, by the version of the cadences with which it began.

    `done_day`: the day of its last step that was sent or skipped; None before the first.
    """

    id: int
    account_id: int
    invoice_id: int
    segment: str
    cadence: str
    version: int
    done_day: int | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """The one step of a running sequence that is planned, or whose draft waits for a person.

    `message_id`: once it is in the queue.
    """

    id: int
    account_id: int
    sequence_id: int
    day: int
    template: str
    due_at: datetime
    message_id: str | None = None
    state: StepState = StepState.SCHEDULED

    @property
    def subject(self) -> str:
        """How the audit log names it."""
        return f"step:{self.id}"

    @property
    def is_drafted(self) -> bool:
        return self.state is StepState.DRAFTED


@dataclass(frozen=True, slots=True)
class Course:
    """Where Autopilot is with one customer. `done`: by invoice, the day of the last step that ever was done for it."""

    running: Sequence | None = None
    pending: Pending | None = None
    done: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Begin:
    """A sequence that begins: for which invoice, in which segment, by which cadence."""

    invoice_id: int
    segment: str
    cadence: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to become of one customer's sequence.

    `stop` ends the running one, `begin` begins another one, `step` is to be planned, and `is_overtaken` says that the
    planned step is not to be sent any more. All empty: it stays as it is.
    """

    stop: Stop | None = None
    begin: Begin | None = None
    step: Upcoming | None = None
    is_overtaken: bool = False


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to be planned. `name` is what people read: its template's name."""

    account_id: int
    sequence_id: int
    day: int
    template: str
    tone: str
    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Skipped:
    """A planned step that will not be sent, and why."""

    step_id: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Payments:
    """How many payments of a customer came in in a week, and how many of them were taken back."""

    received: int = 0
    reversed: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """How a segment stood when it was last looked at."""

    segment: str
    mode: Mode
    shortfalls: tuple[Shortfall, ...]
    since: datetime
    judged_at: datetime

    @property
    def is_of_autopilot(self) -> bool:
        """Whether it was to be on Autopilot then: another mode says nothing of what it lacks."""
        return self.mode is Mode.AUTOPILOT or bool(self.shortfalls)

    @property
    def handle(self) -> str:
        """Its name as 32 characters: names are longer than what a notice may be about."""
        return uuid5(NAMESPACE_URL, f"plixo:segment:{self.segment}").hex
