"""`/account <words>`: one account, a choice, or the nearest names; never a guess."""

from __future__ import annotations

from domain.outcomes import AccountCard, ChooseAccount, NothingFound, Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.usecases._asker import asker
from domain.usecases._finding import account_meant
from domain.usecases.open_account import account_card
from domain.values import Actor, Capability


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
        meant = account_meant(work, person, words, rulebook, at=at, doing="account")
        return account_card(work, person, meant, at=at, rulebook=rulebook) if isinstance(meant, int) else meant
