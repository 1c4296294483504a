"""The receivables summary: what the house owes its readers to know on one day, as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.accounts import Account, Ageing, AgeingBucket
from domain.commitments import SlaState
from domain.deliverability import SendingNow
from domain.homing import Cut, HoldLine
from domain.keeping import KeptRate
from domain.messages import State
from domain.timeline import Source
from domain.values import Money


@dataclass(frozen=True, slots=True)
class Owing:
    """What one customer owes in one currency. `place`: 1 for whoever owes most in it, of `customers` who owe anything.

    `oldest`: when the first of what is open fell or falls due. Credits are not taken off.
    """

    account: Account
    owed: Money
    past_due: Money
    oldest: date
    invoices: int
    place: int
    customers: int
    has_dispute: bool = False

    @property
    def has_hold(self) -> bool:
        """A legal hold, whoever says so."""
        return self.account.legal_hold is not None

    def bucket(self, today: date) -> AgeingBucket:
        return AgeingBucket.of((today - self.oldest).days)


@dataclass(frozen=True, slots=True)
class OpenSums:
    """Promises on record that are not decided, of one currency; None for those that named no amount.

    `late` of them were promised for a day that is over.
    """

    currency: str | None
    count: int
    amount: int
    late: int
    late_amount: int


@dataclass(frozen=True, slots=True)
class Disputed:
    """Disputes of one state of their clock. `unknown` of them name no amount: all of the invoice, or nobody knows."""

    count: int = 0
    amounts: tuple[Money, ...] = ()
    unknown: int = 0


class Ending(StrEnum):
    """What became of a mail; the values are the audit log's words."""

    SENT = "sent"
    CONFIRMED = "confirmed"  # nobody knew, and a person said that it arrived
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"
    RETURNED = "returned"  # sent, and came back
    COMPLAINED = "complained"  # sent, and reported as unwanted


@dataclass(frozen=True, slots=True)
class Synced:
    """When the books of those who owe anything were read: of the one read longest ago, and last of all."""

    oldest: datetime | None
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Of one organisation at one instant (UTC); `today` is the reader's day, by which everything is aged.

    `largest`: customers by currency, the currency of most invoices first. `endings`: mails of the last `days`.
    `disputes` are counted up to a bound: `all_disputes` is False beyond it.
    """

    at: datetime
    today: date
    organisation: str
    taken_by: str
    synced: Synced
    ageing: tuple[Ageing, ...]
    invoices: Mapping[tuple[str, AgeingBucket], int]
    largest: tuple[Owing, ...]
    promises: tuple[OpenSums, ...]
    kept: KeptRate
    disputes: Mapping[SlaState, Disputed]
    all_disputes: bool
    holds: Cut[HoldLine]
    endings: Mapping[tuple[Source, Ending], int]
    days: int
    waiting: Mapping[State, int]
    sending: SendingNow
