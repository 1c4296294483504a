"""A person decides that a draft of Autopilot is not sent, and says why. Its sequence goes on with the next step."""

from __future__ import annotations

from domain.autopilot import Skipped
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.shadow import DraftSkipped
from domain.usecases._asker import audit_refusal
from domain.usecases._autopilot import plan_accounts
from domain.usecases._drafting import gone, one_draft
from domain.values import Actor

_DOING = "draft.skipped"


def skip_draft(
    step_id: int, why: str, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> DraftSkipped | Refused:
    """`why` is a few words, and not empty; the audit log keeps it. The next step is planned at once."""
    at, subject = clock.now(), f"step:{step_id}"
    with uow() as work:
        one = one_draft(work, step_id, doing=_DOING, actor=actor, rulebook=rulebook, at=at, lock=True)
        if isinstance(one, Refused):
            return one
        weighed, draft, person = one.weighed, one.weighed.draft, one.scales.person
        if not work.steps.skip([Skipped(step_id, Reason.DRAFT_SKIPPED)] if draft.waits(at) else []):
            no = gone(weighed)
            return audit_refusal(
                work, f"{_DOING}.refused", no, actor=actor, at=at, subject=subject, account_id=draft.account_id
            )
        work.drafts.decide([step_id], by=person.id, at=at)
        work.audit.record(
            _DOING, at=at, actor_id=person.id, subject=subject, account_id=draft.account_id, after={"why": why}
        )
        plan_accounts(work, [draft.account_id], book=one.scales.book, rulebook=rulebook, at=at)
        course = work.sequences.of([draft.account_id]).get(draft.account_id)
        pending = course.pending if course else None
        return DraftSkipped(weighed, pending.due_at if pending else None)
