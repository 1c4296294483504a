"""Which of a batch find room: in the day of their segment, where it has a cap, and in that of the sending domain.

Each of these rows is locked before it is asked who else waits, and what leaves is taken at once: a handful of
statements for a batch, however its messages follow each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.facts import Grounds
from domain.messages import Message
from domain.policies import Segment
from domain.policy import Policy
from domain.ports import UnitOfWork
from domain.reasons import Reason
from domain.rules.allowance import Full, caps_of, segment_caps, why_full
from domain.rules.guards import Wait
from domain.rules.turns import Span
from domain.timeline import Source
from domain.usecases.cleared import Cleared, give_back
from domain.warming import Caps, SendingDay, Slot

_IN_TURN = (Source.AUTOPILOT, Source.NUDGE)


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

    def share(self, ready: Sequence[Cleared]) -> list[Cleared]:
        """Those that may leave. Steps ask before nudges, and whoever waits longest before the others, so that it is no
        matter who else was claimed with them: room is kept for steps about broken promises wherever these are.
        """
        self.claimed = sorted(self.claimed, key=_in_the_queue)
        ready = sorted(ready, key=lambda one: _in_the_queue(one.message))
        # Segments by their names, all before the domain's day: whoever locks in one order never waits in a circle.
        for segment, caps in self._capped(ready):
            slot = replace(self.slot, segment=segment.name)
            self._ask([one for one in ready if one.segment == segment], slot, caps)
        asking = [one for one in ready if one.message.id not in self.gone]
        leaving = self._ask(asking, self.slot, caps_of(self.grounds.volume.domain, self.policy))
        unused = (one for one in asking if one.message.id in self.gone)
        give_back(self.work, ((part, one.message.source) for one in unused for part in one.slots[:-1]))
        return leaving

    def _capped(self, ready: Iterable[Cleared]) -> list[tuple[Segment, Caps]]:
        segments = {one.segment.name: one.segment for one in ready if one.segment}
        found = ((segment, segment_caps(segment, self.policy)) for _, segment in sorted(segments.items()))
        return [(segment, caps) for segment, caps in found if caps is not None]

    def _ask(self, asking: Sequence[Cleared], slot: Slot, caps: Caps) -> list[Cleared]:
        """Take from the slot's day what it has for them, and let the others wait."""
        steps, nudges = ([one for one in asking if one.message.source is each] for each in _IN_TURN)
        leaving = self._steps(steps, slot, caps) if steps else []
        return leaving + self._nudges(nudges, slot, caps, done=len(leaving)) if nudges else leaving

    def _steps(self, steps: Sequence[Cleared], slot: Slot, caps: Caps) -> list[Cleared]:
        """The row is locked first: nobody else takes of it between the counting and the taking."""
        used, asking = self.work.quota.locked(slot), {one.message.id: one for one in steps}
        spans = [
            Span(caps.day_steps, used.steps, slot.day_ends),
            Span(caps.hour_steps, used.hour_steps, slot.hour_ends),
        ]
        self._count_promised(spans, slot, len(steps))
        room, leaving = caps.left(used, Source.AUTOPILOT, planned=0), list[Cleared]()
        for message in self.claimed:
            is_promised, one = self._is_promised(message, slot), asking.get(message.id)
            if one is None:
                for span in spans:
                    span.put_off(is_promised, self.gone.get(message.id))
                continue
            short = [span.ends for span in spans if not span.has_room(is_promised)]
            if not short and len(leaving) < room:
                leaving.append(one)
                for span in spans:
                    span.let_go(is_promised)
            else:
                self._wait(one, slot, _with_steps(used, len(leaving)), kept_until=max(short, default=None))
        if leaving:
            self.work.quota.take(slot, Source.AUTOPILOT, want=len(leaving), caps=caps, planned=0)
        return leaving

    def _count_promised(self, spans: Iterable[Span], slot: Slot, asking: int) -> None:
        """Those that are claimed here are counted in the rows, too; more than matter nobody counts."""
        here = sum(self._is_promised(message, slot) for message in self.claimed)
        for span in spans:
            if span.may_be_short(asking):
                most = span.most // 2 + here
                span.promised = self.work.quota.promised(before=span.ends, most=most, segment=slot.segment)

    def _is_promised(self, message: Message, slot: Slot) -> bool:
        """In a segment only what its row says it is in: so it is counted there, whoever it is claimed with."""
        is_step_of_it = message.source is Source.AUTOPILOT and slot.segment in (None, message.segment)
        return is_step_of_it and message.invoice_id in self.grounds.broken

    def _nudges(self, nudges: Sequence[Cleared], slot: Slot, caps: Caps, *, done: int) -> list[Cleared]:
        """Within their own share there is room whatever is planned; what is planned is asked only beyond it.

        `done` steps were just let go here: they are still claimed in the rows, and are counted as used already.
        """
        planned, want = caps.day_steps, len(nudges)
        granted, used = self.work.quota.take(slot, Source.NUDGE, want=want, caps=caps, planned=planned)
        if granted < want:
            planned = self.work.quota.planned(before=slot.day_ends, most=caps.day_steps + done) - done
            more, used = self.work.quota.take(slot, Source.NUDGE, want=want - granted, caps=caps, planned=planned)
            granted += more
        for one in nudges[granted:]:
            self._wait(one, slot, used, planned=planned)
        return list(nudges[:granted])

    def _wait(
        self, one: Cleared, slot: Slot, used: SendingDay, *, planned: int = 0, kept_until: datetime | None = None
    ) -> None:
        """`used`: the day as it stood when it asked. `kept_until`: how long what is left is kept for other steps."""
        if slot.segment is not None:
            full = Full(Reason.SEGMENT_CAP, slot.day_ends)
        else:
            volume = replace(self.grounds.volume, days={**self.grounds.volume.days, slot.day: used})
            whole = why_full(volume, one.message.source, self.policy, slot=slot, at=self.at, planned=planned)
            kept = Full(Reason.KEPT_FOR_OTHERS, kept_until or slot.day_ends)
            full = whole if whole and (kept_until is None or whole.until >= kept_until) else kept
        self.gone[one.message.id] = full.until
        self.waits.append((one, Wait(full.reason, full.until)))


def _in_the_queue(message: Message) -> tuple[datetime, str]:
    """Who waits longest leaves first, whoever else is in the batch: nudges never change which steps the day holds."""
    return message.leaves_at, message.id


def _with_steps(day: SendingDay, more: int) -> SendingDay:
    return replace(day, steps=day.steps + more, hour_steps=day.hour_steps + more)
