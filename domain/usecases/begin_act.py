"""Whether somebody may begin what changes the record: asked when a button is clicked, before its form is shown."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.recording import NEEDS, Act, Begun, may_begin
from domain.usecases._asker import asker, audit_refusal, visible_account
from domain.values import Actor, Role


def begin_act(
    act: Act, account_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Begun | Refused:
    """Decides nothing: what the form sends is checked anew. A refusal is audited as `record.<act>.refused`."""
    at = clock.now()
    doing, subject = f"record.{act}", f"account:{account_id}"
    with uow() as work:
        person = asker(work, actor, at, needs=NEEDS[act], doing=doing, subject=subject)
        if isinstance(person, Refused):
            return person
        account = visible_account(work, person, account_id, rulebook.policy.scope, at=at, doing=doing)
        if isinstance(account, Refused):
            return account
        if not may_begin(person, act):
            refusal = Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER)
            return audit_refusal(
                work, f"{doing}.refused", refusal, actor=actor, at=at, subject=subject, account_id=account_id
            )
        return Begun(act, account, person)
