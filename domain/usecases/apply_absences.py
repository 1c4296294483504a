"""An absence that was entered beforehand begins, or one ends by itself: what waits for the record changes hands."""

from __future__ import annotations

from domain.ports import Clock, UnitOfWorkFactory
from domain.usecases._alerting import hand_over
from domain.usecases._duties import tell_of_duty


def apply_absences(*, uow: UnitOfWorkFactory, clock: Clock) -> int:
    """How many began or ended. Safe on every replica at once, after an outage, and with a clock that steps back: the
    row says what was done. The stand-in hears, and so does who is away.
    """
    at = clock.now()
    with uow() as work:
        turned = work.absences.apply(at)
        if turned:
            hand_over(work, at)
        for absence in turned:
            work.audit.record(
                "absence.begun" if absence.covers(at) else "absence.ended",
                at=at,
                actor_id=None,
                subject=f"user:{absence.user_id}",
                after={"absences": [absence.facts()], "by": "plixo"},
            )
            heard = {absence.user_id, *([absence.stand_in] if absence.stand_in else [])}
            tell_of_duty(work, absence.user_id, sorted(heard), at)
    return len(turned)
