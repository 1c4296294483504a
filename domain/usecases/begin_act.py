"""Whether somebody may begin what changes the record: asked when a button is clicked, before its form is shown."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.recording import NEEDS, Act, Begun, may_begin
from domain.reporting import DisputeStory, PromiseStory, ReportStory
from domain.usecases._asker import asker, audit_refusal, visible_account
from domain.values import Actor, Role


def begin_act(
    act: Act,
    account_id: int,
    about_id: int,
    *,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> Begun | Refused:
    """Decides nothing: what the form sends is checked anew. A refusal is audited as `record.<act>.refused`.

    `about_id` is the report, the promise or the dispute, as the act goes; a legal hold is about the account alone.
    """
    at = clock.now()
    doing, subject = f"record.{act}", f"account:{account_id}"
    with uow() as work:
        person = asker(work, actor, at, needs=NEEDS[act], doing=doing, subject=subject)
        if isinstance(person, Refused):
            return person
        account = visible_account(work, person, account_id, rulebook.policy.scope, at=at, doing=doing)
        if isinstance(account, Refused):
            return account
        if not may_begin(person, act):
            refusal = Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER)
            return audit_refusal(
                work, f"{doing}.refused", refusal, actor=actor, at=at, subject=subject, account_id=account_id
            )
        return Begun(act, account, person, _about(work, act, account_id, about_id))


def _about(
    work: UnitOfWork, act: Act, account_id: int, about_id: int
) -> ReportStory | PromiseStory | DisputeStory | None:
    """Only what belongs to the account that the person may see."""
    story: ReportStory | PromiseStory | DisputeStory | None
    match act:
        case Act.REJECT:
            story = next(iter(work.reports.stories([about_id])), None)
        case Act.WITHDRAW:
            story = work.promises.story(about_id)
        case Act.RESOLVE | Act.ANSWER:
            story = work.disputes.story(about_id)
        case _:
            story = None
    return story if story is not None and story.account.id == account_id else None
