"""How a report ends: shared by recording it, correcting it and finding it not valid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.commitments import DisputeState, PromiseState, Resolution, Verdict
from domain.outcomes import NudgeStory, Refused
from domain.policy import Rulebook
from domain.ports import DisputeStep, PromiseStep, UnitOfWork
from domain.reasons import Reason
from domain.reporting import DisputeDraft, Draft, PromiseDraft, Report, ReportStory, Settled
from domain.usecases._alerting import retell, tell_reporter
from domain.usecases._asker import asker, audit_refusal, take_account, visible_account
from domain.usecases._taking_back import take_back_for
from domain.values import Actor, Capability, Person

SUPERSEDED = "A newer promise on the same invoice was recorded."


def to_settle(
    work: UnitOfWork, report_id: int, *, doing: str, actor: Actor, at: datetime, rulebook: Rulebook
) -> tuple[Person, ReportStory] | Refused:
    """The Operator and the report, its account's row taken; refused when somebody was faster."""
    person = asker(work, actor, at, needs=Capability.RECORD, doing=doing, subject=f"report:{report_id}")
    if isinstance(person, Refused):
        return person
    return waiting_report(work, person, report_id, doing=doing, actor=actor, at=at, rulebook=rulebook)


def waiting_report(
    work: UnitOfWork, person: Person, report_id: int, *, doing: str, actor: Actor, at: datetime, rulebook: Rulebook
) -> tuple[Person, ReportStory] | Refused:
    """The same for somebody who may, whatever it is."""
    subject = f"report:{report_id}"
    report = work.reports.find(id=report_id)
    if report is None:
        return audit_refusal(
            work, f"{doing}.refused", Refused(Reason.STALE_BUTTON), actor=actor, at=at, subject=subject
        )
    account = visible_account(work, person, report.account_id, rulebook.policy.scope, at=at, doing=doing)
    if isinstance(account, Refused):
        return account
    # Two promises on one invoice are recorded one after the other, so that the later sees the earlier.
    take_account(work, account.id, at)
    story = work.reports.stories([report_id])[0]
    if story.report.is_settled:
        return refuse_settled(work, story, doing=doing, actor=actor, at=at)
    return person, story


def refuse_settled(work: UnitOfWork, story: ReportStory, *, doing: str, actor: Actor, at: datetime) -> Refused:
    """Somebody was faster: who, and when."""
    refusal = Refused(
        Reason.REPORT_SETTLED,
        by=story.settled_by.name if story.settled_by else None,
        at=story.report.settled_at,
        subject=story.report.verdict.value if story.report.verdict else None,
    )
    return audit_refusal(
        work,
        f"{doing}.refused",
        refusal,
        actor=actor,
        at=at,
        subject=f"report:{story.report.id}",
        account_id=story.account.id,
    )


@dataclass(frozen=True, slots=True)
class Entered:
    """What it did beside: promises that it supersedes, nudges that won't be sent for it."""

    superseded: tuple[int, ...] = ()
    taken_back: tuple[NudgeStory, ...] = ()


def into_the_record(work: UnitOfWork, story: ReportStory, draft: Draft, by: Person, at: datetime) -> Entered:
    """Open from now on. What waited about its invoices, which may be others than were reported, is taken back."""
    superseded = _opened(work, story.report, draft, by, at)
    taken_back = take_back_for(work, story.report.id, draft, by=by, at=at)
    return Entered(superseded, taken_back)


def _opened(work: UnitOfWork, report: Report, draft: Draft, by: Person, at: datetime) -> tuple[int, ...]:
    if report.promise_id is None:
        assert report.dispute_id is not None
        _must(work.disputes.move(DisputeStep(report.dispute_id, DisputeState.REPORTED, DisputeState.OPEN, at, by.id)))
        return ()
    others = [id for id in work.promises.open_on(draft.invoice_ids) if id != report.promise_id]
    for other in others:
        _must(
            work.promises.move(
                PromiseStep(other, PromiseState.OPEN, PromiseState.SUPERSEDED, at, by.id, why=SUPERSEDED)
            )
        )
        work.audit.record(
            "promise.superseded",
            at=at,
            actor_id=by.id,
            subject=f"promise:{other}",
            account_id=report.account_id,
            before={"state": PromiseState.OPEN.value},
            after={"state": PromiseState.SUPERSEDED.value, "newer": report.promise_id},
        )
        for told in work.reports.stories(promise_id=other):
            tell_reporter(work, told.report, PromiseState.SUPERSEDED.value, by=by.id, at=at)
    _must(work.promises.move(PromiseStep(report.promise_id, PromiseState.REPORTED, PromiseState.OPEN, at, by.id)))
    return tuple(others)


