"""Billing or the mail provider is in trouble, or well again: no new mail leaves until then."""

from __future__ import annotations

from datetime import datetime

from domain.errors import InvalidValue
from domain.maintenance import Degraded, Word
from domain.ports import Clock, UnitOfWorkFactory

PEOPLE = ""
"""Whoever uses the command line speaks as one: what one of them began another may end."""
MOST_SENDERS = 20


def switch_degraded(
    reason: str | None, *, by: str, told_at: datetime | None = None, uow: UnitOfWorkFactory, clock: Clock
) -> Degraded | None:
    """`reason` None: all is well. Returns how it stands then: degraded while anybody says so, since the first did.

    `told_at`: a machine speaks, and when it was so. It ends only what it began itself, and what it said before its own
    newest word changes nothing, for such messages overtake each other. A person who says that all is well means all of
    it. Raises InvalidValue.
    """
    at = clock.now()
    if reason is not None and not reason.strip():
        raise InvalidValue("Say why, in quotation marks: whoever waits for a mail reads it.")
    with uow() as work:
        words = dict(work.organisation.words())
        was = work.organisation.get().degraded
        if not was:
            # A release that knows no senders ended all of it.
            words = {name: Word(word.told_at) for name, word in words.items()}
        elif not any(word.degraded for word in words.values()):
            words[PEOPLE] = Word(was.since, was)
        sender = by[:320] if told_at is not None else PEOPLE
        mine = words.get(sender)
        if told_at is not None and mine is not None and told_at < mine.told_at:
            return was
        while told_at is not None and mine is None and len(words) >= MOST_SENDERS:
            _make_room(words)
        if reason is None and told_at is None:
            words = {name: Word(max(at, word.told_at)) for name, word in words.items()}
        else:
            before = mine.degraded if mine is not None else None
            own = Degraded(before.since if before else at, reason.strip()[:500], by[:320]) if reason else None
            words[sender] = Word(told_at or at, own)
        standing = [word.degraded for word in words.values() if word.degraded is not None]
        now = min(standing, key=lambda one: one.since, default=None)
        work.organisation.degrade(now, words)
        if (was.reason if was else None) != (now.reason if now else None):
            work.audit.record(
                "sending.degraded" if now else "sending.recovered",
                at=at,
                actor_id=None,
                subject="organisation",
                before={"reason": was.reason, "by": was.by} if was else {},
                after={"reason": now.reason, "by": now.by} if now else {"by": by},
            )
        return now


def _make_room(words: dict[str, Word]) -> None:
    """Forget who said longest ago that all is well."""
    well = [name for name, word in words.items() if word.degraded is None]
    if not well:
        raise InvalidValue(f"{MOST_SENDERS} senders say so already; give the same one the same name.")
    del words[min(well, key=lambda name: words[name].told_at)]
