"""“I have it”: stops the reminder, not the escalation."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.reporting import Acknowledged
from domain.usecases._alerting import retell
from domain.usecases._asker import audit_refusal
from domain.usecases._settling import to_settle
from domain.values import Actor


def acknowledge_report(
    report_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Acknowledged | Refused:
    """The first counts; a second Operator is told who has it."""
    at, doing, subject = clock.now(), "report.acknowledged", f"report:{report_id}"
    with uow() as work:
        found = to_settle(work, report_id, doing=doing, actor=actor, at=at, rulebook=rulebook)
        if isinstance(found, Refused):
            return found
        person, story = found
        if not work.reports.acknowledge(report_id, by=person.id, at=at):
            has_it = story.acknowledged_by
            if has_it is not None and has_it.id == person.id:
                return Acknowledged(story)
            taken = Refused(
                Reason.REPORT_ACKNOWLEDGED,
                by=has_it.name if has_it else None,
                at=story.report.acknowledged_at,
            )
            return audit_refusal(
                work, f"{doing}.refused", taken, actor=actor, at=at, subject=subject, account_id=story.account.id
            )
        work.audit.record(
            doing,
            at=at,
            actor_id=person.id,
            subject=subject,
            account_id=story.account.id,
            before={"acknowledged_by": None},
            after={"acknowledged_by": person.id},
        )
        retell(work, story.report, at)
        return Acknowledged(work.reports.stories([report_id])[0])
