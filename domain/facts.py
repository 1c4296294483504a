"""What the guards read about one account, as rows stood at one instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.accounts import Account, Contact, Due, Invoice
from domain.commitments import Dispute, Heard, Promise
from domain.keeping import Kept
from domain.messages import Message
from domain.policy import Workspace
from domain.templates import Template, Wording
from domain.timeline import AutopilotStep, Communication, Note, Source
from domain.values import Person
from domain.warming import Volume


@dataclass(frozen=True, slots=True)
class Touch:
    """Mail that reached a contact."""

    contact_id: int
    source: Source
    at: datetime
    invoice_id: int | None = None

    @property
    def is_nudge(self) -> bool:
        return self.source is Source.NUDGE


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """Everything the guards need about one account.

    `invoices`: open ones, plus any that was asked for by id. `touches`: outbound mail of the policy's nudge
    window. `nudges`: messages of this account that are still open. `unapplied`: cash without an invoice, in minor
    units by currency. `steps`: Autopilot's scheduled and drafted steps, and those sent in the nudge window, by due
    date.
    """

    account: Account
    contacts: tuple[Contact, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    promises: tuple[Promise, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    touches: tuple[Touch, ...] = ()
    nudges: tuple[Message, ...] = ()
    steps: tuple[AutopilotStep, ...] = ()
    unapplied: dict[str, int] = field(default_factory=dict)

    def dispute_on(self, invoice_id: int) -> Dispute | None:
        return next((d for d in self.disputes if d.is_unresolved and invoice_id in d.invoice_ids), None)

    def promise_on(self, invoice_id: int, at: datetime) -> Promise | None:
        return next((p for p in self.promises if invoice_id in p.invoice_ids and p.holds_invoices(at)), None)

    def invoice(self, invoice_id: int) -> Invoice | None:
        return next((i for i in self.invoices if i.id == invoice_id), None)

    def contact(self, contact_id: int) -> Contact | None:
        return next((c for c in self.contacts if c.id == contact_id), None)

    def next_step(self, at: datetime) -> AutopilotStep | None:
        """The step whose draft waits for a person, else Autopilot's next scheduled one from `at` on, by due date; an
        overdue one when no other is left.
        """
        if (drafted := next((step for step in self.steps if step.is_drafted), None)) is not None:
            return drafted
        planned = sorted((step for step in self.steps if step.is_scheduled), key=lambda step: (step.due_at, step.id))
        return next((step for step in planned if step.due_at >= at), planned[0] if planned else None)


@dataclass(frozen=True, slots=True)
class Grounds:
    """Everything a batch of due messages is decided by, at one instant, the accounts locked.

    `volume`: what the sending domain may and did send. `templates` by key and version. `wordings`: how a person worded
    a draft before it was approved, by the message it became. `broken`: invoices about which a promise was broken.
    """

    workspace: Workspace
    volume: Volume
    accounts: Mapping[int, AccountFacts]
    people: Mapping[int, Person]
    templates: Mapping[tuple[str, int], Template]
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    broken: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class CardFacts:
    """Account 360: the guards' facts plus what people read. `past_nudges` are final ones, newest first.

    `dues` sum up all open invoices. Of a long list `facts` hold those that are shown (the oldest), those that are
    spoken of (disputed, promised, nudged) and those that a nudge may cite (the newest, and the newest that nothing in
    the rows stands against). `may_cite_others`: there are more of the last kind than were read. `volume`: what the
    sending domain may and did send. `heard_promises` and `heard_disputes` by their ids: those that somebody reported.
    `kept`: how the promises of the trailing year ended. `owner`: the name of the account's owner, if we know them.
    `settled_numbers`: by their ids, those of invoices that are not among the facts and are spoken of here.
    """

    workspace: Workspace
    facts: AccountFacts
    volume: Volume
    dues: tuple[Due, ...] = ()
    may_cite_others: bool = False
    notes: tuple[Note, ...] = ()
    communications: tuple[Communication, ...] = ()
    past_nudges: tuple[Message, ...] = ()
    health: Health | None = None
    heard_promises: Mapping[int, Heard] = field(default_factory=dict)
    heard_disputes: Mapping[int, Heard] = field(default_factory=dict)
    kept: tuple[Kept, ...] = ()
    owner: str | None = None
    settled_numbers: Mapping[int, str] = field(default_factory=dict)

    def number_of(self, invoice_id: int) -> str | None:
        invoice = self.facts.invoice(invoice_id)
        return invoice.number if invoice else self.settled_numbers.get(invoice_id)


@dataclass(frozen=True, slots=True)
class Health:
    """Drivers of the trailing year, from paid invoices. `average_days_late` is weighted by amount."""

    paid_invoices: int
    paid_on_time: int
    average_days_late: float


def newest(messages: Iterable[Message]) -> list[Message]:
    """Newest request first."""
    return sorted(messages, key=lambda message: (message.requested_at, message.id), reverse=True)
