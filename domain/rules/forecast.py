"""When what waits in the queue will have left, by the quota there is and the one that will be.

Day by day with the rules that decide then: the caps with both sources' shares, the hours that are open, and the ramp,
which grows by the days that count. Assumed (decided): nothing comes back, nobody flips a switch, nothing new is asked
for, customers are open when the workspace is, a first come is a first gone, and segments have no caps of their own: in
which one a customer will be is known when its mail leaves. So it is the earliest day that can be
promised of the queue as it stands, and no promise about one mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from domain.calendars import Holidays
from domain.policy import Policy
from domain.rules.allowance import caps_of
from domain.rules.quiet_hours import QuietHours
from domain.rules.warmup import judge
from domain.timeline import Source
from domain.warming import Caps, DomainState, SendingDay, SendingDomain

HORIZON = 60
"""Days looked ahead. A message expires long before."""
_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Load:
    """So many messages of one source that may leave from `ready` on and expire after `last`, both included."""

    source: Source
    ready: date
    last: date
    count: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One day: the most that may leave, what will, and what will have expired in its morning."""

    day: date
    cap: int
    nudges: int = 0
    steps: int = 0
    expired: int = 0

    @property
    def leaving(self) -> int:
        return self.nudges + self.steps


@dataclass(frozen=True, slots=True)
class Forecast:
    """`days` in order, up to the last one on which anything happens; `left` still waits then, or for a person.

    `is_stopped`: nothing leaves until somebody lifts the stop.
    """

    days: tuple[Foreseen, ...] = ()
    left: int = 0
    is_stopped: bool = False

    @property
    def leaving(self) -> int:
        return sum(each.leaving for each in self.days)

    @property
    def expired(self) -> int:
        return sum(each.expired for each in self.days)

    @property
    def done_on(self) -> date | None:
        """The day on which the last mail leaves; None when none does, or when some stay."""
        days = [each.day for each in self.days if each.leaving]
        return max(days) if days and not self.left else None


def foresee(
    waiting: Iterable[Load],
    *,
    domain: SendingDomain,
    days: Mapping[date, SendingDay],
    policy: Policy,
    at: datetime,
    holidays: Holidays,
    country: str | None,
) -> Forecast:
    """`at` is on the workspace's clock: its day is today. `days` reach a week behind the last judged one.

    What will have expired after the last mail has left counts as expired on its day.
    """
    queue = sorted((load for load in waiting if load.count > 0), key=lambda load: (load.ready, load.last))
    if domain.standing is DomainState.STOPPED:
        return Forecast(left=sum(load.count for load in queue), is_stopped=True)
    known, found = dict(days), []
    today = at.date()
    for number in range(HORIZON):
        if not queue:
            break
        day = today + number * _DAY
        domain = judge(domain, known, today=day, at=at, warm_up=policy.warm_up)
        caps = caps_of(domain, policy)
        expired = sum(load.count for load in queue if load.last < day)
        queue = [load for load in queue if load.last >= day]
        since = at.time().replace(tzinfo=None) if day == today else _MIDNIGHT
        hours = open_hours(day, since=since, quiet=policy.quiet, holidays=holidays, country=country)
        used = known.get(day, SendingDay(day))
        steps, nudges = _room(used, caps, hours, _ready(queue, Source.AUTOPILOT, day))
        queue, gone_steps = _leave(queue, Source.AUTOPILOT, day, steps)
        queue, gone_nudges = _leave(queue, Source.NUDGE, day, nudges)
        known[day] = replace(used, nudges=used.nudges + gone_nudges, steps=used.steps + gone_steps)
        found.append(Foreseen(day, caps.day, gone_nudges, gone_steps, expired))
    while found and not (found[-1].leaving or found[-1].expired):
        found.pop()
    return Forecast(tuple(found), left=sum(load.count for load in queue))


def open_hours(day: date, *, since: time, quiet: QuietHours, holidays: Holidays, country: str | None) -> int:
    """Hours of the clock in which mail may leave on the day from `since` on; one that has begun is one."""
    if day.weekday() not in quiet.open_days or any(day in span for span in quiet.blackouts):
        return 0
    if quiet.keep_holidays and country is not None and holidays.holiday(day, country, None) is not None:
        return 0
    begin, end, midnight = _minute(quiet.start), _minute(quiet.end), 24 * 60
    spans = ((end, begin),) if begin > end else ((0, begin), (end if end else midnight, midnight))
    after = _minute(since)
    return len(
        {
            hour
            for first, last in spans
            for hour in range(24)
            if max(first, after, hour * 60) < min(last, (hour + 1) * 60)
        }
    )


def _minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def _ready(queue: Iterable[Load], source: Source, day: date) -> int:
    return sum(load.count for load in queue if load.source is source and load.ready <= day)


def _room(used: SendingDay, caps: Caps, hours: int, planned: int) -> tuple[int, int]:
    """How many steps may leave in the open hours, and how many nudges beside those that are planned."""
    if hours == 0:
        return 0, 0
    steps = max(0, min(planned, caps.day_steps - used.steps, caps.day - used.used, caps.hour_steps * hours))
    kept = min(caps.day_steps, used.steps + planned)
    by_day = min(caps.day - kept - used.nudges, caps.day - used.used - steps)
    return steps, max(0, min(by_day, caps.hour * hours - steps))


def _leave(queue: Iterable[Load], source: Source, day: date, room: int) -> tuple[list[Load], int]:
    """What stays, and how many left."""
    stays, gone = [], 0
    for load in queue:
        taken = min(load.count, room - gone) if load.source is source and load.ready <= day else 0
        gone += taken
        if load.count > taken:
            stays.append(replace(load, count=load.count - taken))
    return stays, gone
