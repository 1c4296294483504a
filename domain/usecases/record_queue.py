"""What waits for the record."""

from __future__ import annotations

from domain.commitments import DisputeState
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.recording import watches_queue
from domain.reporting import RecordQueue
from domain.rules.access import may
from domain.usecases._asker import asker, audit_refusal
from domain.values import Actor, Capability, Role

SHOWN = 25


def record_queue(*, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> RecordQueue | Refused:
    """For Operators, A/R Managers and Controllers everything; for Legal the disputes in review."""
    at, doing = clock.now(), "record.queue"
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing=doing)
        if isinstance(person, Refused):
            return person
        if watches_queue(person):
            states = [state for state in DisputeState if state is not DisputeState.RESOLVED]
            stories = work.reports.stories(waiting=True, limit=SHOWN)
        elif may(person, Capability.RECORD_DISPUTE_INPUT):
            states, stories = [DisputeState.IN_REVIEW], []
        else:
            no = Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER)
            return audit_refusal(work, f"{doing}.refused", no, actor=actor, at=at, subject="person")
        disputes = work.disputes.unresolved(states=states, limit=SHOWN)
        return RecordQueue(tuple(stories), tuple(disputes), reader=person, at=at)
