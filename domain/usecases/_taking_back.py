"""What a customer said, or Legal, ends the nudges that still wait for their hours: their contact can be nudged about
something else at once. Shared by whoever reports, records or places a hold.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from domain.audit import Entry
from domain.messages import State
from domain.notices import NoticeKind, Telling
from domain.outcomes import NudgeStory
from domain.policy import Rulebook
from domain.ports import Move, UnitOfWork
from domain.reasons import Reason
from domain.reporting import Draft, PromiseDraft, Report
from domain.rules.doubt import ending
from domain.rules.objections import invoice_objection
from domain.usecases.telling import tellings
from domain.values import Person

HOLD = "hold"
FREE = "free"
"""What is told of a nudge beside its states: that its invoice may be nudged again."""


def cause_of(report_id: int) -> str:
    """As the nudges that a report took back remember it."""
    return f"report:{report_id}"


def take_back_for(
    work: UnitOfWork, report_id: int, draft: Draft, *, by: Person, at: datetime
) -> tuple[NudgeStory, ...]:
    """What waited about the invoices of a report. Without an invoice nothing is known to be about it."""
    reason = Reason.PROMISE_CAME if isinstance(draft, PromiseDraft) else Reason.DISPUTE_CAME
    cause, account_id = cause_of(report_id), draft.account_id
    return take_back(work, account_id, draft.invoice_ids, reason=reason, cause=cause, by=by, at=at)


def take_back(
    work: UnitOfWork,
    account_id: int,
    invoice_ids: Collection[int] | None,
    *,
    reason: Reason,
    cause: str,
    by: Person,
    at: datetime,
) -> tuple[NudgeStory, ...]:
    """End the nudges about these invoices (None: about any of the account) that are queued or held; returns those.

    The account's row has to be ours. One that a worker has claimed meets the guards, which see what we write or came
    before; steps of Autopilot end by their own rule. What may have left before is a question for a person.
    """
    found = {message.id: message for message in work.oversight.nudges_waiting(account_id, invoice_ids)}
    moves = []
    for message in found.values():
        to = ending(message, State.CANCELLED)
        why = reason if to is State.CANCELLED else Reason.MAIL_UNKNOWN
        moves.append(Move(message.id, message.state, to, at, reason=why, actor_id=by.id, cause=cause))
    moved = work.messages.move(moves)
    took_place = [move for move in moves if move.id in moved]
    work.audit.record_all(
        Entry(
            f"nudge.{move.to.value}",
            at=at,
            actor_id=by.id,
            subject=found[move.id].subject,
            account_id=account_id,
            reason=move.reason,
            before={"state": move.was.value},
            after=move.facts(),
        )
        for move in took_place
    )
    work.notices.raise_all([told for move in took_place for told in tellings(found[move.id], move)])
    return tuple(work.messages.stories([move.id for move in took_place]))


def taken_back_by(work: UnitOfWork, report: Report) -> tuple[NudgeStory, ...]:
    """The nudges that the report ended, as they stand now."""
    messages = work.oversight.taken_back_by(cause_of(report.id), account_id=report.account_id)
    return tuple(work.messages.stories([message.id for message in messages]))


def tell_free(work: UnitOfWork, report: Report, by: Person, *, rulebook: Rulebook, at: datetime) -> None:
    """The report was not so: whoever had queued what it took back hears that they may nudge again, where they may.

    Not whoever reported it, who hears that with the verdict.
    """
    taken = [one for one in taken_back_by(work, report) if one.message.state is State.CANCELLED]
    if not taken:
        return
    facts = work.accounts.facts(
        [report.account_id], at=at, invoice_ids=[one.invoice.id for one in taken], with_open=True
    )[report.account_id]
    told = []
    for one in taken:
        invoice, rep = facts.invoice(one.invoice.id), one.message.requested_by
        if invoice is None or facts.account.legal_hold or rep in (report.reported_by, by.id):
            continue
        if invoice_objection(invoice, facts=facts, policy=rulebook.policy, at=at, leaves_at=at) is None:
            key, subject = f"{one.message.subject}:{FREE}", f"{one.message.id}/{FREE}"
            told.append(Telling(key, NoticeKind.REP_OUTCOME, subject, rep, at))
    work.notices.raise_all(told)
