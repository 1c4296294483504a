"""All that became of a promise or a dispute of the record: for whoever sees its account."""

from __future__ import annotations

from collections.abc import Callable

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.reporting import DisputeStory, HistoryShown, PromiseStory
from domain.usecases._asker import asker, audit_refusal, visible_account
from domain.values import Actor, Capability

DOING = "record.history"


def promise_history(
    promise_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> HistoryShown | Refused:
    return _shown(
        lambda work: work.promises.story(promise_id),
        subject=f"promise:{promise_id}",
        actor=actor,
        uow=uow,
        clock=clock,
        rulebook=rulebook,
    )


def dispute_history(
    dispute_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> HistoryShown | Refused:
    return _shown(
        lambda work: work.disputes.story(dispute_id),
        subject=f"dispute:{dispute_id}",
        actor=actor,
        uow=uow,
        clock=clock,
        rulebook=rulebook,
    )


def _shown(
    read: Callable[[UnitOfWork], PromiseStory | DisputeStory | None],
    *,
    subject: str,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> HistoryShown | Refused:
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing=DOING, subject=subject)
        if isinstance(person, Refused):
            return person
        story = read(work)
        if story is None:
            stale = Refused(Reason.STALE_BUTTON)
            return audit_refusal(work, f"{DOING}.refused", stale, actor=actor, at=at, subject=subject)
        account = visible_account(work, person, story.account.id, rulebook.policy.scope, at=at, doing=DOING)
        return account if isinstance(account, Refused) else HistoryShown(story)
