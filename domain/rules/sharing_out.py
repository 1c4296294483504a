"""What is left of some days when everybody's steps ask for the same quota.

The rules are those of the release: what is due first asks first, `why_full` answers, what finds no room waits for its
customer's next hours after that, and expires like any message. The ramp is judged as the days end. What is planned of
Autopilot has its room before nudges have, so that nudges are not looked at. Of a customer a later step follows the one
before, with the gap that a contact is owed; one whose day has come meanwhile is overtaken, as the planner does it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush

from domain.policy import Rulebook, Workspace
from domain.reasons import Reason
from domain.rules.allowance import caps_of, daily_cap, slot_of, why_full
from domain.rules.nudging import Area, opening_in
from domain.rules.quiet_hours import NeverOpen, Opening, spread
from domain.rules.warmup import judge
from domain.simulation import DayAhead
from domain.timeline import Source
from domain.warming import SendingDay, SendingDomain, Slot, Volume

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Leg:
    """One step that leaves at `at` if there is room. `on`: its day. `recipient`: the domain it is written to.

    `expires_at`: it is in the queue before that moment; None: it comes into the queue then. `is_queued`: its mail is
    in the queue now.
    """

    account_id: int
    contact_id: int | None
    segment: str | None
    recipient: str
    area: Area
    on: date
    at: datetime
    expires_at: datetime | None = None
    is_queued: bool = False


@dataclass(frozen=True, slots=True)
class SharedOut:
    """`left`: with the moment at which they leave. `expired` waited too long; what still waits is in neither."""

    days: tuple[DayAhead, ...]
    left: tuple[Leg, ...]
    expired: tuple[Leg, ...]


def share_out(
    legs: Mapping[int, Sequence[Leg]],
    *,
    domain: SendingDomain,
    days: Mapping[date, SendingDay],
    segments: Mapping[tuple[date, str], SendingDay],
    workspace: Workspace,
    rulebook: Rulebook,
    at: datetime,
    count: int,
) -> SharedOut:
    """`legs` by account, each in their order. `days` reach a week behind the last judged one; `segments`: what of those
    that have a cap left already. `count` days from that of `at` on.
    """
    return _Days(legs, domain, dict(days), dict(segments), workspace, rulebook, at).to(count)


@dataclass(slots=True)
class _Tally:
    """One day while it is filled."""

    due: int = 0
    leaving: int = 0
    expired: int = 0
    moved: Counter[Reason] = field(default_factory=Counter)


class _Days:
    def __init__(
        self,
        legs: Mapping[int, Sequence[Leg]],
        domain: SendingDomain,
        known: dict[date, SendingDay],
        segments: dict[tuple[date, str], SendingDay],
        workspace: Workspace,
        rulebook: Rulebook,
        at: datetime,
    ) -> None:
        self._legs, self._domain, self._known, self._of_segments = legs, domain, known, segments
        self._workspace, self._rulebook, self._began = workspace, rulebook, at
        self._heap = [(each[0].at, id, 0, each[0]) for id, each in legs.items() if each]
        self._seen: dict[int, date] = {}
        self._left: list[Leg] = []
        self._expired: list[Leg] = []
        heapify(self._heap)

    def to(self, count: int) -> SharedOut:
        policy = self._rulebook.policy
        first = slot_of(self._began, self._workspace, self._rulebook).day
        found = []
        for day in (first + number * _DAY for number in range(count)):
            self._domain = judge(self._domain, self._known, today=day, at=self._began, warm_up=policy.warm_up)
            before = self._known[day].used if day in self._known else 0
            most, limit = daily_cap(self._domain, policy)
            tally = self._fill(day)
            found.append(
                DayAhead(
                    day=day,
                    most=most,
                    most_steps=caps_of(self._domain, policy).day_steps,
                    limit=limit,
                    before=before,
                    due=tally.due,
                    leaving=tally.leaving,
                    moved=dict(tally.moved),
                    expired=tally.expired,
                )
            )
        return SharedOut(tuple(found), tuple(self._left), tuple(self._expired))

    def _fill(self, day: date) -> _Tally:
        tally = _Tally()
        while self._heap:
            slot = slot_of(self._heap[0][0], self._workspace, self._rulebook)
            if slot.day > day:
                break
            at, id, index, leg = heappop(self._heap)
            if self._seen.get(id) != day:
                self._seen[id] = day
                tally.due += 1
            volume, policy = Volume(self._domain, self._known, self._of_segments), self._rulebook.policy
            full = why_full(volume, Source.AUTOPILOT, policy, slot=slot, at=at, segment=leg.area.segment)
            if full is None:
                self._use(volume, slot, leg)
                tally.leaving += 1
                self._left.append(replace(leg, at=at))
                self._follow(id, index, at, left_to=leg.contact_id)
                continue
            if full.is_stop:
                continue  # until somebody lifts it
            opening = self._opening(leg, full.until)
            if opening is not None and leg.expires_at is None:
                leg = replace(leg, expires_at=opening.at + self._rulebook.policy.expiry)
            due = self._spread(leg, opening) if opening is not None else None
            if due is None or (leg.expires_at is not None and due >= leg.expires_at):
                tally.expired += 1
                self._expired.append(replace(leg, at=at))
                self._follow(id, index, at)
                continue
            if due >= slot.day_ends:
                tally.moved[full.reason] += 1
            heappush(self._heap, (due, id, index, leg))
        return tally

    def _use(self, volume: Volume, slot: Slot, leg: Leg) -> None:
        used = volume.on(slot.day).at_hour(slot.hour)
        self._known[slot.day] = replace(used, steps=used.steps + 1, hour_steps=used.hour_steps + 1)
        if leg.segment is not None:
            theirs = volume.of_segment(leg.segment, slot.day)
            self._of_segments[slot.day, leg.segment] = replace(theirs, steps=theirs.steps + 1)

    def _follow(self, id: int, index: int, at: datetime, *, left_to: int | None = None) -> None:
        """The customer's next step, once this one has left or will not. Of those whose day has come the newest."""
        today = at.astimezone(self._rulebook.zones.zone(self._legs[id][index].area.zones[0])).date()
        rest = list(range(index + 1, len(self._legs[id])))
        while len(rest) > 1 and self._legs[id][rest[1]].on <= today:
            rest.pop(0)
        if not rest:
            return
        leg = self._legs[id][rest[0]]
        is_same = left_to is not None and left_to == leg.contact_id
        earliest = at + self._rulebook.policy.contact_gap if is_same else at
        if leg.at < earliest:
            opening = self._opening(leg, earliest)
            if opening is None:
                return
            expires_at = opening.at + self._rulebook.policy.expiry
            leg = replace(leg, at=self._spread(leg, opening), expires_at=expires_at)
        heappush(self._heap, (leg.at, id, rest[0], leg))

    def _opening(self, leg: Leg, at: datetime) -> Opening | None:
        """The customer's next open hours. None: they never open."""
        try:
            return opening_in(leg.area, at, self._rulebook)
        except NeverOpen:
            return None

    def _spread(self, leg: Leg, opening: Opening) -> datetime:
        return spread(opening, key=f"{leg.account_id}:{leg.on}", over=self._rulebook.policy.spread)
