"""What was heard of the sender's records is kept, for the console to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.ports import UnitOfWorkFactory
from domain.rules.kept_records import kept_after
from domain.rules.sender_records import Record


def note_records(records: Sequence[Record], *, domain: str, asked_at: datetime, uow: UnitOfWorkFactory) -> int:
    """How many are not as they were. Those of another domain, from which the house sent before, are dropped.

    `asked_at`: when the look began. One that began later has the last word, whichever is noted last.
    """
    with uow() as work:
        before = work.sender_records.of(domain)
        now = [kept_after(record, before.get(record.kind), asked_at) for record in records]
        work.sender_records.keep(domain, now)
    return sum(one.kind not in before or one.verdict is not before[one.kind].verdict for one in now)
