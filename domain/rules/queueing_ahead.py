"""A step's way through the queue at a moment that is to come, by the guards that will decide it then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from domain.autopilot import Sequence
from domain.facts import AccountFacts
from domain.outcomes import Refused
from domain.reasons import Reason
from domain.rules.guards import Wait
from domain.rules.nudging import Plan, departure_of, opening_after, plan_nudge, segment_of, zone_of
from domain.rules.quiet_hours import NeverOpen, spread
from domain.simulation import Basis
from domain.timeline import Source
from domain.warming import Volume


@dataclass(frozen=True, slots=True)
class Queued:
    """A step's message in the queue. `why`: what it waits for. `is_fresh`: the guards have just let it go."""

    leaves_at: datetime
    expires_at: datetime
    contact_id: int
    why: Reason | None = None
    is_fresh: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """What both decisions on one step read. `key` spreads it: the message will have an id that nobody knows yet."""

    facts: AccountFacts
    running: Sequence
    basis: Basis
    volume: Volume
    key: str
    at: datetime

    def queue(self) -> Queued | Refused:
        """As the job that looks after due steps puts it into the queue."""
        plan = self._plan()
        if isinstance(plan, Refused):
            return plan
        assert isinstance(plan, Plan)
        policy = self.basis.rulebook.policy
        departure = departure_of(plan.departure, message_id=self.key, policy_spread=policy.spread)
        why = departure.waits_for
        return Queued(departure.at, departure.opening.at + policy.expiry, plan.contact.id, why, is_fresh=why is None)

    def release(self, queued: Queued) -> Queued | Refused | Wait | None:
        """As the release decides it anew: None when it leaves, a `Wait` when the house is closed."""
        if queued.is_fresh:
            return None
        plan = self._plan(queued.contact_id)
        if isinstance(plan, Refused):
            return plan
        if isinstance(plan, Plan):
            return None
        return self._later(queued, plan) if plan.admits else plan

    def _later(self, queued: Queued, wait: Wait) -> Queued | Refused:
        facts, rulebook = self.facts, self.basis.rulebook
        workspace = self.basis.workspace
        zone = zone_of(facts.account, facts.contact(queued.contact_id), workspace, rulebook)
        segment = segment_of(facts, workspace, rulebook, at=self.at)
        try:
            opening = opening_after(wait.until, zone, facts, segment, rulebook)
        except NeverOpen:
            return Refused(Reason.NO_OPENING)
        due = spread(opening, key=self.key, over=rulebook.policy.spread)
        if due >= queued.expires_at:
            return Refused(wait.reason)
        return replace(queued, leaves_at=due, why=wait.reason)

    def _plan(self, contact_id: int | None = None) -> Plan | Refused | Wait:
        return plan_nudge(
            workspace=self.basis.workspace,
            person=None,
            facts=self.facts,
            rulebook=self.basis.rulebook,
            at=self.at,
            volume=self.volume,
            contact_id=contact_id,
            invoice_id=self.running.invoice_id,
            message_id=self.key if contact_id is not None else None,
            source=Source.AUTOPILOT,
        )
