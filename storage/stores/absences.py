"""Who is away, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select, update

from domain.duties import Absence
from storage.scope import ORG, Scope
from storage.tables import absences
from storage.types import UtcDateTime


def has_turned(at: Any) -> Any:
    """It began, or it ended, and what waits for the record was not handed over since."""
    applied_at = absences.c.applied_at
    began = and_(absences.c.starts_at <= at, or_(applied_at.is_(None), applied_at < absences.c.starts_at))
    return or_(began, and_(absences.c.ends_at <= at, applied_at < absences.c.ends_at))


_USER: Any = bindparam("v_user", type_=absences.c.user_id.type)
_FROM, _TILL = bindparam("v_from", type_=UtcDateTime()), bindparam("v_till", type_=UtcDateTime())
_ABSENCES = (
    select(*(absences.c[name] for name in Absence.__slots__))
    .where(absences.c.org_id == ORG, absences.c.ends_at > _FROM)
    .order_by(absences.c.starts_at, absences.c.id)
)
_away = (absences.c.org_id == ORG, absences.c.user_id == _USER)
_DROP_OVERLAPPING = delete(absences).where(*_away, absences.c.starts_at < _TILL, absences.c.ends_at > _FROM)
_DROP_LATER = delete(absences).where(*_away, absences.c.starts_at >= _FROM)
_END_NOW = (
    update(absences)
    .where(*_away, absences.c.starts_at < _FROM, absences.c.ends_at > _FROM)
    .values(ends_at=_FROM, applied_at=_FROM)
)
_APPLY = (
    update(absences)
    .where(absences.c.org_id == ORG, has_turned(_FROM))
    .values(applied_at=_FROM)
    .returning(*(absences.c[name] for name in Absence.__slots__))
)


class AbsenceStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def standing(self, at: datetime) -> list[Absence]:
        return [Absence(**row) for row in self._scope.execute(_ABSENCES, {"v_from": at}).mappings()]

    def enter(self, absence: Absence, *, at: datetime) -> None:
        overlapping = {"v_user": absence.user_id, "v_from": absence.starts_at, "v_till": absence.ends_at}
        self._scope.execute(_DROP_OVERLAPPING, overlapping)
        values = {name: getattr(absence, name) for name in Absence.__slots__}
        self._scope.insert(absences, {**values, "applied_at": at})

    def end(self, user_id: int, *, at: datetime) -> bool:
        params = {"v_user": user_id, "v_from": at}
        dropped = self._scope.execute(_DROP_LATER, params).rowcount
        return self._scope.execute(_END_NOW, params).rowcount + dropped > 0

    def apply(self, at: datetime) -> list[Absence]:
        turned = [Absence(**row) for row in self._scope.execute(_APPLY, {"v_from": at}).mappings()]
        return sorted(turned, key=lambda absence: (absence.starts_at, absence.user_id))
