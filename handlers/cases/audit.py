"""The audit log."""

from __future__ import annotations

from collections.abc import Iterator

from domain.audit import AuditPage, Export, Filter, Line, TooLong
from domain.outcomes import Refused
from domain.usecases.export_audit import export_audit, exported_lines
from domain.usecases.read_audit import read_audit
from handlers.cases.asking import Asking


class AuditCases(Asking):
    __slots__ = ()

    def read_audit(self, wanted: Filter, *, person: str | None = None) -> AuditPage | Refused:
        return read_audit(
            wanted, person=person, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def export_audit(
        self, wanted: Filter, *, person: str | None = None, origin: str
    ) -> Export | TooLong | Refused | None:
        return export_audit(
            wanted,
            person=person,
            origin=origin,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def exported_lines(self, export: Export) -> Iterator[Line]:
        return exported_lines(export, uow=self.uow)
