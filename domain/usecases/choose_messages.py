"""Which kinds of messages somebody wants. Duties are not to choose from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from domain.notices import MUTABLE, NoticeKind
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.usecases._asker import asker
from domain.values import Actor, Capability


@dataclass(frozen=True, slots=True)
class MessageChoice:
    """What may be chosen, and what of it is wanted now. `saved`: that was just written."""

    wanted: frozenset[NoticeKind]
    saved: bool = False

    @property
    def offered(self) -> tuple[NoticeKind, ...]:
        return tuple(kind for kind in NoticeKind if kind in MUTABLE)


def open_messages(*, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> MessageChoice | Refused:
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing="messages")
        if isinstance(person, Refused):
            return person
        return MessageChoice(MUTABLE - work.mutes.of(person.id))


def choose_messages(
    wanted: Collection[NoticeKind], *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> MessageChoice | Refused:
    """The others are muted from now on. Choosing the same twice changes and writes nothing."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing="messages")
        if isinstance(person, Refused):
            return person
        before, after = work.mutes.of(person.id), MUTABLE - frozenset(wanted)
        if before != after:
            work.mutes.choose(person.id, after, at=at)
            work.audit.record(
                "messages.chosen",
                at=at,
                actor_id=person.id,
                subject=f"user:{person.id}",
                before={"muted": sorted(kind.value for kind in before)},
                after={"muted": sorted(kind.value for kind in after)},
            )
        return MessageChoice(MUTABLE - after, saved=True)
