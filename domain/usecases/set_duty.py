"""Say who keeps the record of which account."""

from __future__ import annotations

from domain.duties import DutySet
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.access import may
from domain.rules.duty import DUTY_SETTERS
from domain.usecases._asker import asker, audit_refusal, visible_account
from domain.usecases._duties import keep_duty
from domain.values import Actor, Capability, Role


def set_duty(
    user_id: int,
    account_id: int | None,
    *,
    keeps: bool,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> DutySet | Refused:
    """By A/R Managers and Controllers, for Operators. `account_id` None: of all that nobody else keeps."""
    at, doing, subject = clock.now(), "duty.set", f"user:{user_id}"
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing=doing, subject=subject)
        if isinstance(person, Refused):
            return person
        if person.role not in DUTY_SETTERS:
            no = Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER)
            return audit_refusal(work, f"{doing}.refused", no, actor=actor, at=at, subject=subject)
        if account_id is not None:
            account = visible_account(work, person, account_id, rulebook.policy.scope, at=at, doing=doing)
            if isinstance(account, Refused):
                return account
        keeper = work.people.by_ids([user_id], at).get(user_id)
        if keeper is None or (keeps and not may(keeper, Capability.RECORD)):
            no = Refused(Reason.NOT_AN_OPERATOR, by=keeper.name if keeper else None, ask=Role.CONTROLLER)
            return audit_refusal(work, f"{doing}.refused", no, actor=actor, at=at, subject=subject)
        return keep_duty(work, user_id, account_id, keeps=keeps, actor_id=person.id, by=person.email, at=at)
