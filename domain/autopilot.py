"""Autopilot's nouns: where a customer stands, which sequence runs for it, and what keeps one from running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.policies import CadenceStep, Mode, Segment


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


class Stop(StrEnum):
    """Why a sequence ended."""

    PAID = "paid"
    DISPUTED = "disputed"
    PROMISED = "promised"
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


@dataclass(frozen=True, slots=True)
class Standing:
    """How a segment runs: as its policy says, or in Shadow because of `shortfalls`."""

    segment: Segment
    mode: Mode
    shortfalls: tuple[Shortfall, ...] = ()
