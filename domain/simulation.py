"""What would happen: the nouns of looking ahead, for one customer and for the whole book. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.accounts import Account, Invoice
from domain.autopilot import Judged, Misfit, Shortfall, Stop
from domain.policies import Cadence, CadenceStep, Content, DocumentKind, Mode, Segment, Segments
from domain.policy import Rulebook, Workspace
from domain.reasons import Reason
from domain.rules.quiet_hours import Skipped, ZoneChoice
from domain.timeline import AutopilotStep
from domain.values import Money, Person
from domain.warming import SendingDomain


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is not in force, looked at as if it were. `titles`: names of templates by key, as if approved."""

    contents: Mapping[DocumentKind, Content] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Basis:
    """By what is looked ahead: what is in force, or would be. `version` is that of the cadences.

    `titles`: names of the templates that are approved, by key. `standings`: how segments were judged last.
    `is_proposed`: something of it is not in force.
    """

    workspace: Workspace
    rulebook: Rulebook
    segments: Segments
    version: int
    cadence_of: Callable[[str, int], Cadence | None]
    titles: Mapping[str, str]
    standings: Mapping[str, Judged] = field(default_factory=dict)
    is_proposed: bool = False


class Fate(StrEnum):
    """What becomes of a step. Whether one that leaves first waits for a person's approval is its segment's mode."""

    LEAVES = "leaves"
    SKIPPED = "skipped"
    WAITS = "waits"
    """For the house or for a person: when, cannot be foretold."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """One step that is to come. `on`: the first day on which it may leave, on the customer's calendar.

    `is_late`: its own day was before, and it stands for all that were missed. `at`: when it leaves, or is skipped; None
    while it waits. `passed`: closed days between its day and its hours. `why`: what skips it, holds it up, or moved it.
    `segment`: the customer's then; None where it has none any more. `expires_at`: it is in the queue before it leaves,
    and leaves before this or never; None where it comes into the queue when it leaves. `is_queued`: its mail is there
    now, so no draft of it waits or will.
    """

    step: CadenceStep
    invoice_id: int
    on: date
    fate: Fate
    at: datetime | None = None
    is_late: bool = False
    why: Reason | Stop | None = None
    passed: tuple[Skipped, ...] = ()
    segment: str | None = None
    contact_id: int | None = None
    expires_at: datetime | None = None
    is_queued: bool = False


class Stay(StrEnum):
    """Why Autopilot has nothing to do with a customer."""

    ANOTHER_SENDER = "another_sender"
    LEGAL_HOLD = "legal_hold"
    NOTHING_OPEN = "nothing_open"
    DISPUTED = "disputed"
    PROMISED = "promised"
    BELOW_MINIMUM = "below_minimum"
    NO_SEGMENT = "no_segment"
    OFF = "off"
    NOBODY = "nobody"
    NO_STEP_LEFT = "no_step_left"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Missed:
    """A segment that was tried before, and by what the customer is not in it."""

    segment: Segment
    by: tuple[Misfit, ...]


@dataclass(frozen=True, slots=True)
class AccountAhead:
    """One customer: where it stands, and its next steps. `version` is that of the cadence it runs or would run by.

    `mode`: how its segment was judged to run, with `shortfalls`; None: it has yet to be judged. `modes`: the same of
    every segment, for steps that come when it is in another. `anchor`: the invoice from which days count.
    `minimums`: the smallest balances that are chased, by the currencies of what is open. `is_running`: the sequence has
    begun. `stay`: why there are no steps. `others`: the next ones of another sender.
    """

    account: Account
    reader: Person | None
    missed: tuple[Missed, ...]
    segment: Segment | None
    mode: Mode | None
    shortfalls: tuple[Shortfall, ...]
    cadence: str | None
    version: int
    anchor: Invoice | None
    is_running: bool
    steps: tuple[Foretold, ...]
    stay: Stay | None
    nobody: Reason | None
    zone: ZoneChoice
    today: date
    is_proposed: bool
    at: datetime
    titles: Mapping[str, str] = field(default_factory=dict)
    modes: Mapping[str, Mode | None] = field(default_factory=dict)
    others: tuple[AutopilotStep, ...] = ()
    minimums: Mapping[str, Money] = field(default_factory=dict)

    def mode_of(self, step: Foretold) -> Mode | None:
        return self.modes.get(step.segment, self.mode) if step.segment else self.mode


@dataclass(frozen=True, slots=True)
class DayAhead:
    """One day of the workspace for the sending domain: the most that may leave, and what becomes of the steps.

    `before`: what left today already, of all sources. `due` found their hours on it, `leaving` leave, `moved` went on
    to a later one by what was full, `expired` had waited too long. `drafts` wait for a person (Shadow), and are none of
    the others. `most_steps`: of `most` what is not kept for nudges.
    """

    day: date
    most: int
    most_steps: int
    limit: Reason
    before: int = 0
    due: int = 0
    leaving: int = 0
    moved: Mapping[Reason, int] = field(default_factory=dict)
    expired: int = 0
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class SegmentAhead:
    """One segment's customers now, and the week's steps of those that are in it then.

    `mode`: as it will run from its next judging on.
    """

    segment: Segment
    mode: Mode
    shortfalls: tuple[Shortfall, ...] = ()
    accounts: int = 0
    leaving: int = 0
    drafts: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class BookAhead:
    """The whole book for some days. `stays`: how many customers Autopilot has nothing to do with, by why.

    `skipped`: steps that will not be sent, by why. `waiting`: steps that wait, by what for. `recipients`: by the domain
    of the address, most first; empty for whom other people's customers are nothing.
    """

    domain: SendingDomain
    days: tuple[DayAhead, ...]
    segments: tuple[SegmentAhead, ...]
    accounts: int
    stays: Mapping[Stay, int]
    skipped: Mapping[Reason | Stop, int]
    waiting: Mapping[Reason | Stop, int]
    recipients: tuple[tuple[str, int], ...]
    is_proposed: bool
    at: datetime

    @property
    def leaving(self) -> int:
        return sum(each.leaving for each in self.days)

    @property
    def drafts(self) -> int:
        return sum(each.drafts for each in self.days)
