"""Into the official record, as it was reported."""

from __future__ import annotations

from domain.commitments import Verdict
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import Settled, Unacceptable
from domain.rules.reporting import unready
from domain.usecases._settling import as_draft, into_the_record, settled, to_settle
from domain.values import Actor


def record_report(
    report_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Settled | Unacceptable | Refused:
    """Open from now on; an open promise on one of its invoices is superseded.

    Unacceptable while the record would lack something: then it is corrected first.
    """
    at, doing = clock.now(), "report.recorded"
    with uow() as work:
        found = to_settle(work, report_id, doing=doing, actor=actor, at=at, rulebook=rulebook)
        if isinstance(found, Refused):
            return found
        person, story = found
        draft = as_draft(story)
        if problems := unready(draft):
            return Unacceptable(tuple(problems))
        entered = into_the_record(work, story, draft, person, at)
        return settled(work, story, Verdict.RECORDED, person, at, doing=doing, entered=entered, became=draft)
