"""`/account` alone: the accounts a person works with, worst first."""

from __future__ import annotations

from datetime import datetime

from domain.outcomes import MyAccounts, Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.rules.access import SCOPED_ROLES
from domain.rules.nudging import day_of
from domain.usecases._asker import asker
from domain.values import Actor, Capability, Person

SHOWN = 10


def my_accounts(*, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> MyAccounts | Refused:
    """Accounts with open invoices, oldest debt first: Sales and CSM those they own, everybody else all of them."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing="account")
        if isinstance(person, Refused):
            return person
        return worst_accounts(work, person, at=at, rulebook=rulebook)


def worst_accounts(
    work: UnitOfWork, person: Person, *, at: datetime, rulebook: Rulebook, limit: int = SHOWN
) -> MyAccounts:
    """The list within a transaction that is already open."""
    owner = person.email.casefold() if person.role in SCOPED_ROLES else None
    today = day_of(at, work.organisation.get(), rulebook).date()
    summaries, total = work.accounts.summaries(owner_email=owner, today=today, limit=limit)
    return MyAccounts(summaries=tuple(summaries), total=total, reader=person, at=at)
