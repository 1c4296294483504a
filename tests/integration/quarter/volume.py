"""How much may leave, worked out once more from the post alone: of a day, an hour, a segment's day, and by the ramp.

A domain is new when the script begins. Its ramp goes one day further after each day on which half of that day's quota
left, whoever sent it. No script has two weeks without a mail, after which it would step back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from tests.integration.quarter.hours import SPREAD, WORKSPACE, next_open
from tests.integration.quarter.outcome import Played, Sent, Waited
from tests.integration.quarter.script import DAY, HOUR, START, Industry, Script

SHARE_OF_NUDGES = 20
DOUBLES_EVERY = 3
"""Days that count, after the last stage."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Mails of a day, an hour, and a segment's day. `stages`: so many days that count, with so many mails each."""

    day: int
    hour: int
    segments: Mapping[Industry, int]
    stages: tuple[tuple[int, int], ...]


def counted_days(sent: Iterable[Sent], limits: Limits, script: Script) -> dict[date, int]:
    """For each day of the script, how many days of the ramp had counted when it began."""
    left = Counter(_day(mail.at) for mail in sent)
    found, counted = {}, 0
    for day in (START + number * DAY for number in range(script.days + 1)):
        found[day] = counted
        counted += left[day] * 2 >= _quota(counted, limits)
    return found


def _quota(counted: int, limits: Limits) -> int:
    quotas = [most for days, most in limits.stages for _ in range(days)]
    while len(quotas) <= counted:
        quotas += [quotas[-1] * 2] * DOUBLES_EVERY
    return quotas[counted]


class Volume:
    """What left in each day, hour and segment's day: of everything, and of steps."""

    def __init__(self, script: Script, sent: Iterable[Sent], limits: Limits) -> None:
        sent = list(sent)
        self.limits = limits
        self.industries = {customer.address: customer.industry for customer in script.customers}
        self.quotas = {day: _quota(counted, limits) for day, counted in counted_days(sent, limits, script).items()}
        self.days = _counted(sent, lambda mail: _day(mail.at))
        self.hours = _counted(sent, lambda mail: _hour(mail.at))
        self.segments = _counted(sent, lambda mail: (self.industries[mail.address], _day(mail.at)))

    def most_on(self, day: date) -> int:
        return min(self.limits.day, self.quotas[day])


@dataclass(slots=True)
class Left:
    mails: int = 0
    steps: int = 0


def _counted(sent: Iterable[Sent], by: Callable[[Sent], Any]) -> dict[Any, Left]:
    found: dict[Any, Left] = {}
    for mail in sent:
        left = found.setdefault(by(mail), Left())
        left.mails += 1
        left.steps += mail.is_step
    return found


def _day(at: datetime) -> date:
    return at.astimezone(WORKSPACE).date()


def _hour(at: datetime) -> datetime:
    """The workspace's clock is whole hours from UTC, so that its hours are those of UTC also when it changes."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def of_steps(cap: int) -> int:
    """Without what is kept for nudges."""
    return cap - cap * SHARE_OF_NUDGES // 100


def no_cap_is_exceeded(script: Script, sent: Iterable[Sent], limits: Limits) -> None:
    """Of everything the cap, and of steps what is not kept for nudges."""
    volume = Volume(script, sent, limits)
    for day, left in volume.days.items():
        _is_within(left, limits.day, f"the day's cap on {day}")
        _is_within(left, volume.quotas[day], f"the warm-up's quota on {day}")
    for hour, left in volume.hours.items():
        _is_within(left, limits.hour, f"the hour's cap at {hour}")
    for (industry, day), left in volume.segments.items():
        if industry in limits.segments:
            _is_within(left, limits.segments[industry], f"the segment's cap of {industry} on {day}")


def _is_within(left: Left, cap: int, what: str) -> None:
    assert left.mails <= cap, f"{what}: {left.mails} mails, {cap} allowed"
    assert left.steps <= of_steps(cap), f"{what}: {left.steps} steps, {of_steps(cap)} allowed"


def reached(script: Script, sent: Iterable[Sent], limits: Limits) -> Counter[str]:
    """How often each cap let leave all that it allows, and not one more would have."""
    volume, found = Volume(script, sent, limits), Counter[str]()
    for day, left in volume.days.items():
        binding = "the warm-up's quota" if volume.quotas[day] < limits.day else "the day's cap"
        found[binding] += left.mails == volume.most_on(day)
    found["the hour's cap"] = sum(left.mails == limits.hour for left in volume.hours.values())
    for (industry, _), left in volume.segments.items():
        if industry in limits.segments:
            found[f"the segment's cap of {industry}"] += left.mails == limits.segments[industry]
    return found


def every_cap_was_reached(script: Script, sent: Iterable[Sent], limits: Limits) -> None:
    found = reached(script, sent, limits)
    caps = ["the day's cap", "the warm-up's quota", "the hour's cap"]
    for cap in [*caps, *(f"the segment's cap of {industry}" for industry in limits.segments)]:
        assert found[cap], f"{cap} was never reached"


def nobody_waits_for_room_in_vain(script: Script, played: Played, limits: Limits) -> None:
    """What waits for room does so only where there is none, for the cap that it names; it leaves in its customer's next
    hours, or expires with that name when these begin after its time.
    """
    volume = Volume(script, played.sent, limits)
    for wait in played.waits:
        if wait.reason not in _UNTIL:
            continue
        assert _is_full(wait, volume, script), f"{wait}: there was room"
        if wait.became == "expired":
            opening = next_open(_UNTIL[wait.reason](wait.at), script.customers[wait.customer].place)
            assert opening + SPREAD > wait.expires_at, f"{wait} might have left at {opening}"


def _is_full(wait: Waited, volume: Volume, script: Script) -> bool:
    """Whether the post bears out the reason. What a nudge leaves to steps that are planned, the post cannot tell."""
    limits, day = volume.limits, _day(wait.at)
    of_day, most = volume.days.get(day, Left()), volume.most_on(day)
    of_hour = volume.hours.get(_hour(wait.at), Left())
    is_day_full = of_day.mails == most or _is_for_promises(of_day, most)
    is_hour_full = of_hour.mails == limits.hour or _is_for_promises(of_hour, limits.hour)
    match wait.reason:
        case "daily_cap":
            return limits.day == most == of_day.mails
        case "warm_up":
            return limits.day > most == of_day.mails
        case "hourly_cap":
            return of_hour.mails == limits.hour
        case "segment_cap":
            industry = script.customers[wait.customer].industry
            left = volume.segments.get((industry, day), Left())
            is_segment_full = industry in limits.segments and _is_for_promises(left, limits.segments[industry])
            # Those who had its last places were too many for the domain.
            return is_segment_full or is_day_full or is_hour_full or not wait.is_step
    return _is_for_promises(of_day, most) or is_hour_full or not wait.is_step


def _is_for_promises(left: Left, cap: int) -> bool:
    """Up to half of what steps may use is kept for those about promises that were broken."""
    return left.steps >= of_steps(cap) - of_steps(cap) // 2


def _next_day(at: datetime) -> datetime:
    wall = at.astimezone(WORKSPACE)
    return datetime.combine(wall.date() + DAY, datetime.min.time(), tzinfo=WORKSPACE).astimezone(UTC)


_UNTIL: Mapping[str, Callable[[datetime], datetime]] = {
    "daily_cap": _next_day,
    "warm_up": _next_day,
    "segment_cap": _next_day,
    "kept_for_others": _next_day,
    "hourly_cap": lambda at: _hour(at) + HOUR,
}
