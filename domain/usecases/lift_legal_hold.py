"""Let an account back into chasing."""

from __future__ import annotations

from domain.legal_holds import HoldChanged
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.reporting import Field, Unacceptable
from domain.rules.reporting import said
from domain.usecases._asker import audit_refusal
from domain.usecases._holding import account_now, to_hold
from domain.values import Actor


def lift_legal_hold(
    account_id: int, *, why: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> HoldChanged | Unacceptable | Refused:
    """Lifts what was placed here. `is_held` and `books` of the outcome say when the books still hold the account."""
    at, doing, subject, why = clock.now(), "hold.lifted", f"account:{account_id}", why.strip()
    with uow() as work:
        found = to_hold(work, account_id, doing=doing, actor=actor, at=at, rulebook=rulebook)
        if isinstance(found, Refused):
            return found
        person, _ = found
        if problems := said(why, Field.WHY, "Say why the account may be chased again."):
            return Unacceptable(tuple(problems))
        hold = work.legal_holds.standing(account_id)
        books = work.legal_holds.in_the_books(account_id)
        if hold is None or not work.legal_holds.lift(account_id, by=person.id, at=at):
            none = Refused(Reason.NO_HOLD_HERE, subject=books)
            return audit_refusal(
                work, f"{doing}.refused", none, actor=actor, at=at, subject=subject, account_id=account_id
            )
        work.audit.record(
            doing,
            at=at,
            actor_id=person.id,
            subject=subject,
            account_id=account_id,
            before={"why": hold.why},
            after={"why": why, "books": books},
        )
        return HoldChanged(
            account=account_now(work, account_id), is_held=books is not None, why=why, by=person, books=books
        )
