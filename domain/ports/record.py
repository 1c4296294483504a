"""What was done, and who is told of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from domain.audit import Entry, Filter, Line
from domain.notices import Digest, Notice, Telling
from domain.reasons import Reason
from domain.sealing import Record, Seal


class Audit(Protocol):
    def record(
        self,
        action: str,
        *,
        at: datetime,
        actor_id: int | None,
        subject: str,
        account_id: int | None = None,
        reason: Reason | None = None,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> None:
        """Append one `Entry`."""
        ...

    def record_all(self, entries: Iterable[Entry]) -> None:
        """Append many at once."""
        ...

    def has(self, action: str, *, account_id: int, origin: str) -> bool:
        """Whether that click (`origin` in what came `after`) has done this to the account before."""
        ...


class AuditLines(Protocol):
    """The audit log as people read it."""

    def newest(self, wanted: Filter, *, limit: int) -> list[Line]:
        """Newest first."""
        ...

    def after(self, id: int, wanted: Filter, *, up_to: int, limit: int) -> list[Line]:
        """By id, for a long list: give the last one's id to get the next ones."""
        ...

    def count(self, wanted: Filter, *, up_to: int, limit: int) -> int:
        """How many; counting stops at `limit`."""
        ...

    def last_id(self) -> int:
        """0 when the log is empty."""
        ...


class Seals(Protocol):
    """The audit log as it is sealed. What is sealed, and marked as dropped, is never written again."""

    def settled(self) -> int:
        """The highest id there is (0: none); no row with a lower one can be committed any more.

        On PostgreSQL those who write wait until this transaction ends, so end it at once. Raises Busy when somebody
        has been writing for too long.
        """
        ...

    def records(self, *, after: int | None, up_to: int | None, limit: int) -> list[Record]:
        """By id; None: from the very first, to the very last."""
        ...

    def last(self) -> Seal | None: ...
    def after(self, last_id: int | None, *, standing: bool = False) -> Seal | None:
        """The block after the one that ends with `last_id`; None: the first. `standing`: whose rows are there."""
        ...

    def add(self, seal: Seal) -> bool:
        """False when somebody else has sealed after the same block."""
        ...

    def drop(self, seal: Seal, *, at: datetime) -> bool:
        """Delete the block's rows and keep its seal. False when somebody else did."""
        ...

    def unsealed(self) -> int:
        """How many rows are younger than the newest block."""
        ...


class Notices(Protocol):
    def raise_all(self, tellings: Iterable[Telling]) -> None:
        """New, or changed since they were posted; of several with one key the last. One statement for all that are
        new, one for those that only change."""
        ...

    def retell(self, posts: Collection[str], people: Collection[int], *, at: datetime) -> None:
        """What any of these people was told under any of these keys, to which their id is added (`report:4:duty:12`),
        has changed. Nobody is told anything new. One statement, given each post and each person once.
        """
        ...

    def claim(self, *, at: datetime, lease_until: datetime, limit: int) -> list[Notice]: ...
    def posted(self, notice: Notice, *, channel: str, ts: str, at: datetime) -> None: ...
    def postpone(self, notice: Notice, *, until: datetime, error: str) -> None: ...
    def give_up(self, notice: Notice, *, error: str, at: datetime) -> None: ...
    def fold(self, *, raised_by: datetime, at: datetime, least: int, limit: int) -> Digest | None:
        """Take up to `limit` of A/R's alerts off the list that were never posted, were raised at `raised_by` or
        earlier, and are about nudges whose way has ended. None, and nothing changes, when they are fewer than `least`.
        """
        ...
