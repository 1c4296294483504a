"""Claim what is due, read the facts again, run the same guards, and fence what may leave.

Two transactions: the claim, and the decision with its fence. Nothing is handed over here; whoever calls hands over what
was fenced and records the answers. Every replica runs it; there is no leader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.errors import InvalidValue
from domain.facts import Grounds, newest
from domain.messages import Message, State, message_id
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, Move, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.allowance import sending_domain, slot_of
from domain.rules.doubt import ending, may_resend
from domain.rules.guards import Wait
from domain.rules.nudging import opening_after, plan_nudge, segment_of, write_mail, zone_of
from domain.rules.quiet_hours import NeverOpen, spread
from domain.timeline import Source
from domain.usecases._room import Room
from domain.usecases.cleared import Cleared, give_back
from domain.usecases.released import Released
from domain.usecases.telling import report
from domain.warming import Slot

CLAIM_LEASE = timedelta(seconds=60)
SENDING_LEASE = timedelta(minutes=15)
"""Longer than any answer to the final dot may take: RFC 5321 asks clients to wait ten minutes for it."""


@dataclass(frozen=True, slots=True)
class Fenced:
    """What may leave now, and what became of the rest."""

    cleared: list[Cleared] = field(default_factory=list)
    done: Released = field(default_factory=Released)


def fence_due(
    *,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
    worker: str,
    limit: int,
    claim_lease: timedelta = CLAIM_LEASE,
    sending_lease: timedelta = SENDING_LEASE,
) -> Fenced:
    """Take up to `limit` due messages of one organisation and fence those that the guards let go.

    All that is fenced is being handed over from now on as far as anybody knows, so `limit` is what may be left
    unconfirmed by a crash. When the database is busy in between, the claim returns to the queue after `claim_lease`.
    """
    fenced = Fenced()
    at = clock.now()
    with uow() as work:
        claimed = work.messages.claim(at=at, lease_until=at + claim_lease, worker=worker, limit=limit)
    fenced.done.claimed = len(claimed)
    if claimed:
        at = clock.now()
        decision = _Decision(uow=uow, at=at, until=at + sending_lease, rulebook=rulebook, done=fenced.done)
        fenced.cleared.extend(decision.each(claimed))
    return fenced


@dataclass(frozen=True, slots=True)
class _Decision:
    """One batch under examination at one instant."""

    uow: UnitOfWorkFactory
    at: datetime
    until: datetime
    rulebook: Rulebook
    done: Released

    def each(self, messages: Sequence[Message]) -> list[Cleared]:
        """Decide them together; when something stored about one of them cannot be read, only that one is set aside."""
        try:
            return self._together(messages)
        except InvalidValue:
            if len(messages) == 1:
                self._set_aside(messages[0])
                return []
        return [cleared for message in newest(messages) for cleared in self.each([message])]

    def _set_aside(self, message: Message) -> None:
        """It fails for good, and the others leave. Raises InvalidValue when it is the workspace that cannot be read."""
        with self.uow() as work:
            slot_of(self.at, work.organisation.get(), self.rulebook)
            moves = [self.end(message, State.FAILED, Reason.UNREADABLE)]
            report(work, [message], moves, work.messages.move(moves), at=self.at, done=self.done)

    def _together(self, messages: Sequence[Message]) -> list[Cleared]:
        """One transaction: the facts as they are, the guards, the day's quota, the fence."""
        with self.uow() as work:
            grounds = work.decisions.grounds(
                messages,
                sending_domain=sending_domain(self.rulebook),
                at=self.at,
                with_open=self.rulebook.segments.have_limits,
            )
            slot = slot_of(self.at, grounds.workspace, self.rulebook)
            judge = _Judge(decision=self, grounds=grounds, slot=slot)
            moves: list[Move] = []
            ready: list[Cleared] = []
            for message in newest(messages):
                verdict = judge.verdict(message)
                if isinstance(verdict, Cleared):
                    ready.append(verdict)
                else:
                    moves.append(verdict)
            ready = self._with_room(work, ready, moves, judge, messages)
            moved = work.messages.move(moves)
            report(work, messages, moves, moved, at=self.at, done=self.done)
            lost = [cleared for cleared in ready if cleared.message.id not in moved]
            give_back(work, ((part, one.message.source) for one in lost for part in one.slots))
            return [cleared for cleared in ready if cleared.message.id in moved]

    def _with_room(
        self, work: UnitOfWork, ready: list[Cleared], moves: list[Move], judge: _Judge, claimed: Sequence[Message]
    ) -> list[Cleared]:
        """Those for which the quota has room; their fences, and the deferrals of the others, join `moves`."""
        gone = {move.id: move.leaves_at for move in moves}
        room = Room(work, self.rulebook.policy, judge.grounds, judge.slot, self.at, claimed, gone)
        leaving = room.share(ready)
        moves += [judge.defer(cleared.message, wait) for cleared, wait in room.waits]
        moves += [self.move(cleared.message, State.SENDING, None, lease_until=self.until) for cleared in leaving]
        return leaving

    def move(
        self,
        message: Message,
        to: State,
        reason: Reason | None,
        *,
        lease_until: datetime | None = None,
        leaves_at: datetime | None = None,
        segment: str | None = None,
    ) -> Move:
        return Move(
            id=message.id,
            was=message.state,
            to=to,
            at=self.at,
            reason=reason,
            token=message.token,
            lease_until=lease_until,
            leaves_at=leaves_at,
            segment=segment,
        )

    def end(self, message: Message, to: State, reason: Reason) -> Move:
        """Its way ends here; what may have left before goes to a person instead."""
        state = ending(message, to)
        return self.move(message, state, reason if state is to else Reason.MAIL_UNKNOWN)


