"""Who there is, and what they ask to be allowed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from domain.notices import AccessRequest
from domain.reasons import Reason
from domain.roles import GroupRole, RoleHolder
from domain.values import Capability, Person, Role


class People(Protocol):
    def by_ids(self, user_ids: Collection[int], at: datetime) -> dict[int, Person]:
        """Those there are, by id, in one statement."""
        ...

    def by_slack(self, slack_user_id: str, at: datetime) -> Person | None: ...
    def by_email(self, email: str, at: datetime) -> Person | None:
        """Case-insensitive."""
        ...

    def holding(self, roles: Collection[Role], at: datetime) -> list[Person]:
        """Active people whose role at `at` is one of `roles`, by id."""
        ...

    def everyone(self, at: datetime) -> list[Person]: ...
    def save(self, person: Person) -> Person:
        """Insert (id 0, with the role), or update name, e-mail, activity, zone, locale and Slack id by id."""
        ...

    def grant(
        self,
        user_id: int,
        *,
        role: Role | None,
        capability: Capability | None,
        until: datetime | None,
        by: str,
    ) -> None:
        """A role for a time (it falls back by itself at `until`), a role for good (`until` None; all that was granted
        before ends, and a user group has no say any more), or a capability on top of the role."""
        ...


class Requests(Protocol):
    def file(
        self,
        *,
        asked_by: int,
        reason: Reason,
        capability: Capability | None,
        account_id: int | None,
        words: str = "",
        at: datetime,
    ) -> tuple[int, bool]:
        """Returns the request's id and whether the same question was already waiting; other words are another one."""
        ...

    def get(self, request_id: int) -> AccessRequest | None: ...
    def decide(
        self,
        request_id: int,
        *,
        approved: bool,
        why: str,
        given: str | None,
        account_id: int | None = None,
        until: datetime | None,
        by: str,
        at: datetime,
    ) -> bool:
        """False, and nothing changes, when it was decided before. `by`: the decider's e-mail. `account_id`: the one
        that was chosen for a question that named none."""
        ...

    def told(self, request_id: int) -> list[int]:
        """The people who have a message about it, by id."""
        ...

    def hand_over(self, account_id: int, *, owner_email: str) -> None:
        """Make somebody the owner of the account, until the books say otherwise."""
        ...


class Roles(Protocol):
    """Where people's rights come from."""

    def lock(self) -> None:
        """Changes of roles in this organisation wait for each other until the end of the transaction."""
        ...

    def of(self, user_ids: Collection[int], at: datetime) -> dict[int, RoleHolder]: ...
    def of_slack(self, slack_user_ids: Collection[str], at: datetime) -> list[RoleHolder]:
        """Those who are linked to one of these Slack users, by id."""
        ...

    def page(self, at: datetime, *, offset: int, limit: int) -> list[RoleHolder]:
        """Active people first, then by name."""
        ...

    def count(self) -> int: ...
    def lasting_controllers(self, at: datetime) -> set[int]:
        """Active people who are Controller now and stay so."""
        ...

    def follow(self, user_id: int, *, role: Role, group: str | None, is_active: bool) -> None:
        """The lasting role, by a user group (None: by name), and whether the person is active. Grants stay."""
        ...


class GroupRoles(Protocol):
    """Roles by Slack user group, and who is in those groups as Slack told last."""

    def all(self) -> list[GroupRole]:
        """The one given last comes first."""
        ...

    def give(self, given: GroupRole) -> None:
        """New, or another role for the same group. Its members are to be read."""
        ...

    def take(self, usergroup_id: str) -> None:
        """It gives no role any more, and its members are forgotten."""
        ...

    def members(self, usergroup_id: str) -> list[str]:
        """Slack ids, sorted."""
        ...

    def set_members(self, usergroup_id: str, slack_user_ids: Collection[str], *, at: datetime) -> None:
        """All of them, as they were read from Slack at `at`."""
        ...

    def change_members(self, usergroup_id: str, *, came: Collection[str], went: Collection[str]) -> None: ...
    def of(self, slack_user_ids: Collection[str]) -> dict[str, GroupRole]:
        """The role that a group gives each of them; of several groups the one given last counts."""
        ...
