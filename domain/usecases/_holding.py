"""An account whose legal hold somebody wants to change."""

from __future__ import annotations

from datetime import datetime

from domain.accounts import Account
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.reasons import Reason
from domain.rules.reporting import HOLD_PLACERS
from domain.usecases._asker import asker, audit_refusal, take_account, visible_account
from domain.values import Actor, Capability, Person, Role


def to_hold(
    work: UnitOfWork, account_id: int, *, doing: str, actor: Actor, at: datetime, rulebook: Rulebook
) -> tuple[Person, Account] | Refused:
    """Legal or the Controller, and the account, its row taken: a nudge is released before the change or sees it."""
    subject = f"account:{account_id}"
    person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing=doing, subject=subject)
    if isinstance(person, Refused):
        return person
    account = visible_account(work, person, account_id, rulebook.policy.scope, at=at, doing=doing)
    if isinstance(account, Refused):
        return account
    if person.role not in HOLD_PLACERS:
        no = Refused(Reason.NOT_ALLOWED, ask=Role.LEGAL)
        return audit_refusal(work, f"{doing}.refused", no, actor=actor, at=at, subject=subject, account_id=account_id)
    take_account(work, account_id, at)
    return person, account


def account_now(work: UnitOfWork, account_id: int) -> Account:
    account = work.accounts.get(account_id)
    assert account is not None  # accounts are never deleted
    return account
