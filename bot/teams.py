"""Whose Slack workspace it is, remembered for a moment: every request asks, and the answer changes once in years."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from storage.directory import Directory

REMEMBERED = 5.0
"""Seconds. So long may another replica answer a workspace that has just removed the app; people and what they may do
are looked up at every action."""


class RememberedTeams:
    """`handlers.desk.Teams`. Only what is known is remembered; an unknown workspace is looked up each time."""

    def __init__(self, directory: Directory, *, elapsed: Callable[[], float] = monotonic) -> None:
        self._directory = directory
        self._elapsed = elapsed
        self._known: dict[tuple[str, str | None], tuple[int, float]] = {}

    def org_of(self, team_id: str, enterprise_id: str | None) -> int | None:
        """Raises Busy."""
        known = self._known.get((team_id, enterprise_id))
        if known is not None and self._elapsed() - known[1] < REMEMBERED:
            return known[0]
        self._known.pop((team_id, enterprise_id), None)
        org_id = self._directory.org_of(team_id, enterprise_id)
        if org_id is not None:
            self._known[team_id, enterprise_id] = (org_id, self._elapsed())
        return org_id

    def remove(self, team_id: str) -> None:
        """The app was taken away there; this replica knows it at once. Raises Busy."""
        self._directory.unlink_team(team_id)
        self._known.clear()
