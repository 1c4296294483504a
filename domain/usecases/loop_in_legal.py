"""Ask Legal about a dispute."""

from __future__ import annotations

from datetime import datetime

from domain.commitments import DisputeState
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, DisputeStep, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.reporting import DisputeChanged
from domain.rules.business_days import calendar_of
from domain.rules.duty import least_burdened
from domain.rules.reporting import LEGAL_ANSWERS_IN, end_of_business_day
from domain.usecases._asker import audit_refusal
from domain.usecases._disputing import legal_telling, moved, refuse_state, to_change
from domain.values import Actor, Capability, Person, Role

IN_REVIEW = 500
"""Disputes in review that are counted to see who in Legal has the fewest."""


def loop_in_legal(
    dispute_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> DisputeChanged | Refused:
    """In review from now on: a Legal person owns it and has two business days.

    The owner is whoever in Legal is there and has the fewest disputes in review.
    """
    at, doing = clock.now(), "dispute.review"
    with uow() as work:
        found = to_change(work, dispute_id, needs=Capability.RECORD, doing=doing, actor=actor, at=at, rulebook=rulebook)
        if isinstance(found, Refused):
            return found
        person, story = found
        if story.dispute.state is not DisputeState.OPEN:
            return refuse_state(work, story, doing=doing, actor=actor, at=at)
        owner = _owner(work, at)
        if owner is None:
            nobody, subject = Refused(Reason.NOBODY_IN_LEGAL, ask=Role.CONTROLLER), f"dispute:{dispute_id}"
            return audit_refusal(
                work, f"{doing}.refused", nobody, actor=actor, at=at, subject=subject, account_id=story.account.id
            )
        calendar = calendar_of(story.account, work.organisation.get(), rulebook)
        step = DisputeStep(
            dispute_id,
            DisputeState.OPEN,
            DisputeState.IN_REVIEW,
            at,
            person.id,
            owner=owner.name,
            owner_email=owner.email.lower(),
            answer_due_at=end_of_business_day(at, LEGAL_ANSWERS_IN, calendar),
        )
        outcome = moved(work, story, step, doing=doing)
        work.notices.raise_all([legal_telling(dispute_id, "legal", owner, at)])
        return outcome


def _owner(work: UnitOfWork, at: datetime) -> Person | None:
    in_review = work.disputes.unresolved(states=[DisputeState.IN_REVIEW], limit=IN_REVIEW)
    return least_burdened(
        work.people.holding({Role.LEGAL}, at),
        absences=work.absences.standing(at),
        burdens=[each.dispute.owner_email for each in in_review],
        at=at,
    )
