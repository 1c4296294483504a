"""Who keeps the record, and who is away."""

from __future__ import annotations

from domain.duties import DutyHolder, DutyRoster
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.access import may
from domain.rules.duty import DUTY_SETTERS
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._duties import roster
from domain.values import Actor, Capability, Role


def open_roster(*, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> DutyRoster | Refused:
    """For those who keep the record, and those who say who does."""
    at, doing = clock.now(), "duty.read"
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing=doing)
        if isinstance(person, Refused):
            return person
        may_set = person.role in DUTY_SETTERS
        if not may_set and not may(person, Capability.RECORD):
            no = Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER)
            return audit_refusal(work, f"{doing}.refused", no, actor=actor, at=at, subject="person")
        holders: tuple[DutyHolder, ...] = roster(work, at)
        return DutyRoster(person, holders, may_set)
