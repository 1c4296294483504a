"""A person changes the prose of a draft of Autopilot; its merge tags stay those of the approved text."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.wording import misworded, tidied
from domain.shadow import DraftEdited, Misworded
from domain.templates import Wording
from domain.usecases._asker import audit_refusal
from domain.usecases._drafting import gone, one_draft
from domain.usecases._library import digest_of
from domain.values import Actor

_DOING = "draft.edited"


def edit_draft(
    step_id: int,
    wording: Wording,
    *,
    revision: int,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> DraftEdited | Misworded | Refused:
    """`revision` is the one that was edited. Every revision is kept; the audit log knows it by its hash.

    The draft goes on waiting, for as long as it would have. What is wrong with the words is told, and not audited:
    whoever wrote them still sits before them.
    """
    at, subject = clock.now(), f"step:{step_id}"
    with uow() as work:
        one = one_draft(work, step_id, doing=_DOING, actor=actor, rulebook=rulebook, at=at, lock=True)
        if isinstance(one, Refused):
            return one
        before, person = one.weighed, one.scales.person
        draft = before.draft
        if not draft.waits(at):
            no = gone(before)
        elif draft.revision != revision:
            no = Refused(Reason.DRAFT_CHANGED, by=draft.edited_by)
        elif before.template is None or before.wording is None:
            no = Refused(Reason.NO_TEMPLATE)
        else:
            edited = tidied(wording)
            if (fault := misworded(edited, before.template.wording)) is not None:
                return fault
            if edited == tidied(before.wording):
                return Misworded(Refused(Reason.NOTHING_CHANGED), in_subject=False)
            if work.drafts.reword(draft, edited, by=person.id, at=at):
                work.audit.record(
                    _DOING,
                    at=at,
                    actor_id=person.id,
                    subject=subject,
                    account_id=draft.account_id,
                    before={"revision": draft.revision, "hash": _digest(before.wording)},
                    after={"revision": draft.revision + 1, "hash": _digest(edited)},
                )
                after = work.drafts.find([step_id])[step_id]
                return DraftEdited(one.scales.weigh([after], one.facts)[step_id])
            no = Refused(Reason.DRAFT_CHANGED)
        return audit_refusal(
            work, f"{_DOING}.refused", no, actor=actor, at=at, subject=subject, account_id=draft.account_id
        )


def _digest(wording: Wording) -> str:
    return digest_of(f"{wording.subject}\n\n{wording.body}")
