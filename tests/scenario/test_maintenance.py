"""Maintenance in Slack: reading works, whatever writes or sends is refused with the banner, and the queue stands.

That each single listener is refused, with what would otherwise succeed, is shown in `test_deeds`.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.values import Role
from storage import tables
from tests.scenario.office import CARL, OLGA, RITA, SALES, VIK, Office, words_of
from tests.scenario.reporting import make
from tests.stage import AFTER

BANNER = "Plixo is under maintenance until"


def plixo(office: Office, words: str, *, user: str = CARL) -> str:
    assert office.slack.command(user=user, command="/plixo", text=words, channel=SALES).ok
    return words_of(office.last(user=user).blocks)


# -- switching it --


def test_the_controller_closes_the_house_and_everybody_reads_who_why_and_until_when(office: Office) -> None:
    office.open_acme()
    told = plixo(office, "maintenance on “New disks” 2h")
    assert "until 23:40 (Berlin time)" in told and "Carl Controller: New disks" in told
    office.slack.click(user=RITA, action_id="nudge.open")
    refused = words_of(office.last().blocks)
    assert BANNER in refused and "23:40 (Berlin time)" in refused and "Carl Controller: New disks" in refused
    assert "Nothing was changed; try again after 23:40." in refused
    office.open_named("Acme Robotics GmbH")
    assert "INV-1042" in words_of(office.last().blocks)
    office.slack.open_home(user=OLGA)
    home = words_of(office.slack.workspace.homes[OLGA].blocks)
    assert BANNER in home and "22:40 (London time)" in home
    assert "maintenance.begun" in office.actions()


def test_what_waits_stays_and_leaves_when_the_house_is_open_again(office: Office) -> None:
    office.open_acme()
    office.nudge()
    plixo(office, 'maintenance on "New disks" 12h')
    office.beat(AFTER)
    assert (office.states(), office.mail()) == (["queued"], [])
    plixo(office, "maintenance off")
    office.beat()
    assert office.states() == ["sent"] and len(office.mail()) == 1
    assert office.actions().count("maintenance.ended") == 1


def test_it_ends_by_itself(office: Office) -> None:
    plixo(office, "maintenance on briefly 30m")
    office.clock.advance(timedelta(minutes=30))
    office.open_acme()
    assert office.nudge().ok
    assert office.states() == ["queued"]
    assert "No maintenance is on." in plixo(office, "maintenance")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.CONTROLLER)])
def test_nobody_else_may(office: Office, role: Role) -> None:
    make(office, VIK, role)
    assert "Your role doesn't include this." in plixo(office, "maintenance on mine 2h", user=VIK)
    assert office.rows(tables.organisations)[0]["maintenance_until"] is None
    assert "maintenance.set.refused" in office.actions()


def test_an_order_that_is_given_twice_is_one(office: Office) -> None:
    for _ in range(2):
        assert "until 23:40 (Berlin time)" in plixo(office, 'maintenance on "New disks" 2h')
    assert office.actions().count("maintenance.begun") == 1
    assert "Maintenance has ended" in plixo(office, "maintenance off")
    assert "No maintenance is on." in plixo(office, "maintenance off")
    assert office.actions().count("maintenance.ended") == 1


def test_what_a_second_one_takes_the_place_of_is_said(office: Office) -> None:
    plixo(office, 'maintenance on "New disks" 2h')
    office.clock.advance(timedelta(minutes=30))
    told = plixo(office, 'maintenance on "New disks" 3h')
    assert "under maintenance until Tue 24 Nov, 01:10" in told
    assert "the maintenance by Carl Controller until 23:40 (Berlin time): New disks." in told
    assert office.actions().count("maintenance.begun") == 2


@pytest.mark.parametrize(
    "words", ["on", 'on ""', "on why 25h", "of", "on 2h", "on disks 2hours", 'on "disks" 0m', 'on "disks" until 14:00']
)
def test_an_order_that_cannot_be_read_changes_nothing_and_says_how_to_write_it(office: Office, words: str) -> None:
    assert 'on "why" 2h' in plixo(office, f"maintenance {words}")
    assert office.rows(tables.organisations)[0]["maintenance_until"] is None


@pytest.mark.parametrize("words", ['"db upgrade 3h', "“db upgrade 3h", '3h "db upgrade', 'db" 3h', '"db" upgrade" 3h'])
def test_a_quotation_mark_that_is_left_open_begins_nothing(office: Office, words: str) -> None:
    """The time behind it would be a part of the reason, and maintenance would last an hour."""
    told = plixo(office, f"maintenance on {words}")
    assert "A quotation mark is left open: put a second one where the reason ends" in told and 'on "why" 2h' in told
    assert office.rows(tables.organisations)[0]["maintenance_until"] is None
