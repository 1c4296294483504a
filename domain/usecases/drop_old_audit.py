"""The retention of the audit log: whole sealed blocks are deleted once they are old enough, and their seals stay."""

from __future__ import annotations

from datetime import timedelta

from domain.ports import Clock, UnitOfWorkFactory


def drop_old_audit(keep: timedelta, *, uow: UnitOfWorkFactory, clock: Clock) -> int:
    """How many rows were deleted. Each block is one transaction with its own line in the log.

    A block counts from when it was sealed, so each of its rows is at least as old. The newest block always stays: the
    chain goes on from it.
    """
    at = clock.now()
    total = 0
    while True:
        with uow() as work:
            seal, last = work.seals.after(None, standing=True), work.seals.last()
            if seal is None or last is None or seal.last_id == last.last_id or seal.sealed_at > at - keep:
                return total
            if not work.seals.drop(seal, at=at):
                return total
            work.audit.record(
                "audit.dropped",
                at=at,
                actor_id=None,
                subject=f"audit:{seal.last_id}",
                before={"first_id": seal.first_id, "last_id": seal.last_id, "rows": seal.count, "hash": seal.hash},
                after={"kept_days": keep.days, "sealed_at": seal.sealed_at.isoformat()},
            )
        total += seal.count
