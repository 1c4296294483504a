"""Drafts of Autopilot that wait for a person, as they would leave now."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.shadow import A_PAGE, DraftList, Weighed
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._autopilot import open_book
from domain.usecases._drafting import Scales, facts_for, gone, one_draft
from domain.values import Actor, Capability


def see_drafts(
    *, start: int = 0, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> DraftList | Refused:
    """Those due first come first, from the `start`-th on; the last page when there are fewer by now."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.APPROVE_DRAFTS, doing="drafts")
        if isinstance(person, Refused):
            return person
        book = open_book(work)
        cut = work.drafts.waiting(at=at, start=start, limit=A_PAGE)
        if not cut.items and cut.total:
            start = (cut.total - 1) // A_PAGE * A_PAGE
            cut = work.drafts.waiting(at=at, start=start, limit=A_PAGE)
        if book is None:
            return DraftList((), 0, 0, person, at)
        facts = facts_for(work, cut.items, at=at, lock=False)
        weighed = Scales(work, book, person, rulebook, at).weigh(cut.items, facts)
        return DraftList(tuple(weighed[one.step_id] for one in cut.items), start, cut.total, person, at)


def see_draft(
    step_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Weighed | Refused:
    """One of them, for the form in which it is edited or skipped."""
    at = clock.now()
    with uow() as work:
        one = one_draft(work, step_id, doing="drafts", actor=actor, rulebook=rulebook, at=at, lock=False)
        if isinstance(one, Refused):
            return one
        weighed, draft = one.weighed, one.weighed.draft
        if draft.waits(at):
            return weighed
        no = gone(weighed)
        return audit_refusal(
            work, "drafts.refused", no, actor=actor, at=at, subject=draft.subject, account_id=draft.account_id
        )
