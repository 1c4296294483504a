"""Not valid, with a reason that the reporter hears."""

from __future__ import annotations

from domain.commitments import Verdict
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import Field, Settled, Unacceptable
from domain.rules.reporting import said
from domain.usecases._settling import as_draft, out_of_the_record, settled, to_settle
from domain.usecases._taking_back import tell_free
from domain.values import Actor


def reject_report(
    report_id: int, *, why: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Settled | Unacceptable | Refused:
    """The promise is withdrawn, the dispute resolved as invalid; the invoices may be chased again."""
    at, doing, why = clock.now(), "report.rejected", why.strip()
    with uow() as work:
        found = to_settle(work, report_id, doing=doing, actor=actor, at=at, rulebook=rulebook)
        if isinstance(found, Refused):
            return found
        if problems := said(why, Field.WHY, "Say why it is not valid: whoever reported it reads this."):
            return Unacceptable(tuple(problems))
        person, story = found
        out_of_the_record(work, story.report, why, person, at)
        tell_free(work, story.report, person, rulebook=rulebook, at=at)
        return settled(work, story, Verdict.NOT_VALID, person, at, doing=doing, why=why, was=as_draft(story))
