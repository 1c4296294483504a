"""Where the sending domain stands, for those who see operations."""

from __future__ import annotations

from domain.deliverability import SendingNow
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.usecases._asker import asker
from domain.usecases._sending_now import sending_now
from domain.values import Actor, Capability


def see_deliverability(
    *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> SendingNow | Refused:
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_OPERATIONS, doing="deliverability", subject="domain")
        return person if isinstance(person, Refused) else sending_now(work, rulebook, at)
