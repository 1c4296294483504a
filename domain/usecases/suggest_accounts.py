"""Options while somebody types an account's name."""

from __future__ import annotations

from domain.outcomes import Candidate, Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.usecases._asker import asker, owner_filter
from domain.values import Actor, Capability

SUGGESTIONS = 20


def suggest_accounts(
    words: str, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> tuple[Candidate, ...]:
    """Hits in the asker's scope, best first; none for people who may not look."""
    with uow() as work:
        person = asker(work, actor, clock.now(), needs=Capability.VIEW_ACCOUNTS, doing="account")
        if isinstance(person, Refused):
            return ()
        return tuple(work.accounts.search(words, owner_email=owner_filter(person, rulebook), limit=SUGGESTIONS))
