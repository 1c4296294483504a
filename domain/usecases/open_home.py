"""App Home: what needs this person, and the nudges they have a hand in."""

from __future__ import annotations

from domain.outcomes import Home, Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.rules.access import may
from domain.rules.nudging import placed
from domain.usecases._asker import asker
from domain.usecases.my_accounts import worst_accounts
from domain.values import Actor, Capability

NUDGES = 15


def open_home(*, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> Home | Refused:
    """Those who may hold any nudge see everybody's, newest first; others see their own."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing="home")
        if isinstance(person, Refused):
            return person
        everybody = may(person, Capability.HOLD_NUDGE)
        workspace = work.organisation.get()
        stories = work.messages.stories(of_person=None if everybody else person.id, limit=NUDGES)
        return Home(
            accounts=worst_accounts(work, person, at=at, rulebook=rulebook, limit=8),
            nudges=tuple(placed(story, workspace, rulebook) for story in stories),
            reader=person,
            may_nudge=may(person, Capability.NUDGE),
            at=at,
        )
