"""The sending switch: on, paused, maintenance, degraded."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.policy import Sending, Workspace
from domain.ports import Clock, UnitOfWorkFactory


def set_sending(
    state: Sending, *, reason: str, until: datetime | None, by: str, uow: UnitOfWorkFactory, clock: Clock
) -> Workspace:
    """Flip the switch. Messages that have already passed the guards in this instant still leave."""
    at = clock.now()
    with uow() as work:
        before = work.organisation.get()
        after = replace(before, sending=state, sending_reason=reason, sending_until=until)
        work.organisation.save(after)
        work.audit.record(
            "sending.switched",
            at=at,
            actor_id=None,
            subject="organisation",
            before={"sending": before.sending.value},
            after={"sending": state.value, "reason": reason, "by": by},
        )
        return after
