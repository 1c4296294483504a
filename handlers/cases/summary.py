"""The receivables summary."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from domain.outcomes import Refused
from domain.summary import Summary
from domain.usecases.export_summary import export_summary
from handlers.cases.asking import Asking


class SummaryCases(Asking):
    __slots__ = ()

    def export_summary(self, *, origin: str, zone: ZoneInfo) -> Summary | Refused | None:
        return export_summary(
            origin=origin, zone=zone, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )
