"""Whose workspace and who a Slack user is, remembered for a moment: every request asks, and the answers hardly change.

What somebody may do is not taken from here: each use case reads the person anew, in its own transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

from domain.outcomes import Refused
from domain.ports import Clock, Profiles, UnitOfWorkFactory
from domain.values import Person
from handlers.middleware import Identify
from storage.directory import Directory

K = TypeVar("K")
V = TypeVar("V")

SECONDS = 5.0
"""So long may another replica greet a workspace that has just removed the app, or somebody by their old name."""
MOST = 10_000


class Remembered(Generic[K, V]):
    """Answers by key, each for `SECONDS`. Threads may look up the same key at once; the last one stays."""

    def __init__(self, elapsed: Callable[[], float] = monotonic) -> None:
        self._elapsed = elapsed
        self._known: dict[K, tuple[V, float]] = {}

    def get(self, key: K) -> V | None:
        known = self._known.get(key)
        return known[0] if known is not None and self._elapsed() - known[1] < SECONDS else None

    def keep(self, key: K, value: V) -> None:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[key] = (value, self._elapsed())

    def forget(self) -> None:
        self._known.clear()


class RememberedTeams:
    """`handlers.desk.Teams`. Only what is known is remembered; an unknown workspace is looked up each time."""

    def __init__(self, directory: Directory, *, elapsed: Callable[[], float] = monotonic) -> None:
        self._directory = directory
        self._known: Remembered[tuple[str, str | None], int] = Remembered(elapsed)

    def org_of(self, team_id: str, enterprise_id: str | None) -> int | None:
        """Raises Busy."""
        org_id = self._known.get((team_id, enterprise_id))
        if org_id is None:
            org_id = self._directory.org_of(team_id, enterprise_id)
            if org_id is not None:
                self._known.keep((team_id, enterprise_id), org_id)
        return org_id

    def remove(self, team_id: str) -> None:
        """The app was taken away there; this replica knows it at once. Raises Busy."""
        self._directory.unlink_team(team_id)
        self._known.forget()


class RememberedPeople:
    """The use case `identify`, asked once in a while for each person. Refusals are not remembered."""

    def __init__(self, identify: Identify, *, elapsed: Callable[[], float] = monotonic) -> None:
        self._identify = identify
        self._known: Remembered[tuple[int, str], Person] = Remembered(elapsed)

    def __call__(
        self, slack_user_id: str, *, org_id: int, profiles: Profiles, uow: UnitOfWorkFactory, clock: Clock
    ) -> Person | Refused:
        known = self._known.get((org_id, slack_user_id))
        if known is not None:
            return known
        found = self._identify(slack_user_id, org_id=org_id, profiles=profiles, uow=uow, clock=clock)
        if isinstance(found, Person):
            self._known.keep((org_id, slack_user_id), found)
        return found

    def forget(self) -> None:
        """Slack tells that somebody changed; this replica looks again at once."""
        self._known.forget()
