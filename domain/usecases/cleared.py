"""A message that the guards and the quota let go, and the quota of those that did not leave after all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.mail import Mail
from domain.messages import Message
from domain.policies import Segment
from domain.ports import UnitOfWork
from domain.timeline import Source
from domain.warming import Slot


@dataclass(frozen=True, slots=True)
class Cleared:
    """Fenced, and ready to be handed over. `slot` is the one whose quota it took, `at` the instant of the fence.

    `segment`: the customer's at the fence; where it has a cap of its own, that was taken from, too.
    """

    message: Message
    mail: Mail
    invoice_number: str
    slot: Slot
    at: datetime
    segment: Segment | None = None

    @property
    def slots(self) -> tuple[Slot, ...]:
        if self.segment is None or self.segment.daily_cap is None:
            return (self.slot,)
        return replace(self.slot, segment=self.segment.name), self.slot


def give_back(work: UnitOfWork, unused: Iterable[tuple[Slot, Source]]) -> None:
    """What was taken and not used. Rows are locked in the order in which they are taken: segments by their names, then
    the domain's day.
    """
    for (slot, source), count in sorted(Counter(unused).items(), key=lambda each: _rank(*each[0])):
        work.quota.give_back(slot, source, count)


def _rank(slot: Slot, source: Source) -> tuple[bool, str, str, Source]:
    return slot.segment is None, slot.segment or "", f"{slot.day} {slot.hour:02}", source
