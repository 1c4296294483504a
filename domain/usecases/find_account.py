"""`/account <words>`: one account, a choice, or the nearest names; never a guess."""

from __future__ import annotations

from domain.outcomes import AccountCard, ChooseAccount, NothingFound, Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.usecases._asker import asker, owner_filter
from domain.usecases.open_account import account_card
from domain.values import Actor, Capability

CHOICES = 8
PLAUSIBLE = 0.35
"""Similarity from which a hit is offered as a choice; below it is only a nearest name (decided)."""


def find_account(
    words: str, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> AccountCard | ChooseAccount | NothingFound | Refused:
    """Search in the asker's scope. A single exact hit opens its card; everything else is the person's choice.

    A single plausible hit is opened as well: there is nothing to choose from.
    """
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing="account")
        if isinstance(person, Refused):
            return person
        owner = owner_filter(person, rulebook)
        hits = work.accounts.search(words, owner_email=owner, limit=CHOICES)
        exact = [hit for hit in hits if hit.is_exact]
        plausible = exact or [hit for hit in hits if hit.score >= PLAUSIBLE]
        if len(plausible) == 1:
            return account_card(work, person, plausible[0].account.id, at=at, rulebook=rulebook)
        if plausible:
            return ChooseAccount(words=words, candidates=tuple(plausible))
        outside = bool(owner) and any(
            hit.score >= PLAUSIBLE for hit in work.accounts.search(words, owner_email=None, limit=1)
        )
        return NothingFound(words=words, nearest=tuple(hits[:3]), outside=outside)
