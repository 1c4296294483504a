"""What was heard of the sender's records is kept, for the console to read."""

from __future__ import annotations

from collections.abc import Sequence

from domain.ports import Clock, UnitOfWorkFactory
from domain.rules.kept_records import kept_after
from domain.rules.sender_records import Record


def note_records(records: Sequence[Record], *, domain: str, uow: UnitOfWorkFactory, clock: Clock) -> int:
    """How many are not as they were. Those of another domain, from which the house sent before, are dropped."""
    at = clock.now()
    with uow() as work:
        before = work.sender_records.of(domain)
        now = [kept_after(record, before.get(record.kind), at) for record in records]
        work.sender_records.keep(domain, now)
    return sum(one.kind not in before or one.verdict is not before[one.kind].verdict for one in now)
