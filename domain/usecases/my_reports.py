"""What the reader reported."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import MyReports
from domain.usecases._asker import asker
from domain.values import Actor, Capability

SHOWN = 15


def my_reports(*, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> MyReports | Refused:
    """Newest first, with what became of each."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.REPORT, doing="reports.mine")
        if isinstance(person, Refused):
            return person
        stories = work.reports.stories(reported_by=person.id, limit=SHOWN)
        return MyReports(tuple(stories), reader=person, at=at)
