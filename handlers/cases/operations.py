"""Looking after the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from domain.console import Console
from domain.jobs import JobBoard, JobKind, JobOrder, JobOrdered
from domain.maintenance import MaintenanceSwitched
from domain.outcomes import Refused
from domain.readiness import Row
from domain.usecases.open_console import open_console
from domain.usecases.order_job import order_job, see_jobs
from domain.usecases.switch_maintenance import see_maintenance, switch_maintenance
from handlers.cases.asking import Asking


class OperationsCases(Asking):
    __slots__ = ()

    def see_maintenance(self) -> MaintenanceSwitched | Refused:
        return see_maintenance(actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def switch_maintenance(
        self, reason: str | None, *, lasts: timedelta | None = None
    ) -> MaintenanceSwitched | Refused:
        """`reason` None opens the house again. Raises InvalidValue."""
        return switch_maintenance(
            reason, lasts=lasts, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def open_console(self, live: Sequence[Row], jobs: Mapping[str, JobKind]) -> Console | Refused:
        return open_console(live, jobs, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def see_jobs(self, known: Mapping[str, JobKind]) -> JobBoard | Refused:
        return see_jobs(known, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def order_job(self, order: JobOrder, known: Mapping[str, JobKind]) -> JobOrdered | Refused:
        """Raises InvalidValue."""
        return order_job(order, known, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)
