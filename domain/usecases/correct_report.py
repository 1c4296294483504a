"""Into the official record, corrected."""

from __future__ import annotations

from dataclasses import replace

from domain.commitments import Verdict
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.reporting import DisputeDraft, Draft, PromiseDraft, Settled, Unacceptable
from domain.rules.business_days import calendar_of
from domain.rules.reporting import checked, unready
from domain.usecases._asker import audit_refusal
from domain.usecases._filing import known_of
from domain.usecases._settling import as_draft, into_the_record, settled, to_settle
from domain.values import Actor


def correct_report(
    report_id: int, draft: Draft, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Settled | Unacceptable | Refused:
    """As `record_report`, with what the draft says of amount, day, reason and invoices.

    The report itself stays as it came in: who said what when, and the evidence.
    """
    at, doing = clock.now(), "report.corrected"
    with uow() as work:
        found = to_settle(work, report_id, doing=doing, actor=actor, at=at, rulebook=rulebook)
        if isinstance(found, Refused):
            return found
        person, story = found
        was = as_draft(story)
        if type(draft) is not type(was) or draft.account_id != was.account_id:
            # A form of another report: nothing a person can have filled in.
            stale, subject = Refused(Reason.STALE_BUTTON), f"report:{report_id}"
            return audit_refusal(
                work, f"{doing}.refused", stale, actor=actor, at=at, subject=subject, account_id=was.account_id
            )
        draft = replace(draft, contact_id=was.contact_id, said_at=was.said_at, evidence=was.evidence)
        facts = work.accounts.facts([was.account_id], at=at)[was.account_id]
        calendar = calendar_of(story.account, work.organisation.get(), rulebook)
        known = known_of(facts, calendar, at)
        reported = tuple(invoice for invoice in story.invoices if invoice not in known.invoices)
        known = replace(known, invoices=known.invoices + reported)
        if problems := checked(draft, known) + unready(draft):
            return Unacceptable(tuple({problem.field: problem for problem in reversed(problems)}.values()))
        match draft:
            case PromiseDraft():
                assert story.promise is not None
                work.promises.revise(story.promise.id, draft)
            case DisputeDraft():
                assert story.dispute is not None
                work.disputes.revise(story.dispute.id, draft)
        entered = into_the_record(work, story, draft, person, at)
        return settled(
            work,
            story,
            Verdict.CORRECTED,
            person,
            at,
            doing=doing,
            entered=entered,
            was=was,
            became=draft,
        )
