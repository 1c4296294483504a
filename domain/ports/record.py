"""What was done, and who is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from domain.audit import Entry
from domain.notices import Digest, Notice, NoticeKind, Telling
from domain.reasons import Reason


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

    def of_account(self, account_id: int, limit: int = 50) -> list[Mapping[str, object]]: ...


class Notices(Protocol):
    def raise_(
        self,
        *,
        key: str,
        kind: NoticeKind,
        subject: str,
        recipient: int | None,
        at: datetime,
        only_edit: bool = False,
    ) -> None:
        """New, or changed since it was posted. `subject` is the id of what it is about. `only_edit`: nothing new."""
        ...

    def raise_all(self, tellings: Iterable[Telling]) -> None:
        """The same for many at once; of several with one key the last."""
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
