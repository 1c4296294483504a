"""Which of a batch find room: in the day of their segment, where it has a cap, and in that of the sending domain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from domain.facts import Grounds
from domain.policy import Policy
from domain.ports import UnitOfWork
from domain.reasons import Reason
from domain.rules.allowance import Full, caps_of, segment_caps, why_full
from domain.rules.guards import Wait
from domain.timeline import Source
from domain.usecases.cleared import Cleared, give_back
from domain.warming import Caps, SendingDay, Slot

Places = Counter[tuple[Slot, Source]]
"""What was taken of segments' days, and nobody uses yet."""


@dataclass(slots=True)
class Room:
    """One transaction's share of the quota. `waits`: who found none, and until when."""

    work: UnitOfWork
    policy: Policy
    grounds: Grounds
    slot: Slot
    at: datetime
    waits: list[tuple[Cleared, Wait]] = field(default_factory=list)

    def share(self, ready: Sequence[Cleared]) -> list[Cleared]:
        """Those that may leave. Steps ask before nudges, and whoever waits longest before the others, so that it is no
        matter who else was claimed with them: room is kept for steps about broken promises wherever these are.
        """
        steps, nudges = (
            sorted((one for one in ready if one.message.source is source), key=_in_the_queue)
            for source in (Source.AUTOPILOT, Source.NUDGE)
        )
        places = self._in_segments([*steps, *nudges])
        turns = [list(each) for _, each in groupby(steps, key=self._is_promised)]
        leaving = self._in_the_day([*turns, nudges], places)
        give_back(self.work, places.elements())
        return leaving

    def _is_promised(self, step: Cleared) -> bool:
        return step.message.invoice_id in self.grounds.broken

    def _in_segments(self, asking: Sequence[Cleared]) -> Places:
        """What the days of their segments have for them: it is taken here, whoever uses it. Segments by their names,
        all before the domain's day: whoever locks in one order never waits in a circle.
        """
        capped = {one.segment.name: one.segment for one in asking if one.segment and one.segment.daily_cap}
        places: Places = Counter()
        for _, segment in sorted(capped.items()):
            caps, slot, steps = segment_caps(segment, self.policy), replace(self.slot, segment=segment.name), 0
            assert caps is not None
            for source in (Source.AUTOPILOT, Source.NUDGE):
                theirs = [one for one in asking if one.segment == segment and one.message.source is source]
                if not theirs:
                    continue
                granted, _, _ = self._take(slot, source, len(theirs), caps, done=steps)
                steps += granted if source is Source.AUTOPILOT else 0
                places[slot, source] = granted
        return places

    def _in_the_day(self, turns: Sequence[list[Cleared]], places: Places) -> list[Cleared]:
        """`turns`: steps of which promises were broken and others by turns, and nudges at the end. What one of them has
        of its segment and cannot use is for the next.
        """
        slot, volume, leaving = self.slot, self.grounds.volume, list[Cleared]()
        fenced_steps, fenced_promised = 0, 0
        whole = caps_of(volume.domain, self.policy)
        for turn in turns:
            asking, left = [], places.copy()
            for one in turn:
                if _has_place(one, left):
                    left.subtract(_of_segment(one))
                    asking.append(one)
            if asking:
                source, caps, is_promised = asking[0].message.source, whole, self._is_promised(asking[0])
                if source is Source.AUTOPILOT and not is_promised:
                    caps = self._behind_promises(caps, done=fenced_steps, promised=fenced_promised, want=len(asking))
                granted, used, planned = self._take(slot, source, len(asking), caps, done=fenced_steps)
                leaving += asking[:granted]
                for one in asking[:granted]:
                    places.subtract(_of_segment(one))
                if source is Source.AUTOPILOT:
                    fenced_steps += granted
                    fenced_promised += granted if is_promised else 0
                volume = replace(volume, days={**volume.days, slot.day: used})
                full = why_full(volume, source, self.policy, slot=slot, at=self.at, planned=planned)
                full = full or Full(Reason.KEPT_FOR_OTHERS, slot.day_ends)
                stay = [one for one in turn if one not in asking[:granted]]
            else:
                stay, full = turn, Full(Reason.SEGMENT_CAP, slot.day_ends)
            for one in stay:
                found = full if _has_place(one, places) else Full(Reason.SEGMENT_CAP, slot.day_ends)
                self.waits.append((one, Wait(found.reason, found.until)))
        return leaving

    def _take(self, slot: Slot, source: Source, want: int, caps: Caps, *, done: int) -> tuple[int, SendingDay, int]:
        """How many were granted, the row then, and what was taken to be planned.

        Within the source's own share there is room whatever is planned; what is planned is asked only beyond it. `done`
        steps were just let go here: they are still claimed in the rows, and are counted as used already.
        """
        planned = caps.day_steps
        granted, used = self.work.quota.take(slot, source, want=want, caps=caps, planned=planned)
        if granted < want and source is Source.NUDGE:
            planned = self.work.quota.planned(before=slot.day_ends, most=caps.day_steps + done) - done
            more, used = self.work.quota.take(slot, source, want=want - granted, caps=caps, planned=planned)
            granted += more
        return granted, used, planned

    def _behind_promises(self, caps: Caps, *, done: int, promised: int, want: int) -> Caps:
        """What is left to steps of which no promise was broken: up to half of the steps' part is kept for the others.

        `done` were just let go, `promised` of them about broken promises: these are still claimed in the rows. While
        less than half is used there is room for all, and nothing is asked.
        """
        half, used = caps.day_steps // 2, self.grounds.volume.on(self.slot.day).steps + done
        if used + want <= caps.day_steps - half:
            return caps
        kept = self.work.quota.promised(before=self.slot.day_ends, most=half + promised) - promised
        return replace(caps, day_steps=caps.day_steps - max(0, kept))


def _of_segment(one: Cleared) -> list[tuple[Slot, Source]]:
    return [(slot, one.message.source) for slot in one.slots[:-1]]


def _has_place(one: Cleared, places: Places) -> bool:
    return all(places[each] > 0 for each in _of_segment(one))


def _in_the_queue(cleared: Cleared) -> tuple[datetime, str]:
    """Who waits longest leaves first, whoever else is in the batch: nudges never change which steps the day holds."""
    return cleared.message.leaves_at, cleared.message.id
