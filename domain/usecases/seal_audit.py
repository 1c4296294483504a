"""Seal what was written to the audit log since the last time."""

from __future__ import annotations

from domain.errors import Busy
from domain.ports import Clock, UnitOfWorkFactory
from domain.rules.sealing import sealed
from domain.sealing import GENESIS

BLOCK = 5_000
"""Rows of a block at most: what is held in memory, and read again to verify one."""


def seal_audit(*, uow: UnitOfWorkFactory, clock: Clock, block: int = BLOCK) -> int:
    """How many rows were sealed. Any number of replicas may do it at once: of two seals of one block the first counts.

    Writers wait for an instant only, while it is found out up to where the log is settled; when somebody has been
    writing for longer than that may take, nothing is sealed this time.
    """
    try:
        with uow() as work:
            up_to = work.seals.settled()
    except Busy:
        return 0
    total = 0
    while True:
        with uow() as work:
            last = work.seals.last()
            records = work.seals.records(after=last.last_id if last else None, up_to=up_to, limit=block)
            if not records:
                return total
            seal = sealed(
                records,
                first_id=last.last_id + 1 if last else 1,
                before=last.hash if last else GENESIS,
                at=clock.now(),
            )
            if not work.seals.add(seal):
                return total
        total += len(records)
