"""Account 360's nouns: the customer, its invoices, its contacts and what they owe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.values import Money


class SuppressionReason(StrEnum):
    INVALID = "invalid"
    OPTED_OUT = "opted_out"
    LEGAL_HOLD = "legal_hold"


@dataclass(frozen=True, slots=True)
class Suppression:
    """No mail to this contact until `until` (None: until a person reactivates it)."""

    reason: SuppressionReason
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.until is None or day < self.until


@dataclass(frozen=True, slots=True)
class Suppressed:
    """One address to which nobody writes. `detail`: a mail system's code, or what whoever suppressed it noted."""

    email: str
    suppression: Suppression
    since: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A payer contact. `is_valid` is False when the address was refused at import or bounced for good."""

    id: int
    account_id: int
    name: str
    email: str
    is_primary: bool = False
    is_valid: bool = True
    zone: str | None = None
    suppression: Suppression | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A customer. `synced_at` is when its receivables were last read from the books; `risk` is what they say of it, one
    of `policies.RISKS`.
    """

    id: int
    external_id: str
    name: str
    country: str | None = None
    region: str | None = None
    zone: str | None = None
    industry: str | None = None
    domain: str | None = None
    owner_email: str | None = None
    legal_hold: str | None = None
    renewal_on: date | None = None
    synced_at: datetime | None = None
    risk: str | None = None


class InvoiceState(StrEnum):
    OPEN = "open"
    PAID = "paid"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class PayLink:
    """A bearer secret tied to one invoice. Its `url` stands in the mail and in the preview, nowhere else."""

    url: str
    expires_at: datetime | None = None

    def is_live(self, at: datetime) -> bool:
        return self.expires_at is None or at < self.expires_at

    def __repr__(self) -> str:
        return "PayLink(url='…')"


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice with what is left to pay. `balance` is zero once paid; credits are negative balances."""

    id: int
    account_id: int
    number: str
    issued_on: date
    due_on: date
    amount: Money
    balance: Money
    state: InvoiceState
    pay_link: PayLink | None = None

    @property
    def is_open(self) -> bool:
        return self.state is InvoiceState.OPEN

    def days_past_due(self, today: date) -> int:
        """Whole days since the due date in the reader's calendar; negative before it."""
        return (today - self.due_on).days


class AgeingBucket(StrEnum):
    CURRENT = "current"
    D1_30 = "1-30"
    D31_60 = "31-60"
    D61_90 = "61-90"
    D90_PLUS = "90+"

    @classmethod
    def of(cls, days_past_due: int) -> AgeingBucket:
        """Bucket by whole days past due; due today is still current."""
        for limit, bucket in ((0, cls.CURRENT), (30, cls.D1_30), (60, cls.D31_60), (90, cls.D61_90)):
            if days_past_due <= limit:
                return bucket
        return cls.D90_PLUS


@dataclass(frozen=True, slots=True)
class Due:
    """Open invoices of one currency that fall due on one day, summed up: `owed` positive balances, `credit` negative
    ones, in minor units. An account has as many as it has due dates, however many invoices.
    """

    currency: str
    due_on: date
    count: int
    owed: int
    credit: int


def dues_of(invoices: Iterable[Invoice]) -> tuple[Due, ...]:
    """Open ones only, each by itself."""
    return tuple(
        Due(i.balance.currency, i.due_on, 1, owed=max(0, i.balance.minor), credit=min(0, i.balance.minor))
        for i in invoices
        if i.is_open
    )


@dataclass(frozen=True, slots=True)
class Ageing:
    """What one currency owes, by bucket. Only positive balances are owed; credits stand in `credits`."""

    total: Money
    buckets: dict[AgeingBucket, Money]
    credits: Money


def ageing_by_currency(dues: Iterable[Due], *, today: date) -> tuple[Ageing, ...]:
    """Totals per currency, largest number of invoices first, then by code."""
    owed: dict[str, dict[AgeingBucket, int]] = {}
    credit: dict[str, int] = {}
    count: dict[str, int] = {}
    for due in dues:
        buckets = owed.setdefault(due.currency, dict.fromkeys(AgeingBucket, 0))
        buckets[AgeingBucket.of((today - due.due_on).days)] += due.owed
        credit[due.currency] = credit.get(due.currency, 0) + due.credit
        count[due.currency] = count.get(due.currency, 0) + due.count
    return tuple(
        Ageing(
            total=Money(sum(owed[code].values()), code),
            buckets={bucket: Money(minor, code) for bucket, minor in owed[code].items()},
            credits=Money(credit[code], code),
        )
        for code in sorted(owed, key=lambda code: (-count[code], code))
    )


PAY_LINK_LIFE = timedelta(days=7)
"""A pay link dies after 7 days of inactivity (Plixo's documentation). Only who minted it knows when: books that list a
link without an end say that it is in use, and guard 5 sees to it that they are fresh."""


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """A contact whose address is not to be written to again. `detail`: a mail server's answer without addresses."""

    contact_id: int
    reason: SuppressionReason
    detail: str = ""
