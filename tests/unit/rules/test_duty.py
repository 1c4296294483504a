"""Who is on duty, as a table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.duties import Absence, Keeper
from domain.rules.duty import above_the_record, least_burdened, on_duty, share_of
from domain.values import Person, Role
from tests.builders import MONDAY_TEN, make_person

HOUR = timedelta(hours=1)
OPERATORS = (1, 2, 3)
MANAGER, CONTROLLER, LEGAL = 10, 11, 12
ACME, OTHER = 100, 200

PEOPLE = {
    **{id: make_person(id=id, email=f"{id}@x.example", role=Role.OPERATOR) for id in OPERATORS},
    MANAGER: make_person(id=MANAGER, email="m@x.example", role=Role.AR_MANAGER),
    CONTROLLER: make_person(id=CONTROLLER, email="c@x.example", role=Role.CONTROLLER),
    LEGAL: make_person(id=LEGAL, email="l@x.example", role=Role.LEGAL),
}


def keeps(user_id: int, account_id: int | None = ACME) -> Keeper:
    return Keeper(user_id, account_id, MONDAY_TEN - 100 * HOUR)


def away(user_id: int, stand_in: int | None = None, *, starts: int = -1, ends: int = 1) -> Absence:
    return Absence(user_id, MONDAY_TEN + starts * HOUR, MONDAY_TEN + ends * HOUR, stand_in)


ALL_AWAY = [away(id) for id in OPERATORS]

CASES: list[tuple[str, list[Keeper], list[Absence], set[int], list[int]]] = [
    ("nobody keeps it: every Operator", [], [], set(), [1, 2, 3]),
    ("its keeper", [keeps(2)], [], set(), [2]),
    ("all of its keepers", [keeps(2), keeps(1)], [], set(), [1, 2]),
    ("another account's keeper is not asked", [keeps(2, OTHER)], [], set(), [1, 2, 3]),
    ("the keeper of everything", [keeps(3, None)], [], set(), [3]),
    ("its own keeper comes first", [keeps(2), keeps(3, None)], [], set(), [2]),
    ("away: the stand-in", [keeps(2)], [away(2, 1)], set(), [1]),
    ("the stand-in's stand-in", [keeps(2)], [away(2, 1), away(1, 3)], set(), [3]),
    ("two who stand in for each other", [keeps(2), keeps(3, None)], [away(2, 1), away(1, 2)], set(), [3]),
    ("away without a stand-in: who keeps everything", [keeps(2), keeps(3, None)], [away(2)], set(), [3]),
    ("one of two keepers is away", [keeps(2), keeps(1)], [away(2)], set(), [1]),
    ("not away yet", [keeps(2)], [away(2, 1, starts=1, ends=2)], set(), [2]),
    ("back again, to the instant", [keeps(2)], [away(2, 1, starts=-2, ends=0)], set(), [2]),
    ("away from this instant on", [keeps(2)], [away(2, 1, starts=0)], set(), [1]),
    ("deactivated", [keeps(2)], [], {2}, [1, 3]),
    ("a stand-in who was deactivated", [keeps(2), keeps(3, None)], [away(2, 1)], {1}, [3]),
    ("a keeper who is no Operator any more", [keeps(LEGAL)], [], set(), [1, 2, 3]),
    ("all Operators but those who are away", [], [away(1)], set(), [2, 3]),
    ("all Operators are away: the A/R Managers", [], ALL_AWAY, set(), [MANAGER]),
    ("no Operator and no manager: the Controllers", [], [], {1, 2, 3, MANAGER}, [CONTROLLER]),
    ("everybody is away: the Operators after all", [], [*ALL_AWAY, away(MANAGER), away(CONTROLLER)], set(), [1, 2, 3]),
    ("nobody is left", [], [], set(PEOPLE), []),
]


@pytest.mark.parametrize("keepers, absences, gone, wanted", [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_on_duty(keepers: list[Keeper], absences: list[Absence], gone: set[int], wanted: list[int]) -> None:
    people: dict[int, Person] = {
        id: make_person(id=id, role=person.role, is_active=id not in gone) for id, person in PEOPLE.items()
    }
    found = on_duty(ACME, keepers=keepers, absences=absences, people=people, at=MONDAY_TEN)
    assert [person.id for person in found] == wanted


def test_the_fewest_burdens_then_the_first() -> None:
    people = [make_person(id=id, email=f"L{id}@x.example", role=Role.LEGAL) for id in (3, 1, 2)]

    def pick(*burdens: str | None, absences: list[Absence] | None = None) -> int | None:
        found = least_burdened(people, absences=absences or [], burdens=burdens, at=MONDAY_TEN)
        return found.id if found else None

    assert pick() == 1
    assert pick("l1@x.example", None, "stranger@x.example") == 2
    assert pick("l1@x.example", "l2@x.example", absences=[away(3)]) == 1
    assert pick(absences=[away(1), away(2), away(3)]) == 1, "somebody, even when all are away"
    assert least_burdened([], absences=[], burdens=[], at=MONDAY_TEN) is None


@pytest.mark.parametrize(
    "gone, asked",
    [
        ([], [10]),
        ([away(10)], [11]),
        ([away(10, ends=0)], [10]),
        ([away(10, starts=0)], [11]),
        ([away(10), away(11)], [10]),
    ],
    ids=["there", "away", "back", "just gone", "everybody away"],
)
def test_what_is_late_goes_to_those_above_who_are_there(gone: list[Absence], asked: list[int]) -> None:
    found = above_the_record(list(PEOPLE.values()), absences=gone, at=MONDAY_TEN)
    assert [person.id for person in found] == asked
    without = [person for person in PEOPLE.values() if person.id != MANAGER]
    assert [person.id for person in above_the_record(without, absences=gone, at=MONDAY_TEN)] == [11]


def test_a_share_is_ones_own_and_that_of_those_one_stands_in_for() -> None:
    operators = [PEOPLE[id] for id in OPERATORS]

    def share(person: int, *gone: Absence) -> tuple[set[int], set[int]]:
        found = share_of(PEOPLE[person], absences=gone, people=operators, at=MONDAY_TEN)
        return set(found.theirs), set(found.acting)

    assert share(1) == ({1}, {1, 2, 3})
    assert share(1, away(2, 1)) == ({1, 2}, {1, 2, 3})
    assert share(2, away(2, 1)) == (set(), {1, 2, 3})
    assert share(1, away(2)) == ({1}, {1, 3}), "nobody stands in: theirs is nobody's"
    assert share(1, away(2, 3), away(3, 1)) == ({1, 2, 3}, {1, 2, 3})
    assert share(1, away(MANAGER, 1)) == ({1, MANAGER}, {1, 2, 3, MANAGER})
