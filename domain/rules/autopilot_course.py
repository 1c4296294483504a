"""What is to become of one customer's sequence: it begins, goes on, hands over, or stops.

Pure: facts, where Autopilot is with the customer, and the documents go in; a `Decided` comes out. The planner carries
it out, and a simulation may ask it about documents that nobody has published yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from domain.autopilot import (
    Anchor,
    Begin,
    Course,
    Decided,
    Payments,
    SegmentHealth,
    Sequence,
    Stop,
    Upcoming,
)
from domain.facts import AccountFacts
from domain.minimums import MinimumBalances
from domain.policies import Cadence, Mode, Segment, Segments
from domain.policy import Rulebook, Workspace
from domain.reasons import Reason
from domain.rules.autopilot import position_of, segment_for, upcoming_steps
from domain.rules.nudging import choose_contact, opening_after, segment_of, zone_of, zones_of
from domain.rules.objections import contact_objection
from domain.rules.quiet_hours import NeverOpen, Opening, ZoneChoice, spread

ModeOf = Callable[[Segment], Mode]
"""How a segment runs now: as its document says, or in Shadow."""
CadenceOf = Callable[[str, int], Cadence | None]
"""A cadence by its name and the version of its document; None when there is none."""

OF_THE_HOUSE = frozenset(
    {Reason.MAINTENANCE, Reason.SENDING_PAUSED, Reason.DEGRADED, Reason.DOMAIN_STOPPED, Reason.STALE_DATA}
)
"""No fault of the step's: it stays planned, until it can leave or the next one overtakes it."""


@dataclass(frozen=True, slots=True)
class Payer:
    """Whom a customer's steps go to, and by whose day and hours. Nobody `is_reachable`: nobody may be written to.

    `segment`: the one whose quiet hours count now.
    """

    is_reachable: bool
    zone: ZoneChoice
    today: date
    segment: Segment | None = None


def payer_of(facts: AccountFacts, workspace: Workspace, rulebook: Rulebook, *, at: datetime) -> Payer:
    zones = zones_of(facts.account, workspace, rulebook)
    contact = choose_contact(facts, at, zones)
    zone = zone_of(facts.account, contact, workspace, rulebook)
    today = at.astimezone(rulebook.zones.zone(zone.names[0])).date()
    is_reachable = contact_objection(contact, at=at, zones=zones) is None
    return Payer(is_reachable, zone, today, segment_of(facts, workspace, rulebook, at=at))


def health_of(facts: AccountFacts, payer: Payer, paid: Payments | None) -> SegmentHealth:
    """What one customer adds to its segment. `paid`: the trailing week's payments, if there are any."""
    disputes = sum(dispute.is_unresolved for dispute in facts.disputes)
    paid = paid or Payments()
    return SegmentHealth(1, int(payer.is_reachable), disputes, paid.received, paid.reversed)


def decide(
    facts: AccountFacts,
    course: Course,
    *,
    segments: Segments,
    mode_of: ModeOf,
    cadence_of: CadenceOf,
    version: int,
    minimums: MinimumBalances,
    payer: Payer,
    at: datetime,
) -> Decided:
    """`version` is that of the cadences that are published now; a running sequence keeps its own.

    A sequence begins where its segment is not off: in Shadow it is planned just the same. It goes on after the last
    step that was ever done for its invoice, so that an invoice that comes back from a dispute is not told the same
    again. A step whose draft waits is overtaken as one that is planned.
    """
    position = position_of(facts, minimums=minimums, at=at)
    segment = segment_for(position, segments, today=payer.today)
    stop = None
    if (running := course.running) is not None:
        stop = stop_of(running, facts, segment, mode_of, minimums=minimums, payer=payer, at=at)
        cited = facts.invoice(running.invoice_id)
        if stop is None and cited is not None:
            anchored = Anchor(cited.id, cited.number, cited.due_on)
            cadence = cadence_of(running.cadence, running.version)
            following = _next_step(cadence, anchored, running.done_day, payer.today)
            if following is not None:
                pending = course.pending
                is_overtaken = pending is not None and pending.message_id is None and pending.day < following.step.day
                return Decided(step=following if pending is None or is_overtaken else None, is_overtaken=is_overtaken)
            stop = Stop.EXHAUSTED
    anchor = position.anchor
    if anchor is None or segment is None or segment.cadence is None or mode_of(segment) is Mode.OFF:
        return Decided(stop)
    if facts.account.legal_hold or not payer.is_reachable:
        return Decided(stop)
    cadence = cadence_of(segment.cadence, version)
    done = _done(course, anchor.invoice_id)
    first = (
        next(iter(upcoming_steps(cadence, anchor, today=payer.today, after=done, limit=1)), None) if cadence else None
    )
    if first is None:
        return Decided(stop)
    return Decided(stop, begin=Begin(anchor.invoice_id, segment.name, segment.cadence), step=first)


