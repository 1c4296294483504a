"""One transaction from what somebody heard to a report that is alerted. Shared by promises and disputes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from domain.facts import AccountFacts
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reporting import DisputeDraft, PromiseDraft, Reported, Unacceptable
from domain.rules.business_days import BusinessCalendar, calendar_of
from domain.rules.reporting import Known, checked
from domain.usecases._alerting import alert, escalate, whose_duty
from domain.usecases._asker import asker, visible_account
from domain.usecases._taking_back import take_back_for, taken_back_by
from domain.values import Actor, Capability, Person

_D = TypeVar("_D", PromiseDraft, DisputeDraft)


@dataclass(frozen=True, slots=True)
class Filed:
    """What was added to the record in state `reported`, and what the audit log keeps of it."""

    promise_id: int | None
    dispute_id: int | None
    facts: dict[str, object]


Add = Callable[[UnitOfWork, _D, Person, BusinessCalendar, datetime], Filed]


def known_of(facts: AccountFacts, calendar: BusinessCalendar, at: datetime) -> Known:
    """What a draft about this account is checked against."""
    return Known(
        invoices=tuple(invoice for invoice in facts.invoices if invoice.is_open),
        contacts=facts.contacts,
        at=at,
        today=calendar.day_of(at),
    )


def file_report(
    draft: _D,
    add: Add[_D],
    *,
    doing: str,
    origin: str,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> Reported | Unacceptable | Refused:
    """The same `origin` always finds the same report. Something said longer ago is escalated at once."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.REPORT, doing=doing, subject=f"account:{draft.account_id}")
        if isinstance(person, Refused):
            return person
        account = visible_account(work, person, draft.account_id, rulebook.policy.scope, at=at, doing=doing)
        if isinstance(account, Refused):
            return account
        # The account's row is taken, so that a click that is delivered twice at once files one report, and a nudge
        # that is being released is either before the report or sees it.
        facts = work.accounts.facts([account.id], at=at, lock=True)[account.id]
        there = work.reports.find(origin=origin)
        if there is not None:
            return Reported(work.reports.stories([there.id])[0], again=True, taken_back=taken_back_by(work, there))
        calendar = calendar_of(account, work.organisation.get(), rulebook)
        problems = checked(draft, known_of(facts, calendar, at))
        if problems:
            return Unacceptable(tuple(problems))
        draft = replace(draft, said_at=min(draft.said_at, at))
        filed = add(work, draft, person, calendar, at)
        on_duty = whose_duty(work, account.id, at)
        report_id = work.reports.add(
            draft,
            promise_id=filed.promise_id,
            dispute_id=filed.dispute_id,
            origin=origin,
            reported_by=person.id,
            operator_id=on_duty[0].id if len(on_duty) == 1 else None,
            at=at,
        )
        work.audit.record(
            doing,
            at=at,
            actor_id=person.id,
            subject=f"report:{report_id}",
            account_id=account.id,
            after=filed.facts | {"said_at": draft.said_at.isoformat()},
        )
        alert(work, report_id, on_duty, at)
        taken_back = take_back_for(work, report_id, draft, by=person, at=at)
        if at - draft.said_at >= rulebook.policy.remind_after:
            # The alert itself comes that late; a reminder half a minute after it would be noise.
            work.reports.mark(report_id, reminded_at=at)
        story = work.reports.stories([report_id])[0]
        if at - draft.said_at >= rulebook.policy.escalate_after:
            escalate(work, story.report, at)
            story = work.reports.stories([report_id])[0]
        return Reported(story, again=False, taken_back=taken_back)
