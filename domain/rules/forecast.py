"""When what waits in the queue will have left, by the quota there is and the one that will be.

Day by day with the rules that decide then: the caps of the house and of segments, with both sources' shares, the hours
that are open, the policy's or a segment's own, and the ramp, which grows by the days that count. Assumed (decided):
nothing comes back, nobody flips a switch, nothing new is asked for, customers are open when the workspace is and stay
in the segment that their message's row names, and a first come is a first gone; of those that are ready on one day the
segment with the smallest cap goes first. So it is the earliest day that can be promised of the queue as it stands, and
no promise about one mail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from domain.calendars import Holidays
from domain.messages import SOURCES
from domain.policies import Segment
from domain.policy import Rulebook
from domain.rules.allowance import caps_of, segment_caps
from domain.rules.nudging import quiet_of
from domain.rules.quiet_hours import QuietHours
from domain.rules.warmup import judge
from domain.timeline import Source
from domain.warming import LARGEST_QUOTA, Caps, DomainState, SendingDay, SendingDomain

HORIZON = 60
"""Days looked ahead. A message expires long before."""
_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Load:
    """So many messages of one source that may leave from `ready` on and expire after `last`, both included.

    `segment`: the customers', by name; one that is not in force any more has no limits.
    """

    source: Source
    ready: date
    last: date
    count: int
    segment: str | None = None


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
    rulebook: Rulebook,
    at: datetime,
    country: str | None,
    of_segments: Mapping[str, SendingDay],
) -> Forecast:
    """`at` is on the workspace's clock: its day is today. `days` reach a week behind the last judged one.
    `of_segments`: what of those that have a cap has left today.

    What will have expired after the last mail has left counts as expired on its day.
    """
    policy, segments = rulebook.policy, {one.name: one for one in rulebook.segments.each}
    queue = sorted((load for load in waiting if load.count > 0), key=lambda load: _turn(load, segments))
    if domain.standing is DomainState.STOPPED:
        return Forecast(left=sum(load.count for load in queue), is_stopped=True)
    known, found = dict(days), []
    today = at.date()
    for number in range(HORIZON):
        if not queue:
            break
        day = today + number * _DAY
        domain = judge(domain, known, today=day, at=at, warm_up=policy.warm_up)
        expired = sum(load.count for load in queue if load.last < day)
        queue = [load for load in queue if load.last >= day]
        caps, used = caps_of(domain, policy), known.get(day, SendingDay(day))
        theirs = of_segments if day == today else {}
        room = _Room.on(day, queue, caps, used, theirs, rulebook)
        since = at.time().replace(tzinfo=None) if day == today else _MIDNIGHT
        hours = {
            name: open_hours(
                day,
                since=since,
                quiet=quiet_of(segments.get(name or ""), policy),
                holidays=rulebook.holidays,
                country=country,
            )
            for name in {load.segment for load in queue}
        }
        queue, gone = _leave(queue, day, room, hours, caps)
        steps, nudges = gone[Source.AUTOPILOT], gone[Source.NUDGE]
        known[day] = replace(used, nudges=used.nudges + nudges, steps=used.steps + steps)
        found.append(Foreseen(day, caps.day, nudges, steps, expired))
    while found and not (found[-1].leaving or found[-1].expired):
        found.pop()
    return Forecast(tuple(found), left=sum(load.count for load in queue))


def _turn(load: Load, segments: Mapping[str, Segment]) -> tuple[date, date, int, str]:
    segment = segments.get(load.segment or "")
    cap = LARGEST_QUOTA if segment is None or segment.daily_cap is None else segment.daily_cap
    return load.ready, load.last, cap, load.segment or ""


def open_hours(day: date, *, since: time, quiet: QuietHours, holidays: Holidays, country: str | None) -> frozenset[int]:
    """Hours of the clock in which mail may leave on the day from `since` on; one that has begun is one."""
    if day.weekday() not in quiet.open_days or any(day in span for span in quiet.blackouts):
        return frozenset()
    if quiet.keep_holidays and country is not None and holidays.holiday(day, country, None) is not None:
        return frozenset()
    begin, end, midnight = _minute(quiet.start), _minute(quiet.end), 24 * 60
    spans = ((end, begin),) if begin > end else ((0, begin), (end, midnight))
    after = _minute(since)
    return frozenset(
        hour for first, last in spans for hour in range(24) if max(first, after, hour * 60) < min(last, (hour + 1) * 60)
    )


def _minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute


@dataclass(slots=True)
class _Room:
    """How many of each source may still leave on a day: of the house, and of each segment that has a cap."""

    house: dict[Source, int]
    segments: dict[tuple[Source, str], int]

    @classmethod
    def on(
        cls,
        day: date,
        queue: Iterable[Load],
        caps: Caps,
        used: SendingDay,
        theirs: Mapping[str, SendingDay],
        rulebook: Rulebook,
    ) -> _Room:
        """As it is in the day's morning: what nudges leave to steps that are planned for it they do not get later."""
        planned = sum(load.count for load in queue if load.source is Source.AUTOPILOT and load.ready <= day)
        whole = replace(caps, hour=LARGEST_QUOTA, hour_steps=LARGEST_QUOTA)
        capped = [(one, own) for one in rulebook.segments.each if (own := segment_caps(one, rulebook.policy))]
        return cls(
            {source: whole.left(used, source, planned=planned) for source in SOURCES},
            {
                (source, one.name): own.left(theirs.get(one.name, SendingDay(day)), source, planned=planned)
                for one, own in capped
                for source in SOURCES
            },
        )

    def take(self, load: Load, most: int) -> int:
        """How many of the load, `most` at the most, find room; it is taken."""
        own = load.source, load.segment or ""
        taken = min(load.count, most, self.house[load.source], self.segments.get(own, most))
        self.house[load.source] -= taken
        if own in self.segments:
            self.segments[own] -= taken
        return taken


def _leave(
    queue: list[Load], day: date, room: _Room, hours: Mapping[str | None, frozenset[int]], caps: Caps
) -> tuple[list[Load], Counter[Source]]:
    """What stays, and how many left: hour by hour steps first, then nudges in what these leave of the hour."""
    gone: Counter[Source] = Counter()
    for hour in sorted(frozenset[int]().union(*hours.values())):
        of_hour = 0
        for source, cap in ((Source.AUTOPILOT, caps.hour_steps), (Source.NUDGE, caps.hour)):
            stays = []
            for load in queue:
                is_able = load.source is source and load.ready <= day and hour in hours[load.segment]
                taken = room.take(load, cap - of_hour) if is_able else 0
                of_hour += taken
                gone[source] += taken
                if load.count > taken:
                    stays.append(replace(load, count=load.count - taken) if taken else load)
            queue = stays
        if not any(room.house.values()):
            break
    return queue, gone
