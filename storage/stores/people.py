"""Plixo users and what they were granted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    null,
    or_,
    select,
    update,
)

from domain.errors import NotFound
from domain.values import Capability, Person, Role
from storage.scope import ORG, Scope
from storage.sets import among
from storage.stores.entities import PERSON, Values, columns, person_of
from storage.tables import grants, users
from storage.types import UtcDateTime

_AT = bindparam("at", type_=UtcDateTime())
ELEVATIONS = grants.alias("elevations")


def _holds(grant: Any) -> ColumnElement[bool]:
    return or_(grant.c.until.is_(None), grant.c.until > _AT)


def elevation(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Of the newest role that was granted for a time and still runs."""
    return (
        select(column)
        .where(
            ELEVATIONS.c.org_id == ORG,
            ELEVATIONS.c.user_id == users.c.id,
            ELEVATIONS.c.role.is_not(None),
            _holds(ELEVATIONS),
        )
        .order_by(ELEVATIONS.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


PEOPLE_ROLE = func.coalesce(elevation(ELEVATIONS.c.role), users.c.role)
"""The role a row of `users` has at the parameter `at`."""

# One row for a person and each capability granted to them.
PEOPLE = (
    select(*columns(users, [name for name in PERSON if name != "role"]), PEOPLE_ROLE.label("role"), grants.c.capability)
    .select_from(
        users.outerjoin(
            grants,
            and_(
                grants.c.org_id == ORG,
                grants.c.user_id == users.c.id,
                grants.c.capability.is_not(None),
                _holds(grants),
            ),
        )
    )
    .where(users.c.org_id == ORG)
    .order_by(users.c.id, grants.c.id)
)
PEOPLE_BY_IDS = PEOPLE.where(among(users.c.id, "user_ids"))
_BY_SLACK = PEOPLE.where(users.c.slack_user_id == bindparam("slack_user_id"))
_BY_EMAIL = PEOPLE.where(users.c.email == bindparam("email"))
_HOLDING = PEOPLE.where(users.c.is_active, among(PEOPLE_ROLE, "roles"))

_SAVED = ("email", "name", "is_active", "zone", "locale", "slack_user_id")
_UPDATE = (
    update(users)
    .where(users.c.org_id == ORG, users.c.id == bindparam("user_id"))
    .values({users.c[name]: bindparam(f"v_{name}", type_=users.c[name].type) for name in _SAVED})
)
_SET_ROLE = (
    update(users)
    .where(users.c.org_id == ORG, users.c.id == bindparam("user_id"))
    .values(role=bindparam("v_role"), role_group=null())
)
_END_GRANTS = delete(grants).where(grants.c.org_id == ORG, grants.c.user_id == bindparam("user_id"))
_GRANT = insert(grants).values(
    org_id=ORG,
    user_id=bindparam("v_user_id"),
    role=bindparam("v_role"),
    capability=bindparam("v_capability"),
    until=bindparam("v_until", type_=UtcDateTime()),
    granted_by=bindparam("v_by"),
    granted_at=func.current_timestamp(),
)


class PeopleStore:
    """E-mail addresses are kept in lower case."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def by_ids(self, user_ids: Collection[int], at: datetime) -> dict[int, Person]:
        found = self._all(PEOPLE_BY_IDS, at, user_ids=user_ids) if user_ids else []
        return {person.id: person for person in found}

    def by_slack(self, slack_user_id: str, at: datetime) -> Person | None:
        return self._one(_BY_SLACK, at, slack_user_id=slack_user_id)

    def by_email(self, email: str, at: datetime) -> Person | None:
        return self._one(_BY_EMAIL, at, email=lower_email(email))

    def holding(self, roles: Collection[Role], at: datetime) -> list[Person]:
        return self._all(_HOLDING, at, roles=[role.value for role in roles])

    def everyone(self, at: datetime) -> list[Person]:
        return self._all(PEOPLE, at)

    def save(self, person: Person) -> Person:
        """The role is written for somebody new only: the one that was read may have been granted for a time."""
        values: dict[str, object] = {
            "email": lower_email(person.email),
            "name": person.name,
            "is_active": person.is_active,
            "zone": person.zone,
            "locale": person.locale,
            "slack_user_id": person.slack_user_id,
        }
        user_id = person.id
        if user_id == 0:
            user_id = self._scope.insert(users, {**values, "role": person.role.value})
        else:
            params = {"user_id": user_id, **{f"v_{name}": value for name, value in values.items()}}
            if self._scope.execute(_UPDATE, params).rowcount != 1:
                raise NotFound(f"There is no person {user_id}.")
        return Person(
            org_id=self._scope.org_id,
            id=user_id,
            email=lower_email(person.email),
            name=person.name,
            role=person.role,
            is_active=person.is_active,
            zone=person.zone,
            locale=person.locale,
            slack_user_id=person.slack_user_id,
            capabilities=person.capabilities,
        )

    def grant(
        self,
        user_id: int,
        *,
        role: Role | None,
        capability: Capability | None,
        until: datetime | None,
        by: str,
    ) -> None:
        """A role for good ends all that was granted before, and is given by name from now on.

        Raises ValueError unless exactly one thing is given.
        """
        if (role is None) == (capability is None):
            raise ValueError("Grant either a role or a capability.")
        if role is not None and until is None:
            if self._scope.execute(_SET_ROLE, {"user_id": user_id, "v_role": role.value}).rowcount != 1:
                raise NotFound(f"There is no person {user_id}.")
            self._scope.execute(_END_GRANTS, {"user_id": user_id})
            return
        self._scope.execute(
            _GRANT,
            {
                "v_user_id": user_id,
                "v_role": role.value if role else None,
                "v_capability": capability.value if capability else None,
                "v_until": until,
                "v_by": by,
            },
        )

    def _one(self, statement: Select[Any], at: datetime, **params: object) -> Person | None:
        found = self._all(statement, at, **params)
        return found[0] if found else None

    def _all(self, statement: Select[Any], at: datetime, **params: object) -> list[Person]:
        rows = self._scope.execute(statement, {"at": at, **params}).mappings()
        return people_of(list(rows), self._scope.org_id)


def people_of(rows: Iterable[Values], org_id: int) -> list[Person]:
    """One person for the rows of each, which differ in what was granted."""
    first: dict[int, Values] = {}
    granted: dict[int, list[str]] = {}
    for row in rows:
        first.setdefault(row["id"], row)
        held = granted.setdefault(row["id"], [])
        if row["capability"]:
            held.append(row["capability"])
    return [person_of(row, org_id, capabilities=granted[id]) for id, row in first.items()]


def lower_email(email: str) -> str:
    """How addresses are kept and compared."""
    return email.strip().lower()
