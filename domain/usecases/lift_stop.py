"""A person lets a sending domain send again: in Slack as Admin or Controller, or on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.errors import InvalidValue
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.rules.allowance import sending_domain
from domain.rules.warmup import lift
from domain.usecases._asker import asker
from domain.usecases._warming import settle, today_of
from domain.values import Actor, Capability
from domain.warming import DomainState, SendingDomain

LONGEST_WHY = 500


@dataclass(frozen=True, slots=True)
class Lifted:
    """`was_stopped` False: there was no stop to lift."""

    domain: SendingDomain
    was_stopped: bool


def lift_stop(why: str, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> Lifted | Refused:
    """Raises InvalidValue for a reason that is empty or too long."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.OPERATE, doing="domain.lifted", subject="domain")
        if isinstance(person, Refused):
            return person
        return lift_here(work, why, rulebook=rulebook, at=at, actor_id=person.id, by="slack")


def lift_here(work: UnitOfWork, why: str, *, rulebook: Rulebook, at: datetime, actor_id: int | None, by: str) -> Lifted:
    """The same for whoever runs the installation; `by` is their login."""
    said = " ".join(why.split())
    if not said:
        raise InvalidValue("Say why sending may go on; the reason stands in the audit log.")
    if len(said) > LONGEST_WHY:
        raise InvalidValue(f"The reason has {len(said)} characters; {LONGEST_WHY} are the most.")
    before = work.sending.take(sending_domain(rulebook))
    if before.standing is not DomainState.STOPPED:
        return Lifted(before, was_stopped=False)
    after = lift(
        before,
        today=today_of(work, rulebook, at),
        at=at,
        by=actor_id,
        why=said,
        warm_up=rulebook.policy.warm_up,
    )
    settle(work, before, after, rulebook=rulebook, at=at, actor_id=actor_id, by=by)
    return Lifted(after, was_stopped=True)
