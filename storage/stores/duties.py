"""Who keeps whose record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, or_, select, update

from domain.duties import Keeper
from storage.scope import ORG, Scope
from storage.stores.home_pages import tied
from storage.tables import accounts, duties, reports

_USER: Any = bindparam("v_user", type_=duties.c.user_id.type)
_ACCOUNT: Any = bindparam("v_account", type_=duties.c.account_id.type)
_KEEPERS = (
    select(duties.c.user_id, duties.c.account_id, duties.c.since, accounts.c.name.label("account_name"))
    .select_from(duties.outerjoin(accounts, tied(accounts, duties.c.account_id)))
    .where(duties.c.org_id == ORG)
    .order_by(duties.c.account_id.is_(None), duties.c.account_id, duties.c.user_id)
)
_OF_ACCOUNT = _KEEPERS.where(or_(duties.c.account_id == _ACCOUNT, duties.c.account_id.is_(None)))
_of_user = (duties.c.org_id == ORG, duties.c.user_id == _USER)
_THEIRS = select(duties.c.id).where(*_of_user, duties.c.account_id == _ACCOUNT)
_EVERYTHING_IS_THEIRS = select(duties.c.id).where(*_of_user, duties.c.account_id.is_(None))
_TAKE_OFF = delete(duties).where(*_of_user, duties.c.account_id == _ACCOUNT)
_TAKE_EVERYTHING_OFF = delete(duties).where(*_of_user, duties.c.account_id.is_(None))

_OPERATOR: Any = bindparam("v_operator", type_=reports.c.operator_id.type)
_is_in_their_hand = reports.c.acknowledged_by == _OPERATOR
_HAND_OVER = (
    update(reports)
    .where(reports.c.org_id == ORG, reports.c.id == bindparam("v_id"), reports.c.settled_at.is_(None))
    .values(
        operator_id=_OPERATOR,
        handed_by=bindparam("v_by", type_=reports.c.handed_by.type),
        handings=reports.c.handings + bindparam("v_handings", type_=reports.c.handings.type),
        acknowledged_by=case((_is_in_their_hand, reports.c.acknowledged_by)),
        acknowledged_at=case((_is_in_their_hand, reports.c.acknowledged_at)),
    )
)


class DutyStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def keepers(self, account_id: int | None = None) -> list[Keeper]:
        statement, params = (_KEEPERS, {}) if account_id is None else (_OF_ACCOUNT, {"v_account": account_id})
        return [Keeper(**row) for row in self._scope.execute(statement, params).mappings()]

    def assign(self, user_id: int, account_id: int | None, *, at: datetime) -> bool:
        there = self._scope.execute(*_named(_THEIRS, _EVERYTHING_IS_THEIRS, user_id, account_id)).first()
        if there is not None:
            return False
        self._scope.insert(duties, {"user_id": user_id, "account_id": account_id, "since": at})
        return True

    def take_off(self, user_id: int, account_id: int | None) -> bool:
        return self._scope.execute(*_named(_TAKE_OFF, _TAKE_EVERYTHING_OFF, user_id, account_id)).rowcount > 0

    def hand_over(self, report_id: int, user_id: int | None, *, by: int | None = None) -> None:
        handed = {"v_by": by, "v_handings": int(by is not None)}
        self._scope.execute(_HAND_OVER, {"v_id": report_id, "v_operator": user_id, **handed})


def _named(of_account: Any, of_all: Any, user_id: int, account_id: int | None) -> tuple[Any, dict[str, int]]:
    if account_id is None:
        return of_all, {"v_user": user_id}
    return of_account, {"v_user": user_id, "v_account": account_id}
