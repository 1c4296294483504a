"""What came in, and how far it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from domain.commitments import Verdict
from domain.reporting import (
    Draft,
    Report,
    ReportStory,
)
from storage.scope import Scope


class ReportStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(
        self,
        draft: Draft,
        *,
        promise_id: int | None = None,
        dispute_id: int | None = None,
        origin: str,
        reported_by: int,
        operator_id: int | None,
        at: datetime,
    ) -> int:
        raise NotImplementedError

    def find(self, *, id: int | None = None, origin: str | None = None) -> Report | None:
        raise NotImplementedError

    def stories(
        self,
        ids: Collection[int] | None = None,
        *,
        reported_by: int | None = None,
        promise_id: int | None = None,
        dispute_id: int | None = None,
        waiting: bool = False,
        limit: int = 50,
    ) -> list[ReportStory]:
        raise NotImplementedError

    def acknowledge(self, report_id: int, *, by: int, at: datetime) -> bool:
        raise NotImplementedError

    def settle(self, report_id: int, *, verdict: Verdict, by: int, why: str, at: datetime) -> bool:
        raise NotImplementedError

    def overdue(self, *, said_by: datetime, limit: int) -> list[Report]:
        raise NotImplementedError

    def mark(
        self, report_id: int, *, reminded_at: datetime | None = None, escalated_at: datetime | None = None
    ) -> bool:
        raise NotImplementedError
