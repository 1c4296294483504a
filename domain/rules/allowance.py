"""How many mails may still leave in this hour of this day, and what stands in the way.

Autopilot may use the day's cap without the share that is kept for nudges; its steps about broken promises come first.
Nudges may use their share, and of the rest what Autopilot's steps that are planned for the day leave over: so a nudge
never moves a step. Within an hour the same holds, for all steps that are planned for the day might leave in it; and
within the cap of a segment, for nobody knows before in which segment a customer will be when its step leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from domain.policies import Mode, Segment
from domain.policy import Policy, Rulebook, Workspace
from domain.reasons import Reason
from domain.rules.warmup import quota_of
from domain.timeline import Source
from domain.warming import LARGEST_QUOTA, Caps, DomainState, SendingDomain, Slot, Volume, domain_of

HOUR = timedelta(hours=1)
LOOK_AGAIN = timedelta(minutes=5)
"""How often a queue that waits for a person looks again, as for a pause."""


@dataclass(frozen=True, slots=True)
class Full:
    """Nothing more may leave before `until`, and why. `is_stop`: a person has to lift it first."""

    reason: Reason
    until: datetime
    is_stop: bool = False


def sending_domain(rulebook: Rulebook) -> str:
    return domain_of(rulebook.policy.sender.address)


def slot_of(at: datetime, workspace: Workspace, rulebook: Rulebook) -> Slot:
    """The slot in which a mail leaves at `at`."""
    zone = rulebook.zones.zone(workspace.zone)
    day = at.astimezone(zone).date()
    begins, ends = (
        datetime.combine(each, time(0), tzinfo=zone).astimezone(UTC) for each in (day, day + timedelta(days=1))
    )
    hour = (at - begins) // HOUR
    return Slot(
        domain=sending_domain(rulebook),
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


def caps_of(domain: SendingDomain, policy: Policy) -> Caps:
    """The tighter of the policy's cap and the warm-up's quota, the hourly cap, and Autopilot's part of both."""
    day, _ = daily_cap(domain, policy)
    hour = LARGEST_QUOTA if policy.hourly_cap is None else policy.hourly_cap
    kept = policy.nudge_share_percent
    return Caps(day, day - day * kept // 100, hour, hour - hour * kept // 100)


def segment_caps(segment: Segment, policy: Policy) -> Caps | None:
    """Of one day of the segment; None: it has no cap of its own. One that is off sends no steps: nudges may use all."""
    if segment.daily_cap is None:
        return None
    day = segment.daily_cap
    steps = 0 if segment.mode is Mode.OFF else day - day * policy.nudge_share_percent // 100
    return Caps(day, steps, LARGEST_QUOTA, LARGEST_QUOTA)


def why_full(
    volume: Volume,
    source: Source,
    policy: Policy,
    *,
    slot: Slot,
    at: datetime,
    planned: int = 0,
    segment: Segment | None = None,
) -> Full | None:
    """What keeps one more mail of the source, to a customer in `segment`, from leaving at `at`; of several limits the
    one that lasts longest.
    """
    if volume.domain.standing is DomainState.STOPPED:
        return Full(Reason.DOMAIN_STOPPED, at + LOOK_AGAIN, is_stop=True)
    used, caps = volume.on(slot.day).at_hour(slot.hour), caps_of(volume.domain, policy)
    own_day, own_hour = caps.left_of(used, source, planned=planned)
    if used.used >= caps.day:
        return Full(daily_cap(volume.domain, policy)[1], slot.day_ends)
    if own_day <= 0:
        return Full(Reason.KEPT_FOR_OTHERS, slot.day_ends)
    if segment is not None and (own := segment_caps(segment, policy)) is not None:
        theirs = volume.of_segment(segment.name, slot.day)
        if own.left(theirs, source, planned=planned) <= 0:
            return Full(Reason.SEGMENT_CAP, slot.day_ends)
    if used.hour_nudges + used.hour_steps >= caps.hour:
        return Full(Reason.HOURLY_CAP, slot.hour_ends)
    if own_hour <= 0:
        return Full(Reason.KEPT_FOR_OTHERS, slot.hour_ends)
    return None
