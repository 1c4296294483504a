"""Policies, segments and cadences: versioned documents, and what they say.

A document is kept as the text that people read and edit. What the text says is one of the nouns below; the rules of
reading it are in `rules.documents`, the notation in which it is written is the storage's matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from enum import StrEnum

from domain.minimums import MinimumBalances
from domain.rules.quiet_hours import QuietHours
from domain.values import AccountScope
from domain.warming import WarmUp


class DocumentKind(StrEnum):
    POLICY = "policy"
    SEGMENTS = "segments"
    CADENCES = "cadences"


class DocumentState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Tone(StrEnum):
    FORMAL = "Formal"
    NEUTRAL = "Neutral"
    CONFIDENT = "Confident"


class Mode(StrEnum):
    """What Autopilot does for a segment; in Shadow it writes drafts that a person approves."""

    OFF = "off"
    SHADOW = "shadow"
    AUTOPILOT = "autopilot"


AGEING = ("current", "1-30", "31-60", "61-90", "90+")
"""Buckets of days past due, of the account's oldest open invoice."""
RISKS = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Terms:
    """The policy: when mail may leave, and how much of it. Hours, days and minutes are whole numbers.

    `zone` and `country` are the workspace's, used where the customer's own are not known. What has a default here came
    later than the first documents, which do not name it.
    """

    zone: str
    country: str | None
    quiet: QuietHours
    spread_minutes: int
    daily_cap: int
    contact_gap_hours: int
    nudges_per_week: int
    freshness_hours: int
    autopilot_before_hours: int
    autopilot_after_hours: int
    minimum_balances: MinimumBalances
    expiry_hours: int
    account_scope: AccountScope
    nudge_share_percent: int = 20
    hourly_cap: int | None = None
    warm_up: WarmUp = field(default_factory=WarmUp)
    remind_after_minutes: int = 7
    escalate_after_minutes: int = 12


@dataclass(frozen=True, slots=True)
class Settings:
    """How a segment runs, as an A/R Manager sets it. `daily_cap`: mails of a day, of whatever kind. `quiet`: start and
    end of its own quiet hours; None: the policy's.
    """

    mode: Mode
    daily_cap: int | None = None
    quiet: tuple[time, time] | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """Accounts that are chased alike; empty filters fit every account.

    Balances are in major units of the currency of the account's oldest open invoice, `[from, to)`. The rest are its
    `Settings`.
    """

    name: str
    mode: Mode
    cadence: str | None = None
    ageing: tuple[str, ...] = ()
    balance_from: Decimal | None = None
    balance_to: Decimal | None = None
    industries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    daily_cap: int | None = None
    quiet: tuple[time, time] | None = None

    @property
    def settings(self) -> Settings:
        return Settings(self.mode, self.daily_cap, self.quiet)


@dataclass(frozen=True, slots=True)
class Segments:
    """In the order in which they are tried: the first that fits counts."""

    each: tuple[Segment, ...] = ()

    @property
    def have_limits(self) -> bool:
        """Whether any has a cap or quiet hours of its own: else it binds no mail in which one a customer is."""
        return any(one.daily_cap is not None or one.quiet is not None for one in self.each)

    def named(self, name: str | None) -> Segment | None:
        return next((one for one in self.each if one.name == name), None)


@dataclass(frozen=True, slots=True)
class CadenceStep:
    """`day` counts from the due date of the account's oldest open invoice; before it, it is negative."""

    day: int
    template: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Cadence:
    name: str
    steps: tuple[CadenceStep, ...]


@dataclass(frozen=True, slots=True)
class Cadences:
    each: tuple[Cadence, ...]


Content = Terms | Segments | Cadences


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a text is no such document: one sentence with the fix, and the line (from 1) where it is known."""

    sentence: str
    line: int | None = None

    @property
    def words(self) -> str:
        return f"line {self.line}: {self.sentence}" if self.line else self.sentence
