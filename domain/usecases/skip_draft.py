"""A person decides that a draft of Autopilot is not sent, and says why. Its sequence goes on with the next step."""

from __future__ import annotations

from domain.autopilot import Skipped
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.shadow import DraftSkipped
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._autopilot import open_book, plan_accounts
from domain.usecases._drafting import Scales, facts_for, gone
from domain.values import Actor, Capability

_DOING = "draft.skipped"


def skip_draft(
    step_id: int, why: str, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> DraftSkipped | Refused:
    """`why` is a few words, and not empty; the audit log keeps it. The next step is planned at once."""
    at, subject = clock.now(), f"step:{step_id}"
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.APPROVE_DRAFTS, doing=_DOING, subject=subject)
        if isinstance(person, Refused):
            return person
        found, book = work.drafts.find([step_id]), open_book(work)
        if step_id not in found or book is None:
            stale = Refused(Reason.STALE_BUTTON)
            return audit_refusal(work, f"{_DOING}.refused", stale, actor=actor, at=at, subject=subject)
        facts = facts_for(work, found.values(), at=at, lock=True)
        draft = work.drafts.find([step_id])[step_id]
        weighed = Scales(work, book, person, rulebook, at).weigh([draft], facts)[step_id]
        if not work.steps.skip([Skipped(step_id, Reason.DRAFT_SKIPPED)] if draft.is_waiting else []):
            no = gone(draft, number=weighed.invoice.number)
            return audit_refusal(
                work, f"{_DOING}.refused", no, actor=actor, at=at, subject=subject, account_id=draft.account_id
            )
        work.drafts.decide([step_id], by=person.id, at=at)
        work.audit.record(
            _DOING, at=at, actor_id=person.id, subject=subject, account_id=draft.account_id, after={"why": why}
        )
        plan_accounts(work, [draft.account_id], book=book, rulebook=rulebook, at=at)
        course = work.sequences.of([draft.account_id]).get(draft.account_id)
        pending = course.pending if course else None
        return DraftSkipped(weighed, pending.due_at if pending else None)
