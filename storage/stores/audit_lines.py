"""The audit log as people read and export it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, literal_column, select

from domain.audit import Filter, Line
from storage.scope import ORG, Scope
from storage.tables import accounts, audit, users
from storage.types import UtcDateTime

_FROM = audit.outerjoin(users, and_(users.c.org_id == ORG, users.c.id == audit.c.actor_id)).outerjoin(
    accounts, and_(accounts.c.org_id == ORG, accounts.c.id == audit.c.account_id)
)
_LINES = (
    select(
        audit.c.id,
        audit.c.at,
        audit.c.actor_id,
        users.c.name.label("actor_name"),
        users.c.email.label("actor_email"),
        audit.c.action,
        audit.c.subject,
        audit.c.account_id,
        accounts.c.external_id.label("account_external_id"),
        accounts.c.name.label("account_name"),
        audit.c.reason,
        audit.c.before,
        audit.c.after,
    )
    .select_from(_FROM)
    .where(audit.c.org_id == ORG)
)
_LIMIT: BindParameter[int] = bindparam("v_limit")
_BETWEEN = (audit.c.id > bindparam("v_after"), audit.c.id <= bindparam("v_up_to"))
_LAST_ID = select(func.coalesce(func.max(audit.c.id), 0)).where(audit.c.org_id == ORG)


def _fits(wanted: Filter) -> tuple[list[ColumnElement[bool]], dict[str, Any]]:
    """Only the conditions that are asked for, so that a question about an account or a time finds its index. One about
    an actor or an action alone reads line after line from the newest on: it has none."""
    conditions: list[ColumnElement[bool]] = []
    given: dict[str, Any] = {}
    for column, name, value in (
        (audit.c.actor_id, "v_actor", wanted.actor_id),
        (audit.c.account_id, "v_account", wanted.account_id),
    ):
        if value is not None:
            conditions.append(column == bindparam(name))
            given[name] = value
    if wanted.action is not None:
        begins = wanted.action.endswith(".")
        is_it = func.substr(audit.c.action, 1, len(wanted.action)) if begins else audit.c.action
        conditions.append(is_it == bindparam("v_action"))
        given["v_action"] = wanted.action
    if wanted.since is not None:
        conditions.append(audit.c.at >= bindparam("v_since", type_=UtcDateTime()))
        given["v_since"] = wanted.since
    if wanted.until is not None:
        conditions.append(audit.c.at < bindparam("v_until", type_=UtcDateTime()))
        given["v_until"] = wanted.until
    return conditions, given


class AuditLineStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def newest(self, wanted: Filter, *, limit: int) -> list[Line]:
        conditions, given = _fits(wanted)
        statement = _LINES.where(*conditions).order_by(audit.c.at.desc(), audit.c.id.desc()).limit(_LIMIT)
        return self._lines(statement, {**given, "v_limit": limit})

    def after(self, id: int, wanted: Filter, *, up_to: int, limit: int) -> list[Line]:
        conditions, given = _fits(wanted)
        statement = _LINES.where(*_BETWEEN, *conditions).order_by(audit.c.id).limit(_LIMIT)
        return self._lines(statement, {**given, "v_after": id, "v_up_to": up_to, "v_limit": limit})

    def count(self, wanted: Filter, *, up_to: int, limit: int) -> int:
        conditions, given = _fits(wanted)
        some: Select[Any] = (
            select(literal_column("1"))
            .select_from(audit)
            .where(audit.c.org_id == ORG, audit.c.id <= bindparam("v_up_to"))
        )
        few = some.where(*conditions).limit(_LIMIT).subquery()
        counted = select(func.count()).select_from(few)
        return int(self._scope.execute(counted, {**given, "v_up_to": up_to, "v_limit": limit}).scalar_one())

    def last_id(self) -> int:
        return int(self._scope.execute(_LAST_ID).scalar_one())

    def _lines(self, statement: Select[Any], given: dict[str, Any]) -> list[Line]:
        return [Line(**row) for row in self._scope.execute(statement, given).mappings()]
