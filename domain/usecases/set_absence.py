"""Say when somebody is away, and who stands in."""

from __future__ import annotations

from datetime import datetime

from domain.duties import AbsenceSet, InvalidAbsence
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.access import may
from domain.rules.duty import DUTY_SETTERS
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._duties import keep_absence
from domain.values import Actor, Capability, Role


def set_absence(
    user_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    stand_in: int | None,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> AbsenceSet | InvalidAbsence | Refused:
    """One's own, or anybody's by A/R Managers and Controllers. `ends_at` None: they are back.

    A stand-in keeps the record meanwhile, so it must be an Operator.
    """
    at, doing, subject = clock.now(), "absence.set", f"user:{user_id}"
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing=doing, subject=subject)
        if isinstance(person, Refused):
            return person
        people = work.people.by_ids([user_id, *([stand_in] if stand_in else [])], at)
        refusal = None
        if person.id != user_id and person.role not in DUTY_SETTERS:
            refusal = Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER)
        elif user_id not in people:
            refusal = Refused(Reason.STALE_BUTTON)
        elif stand_in is not None and (stand_in not in people or not may(people[stand_in], Capability.RECORD)):
            name = people[stand_in].name if stand_in in people else None
            refusal = Refused(Reason.NOT_AN_OPERATOR, by=name, ask=Role.CONTROLLER)
        if refusal is not None:
            return audit_refusal(work, f"{doing}.refused", refusal, actor=actor, at=at, subject=subject)
        return keep_absence(
            work,
            people[user_id],
            starts_at=starts_at,
            ends_at=ends_at,
            stand_in=stand_in,
            actor_id=person.id,
            by=person.email,
            at=at,
        )
