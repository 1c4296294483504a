"""The audit log as it is sealed: rows as they are stored, the blocks they lie in, and what was found wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

GENESIS = "0" * 64
"""The hash before the first block."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the log, every column, as near to what is stored as both databases tell it.

    `at`: whole microseconds since 1970 in UTC, or the text that stands where an instant should. `before` and `after`
    are JSON's text. Whoever tampers may have put anything anywhere, so the types are what they should be, not more.
    """

    id: int
    org_id: int
    at: int | str
    actor_id: int | None
    action: str
    subject: str
    account_id: int | None
    reason: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Seal:
    """A block: all rows with ids from `first_id` to `last_id`, bound to the block before by that one's hash.

    `hash` is SHA-256 in hexadecimal. `marks` says of each row its id and eight bytes of its own hash, to find the row
    that differs; empty once the retention has dropped the rows (`dropped_at`).
    """

    first_id: int
    last_id: int
    count: int
    before: str
    hash: str
    marks: bytes
    sealed_at: datetime
    dropped_at: datetime | None = None


class Fault(StrEnum):
    """What can be wrong with a block."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    SEAL_CHANGED = "seal_changed"
    CHAIN_BROKEN = "chain_broken"
    DROPPED_UNSAID = "dropped_unsaid"
    """Marked as dropped by the retention, and the log does not say so, or a later block was dropped before it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing that is wrong. `block` counts from 1; `row` is an id of the log where one row can be named."""

    fault: Fault
    block: int
    first_id: int
    last_id: int
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`head` is the newest block's hash; whoever keeps it elsewhere can ask later whether it is still in the chain.

    `unsealed` are rows younger than the newest block. `is_expected` is False when the hash that was asked for is no
    block's; it says nothing when none was asked for.
    """

    blocks: int = 0
    rows: int = 0
    dropped: int = 0
    dropped_until: datetime | None = None
    unsealed: int = 0
    head: str = GENESIS
    finding: Finding | None = None
    is_expected: bool = True

    @property
    def is_sound(self) -> bool:
        return self.finding is None and self.is_expected
