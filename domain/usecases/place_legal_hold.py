"""Take an account out of chasing."""

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
from domain.usecases._taking_back import HOLD, take_back
from domain.values import Actor


def place_legal_hold(
    account_id: int, *, why: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> HoldChanged | Unacceptable | Refused:
    """By Legal or the Controller. It stands beside what the books say; nudges that wait are taken back."""
    at, doing, subject, why = clock.now(), "hold.placed", f"account:{account_id}", why.strip()
    with uow() as work:
        found = to_hold(work, account_id, doing=doing, actor=actor, at=at, rulebook=rulebook)
        if isinstance(found, Refused):
            return found
        person, _ = found
        if problems := said(why, Field.WHY, "Say why: everybody who opens the account reads this."):
            return Unacceptable(tuple(problems))
        if not work.legal_holds.place(account_id, why=why, by=person.id, at=at):
            hold = work.legal_holds.standing(account_id)
            placer = work.people.by_ids([hold.placed_by], at).get(hold.placed_by) if hold else None
            there = Refused(
                Reason.ALREADY_DECIDED,
                subject="on legal hold",
                by=placer.name if placer else None,
                at=hold.placed_at if hold else None,
            )
            return audit_refusal(
                work, f"{doing}.refused", there, actor=actor, at=at, subject=subject, account_id=account_id
            )
        books = work.legal_holds.in_the_books(account_id)
        after = {"why": why, "books": books}
        work.audit.record(doing, at=at, actor_id=person.id, subject=subject, account_id=account_id, after=after)
        taken_back = take_back(work, account_id, None, reason=Reason.HOLD_CAME, cause=HOLD, by=person, at=at)
        return HoldChanged(
            account=account_now(work, account_id),
            is_held=True,
            why=why,
            by=person,
            books=books,
            taken_back=taken_back,
        )
