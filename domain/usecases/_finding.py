"""Words to one account, a choice, or the nearest names; never a guess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.outcomes import Candidate, ChooseAccount, NothingFound
from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.reasons import Reason
from domain.usecases._asker import owner_filter
from domain.values import Person

CHOICES = 8
PLAUSIBLE = 0.35
"""Similarity from which a hit is offered as a choice; below it is only a nearest name (decided)."""


def plausible(hits: Sequence[Candidate]) -> list[Candidate]:
    """Exact ones if there are any, else those that are similar enough; best first."""
    return [hit for hit in hits if hit.is_exact] or [hit for hit in hits if hit.score >= PLAUSIBLE]


def account_meant(
    work: UnitOfWork, person: Person, words: str, rulebook: Rulebook, *, at: datetime, doing: str
) -> int | ChooseAccount | NothingFound:
    """The id of the account in the person's scope that is meant; of several plausible ones the choice.

    That only a colleague's account fits is a refusal: audited as `doing`, and answered as if there were none.
    """
    owner = owner_filter(person, rulebook)
    hits = work.accounts.search(words, owner_email=owner, limit=CHOICES)
    fitting = plausible(hits)
    if len(fitting) == 1:
        return fitting[0].account.id
    if fitting:
        return ChooseAccount(words=words, candidates=tuple(fitting))
    outside = work.accounts.search(words, owner_email=None, limit=1) if owner else []
    for hit in outside:
        if hit.score >= PLAUSIBLE:
            work.audit.record(
                f"{doing}.refused",
                at=at,
                actor_id=person.id,
                subject=f"account:{hit.account.id}",
                account_id=hit.account.id,
                reason=Reason.OUT_OF_SCOPE,
            )
    return NothingFound(words=words, nearest=tuple(hits[:3]), is_limited=owner is not None)
