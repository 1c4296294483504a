"""Billing or the mail provider is in trouble, or well again: no new mail leaves until then."""

from __future__ import annotations

from datetime import datetime

from domain.errors import InvalidValue
from domain.maintenance import Degraded
from domain.ports import Clock, UnitOfWorkFactory


def switch_degraded(
    reason: str | None, *, by: str, told_at: datetime | None = None, uow: UnitOfWorkFactory, clock: Clock
) -> Degraded | None:
    """`reason` None: all is well. Returns how it stands then.

    `told_at` is when the provider itself spoke: what it said before its newest word changes nothing, for such messages
    overtake each other. What a person says always counts. Raises InvalidValue.
    """
    at = clock.now()
    if reason is not None and not reason.strip():
        raise InvalidValue("Say why, in quotation marks: whoever waits for a mail reads it.")
    with uow() as work:
        workspace = work.organisation.get()
        was, newest = workspace.degraded, workspace.degraded_told_at
        if told_at is not None and newest is not None and told_at <= newest:
            return was
        now = None
        if reason is not None:
            now = Degraded(was.since if was else at, reason.strip()[:500], by[:320])
        work.organisation.degrade(now, told_at=told_at or newest)
        if (was.reason if was else None) != (now.reason if now else None):
            work.audit.record(
                "sending.degraded" if now else "sending.recovered",
                at=at,
                actor_id=None,
                subject="organisation",
                before={"reason": was.reason, "by": was.by} if was else {},
                after={"reason": now.reason, "by": by} if now else {"by": by},
            )
        return now
