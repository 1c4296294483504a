"""What somebody heard from a customer, and what whoever keeps the record made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.accounts import Account, Contact, Invoice
from domain.commitments import Dispute, DisputeState, Promise, PromiseState, Verdict
from domain.outcomes import NudgeStory
from domain.values import Money, Person

LOG_WITHIN = timedelta(minutes=15)
"""A promise stands in the record this long after it was said (the product's rule)."""


@dataclass(frozen=True, slots=True)
class Place:
    """The Slack thread in which the reporter hears the outcome. `thread` is the `ts` of its first message."""

    channel: str
    thread: str


class ReportKind(StrEnum):
    PROMISE = "promise"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class PromiseDraft:
    """A promise-to-pay as somebody heard it. None means unknown, which is allowed.

    `said_at` is when the customer said it; `evidence` what they wrote, `evidence_link` where in Slack it stands.
    """

    account_id: int
    invoice_ids: frozenset[int]
    amount: Money | None
    due_on: date | None
    contact_id: int | None
    said_at: datetime
    evidence: str = ""
    evidence_link: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class DisputeDraft:
    """A dispute as somebody heard it. `amount` is the disputed part; None means unknown or all of it."""

    account_id: int
    invoice_ids: frozenset[int]
    reason: str
    amount: Money | None
    contact_id: int | None
    said_at: datetime
    evidence: str = ""
    evidence_link: str | None = None
    place: Place | None = None


Draft = PromiseDraft | DisputeDraft


@dataclass(frozen=True, slots=True)
class Report:
    """One report. Exactly one of `promise_id` and `dispute_id` is set. Times are aware UTC.

    `operator_id` is whose it is, None for several: by their duty, or because `handed_by` gave it to them; `handings`
    counts how often somebody gave it to somebody. `acknowledged_*` says who has it in hand, `verdict` and `settled_*`
    how it ended, `why` the reason given when it was found not valid.
    """

    id: int
    account_id: int
    promise_id: int | None
    dispute_id: int | None
    reported_by: int
    reported_at: datetime
    said_at: datetime
    contact_id: int | None = None
    evidence: str = ""
    evidence_link: str | None = None
    place: Place | None = None
    operator_id: int | None = None
    handed_by: int | None = None
    handings: int = 0
    acknowledged_by: int | None = None
    acknowledged_at: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    verdict: Verdict | None = None
    settled_by: int | None = None
    settled_at: datetime | None = None
    why: str = ""

    @property
    def kind(self) -> ReportKind:
        return ReportKind.DISPUTE if self.promise_id is None else ReportKind.PROMISE

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None

    @property
    def taken_by(self) -> int | None:
        """Who said that they have it in hand, else whom it was given to; None: whose it is by duty alone."""
        return self.acknowledged_by or (self.operator_id if self.handed_by else None)

    @property
    def due_at(self) -> datetime:
        """When it stands in the record at the latest."""
        return self.said_at + LOG_WITHIN


@dataclass(frozen=True, slots=True)
class ReportStory:
    """All that alerts and lists say about one report. `promise` or `dispute` is set, as it stands now."""

    report: Report
    account: Account
    invoices: tuple[Invoice, ...]
    contact: Contact | None
    reporter: Person
    promise: Promise | None = None
    dispute: Dispute | None = None
    operator: Person | None = None
    handed_by: Person | None = None
    acknowledged_by: Person | None = None
    settled_by: Person | None = None

    @property
    def due_at(self) -> datetime:
        return self.report.due_at


@dataclass(frozen=True, slots=True)
class Turn:
    """One row of a promise's or a dispute's history. `was` is None for the first, and equals `became` for a remark."""

    was: str | None
    became: str
    at: datetime
    by: Person | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class PromiseStory:
    """A promise of the record, whoever brought it there."""

    promise: Promise
    account: Account
    invoices: tuple[Invoice, ...]
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class DisputeStory:
    """A dispute of the record, whoever brought it there: a report, or the books."""

    dispute: Dispute
    account: Account
    invoices: tuple[Invoice, ...]
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryShown:
    """Its history goes from the first to the last."""

    story: PromiseStory | DisputeStory


class Field(StrEnum):
    """Where in a form something is wrong."""

    INVOICES = "invoices"
    AMOUNT = "amount"
    DUE_ON = "due_on"
    REASON = "reason"
    CONTACT = "contact"
    SAID_AT = "said_at"
    EVIDENCE = "evidence"
    WHY = "why"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Problem:
    """What to mend in one field, as a sentence for whoever filled it in; `amount` ends it."""

    field: Field
    sentence: str
    amount: Money | None = None

    def told(self, money: Callable[[Money], str]) -> str:
        """The whole sentence; `money` writes an amount as its reader does."""
        return f"{self.sentence} {money(self.amount)}." if self.amount else self.sentence


@dataclass(frozen=True, slots=True)
class Unacceptable:
    """Nothing was written: these fields are to be mended first."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ReportForm:
    """What a form offers: the account's open invoices, oldest first, its contacts, and the report to correct."""

    account: Account
    invoices: tuple[Invoice, ...]
    contacts: tuple[Contact, ...]
    person: Person
    at: datetime
    story: ReportStory | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """`again`: this very submission had come in before. `taken_back`: nudges that waited and won't be sent for it."""

    story: ReportStory
    again: bool
    taken_back: tuple[NudgeStory, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody has it in hand. `story.acknowledged_by` is the first who said so."""

    story: ReportStory


@dataclass(frozen=True, slots=True)
class Settled:
    """Recorded, corrected and recorded, or not valid: see `story.report.verdict`. `superseded`: promises that ended."""

    story: ReportStory
    superseded: tuple[int, ...] = ()
    taken_back: tuple[NudgeStory, ...] = ()


@dataclass(frozen=True, slots=True)
class PromiseChanged:
    story: PromiseStory
    was: PromiseState


@dataclass(frozen=True, slots=True)
class DisputeChanged:
    """`was` equals the present state when only something was added, such as Legal's answer."""

    story: DisputeStory
    was: DisputeState


@dataclass(frozen=True, slots=True)
class RecordQueue:
    """What waits for the record: reports not settled, the earliest said first, and disputes not resolved, by the day
    the answer is due. Legal sees those disputes that are in review.
    """

    stories: tuple[ReportStory, ...]
    disputes: tuple[DisputeStory, ...]
    reader: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class MyReports:
    """What the reader reported, newest first."""

    stories: tuple[ReportStory, ...]
    reader: Person
    at: datetime
