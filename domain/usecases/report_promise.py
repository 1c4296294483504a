"""File a promise that somebody heard."""

from __future__ import annotations

from datetime import datetime

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reporting import PromiseDraft, Reported, Unacceptable
from domain.rules.business_days import BusinessCalendar
from domain.rules.reporting import REPORTED_HOLD, end_of_business_day
from domain.usecases._filing import Filed, file_report
from domain.usecases._settling import said_of
from domain.values import Actor, Person


def report_promise(
    draft: PromiseDraft, *, origin: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Reported | Unacceptable | Refused:
    """Once per `origin`. It holds nudges on its invoices at once, and whoever is on duty is alerted."""
    return file_report(
        draft,
        _add,
        doing="promise.reported",
        origin=origin,
        actor=actor,
        uow=uow,
        clock=clock,
        rulebook=rulebook,
    )


def _add(work: UnitOfWork, draft: PromiseDraft, person: Person, calendar: BusinessCalendar, at: datetime) -> Filed:
    hold_until = end_of_business_day(at, REPORTED_HOLD, calendar)
    promise_id = work.promises.add(draft, hold_until=hold_until, actor_id=person.id, at=at)
    return Filed(
        promise_id=promise_id,
        dispute_id=None,
        facts={"promise": promise_id, "hold_until": hold_until.isoformat()} | said_of(draft),
    )
