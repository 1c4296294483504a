"""What decides promises: what was promised, what the books show of it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.accounts import Account
from domain.commitments import PromiseState
from domain.values import Money, Person


@dataclass(frozen=True, slots=True)
class Received:
    """One payment of the books. `minor` is negative where a payment was taken back; no invoice: unapplied cash."""

    invoice_id: int | None
    received_on: date
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class PromisedInvoice:
    """An invoice that a promise names, as the books have it now; amounts in minor units.

    `owed_then` is its balance when it was promised, None where nobody noted it. `paid_on` as the books say it.
    """

    id: int
    number: str
    currency: str
    amount: int
    owes: int
    is_void: bool = False
    paid_on: date | None = None
    owed_then: int | None = None


@dataclass(frozen=True, slots=True)
class OpenPromise:
    """A recorded promise that waits to be decided.

    `said_at` is when the customer said it, `recorded_at` when it became official. `payments` are those of its
    invoices (of the whole account when it names none) from the day before it was said on.
    """

    id: int
    account: Account
    amount: Money | None
    due_on: date | None
    said_at: datetime
    recorded_at: datetime
    invoices: tuple[PromisedInvoice, ...] = ()
    payments: tuple[Received, ...] = ()
    reported_by: int | None = None
    recorded_by: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an open promise. `paid` is what arrived in time, None where that is not one sum."""

    promise_id: int
    to: PromiseState
    at: datetime
    paid: Money | None
    why: str


@dataclass(frozen=True, slots=True)
class DecidedPromise:
    """Everything a message about a decided promise says. `channel` and `thread`: where its reporter hears of it."""

    id: int
    account: Account
    invoices: tuple[str, ...]
    amount: Money | None
    paid: Money | None
    due_on: date | None
    state: PromiseState
    decided_at: datetime
    why: str
    reporter: Person | None = None
    channel: str | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """How many promises of one currency ended in one state; sums in minor units.

    `currency` is None for promises that named no amount. `promised` sums what they named, `paid` what arrived of it,
    no promise with more than it named.
    """

    state: PromiseState
    currency: str | None
    count: int
    promised: int = 0
    paid: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """Of `whole` things `part` are so. None as a rate means that there are too few to say."""

    part: int
    whole: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class KeptRate:
    """`by_count`: promises kept of those decided. `by_amount`: money that arrived in time of the money promised, for
    each currency by itself, the most promises first."""

    by_count: Share
    by_amount: tuple[tuple[str, Share], ...] = ()

    @property
    def is_enough(self) -> bool:
        return self.by_count.rate is not None
