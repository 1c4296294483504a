"""What a book of receivables is made of, as plain data. Amounts are minor units; instants are aware UTC.

Words for states, roles and departments are the ones the product stores, so that nothing needs translating.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

PLACES = {"BHD": 3, "JPY": 0}
"""Decimal places of the book's currencies; two where not named (ISO 4217)."""


def places_of(currency: str) -> int:
    return PLACES.get(currency, 2)


def amount_text(minor: int, currency: str) -> str:
    """Major units with all decimals of the currency and a plain point: `-640.00`, `1284000`, `1850.500`."""
    places = places_of(currency)
    whole, rest = divmod(abs(minor), 10**places)
    digits = f"{whole}.{rest:0{places}d}" if places else str(whole)
    return f"-{digits}" if minor < 0 else digits


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the company whose book this is. `key` is the short name used in this package."""

    key: str
    slack_id: str
    email: str
    name: str
    role: str
    zone: str
    title: str
    locale: str = "en-GB"
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Channel:
    """A Slack channel. `id` and `members` are Slack's ids."""

    id: str
    name: str
    topic: str
    members: tuple[str, ...]
    is_ar_alerts: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    name: str
    aliases: tuple[str, ...]
    domain: str
    country: str
    region: str | None
    zone: str | None
    industry: str
    owner_email: str
    renewal_on: date
    legal_hold: str | None = None


@dataclass(frozen=True, slots=True)
class Suppression:
    """No mail to the contact until `until` (None: until a person reactivates it)."""

    reason: str
    since: datetime
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    account_id: str
    name: str
    email: str
    is_primary: bool = False
    zone: str | None = None
    is_valid: bool = True
    suppression: Suppression | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """`balance` is `amount` less the payments applied; a void one owes nothing, a credit note is negative."""

    number: str
    account_id: str
    issued_on: date
    due_on: date
    amount: int
    balance: int
    currency: str
    state: str
    paid_on: date | None = None
    pay_link: str | None = field(default=None, repr=False)
    pay_link_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received. Without an invoice it is unapplied cash."""

    id: str
    account_id: str
    invoice_number: str | None
    received_on: date
    amount: int
    currency: str
    reference: str


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    account_id: str
    department: str
    author: str
    written_on: date
    body: str


@dataclass(frozen=True, slots=True)
class Promise:
    account_id: str
    invoice_numbers: tuple[str, ...]
    amount: int
    currency: str
    due_on: date
    state: str
    reported_at: datetime
    hold_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    account_id: str
    invoice_numbers: tuple[str, ...]
    reason: str
    amount: int
    currency: str
    state: str
    opened_at: datetime
    owner: str | None = None
    answer_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of Autopilot's sequence."""

    account_id: str
    name: str
    tone: str
    state: str
    due_at: datetime
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Communication:
    """One mail in either direction. `contact_email` is the payer's side."""

    account_id: str
    contact_email: str | None
    source: str
    subject: str
    at: datetime
    invoice_number: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A situation that is prepared for the reader.

    `refusal`: why a nudge is refused now (None: it is allowed, at once or at the next opening). `offers`: the
    invoice that a nudge cites or would cite; None when there is none to cite. `passed_over`: why the newest
    invoice was not offered. `working_days_only`: when the next opening is more than a day away
    the situation dissolves by itself.
    """

    key: str
    title: str
    what: str
    account_id: str
    account: str
    owner_email: str
    refusal: str | None = None
    offers: str | None = None
    passed_over: str | None = None
    working_days_only: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """A company's receivables on one day, and the people who work with them."""

    today: date
    people: tuple[Colleague, ...]
    channels: tuple[Channel, ...]
    accounts: tuple[Account, ...]
    contacts: tuple[Contact, ...]
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    notes: tuple[Note, ...]
    promises: tuple[Promise, ...]
    disputes: tuple[Dispute, ...]
    steps: tuple[Step, ...]
    communications: tuple[Communication, ...]
    stories: tuple[Story, ...]

    def story(self, key: str) -> Story:
        """Raises KeyError for a story that is not told."""
        for story in self.stories:
            if story.key == key:
                return story
        raise KeyError(key)

    def account(self, name: str) -> Account:
        """By exact name. Raises KeyError."""
        for account in self.accounts:
            if account.name == name:
                return account
        raise KeyError(name)

    def person(self, key: str) -> Colleague:
        """By short name such as `rita`. Raises KeyError."""
        for person in self.people:
            if person.key == key:
                return person
        raise KeyError(key)
