"""The audit log's rows as they stand, and the seals over them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    RowMapping,
    Text,
    bindparam,
    cast,
    delete,
    extract,
    func,
    select,
    type_coerce,
    update,
)

from domain.sealing import Record, Seal
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, upsert
from storage.tables import audit, audit_seals
from storage.types import UtcDateTime

WRITERS = 0x506C617500000000
"""PostgreSQL's advisory locks of whoever writes audit rows begin here: plus the organisation's id, or 0 across them.

Writers share theirs until they commit (a trigger of revision 0006), so they do not wait for each other. Whoever seals
takes it alone for a moment: from then on nobody commits a row with a lower id than the highest there is.
"""
PATIENCE = "250ms"
"""How long writers may be made to wait for whoever wants to seal; then it is tried at the next beat."""

_SEAL = ("first_id", "last_id", "count", "before", "hash", "marks", "sealed_at", "dropped_at")
_AFTER: BindParameter[int] = bindparam("v_after")
_UP_TO: BindParameter[int] = bindparam("v_up_to")
_LIMIT: BindParameter[int] = bindparam("v_limit")
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1

_HIGHEST_ID = select(func.coalesce(func.max(audit.c.id), 0)).where(audit.c.org_id == ORG)
_BE_PATIENT = select(func.set_config("lock_timeout", PATIENCE, True))
_ALONE = select(func.pg_advisory_xact_lock(bindparam("v_lock", type_=BigInteger())))


def _records(dialect: str) -> Any:
    """As text where a column's own type could fail on what somebody put there."""
    microseconds = cast(extract("epoch", audit.c.at) * 1_000_000, BigInteger)
    return (
        select(
            audit.c.id,
            audit.c.org_id,
            (type_coerce(audit.c.at, Text()) if dialect == "sqlite" else microseconds).label("at"),
            audit.c.actor_id,
            audit.c.action,
            audit.c.subject,
            audit.c.account_id,
            audit.c.reason,
            cast(audit.c.before, Text()).label("before"),
            cast(audit.c.after, Text()).label("after"),
        )
        .where(audit.c.org_id == ORG, audit.c.id > _AFTER, audit.c.id <= _UP_TO)
        .order_by(audit.c.id)
        .limit(_LIMIT)
    )


_RECORDS = {dialect: _records(dialect) for dialect in DIALECTS}
_SEALS = select(*(audit_seals.c[name] for name in _SEAL)).where(audit_seals.c.org_id == ORG)
_LAST = _SEALS.order_by(audit_seals.c.last_id.desc()).limit(1)
_NEXT = _SEALS.where(audit_seals.c.last_id > _AFTER).order_by(audit_seals.c.last_id).limit(1)
_NEXT_STANDING = _NEXT.where(audit_seals.c.dropped_at.is_(None))
_NEWEST_SEALED = select(func.max(audit_seals.c.last_id)).where(audit_seals.c.org_id == ORG).scalar_subquery()
_UNSEALED = select(func.count()).where(audit.c.org_id == ORG, audit.c.id > func.coalesce(_NEWEST_SEALED, _LOWEST))
_MARK_DROPPED = (
    update(audit_seals)
    .where(audit_seals.c.org_id == ORG, audit_seals.c.last_id == _UP_TO, audit_seals.c.dropped_at.is_(None))
    .values(dropped_at=bindparam("v_at", type_=UtcDateTime()), marks=b"")
    .returning(audit_seals.c.id)
)
_DROP = delete(audit).where(audit.c.org_id == ORG, audit.c.id >= _AFTER, audit.c.id <= _UP_TO)


@cache
def _add(dialect: str) -> Any:
    given = {name: bindparam(f"v_{name}", type_=audit_seals.c[name].type) for name in _SEAL}
    return upsert(dialect, audit_seals).values(org_id=ORG, **given).on_conflict_do_nothing().returning(audit_seals.c.id)


class SealStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def settled(self) -> int:
        if self._scope.dialect == "postgresql":
            self._scope.execute(_BE_PATIENT)
            for lock in (WRITERS + self._scope.org_id, WRITERS):
                self._scope.execute(_ALONE, {"v_lock": lock})
        # A statement of its own: it sees what those committed whom the locks waited for.
        return int(self._scope.execute(_HIGHEST_ID).scalar_one())

    def records(self, *, after: int | None, up_to: int | None, limit: int) -> list[Record]:
        given = {
            "v_after": _LOWEST if after is None else after,
            "v_up_to": _HIGHEST if up_to is None else up_to,
            "v_limit": limit,
        }
        rows = self._scope.execute(_RECORDS[self._scope.dialect], given).mappings()
        return [Record(**{**row, "at": _microseconds(row["at"])}) for row in rows]

    def last(self) -> Seal | None:
        return _seal_of(self._scope.execute(_LAST).mappings().first())

    def after(self, last_id: int | None, *, standing: bool = False) -> Seal | None:
        given = {"v_after": _LOWEST if last_id is None else last_id}
        return _seal_of(self._scope.execute(_NEXT_STANDING if standing else _NEXT, given).mappings().first())

    def add(self, seal: Seal) -> bool:
        given = {f"v_{name}": getattr(seal, name) for name in _SEAL}
        return self._scope.execute(_add(self._scope.dialect), given).first() is not None

    def drop(self, seal: Seal, *, at: datetime) -> bool:
        if self._scope.execute(_MARK_DROPPED, {"v_up_to": seal.last_id, "v_at": at}).first() is None:
            return False
        self._scope.execute(_DROP, {"v_after": seal.first_id, "v_up_to": seal.last_id})
        return True

    def unsealed(self) -> int:
        return int(self._scope.execute(_UNSEALED).scalar_one())


def _seal_of(row: RowMapping | None) -> Seal | None:
    return None if row is None else Seal(**{**row, "marks": bytes(row["marks"])})


def _microseconds(at: int | str) -> int | str:
    """SQLite's text as PostgreSQL counts it; as it is when it is none of ours."""
    if not isinstance(at, str):
        return at
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    if moment.tzinfo is not None or moment.isoformat(sep=" ", timespec="microseconds") != at:
        return at
    return (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001 - both are UTC without saying so
