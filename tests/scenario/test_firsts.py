"""Who gets in without having been let in by name: the first one, once, and nobody by the back door."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from sqlalchemy import delete

from sandbox.people import Person, UserGroup
from storage import tables
from tests.scenario.office import EVE, RITA, Office, address, words_of
from tests.scenario.test_roles import gives_group

GUS, ADA, BEA = "U20GUS", "U21ADA", "U22BEA"
UNKNOWN = "I don't know you yet"


def joins(office: Office, id: str, *, is_guest: bool = False, email: str | None = None) -> None:
    name = f"{id[3:].title()} New"
    mail = email or f"{name.split()[0].lower()}@northwind.example"
    office.slack.add_person(Person(id=id, name=name, email=mail, is_guest=is_guest))


def says(office: Office, user: str) -> str:
    """What they read after their first word."""
    office.account("acme", user=user)
    return words_of(office.last(user=user).blocks)


def known(office: Office) -> list[tuple[str, str]]:
    return [(row["slack_user_id"], row["role"]) for row in office.rows(tables.users)]


@pytest.fixture
def new(office: Office) -> Office:
    """Nobody has used it yet."""
    with office.bot.world.across.begin() as connection:
        connection.execute(delete(tables.users))
    return office


def test_a_guest_never_becomes_the_first_controller(new: Office) -> None:
    joins(new, GUS, is_guest=True)
    assert UNKNOWN in says(new, GUS)
    assert known(new) == []
    assert UNKNOWN not in says(new, EVE)
    assert known(new) == [(EVE, "controller")]


def test_a_guest_does_not_get_in_by_a_user_group(office: Office) -> None:
    joins(office, GUS, is_guest=True)
    joins(office, ADA)
    office.slack.add_group(UserGroup(id="S01SALES", name="Sales", handle="sales-team", members=[GUS, ADA]))
    gives_group(office, "sales")
    assert UNKNOWN in says(office, GUS)
    assert UNKNOWN not in says(office, ADA)
    assert (ADA, "sales") in known(office) and GUS not in dict(known(office))


def test_a_second_slack_account_with_the_same_address_is_refused(office: Office) -> None:
    assert UNKNOWN not in says(office, RITA)
    before = known(office)
    joins(office, ADA, email=address(RITA))
    assert UNKNOWN in says(office, ADA)
    assert known(office) == before and (RITA, "sales") in before
    assert office.actions()[-1] == "person.refused"


def test_of_two_who_come_first_at_once_one_is_the_first(new: Office) -> None:
    joins(new, ADA)
    joins(new, BEA)
    barrier, read = Barrier(2), {}

    def come(user: str) -> None:
        barrier.wait()
        read[user] = says(new, user)

    threads = [Thread(target=come, args=(user,)) for user in (ADA, BEA)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((first, role),) = known(new)
    assert role == "controller"
    assert [user for user, words in read.items() if UNKNOWN not in words] == [first]
