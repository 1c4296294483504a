"""Is the audit log what was written? Block by block, from the first to the newest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from domain.audit import Filter
from domain.ports import UnitOfWork, UnitOfWorkFactory
from domain.rules.sealing import compared
from domain.sealing import GENESIS, Fault, Finding, Seal, Verdict

ROOM = 2
"""Rows more than a block should hold that are read: enough to see that there are too many."""


def verify_audit(
    *, uow: UnitOfWorkFactory, expected: str | None = None, progress: Callable[[int], None] = lambda _: None
) -> Verdict:
    """Ends at the first block that is not as it was sealed. `progress` hears of each block how many rows it held.

    `expected` is a block's hash that somebody kept elsewhere: that it is still in the chain shows that no blocks were
    taken away from the end. Each block is read in a transaction of its own, so the log grows meanwhile as it likes.
    """
    found = Verdict(is_expected=expected is None)
    previous: Seal | None = None
    while True:
        step = _look(uow, found, previous)
        if step is None:
            break
        seal, finding = step
        if finding is not None:
            # The retention may have come between two statements: once more, and then it stands.
            again = _look(uow, found, previous)
            if again is None or again[1] is not None:
                return replace(found, finding=again[1] if again else finding)
            seal = again[0]
        found = replace(
            found,
            blocks=found.blocks + 1,
            rows=found.rows + (0 if seal.dropped_at else seal.count),
            dropped=found.dropped + bool(seal.dropped_at),
            dropped_until=seal.dropped_at or found.dropped_until,
            head=seal.hash,
            is_expected=found.is_expected or seal.hash == expected,
        )
        progress(seal.count)
        previous = seal
    with uow() as work:
        return replace(found, unsealed=work.seals.unsealed())


def _look(uow: UnitOfWorkFactory, found: Verdict, previous: Seal | None) -> tuple[Seal, Finding | None] | None:
    """The next block and what is wrong with it; None after the newest."""
    with uow() as work:
        seal = work.seals.after(previous.last_id if previous else None)
        return None if seal is None else (seal, _wrong(work, seal, previous, block=found.blocks + 1))


def _wrong(work: UnitOfWork, seal: Seal, previous: Seal | None, *, block: int) -> Finding | None:
    def finding(fault: Fault, row: int | None = None) -> Finding:
        return Finding(fault, block, seal.first_id, seal.last_id, row)

    follows = (previous.last_id + 1, previous.hash) if previous else (1, GENESIS)
    if (seal.first_id, seal.before) != follows:
        return finding(Fault.CHAIN_BROKEN)
    # From the end of the block before, so that a row that lies before the first block is seen too.
    records = work.seals.records(
        after=previous.last_id if previous else None, up_to=seal.last_id, limit=max(seal.count, 0) + ROOM
    )
    if seal.dropped_at is None:
        return compared(seal, records, block=block)
    if records:
        return finding(Fault.ADDED, records[0].id)
    if previous is not None and previous.dropped_at is None:
        return finding(Fault.DROPPED_UNSAID)
    return None if _is_said(work, seal) else finding(Fault.DROPPED_UNSAID)


def _is_said(work: UnitOfWork, seal: Seal) -> bool:
    """Whether the log tells of it. What tells of an older block may have been dropped itself since."""
    after = work.seals.after(seal.last_id)
    if after is not None and after.dropped_at is not None:
        return True
    told = work.audit_lines.newest(Filter(action="audit.dropped", since=seal.dropped_at), limit=1_000)
    return any(line.subject == f"audit:{seal.last_id}" for line in told)
