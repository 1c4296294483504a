"""The lists of App Home."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from domain.duties import DutyShare
from domain.homing import Cut, DisputeLine, PromiseLine, ReportLine
from domain.messages import State
from domain.outcomes import NudgeStory
from storage.scope import Scope
from storage.stores import home_nudges, home_record


class HomeStore:
    """`domain.ports.HomeReads`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def nudges(
        self, groups: Mapping[str, Collection[State]], *, of_person: int | None, limit: int, start: int = 0
    ) -> Mapping[str, Cut[NudgeStory]]:
        return home_nudges.read_nudges(self._scope, groups, of_person=of_person, limit=limit, start=start)

    def reports_waiting(self, *, limit: int, start: int = 0, escalated: bool | None = None) -> Cut[ReportLine]:
        return home_record.read_reports_waiting(self._scope, limit=limit, start=start, escalated=escalated)

    def reports_of(self, person_id: int, *, limit: int, start: int = 0) -> Cut[ReportLine]:
        return home_record.read_reports_of(self._scope, person_id, limit=limit, start=start)

    def promises_due(self, *, by: date, limit: int, start: int = 0) -> Cut[PromiseLine]:
        return home_record.read_promises_due(self._scope, by=by, limit=limit, start=start)

    def promises_missed(self, *, since: datetime, limit: int, start: int = 0) -> Cut[PromiseLine]:
        return home_record.read_promises_missed(self._scope, since=since, limit=limit, start=start)

    def disputes(self, *, limit: int, start: int = 0, of: DutyShare | None = None) -> Cut[DisputeLine]:
        return home_record.read_disputes(self._scope, limit=limit, start=start, of=of)
