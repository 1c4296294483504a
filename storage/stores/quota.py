"""How many mails left on one day. The row's own lock makes it hold across replicas."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, case, select, update

from storage.scope import ORG, Scope
from storage.sets import upsert
from storage.tables import quotas

_DAY = bindparam("v_day", type_=quotas.c.day.type)
_WANT = bindparam("want", type_=quotas.c.used.type)
_WANT_FIRST = bindparam("first", type_=quotas.c.used.type)
_ROOM = bindparam("cap", type_=quotas.c.used.type) - quotas.c.used

_USED = select(quotas.c.used).where(quotas.c.org_id == ORG, quotas.c.day == _DAY)
_granted = case((_ROOM <= 0, 0), (_ROOM < _WANT, _ROOM), else_=_WANT)
_TAKE = {
    dialect: upsert(dialect, quotas)
    .values(org_id=ORG, day=_DAY, used=_WANT_FIRST, granted=_WANT_FIRST)
    .on_conflict_do_update(
        index_elements=["org_id", "day"], set_={"used": quotas.c.used + _granted, "granted": _granted}
    )
    .returning(quotas.c.granted)
    for dialect in ("sqlite", "postgresql")
}
_GIVE_BACK = (
    update(quotas)
    .where(quotas.c.org_id == ORG, quotas.c.day == _DAY)
    .values(used=case((quotas.c.used > _WANT, quotas.c.used - _WANT), else_=0))
)


class QuotaStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def used(self, day: date) -> int:
        return int(self._scope.execute(_USED, {"v_day": day}).scalar_one_or_none() or 0)

    def take(self, day: date, *, want: int, cap: int) -> int:
        if want <= 0:
            return 0
        params = {"v_day": day, "want": want, "cap": cap, "first": max(0, min(want, cap))}
        return int(self._scope.execute(_TAKE[self._scope.dialect], params).scalar_one())

    def give_back(self, day: date, count: int) -> None:
        if count > 0:
            self._scope.execute(_GIVE_BACK, {"v_day": day, "want": count})
