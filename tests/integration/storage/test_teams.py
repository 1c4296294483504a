"""A workspace is looked up once in a while, and its removal is known at once."""

from __future__ import annotations

from bot.teams import REMEMBERED, RememberedTeams
from storage.directory import Directory
from tests.factories import NOON


class Stopwatch:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_what_is_known_is_remembered_for_a_moment(directory: Directory, organisation: int) -> None:
    watch = Stopwatch()
    teams = RememberedTeams(directory, elapsed=watch)
    assert teams.org_of("T1", None) is None
    directory.link_team("T1", None, organisation, NOON)
    assert teams.org_of("T1", None) == organisation
    directory.unlink_team("T1")  # by another replica
    assert teams.org_of("T1", None) == organisation
    watch.seconds += REMEMBERED
    assert teams.org_of("T1", None) is None


def test_its_own_removal_counts_at_once(directory: Directory, organisation: int) -> None:
    teams = RememberedTeams(directory)
    directory.link_team("T1", "E1", organisation, NOON)
    assert teams.org_of("T1", "E1") == organisation
    teams.remove("T1")
    assert teams.org_of("T1", "E1") is None
