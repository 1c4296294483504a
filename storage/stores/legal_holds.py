"""Holds that were placed here. What the books say stands in `accounts.legal_hold`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from domain.legal_holds import LegalHold
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, upsert
from storage.tables import accounts, legal_holds
from storage.types import UtcDateTime

_ACCOUNT: Any = bindparam("v_account", type_=legal_holds.c.account_id.type)
_STANDS = (
    legal_holds.c.org_id == ORG,
    legal_holds.c.account_id == _ACCOUNT,
    legal_holds.c.lifted_at.is_(None),
)
_STANDING = select(*(legal_holds.c[name] for name in LegalHold.__slots__)).where(*_STANDS)
_PLACE = {
    dialect: upsert(dialect, legal_holds)
    .values(
        org_id=ORG,
        account_id=_ACCOUNT,
        why=bindparam("v_why"),
        placed_by=bindparam("v_by"),
        placed_at=bindparam("v_at", type_=UtcDateTime()),
    )
    .on_conflict_do_nothing()
    .returning(legal_holds.c.id)
    for dialect in DIALECTS
}
_LIFT = (
    update(legal_holds)
    .where(*_STANDS)
    .values(lifted_by=bindparam("v_by"), lifted_at=bindparam("v_at", type_=UtcDateTime()))
)
_IN_THE_BOOKS = select(accounts.c.legal_hold).where(accounts.c.org_id == ORG, accounts.c.id == _ACCOUNT)


class LegalHoldStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def standing(self, account_id: int) -> LegalHold | None:
        row = self._scope.execute(_STANDING, {"v_account": account_id}).mappings().one_or_none()
        return None if row is None else LegalHold(**row)

    def place(self, account_id: int, *, why: str, by: int, at: datetime) -> bool:
        values = {"v_account": account_id, "v_why": why, "v_by": by, "v_at": at}
        return self._scope.execute(_PLACE[self._scope.dialect], values).first() is not None

    def lift(self, account_id: int, *, by: int, at: datetime) -> bool:
        return self._scope.execute(_LIFT, {"v_account": account_id, "v_by": by, "v_at": at}).rowcount == 1

    def in_the_books(self, account_id: int) -> str | None:
        return self._scope.execute(_IN_THE_BOOKS, {"v_account": account_id}).scalar_one_or_none()
