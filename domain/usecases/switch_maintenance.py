"""Close the house for a while, or open it again: by a person in Slack, or at the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from domain.errors import InvalidValue
from domain.maintenance import AN_HOUR, LONGEST, TWICE_WITHIN, Maintenance, MaintenanceSwitched
from domain.messages import State
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.usecases._asker import asker
from domain.values import Actor, Capability


def switch_maintenance(
    reason: str | None,
    *,
    lasts: timedelta | None = None,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> MaintenanceSwitched | Refused:
    """`reason` None opens the house. Raises InvalidValue, with a sentence for whoever typed it.

    An order that is given twice is one: a double click, or Slack's retry.
    """
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.OPERATE, doing="maintenance.set", subject="organisation")
        if isinstance(person, Refused):
            return person
        return _switch(work, reason, lasts=lasts, by=person.name, actor_id=person.id, at=at)


def switch_maintenance_by(
    reason: str | None, *, lasts: timedelta | None = None, by: str, uow: UnitOfWorkFactory, clock: Clock
) -> MaintenanceSwitched:
    """For whoever may use the command line; `by` is their login name. Raises InvalidValue."""
    with uow() as work:
        return _switch(work, reason, lasts=lasts, by=by, actor_id=None, at=clock.now())


def see_maintenance(
    *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> MaintenanceSwitched | Refused:
    """How it stands; nothing is changed."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_OPERATIONS, doing="operations", subject="organisation")
        if isinstance(person, Refused):
            return person
        now = work.organisation.get().maintenance_at(at)
        return MaintenanceSwitched(now, now, work.oversight.standing().get(State.SENDING, 0))


def _switch(
    work: UnitOfWork, reason: str | None, *, lasts: timedelta | None, by: str, actor_id: int | None, at: datetime
) -> MaintenanceSwitched:
    was = work.organisation.take().maintenance_at(at)
    now = None if reason is None else _planned(reason, lasts or AN_HOUR, by=by, at=at)
    if now is not None and was is not None and _is_the_same(was, now):
        now = was
    if now != was:
        work.organisation.maintain(now)
        work.audit.record(
            "maintenance.begun" if now else "maintenance.ended",
            at=at,
            actor_id=actor_id,
            subject="organisation",
            before=was.facts() if was else {},
            after=now.facts() if now else {"by": by},
        )
    return MaintenanceSwitched(now, was, work.oversight.standing().get(State.SENDING, 0))


def _is_the_same(was: Maintenance, now: Maintenance) -> bool:
    """Given twice: the first of them counts."""
    apart = now.since - was.since
    return apart < TWICE_WITHIN and replace(now, since=was.since, until=now.until - apart) == was


def _planned(reason: str, lasts: timedelta, *, by: str, at: datetime) -> Maintenance:
    if not reason.strip():
        raise InvalidValue("Say why, in quotation marks: everybody who is refused reads it.")
    if lasts > LONGEST:
        raise InvalidValue("Maintenance lasts 24 hours at most. Begin it again when it takes longer.")
    return Maintenance(since=at, until=at + lasts, reason=reason.strip()[:500], by=by[:320])
