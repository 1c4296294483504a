"""What will become of one customer's sequence, step by step, if nothing happens that nobody knows of yet.

It walks ahead on the same decisions by which the planner, the queue and the release work: `decide` whenever its answer
may be another, `plan_nudge` when a step is due and when it leaves. It has no rules of its own. Assumed (decided):
nobody pays, disputes, promises or nudges; the books stay as old as they are; what a person has to approve is approved
at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.autopilot import Course, Decided, Pending, Position, Sequence, Stop, Upcoming
from domain.facts import AccountFacts, Touch
from domain.messages import State
from domain.outcomes import Refused
from domain.policies import Mode, Segment
from domain.reasons import Reason
from domain.rules.autopilot import days_in_segment, days_to_step, position_of, segment_for
from domain.rules.autopilot_course import (
    OF_THE_HOUSE,
    Payer,
    decide,
    due_of,
    opening_on,
    payer_of,
)
from domain.rules.guards import Wait
from domain.rules.nudging import zones_of
from domain.rules.queueing_ahead import Passage, Queued
from domain.rules.quiet_hours import Skipped
from domain.rules.quiet_hours import Wait as Closed
from domain.simulation import Basis, Fate, Foretold
from domain.timeline import Source
from domain.warming import Volume

_DAY = timedelta(days=1)
_BY_PERSON = {State.HELD: Reason.HELD_BY_PERSON, State.UNCONFIRMED: Reason.MAIL_UNKNOWN}


@dataclass(frozen=True, slots=True)
class Walked:
    """`is_running`: a sequence still runs behind the last of the steps, or without any."""

    steps: tuple[Foretold, ...] = ()
    is_running: bool = False


def foretell(
    facts: AccountFacts, course: Course, *, basis: Basis, volume: Volume, at: datetime, until: datetime, most: int
) -> Walked:
    """The next steps that come to their end before `until`, `most` at the most, in their order.

    `volume`: what the sending domain may and did send as it is now; of later days only that they have room. One that
    waits, for the house or for a person, is the last: nobody knows when it ends.
    """
    return _Walk(facts, course, basis, volume, at, until).to(most)


def is_written_to(segment: Segment) -> Mode:
    """What `decide` is told: a draft of a segment in Shadow is planned and due as a step is that leaves by itself."""
    return Mode.OFF if segment.mode is Mode.OFF else Mode.AUTOPILOT


class _Walk:
    def __init__(
        self, facts: AccountFacts, course: Course, basis: Basis, volume: Volume, at: datetime, until: datetime
    ) -> None:
        self._known, self._course, self._basis, self._volume = facts, course, basis, volume
        self._began, self._at, self._until = at, at, until
        self._touches: list[Touch] = []
        self._found: list[Foretold] = []
        self._upcoming: Upcoming | None = None
        self._passed: tuple[Skipped, ...] = ()
        self._queued: Queued | None = None
        self._why: Reason | None = None
        self._closed_until: datetime | None = None
        self._decided_at: datetime | None = None
        self._is_over = False
        self._zones = zones_of(facts.account, basis.workspace, basis.rulebook)
        """By these the days of suppressions are counted."""
        self._look_up_queued()

    def to(self, most: int) -> Walked:
        while not self._is_over and len(self._found) < most and self._at < self._until:
            payer = self._payer()
            if self._decided_at != self._at:
                self._decide(payer)
            elif (due := self._due()) is not None and due <= self._at:
                self._try()
            else:
                self._go_on(payer)
        return Walked(tuple(self._found), self._course.running is not None)

    def _decide(self, payer: Payer) -> None:
        """As the planner does; of what it has just planned it decides nothing else."""
        verdict = decide(
            self._known,
            self._course,
            segments=self._basis.segments,
            mode_of=is_written_to,
            cadence_of=self._basis.cadence_of,
            version=self._basis.version,
            minimums=self._basis.rulebook.policy.minimum_balances,
            payer=payer,
            at=self._at,
        )
        self._decided_at = self._at
        if verdict != Decided():
            self._carry_out(verdict, payer)

    # -- as the rows will be ------------------------------------------------------------------------------------------

    def _facts(self) -> AccountFacts:
        """For the guards: what was foretold has left by then, and the books are as old then as they are now."""
        account, synced = self._known.account, self._known.account.synced_at
        if synced is not None:
            account = replace(account, synced_at=synced + (self._at - self._began))
        return replace(self._known, account=account, touches=(*self._known.touches, *self._touches))

    def _payer(self) -> Payer:
        return payer_of(self._known, self._basis.workspace, self._basis.rulebook, at=self._at)

    def _position(self) -> Position:
        return position_of(self._known, minimums=self._basis.rulebook.policy.minimum_balances, at=self._at)

    def _look_up_queued(self) -> None:
        """A step that is in the queue already is where its message is; one whose draft waits, with a person."""
        pending = self._course.pending
        if pending is not None and pending.is_drafted:
            self._end(Fate.WAITS, Reason.DRAFT_WAITS)
            return
        if pending is None or pending.message_id is None:
            return
        message = next((one for one in self._known.nudges if one.id == pending.message_id), None)
        if message is None:
            self._settle(pending.day)  # it has come to its end, and the touches know
        elif message.state in _BY_PERSON:
            self._end(Fate.WAITS, _BY_PERSON[message.state])
        else:
            self._queued = Queued(message.leaves_at, message.expires_at, message.contact_id)

    # -- what is decided, carried out ---------------------------------------------------------------------------------

    def _carry_out(self, verdict: Decided, payer: Payer) -> None:
        course, pending = self._course, self._course.pending
        if verdict.is_overtaken and pending is not None:
            self._end(Fate.SKIPPED, Reason.SUPERSEDED)
            course = self._course
        if verdict.stop is not None:
            if pending is not None:
                self._end(Fate.SKIPPED, verdict.stop)
            course = self._course = self._ended()
        if verdict.begin is not None:
            begin, account_id = verdict.begin, self._known.account.id
            running = Sequence(0, account_id, begin.invoice_id, begin.segment, begin.cadence, self._basis.version)
            course = self._course = replace(course, running=running, pending=None)
        if verdict.step is not None and course.running is not None:
            overtakes = pending.due_at if verdict.is_overtaken and pending is not None else None
            self._plan(verdict.step, course.running, payer, overtakes)

    def _plan(self, upcoming: Upcoming, running: Sequence, payer: Payer, overtakes: datetime | None) -> None:
        """As the planner writes it down, with the moment at which it is due."""
        facts, step, account_id = self._known, upcoming.step, self._known.account.id
        given = (upcoming.on, facts, payer, self._basis.rulebook)
        key = f"{account_id}:{running.invoice_id}:{step.day}"
        due_at = due_of(*given, key=key, at=self._at, overtakes=overtakes)
        opening = opening_on(*given, at=self._at, overtakes=overtakes)
        self._upcoming, self._why = upcoming, None
        self._passed = tuple(one for one in opening.skipped if one.why is not Closed.QUIET_HOURS) if opening else ()
        pending = Pending(0, account_id, running.id, step.day, step.template, due_at or self._at)
        self._course = replace(self._course, pending=pending)
        if due_at is None:
            self._end(Fate.WAITS, Reason.NO_OPENING)

    def _ended(self) -> Course:
        running, done = self._course.running, dict(self._course.done)
        if running is not None and running.done_day is not None:
            done[running.invoice_id] = max(done.get(running.invoice_id, running.done_day), running.done_day)
        return Course(done=done)

    # -- a step whose time has come -----------------------------------------------------------------------------------

    def _due(self) -> datetime | None:
        """When it is looked at again; None: nothing is planned."""
        pending = self._course.pending
        if pending is None:
            return None
        due = self._queued.leaves_at if self._queued else pending.due_at
        return max(due, self._closed_until or due)

    def _try(self) -> None:
        running, pending = self._course.running, self._course.pending
        assert running is not None and pending is not None
        if self._queued is None and pending.template not in self._basis.titles:
            self._end(Fate.SKIPPED, Reason.NO_TEMPLATE)
            return
        key = pending.message_id or f"{pending.account_id}:{running.invoice_id}:{pending.day}"
        passage = Passage(self._facts(), running, self._basis, self._volume, key, self._at)
        match passage.release(self._queued) if self._queued else passage.queue():
            case None:
                self._leave(running)
            case Queued() as queued:
                self._queued, self._why = queued, queued.why or self._why
            case Refused(reason) if self._queued or reason not in OF_THE_HOUSE:
                self._end(Fate.SKIPPED, reason)
            case Refused(reason) | Wait(reason):
                self._wait_for_the_house(reason)

    def _leave(self, running: Sequence) -> None:
        assert self._queued is not None
        touch = Touch(self._queued.contact_id, Source.AUTOPILOT, self._at, running.invoice_id)
        self._end(Fate.LEAVES, self._why)
        self._touches.append(touch)

    def _wait_for_the_house(self, reason: Reason) -> None:
        """Until it opens, where that is known."""
        closed = self._basis.workspace.closed_at(self._at)
        if closed is None or closed.until is None:
            self._end(Fate.WAITS, reason)
        else:
            self._why, self._closed_until = reason, closed.until

    # -- ends ---------------------------------------------------------------------------------------------------------

    def _end(self, fate: Fate, why: Reason | Stop | None) -> None:
        running, pending, basis = self._course.running, self._course.pending, self._basis
        assert running is not None and pending is not None
        payer, upcoming, queued = self._payer(), self._upcoming, self._queued
        segment = segment_for(self._position(), basis.segments, today=payer.today)
        cadence = basis.cadence_of(running.cadence, running.version)
        step = next((one for one in cadence.steps if one.day == pending.day), None) if cadence else None
        if step is not None:
            self._found.append(
                Foretold(
                    step=step,
                    invoice_id=running.invoice_id,
                    on=upcoming.on if upcoming else pending.due_at.astimezone(self._zone(payer)).date(),
                    fate=fate,
                    at=None if fate is Fate.WAITS else self._at,
                    is_late=bool(upcoming and upcoming.is_late),
                    why=why,
                    passed=self._passed,
                    segment=segment.name if segment else None,
                    contact_id=queued.contact_id if queued else None,
                    expires_at=queued.expires_at if queued and not queued.is_fresh else None,
                    is_queued=pending.message_id is not None,
                )
            )
        self._is_over = fate is Fate.WAITS
        self._settle(pending.day)

    def _settle(self, day: int) -> None:
        running = self._course.running
        assert running is not None
        self._course = replace(self._course, running=replace(running, done_day=day), pending=None)
        self._upcoming = self._queued = self._why = self._closed_until = self._decided_at = None
        self._passed = ()

    # -- time ---------------------------------------------------------------------------------------------------------

    def _go_on(self, payer: Payer) -> None:
        """To the next moment at which something may be otherwise: another segment fits, a later step's day comes,
        somebody may be written to again, a promise that holds an invoice ends, or a step is due.
        """
        moments = [self._until, *(one.hold_until for one in self._known.promises if one.hold_until is not None)]
        if self._closed_until is not None or any(one.suppression for one in self._known.contacts):
            moments += [self._midnight(1, zone) for zone in {self._zone(payer), *self._zones}]
        else:
            most = (self._until - self._at).days + 1
            position = self._position()
            days = (
                days_in_segment(position, self._basis.segments, today=payer.today, most=most),
                self._days_to_overtaking(payer),
            )
            moments += [self._midnight(some, self._zone(payer)) for some in days if some is not None]
        if (due := self._due()) is not None:
            moments.append(due)
        self._at = min(moment for moment in moments if moment > self._at)

    def _days_to_overtaking(self, payer: Payer) -> int | None:
        """After how many days the step behind the planned one takes its place; None: it does not."""
        running, pending = self._course.running, self._course.pending
        if running is None or pending is None or self._queued is not None:
            return None
        cited = self._known.invoice(running.invoice_id)
        cadence = self._basis.cadence_of(running.cadence, running.version)
        return days_to_step(cadence, cited.due_on, after=pending.day, today=payer.today) if cited and cadence else None

    def _midnight(self, days: int, zone: ZoneInfo) -> datetime:
        day = self._at.astimezone(zone).date() + days * _DAY
        return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)

    def _zone(self, payer: Payer) -> ZoneInfo:
        return self._basis.rulebook.zones.zone(payer.zone.names[0])
