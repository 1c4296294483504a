"""How many mails may still leave in this hour of this day, from which share, and what stands in the way.

Autopilot may use the day's cap without the share that is kept for nudges. Nudges may use their share, and of the rest
what Autopilot's steps that are planned for the day leave over: so a nudge never moves a step. Within an hour the same
holds: all steps still planned for the day might leave in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.policy import Policy, Rulebook, Workspace
from domain.reasons import Reason
from domain.rules.warmup import quota_of
from domain.timeline import Source
from domain.warming import LARGEST_QUOTA, SendingDay, SendingDomain, Standing, domain_of

HOUR = timedelta(hours=1)
LOOK_AGAIN = timedelta(minutes=5)
"""How often a queue that waits for a person looks again, as for a pause."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a mail's quota is taken: a day of the workspace's calendar, and an hour of it, of one sending domain.

    Hours are counted from midnight, whatever the clocks do meanwhile: 23 or 25 on a day on which they change.
    """

    domain: str
    day: date
    hour: int
    hour_ends: datetime
    day_ends: datetime


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that may leave: of both sources together and of this one (`own`), in the day and in the hour."""

    day: int
    own: int
    hour: int
    own_hour: int

    def left(self, day: SendingDay, source: Source) -> int:
        """How many more may leave; `day` stands at the hour in question."""
        own, own_hour = day.of(source)
        hour = day.hour_nudges + day.hour_steps
        return max(0, min(self.day - day.used, self.own - own, self.hour - hour, self.own_hour - own_hour))


@dataclass(frozen=True, slots=True)
class Full:
    """Nothing more may leave before `until`, and why. `is_stop`: a person has to lift it first."""

    reason: Reason
    until: datetime
    is_stop: bool = False


def slot_of(at: datetime, workspace: Workspace, rulebook: Rulebook) -> Slot:
    """The slot in which a mail leaves at `at`."""
    zone = rulebook.zones.zone(workspace.zone)
    day = at.astimezone(zone).date()
    begins, ends = (
        datetime.combine(each, time(0), tzinfo=zone).astimezone(UTC) for each in (day, day + timedelta(days=1))
    )
    hour = (at - begins) // HOUR
    return Slot(
        domain=domain_of(rulebook.policy.sender.address),
        day=day,
        hour=hour,
        hour_ends=min(ends, begins + (hour + 1) * HOUR),
        day_ends=ends,
    )


def daily_cap(domain: SendingDomain, policy: Policy) -> tuple[int, Reason]:
    """Mails of a day, and which of the two limits it is: the policy's cap or the warm-up's quota."""
    quota = quota_of(domain.counted, policy.warm_up)
    if quota is not None and quota < policy.daily_cap:
        return quota, Reason.WARM_UP
    return policy.daily_cap, Reason.DAILY_CAP


def caps_of(domain: SendingDomain, day: SendingDay, source: Source, policy: Policy, *, planned: int) -> Caps:
    """`planned`: Autopilot's steps that are still to leave on this day; `day` stands at the hour in question."""
    cap, _ = daily_cap(domain, policy)
    hour = LARGEST_QUOTA if policy.hourly_cap is None else policy.hourly_cap
    for_steps, for_steps_hourly = (_without_share(each, policy.nudge_share_percent) for each in (cap, hour))
    if source is Source.AUTOPILOT:
        return Caps(cap, for_steps, hour, for_steps_hourly)
    return Caps(
        cap,
        cap - min(for_steps, day.steps + planned),
        hour,
        hour - min(for_steps_hourly, day.hour_steps + planned),
    )


def _without_share(cap: int, percent: int) -> int:
    return cap - cap * percent // 100


def why_full(
    domain: SendingDomain,
    day: SendingDay,
    source: Source,
    policy: Policy,
    *,
    slot: Slot,
    at: datetime,
    planned: int = 0,
) -> Full | None:
    """What keeps one more mail of the source from leaving at `at`; the limit that lasts longest is named."""
    if domain.standing is Standing.STOPPED:
        return Full(Reason.DOMAIN_STOPPED, at + LOOK_AGAIN, is_stop=True)
    day = day.at_hour(slot.hour)
    caps = caps_of(domain, day, source, policy, planned=planned)
    own, own_hour = day.of(source)
    if day.used >= caps.day:
        return Full(daily_cap(domain, policy)[1], slot.day_ends)
    if own >= caps.own:
        return Full(Reason.KEPT_FOR_OTHERS, slot.day_ends)
    if day.hour_nudges + day.hour_steps >= caps.hour:
        return Full(Reason.HOURLY_CAP, slot.hour_ends)
    if own_hour >= caps.own_hour:
        return Full(Reason.KEPT_FOR_OTHERS, slot.hour_ends)
    return None
