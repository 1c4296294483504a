"""What use cases answer. An expected “no” is one of these, with an enum reason; exceptions mean nothing happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.accounts import Account, Contact, Invoice
from domain.facts import AccountFacts, CardFacts
from domain.mail import Mail
from domain.messages import Message, State
from domain.policies import Segment
from domain.reasons import Reason
from domain.rules.quiet_hours import Opening, ZoneChoice
from domain.simulation import Stay
from domain.templates import Template
from domain.values import Money, Person, Role


@dataclass(frozen=True, slots=True)
class Refused:
    """No, and why. `until`: when it will be possible; `ask`: who can unblock it; both None when nothing can.

    `subject` names the invoice, template or tag meant; `at` is the date the reason speaks of (an Autopilot step,
    a last touch, a sync); `by` the person behind it; `share` how many of how many; `after` how long it takes once a
    person has settled it; `least` the smallest balance that is chased. None of them is ever a pay link or a body.
    """

    reason: Reason
    until: datetime | None = None
    ask: Role | None = None
    subject: str | None = None
    at: datetime | None = None
    by: str | None = None
    share: tuple[int, int] | None = None
    after: timedelta | None = None
    least: Money | None = None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A newer invoice that a nudge cannot cite, and why."""

    invoice: Invoice
    refusal: Refused


@dataclass(frozen=True, slots=True)
class Departure:
    """When a message leaves (UTC), the opening it waits for, and the zone rule that picked the hours.

    `waits_for` is None when it may leave at once. `segment`: the customer's, where it has quiet hours of its own.
    """

    at: datetime
    opening: Opening
    zone: ZoneChoice
    waits_for: Reason | None = None
    segment: Segment | None = None


@dataclass(frozen=True, slots=True)
class NudgePreview:
    """Exactly what would leave now, and what A/R would see. `mail.text` holds the live pay link."""

    facts: AccountFacts
    contact: Contact
    invoice: Invoice
    passed_over: tuple[PassedOver, ...]
    template: Template
    templates: tuple[Template, ...]
    contacts: tuple[Contact, ...]
    mail: Mail
    departure: Departure
    person: Person


@dataclass(frozen=True, slots=True)
class Queued:
    """One new nudge in the queue."""

    message: Message
    account: Account
    contact: Contact
    invoice: Invoice
    departure: Departure


@dataclass(frozen=True, slots=True)
class AlreadyQueued:
    """The nudge that is already there for this account, contact and invoice, or for this very click."""

    message: Message
    account: Account
    contact: Contact
    invoice: Invoice
    by: Person
    is_mine: bool


@dataclass(frozen=True, slots=True)
class NudgeChanged:
    """A hold, resume or cancel took effect."""

    story: NudgeStory
    was: State


@dataclass(frozen=True, slots=True)
class NudgeStory:
    """All that alerts and outcome messages say about one message. Holds no body and no pay link.

    `requested_by` is who clicked or approved it; None for what Autopilot sends by itself.
    """

    message: Message
    account: Account
    contact: Contact
    invoice: Invoice
    template: Template
    requested_by: Person | None
    org_id: int
    held_by: Person | None = None
    zone: ZoneChoice | None = None


@dataclass(frozen=True, slots=True)
class HoldBegun:
    """They may put it on hold; nothing has changed yet. `needs_why`: not without saying why."""

    story: NudgeStory
    needs_why: bool


@dataclass(frozen=True, slots=True)
class CardNudge:
    """Whether and when a nudge is possible now, and the refusal when not. None when the reader may not nudge."""

    refusal: Refused | None
    invoice: Invoice | None
    departure: Departure | None


@dataclass(frozen=True, slots=True)
class AccountCard:
    """Account 360 for one reader at one instant (`at`, UTC).

    `is_held_here`: its legal hold was placed here; else the books alone hold it, and only they can let it go. `stay`:
    what on the account itself keeps Autopilot away from it.
    """

    card: CardFacts
    nudge: CardNudge | None
    people: dict[int, Person]
    reader: Person
    zone: ZoneChoice
    at: datetime
    is_held_here: bool = False
    stay: Stay | None = None


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """One line about an account in a list. `past_due_minor` sums balances past due in `currency` (the largest)."""

    account: Account
    open_invoices: int
    past_due_invoices: int
    oldest_days_past_due: int
    past_due_minor: int
    currency: str | None
    has_dispute: bool = False
    has_promise: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One search hit. `matched` is the text that matched when it is not the name; `score` 0..1."""

    account: Account
    score: float
    matched: str | None = None
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class ChooseAccount:
    """Several accounts fit the words: the person chooses, we never guess. Best first."""

    words: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class NothingFound:
    """No account fits. `nearest` are the closest names the person may see. `is_limited`: only their own accounts were
    looked at; whether a colleague's fits is not told."""

    words: str
    nearest: tuple[Candidate, ...]
    is_limited: bool = False


@dataclass(frozen=True, slots=True)
class MyAccounts:
    """The accounts a person owns, worst first, and how many there are in all (None: too many to be counted)."""

    summaries: tuple[AccountSummary, ...]
    total: int | None
    reader: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestFiled:
    """The Controller has been asked (`again`: the same question was already waiting)."""

    request_id: int
    again: bool


@dataclass(frozen=True, slots=True)
class SharedCard:
    """A redacted card for a channel: no amounts, no contacts, no links, no notes."""

    summary: AccountSummary
    by: Person
    at: datetime
