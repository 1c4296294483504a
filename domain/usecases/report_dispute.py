"""File a dispute that somebody heard."""

from __future__ import annotations

from datetime import datetime

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reporting import DisputeDraft, Reported, Unacceptable
from domain.rules.business_days import BusinessCalendar
from domain.usecases._filing import Filed, file_report
from domain.usecases._settling import said_of
from domain.values import Actor, Person


def report_dispute(
    draft: DisputeDraft, *, origin: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Reported | Unacceptable | Refused:
    """Once per `origin`. It takes its invoices out of chasing at once, and whoever is on duty is alerted."""
    return file_report(
        draft,
        _add,
        doing="dispute.reported",
        origin=origin,
        actor=actor,
        uow=uow,
        clock=clock,
        rulebook=rulebook,
    )


def _add(work: UnitOfWork, draft: DisputeDraft, person: Person, calendar: BusinessCalendar, at: datetime) -> Filed:
    dispute_id = work.disputes.add(draft, actor_id=person.id, at=at)
    return Filed(promise_id=None, dispute_id=dispute_id, facts={"dispute": dispute_id} | said_of(draft))