@dataclass(slots=True)
class _Judge:
    """What the batch shares, and the verdict on each message."""

    decision: _Decision
    grounds: Grounds
    slot: Slot
    taken: set[tuple[int, int]] = field(default_factory=set)

    def verdict(self, message: Message) -> Cleared | Move:
        """Cleared by the guards, or where it goes instead. Ask for the newest request first."""
        decision, rulebook, end = self.decision, self.decision.rulebook, self.decision.end
        since = message.doubtful_since
        if since is not None and not may_resend(since, decision.at, rulebook.policy):
            return end(message, State.UNCONFIRMED, Reason.MAIL_UNKNOWN)
        if (message.account_id, message.contact_id) in self.taken:
            # Nothing is replayed in bulk: of several to the same contact the newest survives.
            return end(message, State.CANCELLED, Reason.SUPERSEDED)
        grounds = self.grounds
        facts = grounds.accounts.get(message.account_id)
        person = None if message.requested_by is None else grounds.people.get(message.requested_by)
        if facts is None or (person is None and message.requested_by is not None):
            return end(message, State.REFUSED, Reason.REQUESTER_GONE)
        template = grounds.templates.get((message.template_key, message.template_version))
        if template is None or not template.is_approved:
            return end(message, State.REFUSED, Reason.NO_TEMPLATE)
        plan = plan_nudge(
            workspace=grounds.workspace,
            person=person,
            facts=facts,
            rulebook=rulebook,
            at=decision.at,
            volume=grounds.volume,
            contact_id=message.contact_id,
            invoice_id=message.invoice_id,
            message_id=message.id,
            source=message.source,
        )
        if isinstance(plan, Refused):
            return end(message, State.REFUSED, plan.reason)
        if isinstance(plan, Wait):
            return self.defer(message, plan)
        wording = grounds.wordings.get(message.id)
        mail = write_mail(
            wording.over(template) if wording else template,
            facts=facts,
            invoice=plan.invoice,
            contact=plan.contact,
            # A step comes from the house, whoever approved it.
            person=person if message.source is Source.NUDGE else None,
            rulebook=rulebook,
            zone=plan.departure.zone,
            leaves_at=decision.at,
            message_id=message_id(message, domain=rulebook.policy.sender.address.rpartition("@")[2]),
        )
        if isinstance(mail, Refused):
            return end(message, State.REFUSED, mail.reason)
        self.taken.add((message.account_id, message.contact_id))
        return Cleared(message, mail, plan.invoice.number, self.slot, decision.at, plan.case.segment)

    def defer(self, message: Message, wait: Wait) -> Move:
        """Back into the queue for the customer's first open hours from `wait.until` on; not an attempt.

        Maintenance began between the claim and now: it stays due, and nobody claims it before the end.
        """
        decision, rulebook = self.decision, self.decision.rulebook
        if wait.reason is Reason.MAINTENANCE:
            return decision.move(message, State.QUEUED, wait.reason)
        facts, workspace = self.grounds.accounts[message.account_id], self.grounds.workspace
        zone = zone_of(facts.account, facts.contact(message.contact_id), workspace, rulebook)
        try:
            segment = segment_of(facts, workspace, rulebook, at=decision.at)
            opening = opening_after(wait.until, zone, facts, segment, rulebook)
        except NeverOpen:
            return decision.end(message, State.REFUSED, Reason.NO_OPENING)
        due = spread(opening, key=message.id, over=rulebook.policy.spread)
        if due >= message.expires_at:
            return decision.end(message, State.EXPIRED, wait.reason)
        since = message.doubtful_since
        if since is not None and not may_resend(since, due, rulebook.policy):
            return decision.end(message, State.UNCONFIRMED, Reason.MAIL_UNKNOWN)
        name = segment.name if segment else ""
        return decision.move(message, State.QUEUED, wait.reason, leaves_at=due, segment=name)
