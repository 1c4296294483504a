"""Which of a batch find room: in the day of their segment, where it has a cap, and in that of the sending domain.

The rows of these days are locked before it is asked who else waits, and what leaves is taken at once: a handful of
statements for a batch, however its messages follow each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.facts import Grounds
from domain.messages import Message
from domain.policy import Policy
from domain.ports import UnitOfWork
from domain.reasons import Reason
from domain.rules.allowance import Full, caps_of, segment_caps, why_full
from domain.rules.guards import Wait
from domain.rules.turns import Span
from domain.timeline import Source
from domain.usecases.cleared import Cleared
from domain.warming import Caps, SendingDay, Slot


@dataclass(slots=True)
class _Day:
    """What this batch finds in the day of a segment or of the domain, and takes of it. `used` counts that, too.

    `planned`: steps to which nudges leave room; None: nobody has counted them yet.
    """

    slot: Slot
    caps: Caps
    used: SendingDay
    spans: tuple[Span, Span]
    planned: int | None = None
    steps: int = 0
    nudges: int = 0

    def has_room(self, source: Source) -> bool:
        return self.caps.left(self.used, source, planned=self.kept) > 0

    @property
    def kept(self) -> int:
        """From nudges, for steps: all that steps may use, until somebody has counted those that are planned."""
        return self.caps.day_steps if self.planned is None else self.planned

    def take(self, source: Source) -> None:
        used, is_step = self.used, source is Source.AUTOPILOT
        if is_step:
            self.steps += 1
            self.used = replace(used, steps=used.steps + 1, hour_steps=used.hour_steps + 1)
        else:
            self.nudges += 1
            self.used = replace(used, nudges=used.nudges + 1, hour_nudges=used.hour_nudges + 1)


@dataclass(slots=True)
class Room:
    """One transaction's share of the quota. `waits`: who found none, and until when.

    `claimed`: the whole batch, as its rows still are. `gone`: when those that the guards did not clear are due again;
    None: never. What was claimed together is gone through one by one, as if each had been claimed alone.
    """

    work: UnitOfWork
    policy: Policy
    grounds: Grounds
    slot: Slot
    at: datetime
    claimed: Sequence[Message]
    gone: dict[str, datetime | None]
    waits: list[tuple[Cleared, Wait]] = field(default_factory=list)
    _days: dict[str | None, _Day] = field(default_factory=dict)

    def share(self, ready: Sequence[Cleared]) -> list[Cleared]:
        """Those that may leave. Steps ask before nudges, and whoever waits longest before the others, so that it is no
        matter who else was claimed with them: room is kept for steps about broken promises wherever these are.
        """
        if not ready:
            return []
        self.claimed = sorted(self.claimed, key=lambda message: (message.leaves_at, message.id))
        asking = {one.message.id: one for one in ready}
        self._lock(ready)
        self._count_promised(ready)
        leaving = self._steps(asking) + self._nudges(asking)
        for day in self._days.values():
            for source, want in ((Source.AUTOPILOT, day.steps), (Source.NUDGE, day.nudges)):
                if want:
                    self.work.quota.take(day.slot, source, want=want, caps=day.caps, planned=day.kept)
        return leaving

    def _lock(self, ready: Sequence[Cleared]) -> None:
        """Segments by their names, all before the domain's day: whoever locks in one order never waits in a circle."""
        segments = {one.segment.name: one.segment for one in ready if one.segment}
        caps = {name: segment_caps(segment, self.policy) for name, segment in sorted(segments.items())}
        for name, each in [*caps.items(), (None, caps_of(self.grounds.volume.domain, self.policy))]:
            if each is not None:
                slot = replace(self.slot, segment=name)
                used = self.work.quota.locked(slot)
                in_day = Span(each.day_steps, used.steps, slot.day_ends)
                in_hour = Span(each.hour_steps, used.hour_steps, slot.hour_ends)
                self._days[name] = _Day(slot, each, used, (in_day, in_hour))

    def _days_of(self, one: Cleared) -> list[_Day]:
        """Its segment's, where that has a cap, and the domain's."""
        return [self._days[slot.segment] for slot in one.slots]

    def _count_promised(self, ready: Sequence[Cleared]) -> None:
        """Those that are claimed here are counted in the rows, too; more than matter nobody counts."""
        steps = [one for one in ready if one.message.source is Source.AUTOPILOT]
        for day in self._days.values():
            asking = sum(day.slot in one.slots for one in steps)
            here = sum(self._is_promised(message, day) for message in self.claimed)
            for span in day.spans:
                if asking and span.may_be_short(asking):
                    most = span.most // 2 + here
                    span.promised = self.work.quota.promised(before=span.ends, most=most, segment=day.slot.segment)

    def _is_promised(self, message: Message, day: _Day) -> bool:
        """In a segment only what its row says it is in: so it is counted there, whoever it is claimed with."""
        is_step_of_it = message.source is Source.AUTOPILOT and day.slot.segment in (None, message.segment)
        return is_step_of_it and message.invoice_id in self.grounds.broken

    def _steps(self, asking: dict[str, Cleared]) -> list[Cleared]:
        leaving = []
        for message in self.claimed:
            one, taken = asking.get(message.id), list[_Day]()
            if message.source is not Source.AUTOPILOT:
                continue
            if one and not self._must_wait(one, self._full(one) or self._kept_from(one)):
                leaving.append(one)
                taken = self._days_of(one)
            for day in self._days.values():
                is_promised = self._is_promised(message, day)
                if day in taken:
                    day.take(message.source)
                for span in day.spans:
                    if day in taken:
                        span.let_go(is_promised)
                    else:
                        span.put_off(is_promised, self.gone.get(message.id))
        return leaving

    def _nudges(self, asking: dict[str, Cleared]) -> list[Cleared]:
        leaving = []
        for one in (asking[message.id] for message in self.claimed if message.id in asking):
            if one.message.source is Source.NUDGE and not self._must_wait(one, self._full(one)):
                leaving.append(one)
                for day in self._days_of(one):
                    day.take(Source.NUDGE)
        return leaving

    def _full(self, one: Cleared) -> Full | None:
        """What the guards would say to it now, if one of its days has no room at all for its source."""
        source, days = one.message.source, self._days_of(one)
        for day in days:
            if source is Source.NUDGE and not day.has_room(source):
                self._count_planned(day)
        short = [day for day in days if not day.has_room(source)]
        if not short:
            return None
        known, domain, today = self.grounds.volume, self._days[None], self.slot.day
        of_segments = {(today, day.slot.segment): day.used for day in days if day.slot.segment}
        volume = replace(known, days={**known.days, today: domain.used}, segments={**known.segments, **of_segments})
        planned = max(day.kept for day in short)
        full = why_full(volume, source, self.policy, slot=self.slot, at=self.at, planned=planned, segment=one.segment)
        return full or Full(Reason.KEPT_FOR_OTHERS, self.slot.day_ends)

    def _count_planned(self, day: _Day) -> None:
        """Only when nudges want more than their share. Steps that were just let go are still claimed in the rows."""
        if day.planned is None:
            most = day.caps.day_steps + day.steps
            day.planned = self.work.quota.planned(before=day.slot.day_ends, most=most) - day.steps

    def _kept_from(self, step: Cleared) -> Full | None:
        """What is left may be kept for steps about broken promises; of several limits the one that lasts longest."""
        kept = [
            Full(Reason.SEGMENT_CAP if day.slot.segment else Reason.KEPT_FOR_OTHERS, span.ends)
            for day in self._days_of(step)
            for span in day.spans
            if not span.has_room(self._is_promised(step.message, day))
        ]
        return max(kept, key=lambda full: full.until, default=None)

    def _must_wait(self, one: Cleared, full: Full | None) -> bool:
        if full is not None:
            self.gone[one.message.id] = full.until
            self.waits.append((one, Wait(full.reason, full.until)))
        return full is not None