def stop_of(
    running: Sequence,
    facts: AccountFacts,
    segment: Segment | None,
    mode_of: ModeOf,
    *,
    minimums: MinimumBalances,
    payer: Payer,
    at: datetime,
) -> Stop | None:
    """Why the sequence ends before its cadence does; None: it goes on. Shadow is no end: a person decides there."""
    if facts.account.legal_hold:
        return Stop.LEGAL_HOLD
    cited = facts.invoice(running.invoice_id)
    if cited is None or not cited.is_open or cited.balance.minor <= 0:
        return Stop.PAID
    if facts.dispute_on(cited.id):
        return Stop.DISPUTED
    if facts.promise_on(cited.id, at):
        return Stop.PROMISED
    if not minimums.are_met_by(cited.balance):
        return Stop.BELOW_MINIMUM
    if not payer.is_reachable:
        return Stop.SUPPRESSED
    return Stop.OUT_OF_SEGMENT if segment is None or mode_of(segment) is Mode.OFF else None


def due_of(
    on: date,
    facts: AccountFacts,
    payer: Payer,
    rulebook: Rulebook,
    *,
    key: str,
    at: datetime,
    overtakes: datetime | None = None,
) -> datetime | None:
    """When a step of that day leaves: spread over the first minutes of the customer's next opening, and not before the
    gap between two mails to one contact has passed since it was planned (`at`).

    A nudge keeps away from what is planned, but cannot from what is not planned yet: without the notice one that left
    an hour before would move the step by a day. The step that it `overtakes` gave that notice already, for when it was
    due itself; otherwise steps that are no further apart than the gap would put each other off. None: the customer's
    hours never open.
    """
    opening = opening_on(on, facts, payer, rulebook, at=at, overtakes=overtakes)
    return spread(opening, key=key, over=rulebook.policy.spread) if opening else None


def opening_on(
    on: date, facts: AccountFacts, payer: Payer, rulebook: Rulebook, *, at: datetime, overtakes: datetime | None = None
) -> Opening | None:
    """The customer's next open hours from that day on in which a step may leave that is planned `at`; see `due_of`.

    None: they never open.
    """
    notice = at + rulebook.policy.contact_gap
    if overtakes is not None:
        notice = max(at, min(notice, overtakes))
    midnight = datetime.combine(on, time(0), tzinfo=rulebook.zones.zone(payer.zone.names[0]))
    try:
        return opening_after(max(midnight, notice), payer.zone, facts, payer.segment, rulebook)
    except NeverOpen:
        return None


def _next_step(cadence: Cadence | None, anchor: Anchor, done: int | None, today: date) -> Upcoming | None:
    coming = upcoming_steps(cadence, anchor, today=today, after=done, limit=1) if cadence else ()
    return coming[0] if coming else None


def _done(course: Course, invoice_id: int) -> int | None:
    days = [course.done[invoice_id]] if invoice_id in course.done else []
    running = course.running
    if running is not None and running.invoice_id == invoice_id and running.done_day is not None:
        days.append(running.done_day)
    return max(days, default=None)
