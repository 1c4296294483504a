"""Where people's rights come from: by name, by a user group, or for a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select, update

from domain.errors import NotFound
from domain.roles import RoleHolder
from domain.values import Role
from storage.scope import ORG, Scope
from storage.sets import among
from storage.stores.people import ELEVATIONS, PEOPLE, PEOPLE_ROLE, elevation, people_of
from storage.tables import organisations, users

_STANDINGS = PEOPLE.add_columns(
    users.c.role.label("lasting"),
    users.c.role_group,
    elevation(ELEVATIONS.c.role).label("elevated"),
    elevation(ELEVATIONS.c.until).label("until"),
)
_BY_IDS = _STANDINGS.where(among(users.c.id, "user_ids"))
_BY_SLACK = _STANDINGS.where(among(users.c.slack_user_id, "slack_user_ids"))
_PAGE = (
    select(users.c.id)
    .where(users.c.org_id == ORG)
    .order_by(users.c.is_active.desc(), func.lower(users.c.name), users.c.id)
    .limit(bindparam("v_limit"))
    .offset(bindparam("v_offset"))
)
_COUNT = select(func.count()).select_from(users).where(users.c.org_id == ORG)
_CONTROLLER: Any = literal_column(f"'{Role.CONTROLLER}'")
_LASTING = select(users.c.id).where(
    users.c.org_id == ORG, users.c.is_active, users.c.role == _CONTROLLER, PEOPLE_ROLE == _CONTROLLER
)
# Changes nothing: whoever else changes roles waits for its end. Rows that refer to the organisation do not.
_LOCK = update(organisations).where(organisations.c.id == ORG).values(name=organisations.c.name)
_FOLLOW = (
    update(users)
    .where(users.c.org_id == ORG, users.c.id == bindparam("user_id"))
    .values(role=bindparam("v_role"), role_group=bindparam("v_group"), is_active=bindparam("v_is_active"))
)


class RoleStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def lock(self) -> None:
        self._scope.execute(_LOCK)

    def of(self, user_ids: Collection[int], at: datetime) -> dict[int, RoleHolder]:
        found = self._all(_BY_IDS, at, user_ids=user_ids) if user_ids else []
        return {holder.person.id: holder for holder in found}

    def of_slack(self, slack_user_ids: Collection[str], at: datetime) -> list[RoleHolder]:
        return self._all(_BY_SLACK, at, slack_user_ids=slack_user_ids) if slack_user_ids else []

    def page(self, at: datetime, *, offset: int, limit: int) -> list[RoleHolder]:
        ids = list(self._scope.execute(_PAGE, {"v_offset": offset, "v_limit": limit}).scalars())
        holders = self.of(ids, at)
        return [holders[id] for id in ids]

    def count(self) -> int:
        return int(self._scope.execute(_COUNT).scalar_one())

    def lasting_controllers(self, at: datetime) -> set[int]:
        return set(self._scope.execute(_LASTING, {"at": at}).scalars())

    def follow(self, user_id: int, *, role: Role, group: str | None, is_active: bool) -> None:
        """Raises NotFound."""
        params = {"user_id": user_id, "v_role": role.value, "v_group": group, "v_is_active": is_active}
        if self._scope.execute(_FOLLOW, params).rowcount != 1:
            raise NotFound(f"There is no person {user_id}.")

    def _all(self, statement: Select[Any], at: datetime, **params: object) -> list[RoleHolder]:
        rows = list(self._scope.execute(statement, {"at": at, **params}).mappings())
        first: dict[int, Any] = {}
        for row in rows:
            first.setdefault(row["id"], row)
        return [
            RoleHolder(
                person=person,
                lasting=Role(first[person.id]["lasting"]),
                until=first[person.id]["until"] if first[person.id]["elevated"] else None,
                group=first[person.id]["role_group"],
            )
            for person in people_of(rows, self._scope.org_id)
        ]
