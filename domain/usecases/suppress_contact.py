"""In Slack: write to an address no more, or again. By whoever may suppress contacts."""

from __future__ import annotations

from dataclasses import dataclass

from domain.accounts import Suppressed, Suppression
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.rules.suppressing import read_address, read_day, read_reason
from domain.usecases._asker import asker
from domain.usecases._suppressing import reactivate_here, suppress_here
from domain.usecases._warming import today_of
from domain.values import Actor, Capability


@dataclass(frozen=True, slots=True)
class SuppressionSet:
    """`now` None: it may be written to. `is_new` False: it stood so already."""

    email: str
    now: Suppressed | None
    is_new: bool


def suppress_contact(
    email: str,
    *,
    reason: str = "opted out",
    until: str = "",
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> SuppressionSet | Refused:
    """`reason` and `until` as they were typed. Raises InvalidValue, whose sentence is for whoever typed them."""
    at = clock.now()
    with uow() as work:
        person = asker(
            work, actor, at, needs=Capability.SUPPRESS_CONTACTS, doing="contact.suppressed", subject="contact"
        )
        if isinstance(person, Refused):
            return person
        kept, detail = read_reason(reason)
        day = read_day(until, today=today_of(work, rulebook, at))
        wanted = Suppressed(read_address(email), Suppression(kept, day), at, detail)
        is_new = suppress_here(work, wanted, actor_id=person.id, by="slack", at=at)
        return SuppressionSet(wanted.email, wanted, is_new)


def reactivate_contact(
    email: str, why: str, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> SuppressionSet | Refused:
    """Raises InvalidValue without a reason."""
    at = clock.now()
    with uow() as work:
        person = asker(
            work, actor, at, needs=Capability.SUPPRESS_CONTACTS, doing="contact.reactivated", subject="contact"
        )
        if isinstance(person, Refused):
            return person
        address = read_address(email)
        before = reactivate_here(work, address, why, actor_id=person.id, by="slack", at=at)
        return SuppressionSet(address, None, is_new=before is not None)
