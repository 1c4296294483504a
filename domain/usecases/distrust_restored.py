"""After a backup was restored: what the backup still has in the queue may have left since, and only people can know."""

from __future__ import annotations

from datetime import datetime

from domain.messages import State
from domain.ports import Clock, Move, UnitOfWorkFactory
from domain.reasons import Reason
from domain.usecases.released import Released
from domain.usecases.telling import report


def distrust_restored(taken: datetime, *, by: str, uow: UnitOfWorkFactory, clock: Clock, limit: int = 200) -> int:
    """Take up to `limit` messages out of the loop's hands; returns how many. Call it until it returns 0.

    `taken` is when the backup was. What was queued, claimed or under way then becomes `unconfirmed`, and A/R is asked
    about each; also when it was not due yet, for somebody may have held and resumed it since. What was asked for later
    is untouched: it was asked of this database.
    """
    at = clock.now()
    with uow() as work:
        messages = work.oversight.asked_by(taken, limit=limit)
        asked = [
            Move(
                id=message.id,
                was=message.state,
                to=State.UNCONFIRMED,
                at=at,
                reason=Reason.RESTORED,
                doubtful_since=taken,
            )
            for message in messages
        ]
        moved = work.messages.move(asked)
        report(work, messages, asked, moved, at=at, done=Released())
        if moved:
            work.audit.record(
                "database.restored",
                at=at,
                actor_id=None,
                subject="organisation",
                after={"taken": taken.isoformat(), "unconfirmed": len(moved), "by": by},
            )
        return len(moved)
