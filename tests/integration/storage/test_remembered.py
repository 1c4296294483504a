"""Workspaces and people are looked up once in a while, and what this replica hears of them counts at once."""

from __future__ import annotations

from bot.remembered import SECONDS, RememberedPeople, RememberedTeams
from domain.outcomes import Refused
from domain.reasons import Reason
from domain.values import Person
from storage.directory import Directory
from tests.builders import make_person
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
    watch.seconds += SECONDS
    assert teams.org_of("T1", None) is None


def test_its_own_removal_counts_at_once(directory: Directory, organisation: int) -> None:
    teams = RememberedTeams(directory)
    directory.link_team("T1", "E1", organisation, NOON)
    assert teams.org_of("T1", "E1") == organisation
    teams.remove("T1")
    assert teams.org_of("T1", "E1") is None


def test_people_are_identified_once_in_a_while() -> None:
    asked: list[str] = []
    answers: list[Person | Refused] = [Refused(Reason.UNKNOWN_PERSON), make_person(name="Rita"), make_person(name="R.")]

    def identify(slack_user_id: str, **_: object) -> Person | Refused:
        asked.append(slack_user_id)
        return answers.pop(0)

    watch = Stopwatch()
    people = RememberedPeople(identify, elapsed=watch)

    def who(slack_user_id: str = "U1", org_id: int = 1) -> Person | Refused:
        return people(slack_user_id, org_id=org_id, profiles=None, uow=None, clock=None)  # type: ignore[arg-type]

    assert who() == Refused(Reason.UNKNOWN_PERSON)
    assert who() == who() == make_person(name="Rita")
    assert len(asked) == 2
    watch.seconds += SECONDS
    assert who() == make_person(name="R.")
    people.forget()
    answers.extend([make_person(name="Rita"), make_person(name="Otto", org_id=2)])
    assert who() == make_person(name="Rita")
    assert who(org_id=2) == make_person(name="Otto", org_id=2)
