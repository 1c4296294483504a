"""Who is asking, as the rows know them now. Shared by all use cases of a person."""

from __future__ import annotations

from datetime import datetime

from domain.accounts import Account
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.reasons import Reason
from domain.rules.access import SCOPED_ROLES, may, sees
from domain.values import AccountScope, Actor, Capability, Person, Role


def asker(
    work: UnitOfWork, actor: Actor, at: datetime, *, needs: Capability, doing: str, subject: str = "person"
) -> Person | Refused:
    """The person behind the actor if they are active and hold the capability; a refusal is audited as `doing`."""
    person = work.people.by_ids([actor.user_id], at).get(actor.user_id)
    if person is None:
        # An actor is made from a row; only a row that was deleted by hand ends here, and it cannot be referred to.
        return Refused(Reason.UNKNOWN_PERSON, ask=Role.CONTROLLER)
    if person.is_active and may(person, needs):
        return person
    refusal = Refused(Reason.NOT_ALLOWED if person.is_active else Reason.DEACTIVATED, ask=Role.CONTROLLER)
    return audit_refusal(work, f"{doing}.refused", refusal, actor=actor, at=at, subject=subject)


def visible_account(
    work: UnitOfWork, person: Person, account_id: int, scope: AccountScope, *, at: datetime, doing: str
) -> Account | Refused:
    """The account if it exists and lies in the person's scope; a refusal is audited as `doing`."""
    return if_visible(work, person, work.accounts.get(account_id), account_id, scope, at=at, doing=doing)


def if_visible(
    work: UnitOfWork,
    person: Person,
    account: Account | None,
    account_id: int,
    scope: AccountScope,
    *,
    at: datetime,
    doing: str,
) -> Account | Refused:
    """The same for an account that has been read already; None: there is none with that id."""
    if account is not None and sees(person, account, scope):
        return account
    work.audit.record(
        f"{doing}.refused",
        at=at,
        actor_id=person.id,
        subject=f"account:{account_id}",
        account_id=account_id if account else None,
        reason=Reason.OUT_OF_SCOPE if account else Reason.STALE_BUTTON,
    )
    return Refused(Reason.OUT_OF_SCOPE, ask=Role.CONTROLLER) if account else Refused(Reason.STALE_BUTTON)


def take_account(work: UnitOfWork, account_id: int, at: datetime) -> None:
    """Take the account's row for this transaction: whoever else changes or releases something of it waits."""
    work.accounts.facts([account_id], at=at, invoice_ids=[0], lock=True)  # no invoice is read for it


def owner_filter(person: Person, rulebook: Rulebook) -> str | None:
    """The owner's e-mail a person's lists and searches are limited to, in lower case; None for everything."""
    if person.role in SCOPED_ROLES and rulebook.policy.scope is AccountScope.ASSIGNED:
        return person.email.casefold()
    return None


def audit_refusal(
    work: UnitOfWork,
    action: str,
    refusal: Refused,
    *,
    actor: Actor,
    at: datetime,
    subject: str,
    account_id: int | None = None,
) -> Refused:
    """Every refusal is in the audit log; returns the refusal."""
    work.audit.record(
        action, at=at, actor_id=actor.user_id, subject=subject, account_id=account_id, reason=refusal.reason
    )
    return refusal
