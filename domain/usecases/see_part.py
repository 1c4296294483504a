"""One part of App Home by itself, page by page: what did not fit there."""

from __future__ import annotations

from domain.homing import OnePart, Part
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.home import A_PAGE, parts_for
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._parts import READERS, Looking
from domain.values import Actor, Capability, Role


def see_part(
    part: Part, *, start: int, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> OnePart | Refused:
    """From line `start` on, for those whose Home has the part now."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing="home.part", subject=f"part:{part}")
        if isinstance(person, Refused):
            return person
        parts = parts_for(person)
        if part not in parts:
            no = Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER)
            return audit_refusal(work, "home.part.refused", no, actor=actor, at=at, subject=f"part:{part}")
        look = Looking(work, person, at, rulebook, work.organisation.get(), parts, limit=A_PAGE, start=max(0, start))
        return OnePart(part=part, content=READERS[part](look), reader=person, at=at)
