"""Looking after the house."""

from __future__ import annotations

from datetime import timedelta

from domain.maintenance import MaintenanceSwitched
from domain.outcomes import Refused
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
