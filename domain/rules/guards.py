"""The guards: one ordered list, run at the click and again at the release, from the same function.

Each guard looks at a `Case` and answers None (nothing against it), a `Wait`, or a `Refused`. Adding a guard is one
function, one reason, one sentence in `handlers.texts`, and one row in the table test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from domain.accounts import Contact, Invoice
from domain.facts import AccountFacts
from domain.messages import State
from domain.outcomes import Refused
from domain.policies import Segment
from domain.policy import Closed, Policy, Sending, Workspace
from domain.reasons import Reason
from domain.rules.access import may, sees
from domain.rules.allowance import why_full
from domain.rules.objections import by_newest, contact_objection, invoice_objection
from domain.rules.quiet_hours import Opening
from domain.timeline import AutopilotStep, Source
from domain.values import Capability, Person, Role
from domain.warming import Slot, Volume


@dataclass(frozen=True, slots=True)
class Case:
    """One mail under examination: a nudge of `person`, or a step of Autopilot that `person` approved, if anybody did.

    `at` is the instant of the decision, `opening` the customer's next open stretch from then on. Touches and
    Autopilot's steps are measured from the moment it would leave, so that a nudge clicked at night is judged by the
    morning. `message_id` is set at release, so that a message is not held up by itself. `planned`: Autopilot's steps
    that are still to leave in the slot's day. `zones`: the account's, by which a suppression's days are counted.
    `segment`: the customer's now, for its cap.
    """

    workspace: Workspace
    person: Person | None
    facts: AccountFacts
    invoice: Invoice | None
    contact: Contact | None
    policy: Policy
    at: datetime
    opening: Opening
    volume: Volume
    slot: Slot
    planned: int = 0
    message_id: str | None = None
    source: Source = Source.NUDGE
    zones: tuple[tzinfo, ...] = (UTC,)
    segment: Segment | None = None

    @property
    def leaves_at(self) -> datetime:
        return self.opening.at

    def objection(self, invoice: Invoice) -> Refused | None:
        return invoice_objection(invoice, facts=self.facts, policy=self.policy, at=self.at, leaves_at=self.leaves_at)


@dataclass(frozen=True, slots=True)
class Wait:
    """Not yet: try again at `until`. Being deferred is not an attempt.

    `admits` tells whether new nudges may join the queue meanwhile: quiet hours and caps yes, a pause no.
    """

    reason: Reason
    until: datetime
    admits: bool = True


Verdict = Wait | Refused | None
Guard = Callable[[Case], Verdict]

PAUSE_RECHECK = timedelta(minutes=5)
"""How often a queue that waits for an open-ended pause looks again (a guess that costs nothing: decided)."""


def sending_is_on(case: Case) -> Verdict:
    """Guard 1: maintenance, a pause, or degraded billing stop new sends."""
    closed = case.workspace.closed_at(case.at)
    return Wait(CLOSED[closed.state], closed.until or case.at + PAUSE_RECHECK, admits=False) if closed else None


def closed_refusal(closed: Closed) -> Refused:
    """The banner: nothing new is taken now, why, who said so, and until when."""
    return Refused(CLOSED[closed.state], until=closed.until, subject=closed.reason or None, by=closed.by or None)


CLOSED = {
    Sending.PAUSED: Reason.SENDING_PAUSED,
    Sending.MAINTENANCE: Reason.MAINTENANCE,
    Sending.DEGRADED: Reason.DEGRADED,
}


_NEEDS = {Source.NUDGE: Capability.NUDGE, Source.AUTOPILOT: Capability.APPROVE_DRAFTS}


def person_may_nudge(case: Case) -> Verdict:
    """Guard 2: role, grant and account scope of who asked or approved, as they are now. Nobody asks Autopilot."""
    if case.person is None:
        return None if case.source is Source.AUTOPILOT else Refused(Reason.REQUESTER_GONE)
    if not case.person.is_active:
        return Refused(Reason.DEACTIVATED, ask=Role.CONTROLLER, by=case.person.name)
    if not may(case.person, _NEEDS[case.source]):
        return Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER)
    if not sees(case.person, case.facts.account, case.policy.scope):
        return Refused(Reason.OUT_OF_SCOPE, ask=Role.CONTROLLER)
    return None


def account_is_free(case: Case) -> Verdict:
    """Guard 3: a legal hold takes the whole account out."""
    if case.facts.account.legal_hold:
        return Refused(Reason.LEGAL_HOLD, ask=Role.LEGAL)
    return None


def invoice_may_be_chased(case: Case) -> Verdict:
    """Guard 3, for the invoice: paid, void, disputed, promised, too small, covered by cash, no live pay link.

    Without an invoice the newest open one says why nothing can be cited.
    """
    if case.invoice is not None:
        return case.objection(case.invoice)
    newest = max((i for i in case.facts.invoices if i.is_open and i.balance.minor > 0), key=by_newest, default=None)
    return case.objection(newest) if newest else Refused(Reason.NO_ELIGIBLE_INVOICE)


def contact_is_reachable(case: Case) -> Verdict:
    """Guard 4: there is a contact, its address is valid, and nobody suppressed it."""
    return contact_objection(case.contact, at=case.leaves_at, zones=case.zones)


def books_are_fresh(case: Case) -> Verdict:
    """Guard 5: nobody is reminded on stale books."""
    synced = case.facts.account.synced_at
    if synced is None or case.at - synced > case.policy.freshness:
        return Refused(Reason.STALE_DATA, ask=Role.ADMIN, at=synced)
    return None


def autopilot_is_clear(case: Case) -> Verdict:
    """Guard 6: no step of Autopilot due within 48 h after the nudge, none sent within 24 h before it, none whose draft
    or mail waits, or whose time is over: that may leave at any minute.

    Autopilot is asked nothing here: it keeps its plan, and nudges keep away from it, always for as long as two mails to
    one contact are apart. Whether a step of another sender whose time is over still comes, nobody here knows.
    """
    if case.source is Source.AUTOPILOT:
        return None
    before, after = _before(case), case.policy.autopilot_after
    for step in case.facts.steps:
        if step.sent_at is not None:
            if timedelta(0) <= case.leaves_at - step.sent_at < after:
                sent = Reason.AUTOPILOT_SENT if step.is_own else Reason.PLANNED_SENT
                return Refused(sent, subject=step.name, at=step.sent_at, until=step.sent_at + after)
        elif step.is_drafted and (step.expires_at is None or case.leaves_at < step.expires_at):
            return Refused(
                Reason.DRAFT_WAITS, subject=step.name, at=step.due_at, until=step.expires_at, ask=Role.OPERATOR
            )
        elif step.is_scheduled and (unsettled := _unsettled(case, step)) is not None:
            return Refused(unsettled, subject=step.name, at=step.due_at, after=after, ask=Role.OPERATOR)
        elif step.is_scheduled:
            is_near = -after < step.due_at - case.leaves_at <= before
            if is_near or (step.is_own and step.due_at <= case.leaves_at):
                due = Reason.AUTOPILOT_DUE if step.is_own else Reason.PLANNED_DUE
                until = _clear_of_steps(case, step.due_at if is_near else case.leaves_at)
                return Refused(due, subject=step.name, at=step.due_at, until=until)
    return None


def _unsettled(case: Case, step: AutopilotStep) -> Reason | None:
    """Its mail waits for a person: until then nobody can tell when a nudge is possible."""
    waits = {State.HELD: Reason.STEP_HELD, State.UNCONFIRMED: Reason.STEP_UNCONFIRMED}
    return next((waits.get(mail.state) for mail in case.facts.nudges if mail.step_id == step.id), None)


def _before(case: Case) -> timedelta:
    """How long before a step no nudge leaves: one that is nearer than the gap would make the step wait."""
    return max(case.policy.autopilot_before, case.policy.contact_gap)


def _clear_of_steps(case: Case, due_at: datetime) -> datetime:
    """The first moment after the step at `due_at` that no further step stands in the way of."""
    before, after = _before(case), case.policy.autopilot_after
    clear = due_at + after
    for step in sorted((s for s in case.facts.steps if s.is_scheduled), key=lambda s: s.due_at):
        if -after < step.due_at - clear <= before:
            clear = step.due_at + after
    return clear


def contact_is_rested(case: Case) -> Verdict:
    """Guard 7: rolling caps per contact over nudges, Autopilot and operator mail together.

    At the click every open nudge to the contact counts as the touch it will become; at release only those that
    may already have left.
    """
    contact = case.contact
    if contact is None:
        return None
    if case.source is Source.AUTOPILOT:
        return _contact_is_rested_for_autopilot(case, contact)
    others = [n for n in case.facts.nudges if n.contact_id == contact.id and n.id != case.message_id]
    if case.message_id is not None:
        others = [n for n in others if n.state in (State.SENDING, State.UNCONFIRMED) or n.doubtful_since is not None]
    if others:
        first = min(others, key=lambda nudge: nudge.leaves_at)
        if first.state not in (State.QUEUED, State.SENDING, State.CLAIMED):
            # Held, or nobody knows whether it arrived: a person decides, so no time can be told.
            return Refused(Reason.NUDGE_QUEUED, ask=Role.OPERATOR)
        return Refused(Reason.NUDGE_QUEUED, at=first.leaves_at, until=first.leaves_at + case.policy.contact_gap)
    if case.invoice is not None:
        # Two colleagues of one customer with the same reminder on one day make us look foolish.
        cited = [t.at for t in case.facts.touches if t.is_nudge and t.invoice_id == case.invoice.id]
        if cited and case.leaves_at - max(cited) < case.policy.contact_gap:
            until = max(cited) + case.policy.contact_gap
            return Refused(Reason.INVOICE_NUDGED, subject=case.invoice.number, at=max(cited), until=until)
    touches = sorted(t.at for t in case.facts.touches if t.contact_id == contact.id)
    if touches and case.leaves_at - touches[-1] < case.policy.contact_gap:
        return Refused(Reason.CONTACT_TOUCHED, at=touches[-1], until=touches[-1] + case.policy.contact_gap)
    window = case.leaves_at - case.policy.nudge_window
    nudged = sorted(t.at for t in case.facts.touches if t.contact_id == contact.id and t.is_nudge)
    recent = [at for at in nudged if at > window]
    if len(recent) >= case.policy.nudges_per_window:
        oldest = recent[-case.policy.nudges_per_window]
        return Refused(Reason.NUDGE_CAP, at=recent[-1], until=oldest + case.policy.nudge_window)
    return None


def _contact_is_rested_for_autopilot(case: Case, contact: Contact) -> Verdict:
    """Its step waits for the gap to be over; a mail that may have left counts as one that did."""
    touches = [touch.at for touch in case.facts.touches if touch.contact_id == contact.id]
    for other in case.facts.nudges:
        if other.contact_id == contact.id and other.id != case.message_id:
            if other.state is State.SENDING:
                touches.append(case.at)
            elif other.doubtful_since is not None:
                touches.append(other.doubtful_since)
    last = max(touches, default=None)
    if last is None or case.leaves_at - last >= case.policy.contact_gap:
        return None
    return Wait(Reason.CONTACT_TOUCHED, last + case.policy.contact_gap)


def day_has_room(case: Case) -> Verdict:
    """Guard 8: the sending domain's mails of one day and one hour, and the segment's of one day. Overflow waits, it is
    never rerouted.
    """
    slot, segment = case.slot, case.segment
    full = why_full(case.volume, case.source, case.policy, slot=slot, at=case.at, planned=case.planned, segment=segment)
    return Wait(full.reason, full.until, admits=not full.is_stop) if full else None


def hours_are_open(case: Case) -> Verdict:
    """Guard 9: the customer's business hours."""
    return Wait(Reason.QUIET_HOURS, case.opening.at) if case.opening.at > case.at else None


GUARDS: tuple[Guard, ...] = (
    sending_is_on,
    person_may_nudge,
    account_is_free,
    invoice_may_be_chased,
    contact_is_reachable,
    books_are_fresh,
    autopilot_is_clear,
    contact_is_rested,
    day_has_room,
    hours_are_open,
)


def judge(case: Case) -> Verdict:
    """The first objection in the guards' order that settles it: a refusal wins over any wait.

    Waiting for quiet hours must not hide that the nudge would be refused anyway, so waits are remembered and
    the rest of the list is still asked. Among waits the first one found names the reason and the longest one
    the time.
    """
    waits: list[Wait] = []
    for guard in GUARDS:
        verdict = guard(case)
        if isinstance(verdict, Refused):
            return verdict
        if verdict is not None:
            waits.append(verdict)
    if not waits:
        return None
    return Wait(waits[0].reason, max(w.until for w in waits), admits=all(w.admits for w in waits))
