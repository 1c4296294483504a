"""How a sending domain earns its volume: the ramp, what its mails did, and where it stands.

A domain is what follows the @ of the sender's address. Days are calendar days of the workspace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.errors import InvalidValue
from domain.timeline import Source

LONGEST_RAMP = 60
"""Stages. The longest published plan has fewer."""
LARGEST_QUOTA = 10_000_000
"""Mails a day. Doubling ends here; no receivables department gets there."""


@dataclass(frozen=True, slots=True)
class Stage:
    """`days` counted days with at most `per_day` mails each."""

    days: int
    per_day: int


RAMP = tuple(
    Stage(days, per_day)
    for days, per_day in ((7, 50), (3, 100), (3, 500), (3, 1_000), (3, 2_000), (3, 4_000), (3, 8_000))
)
"""Week 1 at 50 a day is the product's rule; then the steps that Braze publishes as conservative."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares of a week's mails in percent. Sources: the product's domain notes; mailbox providers publish the same
    numbers for complaints (keep below 0.1 %, never reach 0.3 %).
    """

    hold_bounced: Decimal = Decimal(2)
    stop_bounced: Decimal = Decimal(5)
    hold_complained: Decimal = Decimal("0.1")
    stop_complained: Decimal = Decimal("0.3")


@dataclass(frozen=True, slots=True)
class WarmUp:
    """The policy's section. An empty ramp: the domain is in use for this volume already, only the caps count.

    `doubles_every`: after the last stage the quota doubles every so many counted days; None: it stays.
    `used_percent`: a day counts when so much of its quota left. Raises InvalidValue for a ramp that goes down.
    """

    ramp: tuple[Stage, ...] = RAMP
    doubles_every: int | None = 3
    used_percent: int = 50
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if len(self.ramp) > LONGEST_RAMP:
            raise InvalidValue(f"A ramp has at most {LONGEST_RAMP} stages.")
        if any(stage.days < 1 or not 1 <= stage.per_day <= LARGEST_QUOTA for stage in self.ramp):
            raise InvalidValue("Each stage of the ramp lasts at least one day and allows at least one mail a day.")
        if any(later.per_day < earlier.per_day for earlier, later in zip(self.ramp, self.ramp[1:], strict=False)):
            raise InvalidValue("A ramp grows: no stage allows fewer mails a day than the one before.")
        if self.doubles_every is not None and self.doubles_every < 1:
            raise InvalidValue("After the ramp the quota doubles every day at the most.")
        if not 1 <= self.used_percent <= 100:
            raise InvalidValue("The share of the quota that makes a day count lies between 1 and 100 percent.")
        limits = self.limits
        pairs = ((limits.hold_bounced, limits.stop_bounced), (limits.hold_complained, limits.stop_complained))
        if any(not 0 < hold <= stop <= 100 for hold, stop in pairs):
            raise InvalidValue("What holds the ramp is above 0 percent and not above what stops sending.")


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some days' mails."""

    sent: int = 0
    bounced: int = 0
    complained: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.sent + other.sent, self.bounced + other.bounced, self.complained + other.complained)


@dataclass(frozen=True, slots=True)
class SendingDay:
    """One day of one domain. `nudges` and `steps` have left or are leaving; reports count on the day the mail left.

    `hour` is the last hour of the day (from its midnight, 0 to 24) in which something left, with its own counts.
    """

    day: date
    nudges: int = 0
    steps: int = 0
    hour: int = 0
    hour_nudges: int = 0
    hour_steps: int = 0
    bounced: int = 0
    complained: int = 0

    @property
    def used(self) -> int:
        return self.nudges + self.steps

    @property
    def tally(self) -> Tally:
        return Tally(self.used, self.bounced, self.complained)

    def at_hour(self, hour: int) -> SendingDay:
        """The same as it counts in `hour`: another hour begins at nothing. An earlier one never comes back."""
        return self if hour <= self.hour else replace(self, hour=hour, hour_nudges=0, hour_steps=0)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a mail's quota is taken: a day of the workspace's calendar, and an hour of it, of one sending domain.

    Hours are counted from midnight, whatever the clocks do meanwhile: 23 or 25 on a day on which they change.
    `segment`: only what of the day is that segment's; None: all of it.
    """

    domain: str
    day: date
    hour: int
    hour_ends: datetime
    day_ends: datetime
    segment: str | None = None


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that may leave on a day and in an hour: of everything, and of Autopilot's steps.

    Steps leave the share that is kept for nudges. Nudges may use that share, and of the rest what the steps leave over
    that have left or are planned.
    """

    day: int
    day_steps: int
    hour: int
    hour_steps: int

    def left(self, used: SendingDay, source: Source, *, planned: int) -> int:
        """How many more may leave; `used` stands at the hour in question, `planned` steps are still to leave."""
        day, hour = self.day - used.used, self.hour - used.hour_nudges - used.hour_steps
        own_day, own_hour = self.left_of(used, source, planned=planned)
        return max(0, min(day, own_day, hour, own_hour))

    def left_of(self, used: SendingDay, source: Source, *, planned: int) -> tuple[int, int]:
        """The same of the source's own part alone: of the day, of the hour."""
        if source is Source.AUTOPILOT:
            return self.day_steps - used.steps, self.hour_steps - used.hour_steps
        kept_day = min(self.day_steps, used.steps + planned)
        kept_hour = min(self.hour_steps, used.hour_steps + planned)
        return self.day - kept_day - used.nudges, self.hour - kept_hour - used.hour_nudges


class DomainState(StrEnum):
    """Where a domain stands."""

    WARMING = "warming"
    """Every day that counts brings it further."""
    HELD = "held"
    """It sends what its stage allows and does not grow."""
    STOPPED = "stopped"
    """Nothing leaves until a person lifts it."""


class Change(StrEnum):
    """What became of a domain's standing or stage; the audit log has each as `domain.…`."""

    GREW = "grew"
    STEPPED_BACK = "stepped_back"
    HELD = "held"
    RESUMED = "resumed"
    """Held no longer: a day ended with fewer reports."""
    STOPPED = "stopped"
    LIFTED = "lifted"


class Trouble(StrEnum):
    """What holds or stops a domain."""

    BOUNCES = "bounces"
    COMPLAINTS = "complaints"


@dataclass(frozen=True, slots=True)
class SendingDomain:
    """One domain as rows know it.

    `counted`: days of the ramp that counted; today is the one after. `judged_on`: the last day that was judged, None
    before the first. `since`: when the standing began. `measured_after`: mails of that day and earlier are forgiven,
    because a person lifted a stop on it. `last_sent_on`: the last judged day on which anything left.
    """

    name: str
    standing: DomainState = DomainState.WARMING
    trouble: Trouble | None = None
    counted: int = 0
    judged_on: date | None = None
    since: datetime | None = None
    measured_after: date | None = None
    last_sent_on: date | None = None
    lifted_by: int | None = None
    lifted_at: datetime | None = None
    lifted_why: str | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """The sending domain and its days around now, by date; of segments that have a cap, by date and name."""

    domain: SendingDomain
    days: Mapping[date, SendingDay] = field(default_factory=dict)
    segments: Mapping[tuple[date, str], SendingDay] = field(default_factory=dict)

    def on(self, day: date) -> SendingDay:
        return self.days.get(day, SendingDay(day))

    def of_segment(self, name: str, day: date) -> SendingDay:
        return self.segments.get((day, name), SendingDay(day))


def domain_of(address: str) -> str:
    """The sending domain of a sender's address, in lower case."""
    return address.rpartition("@")[2].lower()
