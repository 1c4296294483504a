"""A person approves drafts of Autopilot, one or several: each goes into the queue as a mail of its step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.audit import Entry
from domain.outcomes import Refused
from domain.policies import Segment
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.guards import closed_refusal
from domain.rules.nudging import segment_today
from domain.shadow import Approved, DraftsApproved, NotApproved, Weighed
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._autopilot import open_book, plan_accounts
from domain.usecases._drafting import Scales, facts_for, gone
from domain.usecases._step_mail import queued_entry, step_mail
from domain.values import Actor, Capability, Person, Role

_DOING = "draft.approved"


def approve_drafts(
    revisions: Mapping[int, int], *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> DraftsApproved | Refused:
    """`revisions`: by step, the revision that the person has read. Nobody approves what they have not seen.

    What has changed in the books counts first, and withdraws what it has settled. What a guard refuses now goes on
    waiting: the person decides again, or its time runs out. The answer has one line for each draft, in the same order.
    """
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.APPROVE_DRAFTS, doing=_DOING, subject="drafts")
        if isinstance(person, Refused):
            return person
        workspace, book = work.organisation.get(), open_book(work)
        if (closed := workspace.closed_at(at)) is not None:
            banner = closed_refusal(closed)
            return audit_refusal(work, f"{_DOING}.refused", banner, actor=actor, at=at, subject="drafts")
        known = work.drafts.find(revisions)
        if book is None or set(known) != set(revisions):
            stale = Refused(Reason.STALE_BUTTON)
            return audit_refusal(work, f"{_DOING}.refused", stale, actor=actor, at=at, subject="drafts")
        plan_accounts(work, {one.account_id for one in known.values()}, book=book, rulebook=rulebook, at=at)
        facts = facts_for(work, known.values(), at=at, lock=True)
        drafts = work.drafts.find(revisions)  # as they are now that nobody else can decide them
        weighed = Scales(work, book, person, rulebook, at).weigh(drafts.values(), facts)
        each: list[Approved | NotApproved] = []
        for step_id, revision in revisions.items():
            one = weighed[step_id]
            no = _objection(one, revision, at)
            segment = segment_today(facts[one.account.id], workspace, rulebook, at=at)
            done = no or _queue(work, one, person, segment, rulebook, at)
            if isinstance(done, Refused):
                audit_refusal(
                    work,
                    f"{_DOING}.refused",
                    done,
                    actor=actor,
                    at=at,
                    subject=one.draft.subject,
                    account_id=one.account.id,
                )
                each.append(NotApproved(one.account, done))
            else:
                each.append(done)
        return DraftsApproved(tuple(each))


def _objection(one: Weighed, revision: int, at: datetime) -> Refused | None:
    draft = one.draft
    if not draft.waits(at):
        return gone(one)
    if draft.revision != revision:
        return Refused(Reason.DRAFT_CHANGED, by=draft.edited_by)
    return one.objection


def _queue(
    work: UnitOfWork, one: Weighed, person: Person, segment: Segment | None, rulebook: Rulebook, at: datetime
) -> Approved | Refused:
    draft = one.draft
    # The guards refuse what has nobody to write to, no text or no time.
    assert one.contact is not None
    assert one.template is not None
    assert one.departure is not None
    message = step_mail(
        draft.step_id,
        one.departure,
        one.template,
        account_id=one.account.id,
        contact_id=one.contact.id,
        invoice_id=one.invoice.id,
        approved_by=person.id,
        segment=segment,
        org_id=person.org_id,
        rulebook=rulebook,
        at=at,
    )
    if not work.steps.queue({draft.step_id: message}):
        # A mail of an earlier step for this invoice is still open: nobody knows whether it arrived.
        return Refused(Reason.MAIL_UNKNOWN, ask=Role.OPERATOR)
    work.drafts.decide([draft.step_id], by=person.id, at=at)
    facts: dict[str, object] = {"template": draft.template, "version": draft.template_version}
    facts |= {"revision": draft.revision, "leaves_at": message.leaves_at.isoformat()}
    approved = Entry(_DOING, at=at, actor_id=person.id, subject=draft.subject, account_id=draft.account_id, after=facts)
    work.audit.record_all([approved, queued_entry(message)])
    return Approved(one, one.departure)
