"""What App Home is made of: its parts, and the lines that stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from domain.commitments import Dispute, DisputeState, PromiseState, Verdict
from domain.duties import Absence
from domain.library import Edition
from domain.maintenance import Maintenance
from domain.readiness import Row
from domain.values import Capability, Money, Person, Role

T = TypeVar("T")

MOST_COUNTED = 1_000
"""A list longer than that is not counted to its end: whoever reads it needs no exact number."""


class Part(StrEnum):
    """One part of App Home. Who sees which, and in which order, stands in `rules.home`."""

    ESCALATED = "escalated"
    REPORT_QUEUE = "report_queue"
    UNCONFIRMED = "unconfirmed"
    HELD = "held"
    ON_THEIR_WAY = "on_their_way"
    MY_NUDGES = "my_nudges"
    MY_LATEST = "my_latest"
    ACCOUNTS = "accounts"
    MY_REPORTS = "my_reports"
    PROMISES_DUE = "promises_due"
    PROMISES_MISSED = "promises_missed"
    KEPT_RATE = "kept_rate"
    DUTY = "duty"
    ACCESS_REQUESTS = "access_requests"
    CHANGE_REQUESTS = "change_requests"
    DRAFTS = "drafts"
    STEP_DRAFTS = "step_drafts"  # of Autopilot, in Shadow
    SIGN_OFFS = "sign_offs"
    PEOPLE = "people"
    DISPUTES = "disputes"
    LEGAL_HOLDS = "legal_holds"
    ABLE = "able"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Cut(Generic[T]):
    """The first of a list, from the `start`-th on, and how many there are in all (at most MOST_COUNTED are counted)."""

    items: tuple[T, ...] = ()
    total: int = 0
    start: int = 0

    @property
    def rest(self) -> int:
        """How many come after these."""
        return max(0, self.total - self.start - len(self.items))


@dataclass(frozen=True, slots=True)
class Home:
    """App Home of one reader at one instant (UTC): contents by part, in the order in which they are shown.

    `maintenance` is the one in force. `alarms` are the console's rows that are not green, worst first; None for whoever
    does not look after the house. `absence`: the reader's own that runs now, `stand_in` who takes what falls to them.
    """

    reader: Person
    at: datetime
    contents: Mapping[Part, Any]
    maintenance: Maintenance | None = None
    alarms: tuple[Row, ...] | None = None
    absence: Absence | None = None
    stand_in: str | None = None


@dataclass(frozen=True, slots=True)
class OnePart:
    """One part by itself, from the first or a later line on."""

    part: Part
    content: Any
    reader: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What somebody reported: a promise (`due_on`) or a dispute (`reason`), and where it stands.

    `operator` is who was on duty when it came in.
    """

    id: int
    is_promise: bool
    state: PromiseState | DisputeState
    account_id: int
    account_name: str
    invoices: tuple[str, ...]
    amount: Money | None
    due_on: date | None
    reason: str
    said_at: datetime
    reported_at: datetime
    reporter: str
    operator: str | None = None
    acknowledged_by: str | None = None
    escalated_at: datetime | None = None
    verdict: Verdict | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise on record. `paid` is what had arrived when it was decided."""

    id: int
    account_id: int
    account_name: str
    invoices: tuple[str, ...]
    amount: Money | None
    due_on: date | None
    state: PromiseState
    decided_at: datetime | None = None
    paid: Money | None = None


@dataclass(frozen=True, slots=True)
class DisputeLine:
    account_id: int
    account_name: str
    invoices: tuple[str, ...]
    dispute: Dispute
    answered_at: datetime | None = None
    """When Legal answered last."""


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A legal hold: placed here by somebody, or (both None) only in the books."""

    account_id: int
    account_name: str
    why: str
    placed_by: str | None = None
    placed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What somebody wants changed: `edition` is the text and the version in which they read it.

    `name`: a template's; empty for a document.
    """

    id: int
    edition: Edition
    name: str
    why: str
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A new version of a text that is not in force. `needs_legal`: and Legal has not signed it off.

    `name` and `tone` are a template's; empty for a document.
    """

    edition: Edition
    name: str
    tone: str
    drafted_by: str | None
    drafted_at: datetime | None
    needs_legal: bool


@dataclass(frozen=True, slots=True)
class DutyLine:
    """Somebody who keeps the record: of so many accounts, or of all that nobody else keeps."""

    name: str
    accounts: int
    keeps_the_rest: bool
    away_until: datetime | None = None
    stand_in: str | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """How many people there are of each role now."""

    counts: Mapping[Role, int]


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the reader may do, in the order of the matrix."""

    role: Role
    capabilities: tuple[Capability, ...]
