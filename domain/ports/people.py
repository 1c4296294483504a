"""Who there is, and what they ask to be allowed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from domain.notices import AccessRequest
from domain.reasons import Reason
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
        """A role for a time (it falls back by itself at `until`), a role for good (`until` None; what was granted for
        a time ends), or a capability on top of the role."""
        ...


class Requests(Protocol):
    def file(
        self,
        *,
        asked_by: int,
        reason: Reason,
        capability: Capability | None,
        account_id: int | None,
        at: datetime,
    ) -> tuple[int, bool]:
        """Returns the request's id and whether the same question was already waiting."""
        ...

    def get(self, request_id: int) -> AccessRequest | None: ...
