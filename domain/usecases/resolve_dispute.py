"""End a dispute: credit, invalid or withdrawn."""

from __future__ import annotations

from domain.commitments import DisputeState, Resolution
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, DisputeStep, UnitOfWorkFactory
from domain.reporting import DisputeChanged, Field, Unacceptable
from domain.rules.reporting import said
from domain.usecases._disputing import moved, refuse_state, to_change
from domain.values import Actor, Capability


def resolve_dispute(
    dispute_id: int,
    *,
    resolution: Resolution,
    why: str,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> DisputeChanged | Unacceptable | Refused:
    """Its invoices may be chased again; whoever reported it hears of it."""
    at, doing, why = clock.now(), "dispute.resolved", why.strip()
    with uow() as work:
        found = to_change(work, dispute_id, needs=Capability.RECORD, doing=doing, actor=actor, at=at, rulebook=rulebook)
        if isinstance(found, Refused):
            return found
        person, story = found
        was = story.dispute.state
        if was not in (DisputeState.OPEN, DisputeState.IN_REVIEW):
            return refuse_state(work, story, doing=doing, actor=actor, at=at)
        if problems := said(why, Field.WHY, "Say how it was settled: whoever reported it reads this."):
            return Unacceptable(tuple(problems))
        step = DisputeStep(dispute_id, was, DisputeState.RESOLVED, at, person.id, why=why, resolution=resolution)
        return moved(work, story, step, doing=doing)
