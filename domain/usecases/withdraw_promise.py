"""The customer took an open promise back."""

from __future__ import annotations

from datetime import datetime

from domain.commitments import PromiseState
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, PromiseStep, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.reporting import Field, PromiseChanged, PromiseStory, Unacceptable
from domain.rules.reporting import said
from domain.usecases._alerting import retell, tell_reporter
from domain.usecases._asker import asker, audit_refusal, take_account, visible_account
from domain.values import Actor, Capability, Role


def withdraw_promise(
    promise_id: int, *, why: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> PromiseChanged | Unacceptable | Refused:
    """Its invoices may be chased again; whoever reported it hears of it."""
    at, doing, subject, why = clock.now(), "promise.withdrawn", f"promise:{promise_id}", why.strip()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.RECORD, doing=doing, subject=subject)
        if isinstance(person, Refused):
            return person
        story = work.promises.story(promise_id)
        if story is None:
            gone = Refused(Reason.STALE_BUTTON)
            return audit_refusal(work, f"{doing}.refused", gone, actor=actor, at=at, subject=subject)
        account = visible_account(work, person, story.account.id, rulebook.policy.scope, at=at, doing=doing)
        if isinstance(account, Refused):
            return account
        take_account(work, account.id, at)
        if problems := said(why, Field.WHY, "Say why: whoever reported it reads this."):
            return Unacceptable(tuple(problems))
        step = PromiseStep(promise_id, PromiseState.OPEN, PromiseState.WITHDRAWN, at, person.id, why=why)
        if not work.promises.move(step):
            return _refuse(work, promise_id, doing=doing, actor=actor, at=at)
        work.audit.record(
            doing,
            at=at,
            actor_id=person.id,
            subject=subject,
            account_id=account.id,
            before={"state": step.was.value},
            after={"state": step.to.value, "why": why},
        )
        for told in work.reports.stories(promise_id=promise_id):
            retell(work, told.report, at)
            tell_reporter(work, told.report, step.to.value, by=person.id, at=at)
        return PromiseChanged(_story(work, promise_id), was=step.was)


def _refuse(work: UnitOfWork, promise_id: int, *, doing: str, actor: Actor, at: datetime) -> Refused:
    """It is not in the record yet, or it has ended: how, when and by whom."""
    story = _story(work, promise_id)
    if story.promise.state is PromiseState.REPORTED:
        refusal = Refused(Reason.NOT_RECORDED_YET, ask=Role.OPERATOR)
    else:
        last = story.history[-1] if story.history else None
        refusal = Refused(
            Reason.ALREADY_DECIDED,
            subject=story.promise.state.value.replace("_", " "),
            by=last.by.name if last and last.by else None,
            at=story.promise.decided_at,
        )
    subject, account_id = f"promise:{promise_id}", story.account.id
    return audit_refusal(work, f"{doing}.refused", refusal, actor=actor, at=at, subject=subject, account_id=account_id)


def _story(work: UnitOfWork, promise_id: int) -> PromiseStory:
    story = work.promises.story(promise_id)
    assert story is not None  # promises are never deleted
    return story
