"""A dispute that somebody wants to change: who asks, and how it stands. Shared by its use cases."""

from __future__ import annotations

from datetime import datetime

from domain.commitments import DisputeState
from domain.notices import NoticeKind, Telling
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import DisputeStep, UnitOfWork
from domain.reasons import Reason
from domain.reporting import DisputeChanged, DisputeStory
from domain.usecases._alerting import retell, tell_reporter
from domain.usecases._asker import asker, audit_refusal, take_account, visible_account
from domain.values import Actor, Capability, Person, Role


def to_change(
    work: UnitOfWork,
    dispute_id: int,
    *,
    needs: Capability,
    doing: str,
    actor: Actor,
    at: datetime,
    rulebook: Rulebook,
) -> tuple[Person, DisputeStory] | Refused:
    """The asker and the dispute, its account's row taken; refused when they may not or there is none."""
    subject = f"dispute:{dispute_id}"
    person = asker(work, actor, at, needs=needs, doing=doing, subject=subject)
    if isinstance(person, Refused):
        return person
    story = work.disputes.story(dispute_id)
    if story is None:
        return audit_refusal(
            work, f"{doing}.refused", Refused(Reason.STALE_BUTTON), actor=actor, at=at, subject=subject
        )
    account = visible_account(work, person, story.account.id, rulebook.policy.scope, at=at, doing=doing)
    if isinstance(account, Refused):
        return account
    take_account(work, account.id, at)
    story = work.disputes.story(dispute_id)
    assert story is not None
    return person, story


def refuse_state(work: UnitOfWork, story: DisputeStory, *, doing: str, actor: Actor, at: datetime) -> Refused:
    """It is not where this step begins: not in the record yet, or somebody was faster."""
    if story.dispute.state is DisputeState.REPORTED:
        refusal = Refused(Reason.NOT_RECORDED_YET, ask=Role.OPERATOR)
    else:
        last = story.history[-1] if story.history else None
        refusal = Refused(
            Reason.ALREADY_DECIDED,
            subject=story.dispute.state.value.replace("_", " "),
            by=last.by.name if last and last.by else None,
            at=last.at if last else None,
        )
    return audit_refusal(
        work,
        f"{doing}.refused",
        refusal,
        actor=actor,
        at=at,
        subject=f"dispute:{story.dispute.id}",
        account_id=story.account.id,
    )


def moved(work: UnitOfWork, story: DisputeStory, step: DisputeStep, *, doing: str) -> DisputeChanged:
    """Take the step, and tell whoever was alerted of the report it came from."""
    if not work.disputes.move(step):
        raise RuntimeError("A dispute moved while its account was ours.")
    after: dict[str, object] = {"state": step.to.value}
    facts = {"resolution": step.resolution, "owner": step.owner, "why": step.why}
    work.audit.record(
        doing,
        at=step.at,
        actor_id=step.actor_id,
        subject=f"dispute:{step.id}",
        account_id=story.account.id,
        before={"state": step.was.value},
        after=after | {name: str(value) for name, value in facts.items() if value},
    )
    changed(work, step.id, step.at)
    for told in work.reports.stories(dispute_id=step.id):
        tell_reporter(work, told.report, step.to.value, by=step.actor_id, at=step.at)
    after_it = work.disputes.story(step.id)
    assert after_it is not None
    return DisputeChanged(after_it, was=step.was)


def changed(work: UnitOfWork, dispute_id: int, at: datetime) -> None:
    """Edit what was posted about the dispute: the alerts of its report, and what Legal has."""
    for told in work.reports.stories(dispute_id=dispute_id):
        retell(work, told.report, at)
    work.notices.raise_all(
        legal_telling(dispute_id, "legal", person, at, only_edit=True)
        for person in work.people.holding({Role.LEGAL}, at)
    )


def legal_telling(dispute_id: int, what: str, person: Person, at: datetime, *, only_edit: bool = False) -> Telling:
    """`legal`: Legal is asked; `answered`: whoever keeps the record hears what Legal says."""
    return Telling(
        f"dispute:{dispute_id}:{what}:{person.id}",
        NoticeKind.LEGAL_DUTY,
        subject=str(dispute_id),
        recipient=person.id,
        at=at,
        only_edit=only_edit,
    )
