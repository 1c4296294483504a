"""Roles by Slack user group, and the members of those groups as Slack told last."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, RowMapping, and_, bindparam, delete, not_, null, select, true, update

from domain.roles import GroupRole
from domain.values import Role
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, among, rows_given, rows_text, upsert
from storage.tables import group_members, group_roles
from storage.types import UtcDateTime

_KEPT = ("usergroup_id", "name", "role", "given_by", "given_at", "read_at")
_GIVEN = ("usergroup_id", "name", "role", "given_by", "given_at")
_GROUP: BindParameter[str] = bindparam("v_group")
_NEWEST_FIRST = (group_roles.c.given_at.desc(), group_roles.c.id.desc())
_ALL = select(*[group_roles.c[name] for name in _KEPT]).where(group_roles.c.org_id == ORG).order_by(*_NEWEST_FIRST)
_TAKE = delete(group_roles).where(group_roles.c.org_id == ORG, group_roles.c.usergroup_id == _GROUP)
_MEMBERS = (
    select(group_members.c.slack_user_id)
    .where(group_members.c.org_id == ORG, group_members.c.usergroup_id == _GROUP)
    .order_by(group_members.c.slack_user_id)
)
_FORGET = delete(group_members).where(group_members.c.org_id == ORG, group_members.c.usergroup_id == _GROUP)
_WENT = _FORGET.where(among(group_members.c.slack_user_id, "went"))
_ONLY = _FORGET.where(not_(among(group_members.c.slack_user_id, "there")))
_READ = (
    update(group_roles)
    .where(group_roles.c.org_id == ORG, group_roles.c.usergroup_id == _GROUP)
    .values(read_at=bindparam("v_at", type_=UtcDateTime()))
)
_OF = (
    select(group_members.c.slack_user_id, *[group_roles.c[name] for name in _KEPT])
    .select_from(
        group_members.join(
            group_roles,
            and_(group_roles.c.org_id == ORG, group_roles.c.usergroup_id == group_members.c.usergroup_id),
        )
    )
    .where(group_members.c.org_id == ORG, among(group_members.c.slack_user_id, "slack_user_ids"))
    .order_by(*_NEWEST_FIRST)
)


def _give(dialect: str) -> Any:
    adding = upsert(dialect, group_roles).values(
        org_id=ORG, **{name: bindparam(f"v_{name}", type_=group_roles.c[name].type) for name in _GIVEN}
    )
    changed = {name: adding.excluded[name] for name in _GIVEN if name != "usergroup_id"}
    return adding.on_conflict_do_update(index_elements=["org_id", "usergroup_id"], set_={**changed, "read_at": null()})


def _come(dialect: str) -> Any:
    given = rows_given(dialect, "came", {"slack_user_id": group_members.c.slack_user_id.type})
    # SQLite wants a WHERE before ON CONFLICT.
    rows = select(ORG, _GROUP, *given.values()).where(true())
    adding = upsert(dialect, group_members).from_select(["org_id", "usergroup_id", *given], rows)
    return adding.on_conflict_do_nothing()


_GIVE = {dialect: _give(dialect) for dialect in DIALECTS}
_COME = {dialect: _come(dialect) for dialect in DIALECTS}


class GroupRoleStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def all(self) -> list[GroupRole]:
        return [_given(row) for row in self._scope.execute(_ALL).mappings()]

    def give(self, given: GroupRole) -> None:
        values = {f"v_{name}": getattr(given, name) for name in _GIVEN} | {"v_role": given.role.value}
        self._scope.execute(_GIVE[self._scope.dialect], values)

    def take(self, usergroup_id: str) -> None:
        self._scope.execute(_FORGET, {"v_group": usergroup_id})
        self._scope.execute(_TAKE, {"v_group": usergroup_id})

    def members(self, usergroup_id: str) -> list[str]:
        return list(self._scope.execute(_MEMBERS, {"v_group": usergroup_id}).scalars())

    def set_members(self, usergroup_id: str, slack_user_ids: Collection[str], *, at: datetime) -> None:
        self._scope.execute(_ONLY, {"v_group": usergroup_id, "there": slack_user_ids})
        self._come(usergroup_id, slack_user_ids)
        self._scope.execute(_READ, {"v_group": usergroup_id, "v_at": at})

    def change_members(self, usergroup_id: str, *, came: Collection[str], went: Collection[str]) -> None:
        if went:
            self._scope.execute(_WENT, {"v_group": usergroup_id, "went": went})
        self._come(usergroup_id, came)

    def of(self, slack_user_ids: Collection[str]) -> dict[str, GroupRole]:
        found: dict[str, GroupRole] = {}
        if slack_user_ids:
            for row in self._scope.execute(_OF, {"slack_user_ids": slack_user_ids}).mappings():
                found.setdefault(row["slack_user_id"], _given(row))
        return found

    def _come(self, usergroup_id: str, slack_user_ids: Collection[str]) -> None:
        if slack_user_ids:
            dialect = self._scope.dialect
            came = rows_text(dialect, [{"slack_user_id": one} for one in sorted(set(slack_user_ids))])
            self._scope.execute(_COME[dialect], {"v_group": usergroup_id, "came": came})


def _given(row: RowMapping) -> GroupRole:
    return GroupRole(**{name: row[name] for name in _KEPT if name != "role"}, role=Role(row["role"]))