def out_of_the_record(work: UnitOfWork, report: Report, why: str, by: Person, at: datetime) -> None:
    """It was not so: its invoices may be chased again."""
    if report.promise_id is not None:
        _must(
            work.promises.move(
                PromiseStep(report.promise_id, PromiseState.REPORTED, PromiseState.WITHDRAWN, at, by.id, why=why)
            )
        )
    else:
        assert report.dispute_id is not None
        _must(
            work.disputes.move(
                DisputeStep(
                    report.dispute_id,
                    DisputeState.REPORTED,
                    DisputeState.RESOLVED,
                    at,
                    by.id,
                    why=why,
                    resolution=Resolution.INVALID,
                )
            )
        )


def settled(
    work: UnitOfWork,
    story: ReportStory,
    verdict: Verdict,
    by: Person,
    at: datetime,
    *,
    doing: str,
    why: str = "",
    entered: Entered | None = None,
    was: Draft | None = None,
    became: Draft | None = None,
) -> Settled:
    """Write the verdict, and tell whoever was alerted and whoever reported it."""
    report_id = story.report.id
    _must(work.reports.settle(report_id, verdict=verdict, by=by.id, why=why, at=at))
    after_it = work.reports.stories([report_id])[0]
    after: dict[str, object] = {"state": _state(after_it), "verdict": verdict.value}
    work.audit.record(
        doing,
        at=at,
        actor_id=by.id,
        subject=f"report:{report_id}",
        account_id=story.account.id,
        before={"state": _state(story)} | (said_of(was) if was else {}),
        after=after | (said_of(became) if became else {}) | ({"why": why} if why else {}),
    )
    retell(work, story.report, at)
    tell_reporter(work, story.report, verdict.value, by=by.id, at=at)
    entered = entered or Entered()
    return Settled(after_it, superseded=entered.superseded, taken_back=entered.taken_back)


def _state(story: ReportStory) -> str:
    """Where its promise or dispute is."""
    commitment = story.promise or story.dispute
    assert commitment is not None
    return commitment.state.value


def as_draft(story: ReportStory) -> Draft:
    """The report as it stands now, as it would be written into its form."""
    report = story.report
    if story.promise is not None:
        return PromiseDraft(
            account_id=report.account_id,
            invoice_ids=story.promise.invoice_ids,
            amount=story.promise.amount,
            due_on=story.promise.due_on,
            contact_id=report.contact_id,
            said_at=report.said_at,
            evidence=report.evidence,
            evidence_link=report.evidence_link,
            place=report.place,
        )
    assert story.dispute is not None
    return DisputeDraft(
        account_id=report.account_id,
        invoice_ids=story.dispute.invoice_ids,
        reason=story.dispute.reason,
        amount=story.dispute.amount,
        contact_id=report.contact_id,
        said_at=report.said_at,
        evidence=report.evidence,
        evidence_link=report.evidence_link,
        place=report.place,
    )


def said_of(draft: Draft) -> dict[str, object]:
    """What the audit log keeps of a draft: facts of its row, nothing that the customer wrote."""
    facts: dict[str, object] = {
        "invoices": sorted(draft.invoice_ids),
        "amount": str(draft.amount) if draft.amount else None,
    }
    match draft:
        case PromiseDraft(due_on=due_on):
            return facts | {"due_on": due_on.isoformat() if due_on else None}
        case DisputeDraft(reason=reason):
            return facts | {"reason": reason}


def _must(moved: bool) -> None:
    """The account's row is ours, and the report was not settled: nobody else can have moved it."""
    if not moved:
        raise RuntimeError("A report and its record disagree.")
