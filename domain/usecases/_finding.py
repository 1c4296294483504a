"""Words to one account, a choice, or the nearest names; never a guess."""

from __future__ import annotations

from domain.outcomes import ChooseAccount, NothingFound
from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.usecases._asker import owner_filter
from domain.values import Person

CHOICES = 8
PLAUSIBLE = 0.35
"""Similarity from which a hit is offered as a choice; below it is only a nearest name (decided)."""


def account_meant(
    work: UnitOfWork, person: Person, words: str, rulebook: Rulebook
) -> int | ChooseAccount | NothingFound:
    """The id of the account in the person's scope that is meant; of several plausible ones the choice."""
    owner = owner_filter(person, rulebook)
    hits = work.accounts.search(words, owner_email=owner, limit=CHOICES)
    exact = [hit for hit in hits if hit.is_exact]
    plausible = exact or [hit for hit in hits if hit.score >= PLAUSIBLE]
    if len(plausible) == 1:
        return plausible[0].account.id
    if plausible:
        return ChooseAccount(words=words, candidates=tuple(plausible))
    outside = bool(owner) and any(
        hit.score >= PLAUSIBLE for hit in work.accounts.search(words, owner_email=None, limit=1)
    )
    return NothingFound(words=words, nearest=tuple(hits[:3]), outside=outside)
