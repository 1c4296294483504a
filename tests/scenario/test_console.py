"""The console: `/plixo ops`, App Home, JSON, and the messages when a row turns red and when it is well."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from urllib.request import urlopen

import pytest

from bot.loop import Loop
from bot.watching import watch
from domain.readiness import Level, Row
from domain.usecases.watch_house import watch_house
from domain.values import Role
from storage import tables
from tests import factories
from tests.scenario.office import CARL, OLGA, RITA, VIK, Office, words_of
from tests.scenario.reporting import make
from tests.scenario.test_maintenance import plixo
from tests.stage import AFTER

LATE = Row("queue", Level.RED, "3 due now (oldest 6 min)", "Start a worker.")
FINE = Row("queue", Level.GREEN, "0 due now")
MAIL = Row("mail", Level.GREEN, "answers")
SLACK = Row("slack", Level.RED, "Slack says no", "Reinstall the app.")


def look(office: Office, rows: Iterable[Row], *, minutes: int = 2) -> None:
    office.clock.advance(timedelta(minutes=minutes))
    watch_house(list(rows), uow=office.bot.world.uow_for(office.bot.org_id), clock=office.clock)
    office.bot.loop.notices()


def alarms(office: Office, user: str = CARL) -> list[str]:
    return [text for text in office.told(user) if "*queue*" in text]


# -- seen --


def test_the_console_shows_rows_queue_jobs_and_the_last_day(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.beat(AFTER)
    told = plixo(office, "ops")
    for words in ("*Queue* empty", "Today 1 of", "*The last 24 hours* 1 sent", "*warm-up*", "*templates*", "*release*"):
        assert words in told
    office.slack.open_home(user=CARL)
    assert office.slack.click(user=CARL, action_id="ops.open").ok
    assert "*The last 24 hours* 1 sent" in office.modal(CARL)


def test_what_is_red_comes_first_with_its_fix_and_stands_on_home(office: Office) -> None:
    look(office, [MAIL, SLACK])
    told = plixo(office, "ops")
    assert "Something has to be mended" in told and "→ Reinstall the app." in told
    assert told.index("*slack*") < told.index("*mail*")
    office.slack.open_home(user=CARL)
    assert "Slack says no" in words_of(office.slack.workspace.homes[CARL].blocks)
    office.slack.open_home(user=RITA)
    assert "Slack says no" not in words_of(office.slack.workspace.homes[RITA].blocks)


def test_what_the_watch_saw_of_the_queue_gives_way_to_how_it_stands_now(office: Office) -> None:
    look(office, [MAIL, LATE])
    office.open_acme()
    office.nudge()
    told = plixo(office, "ops")
    assert "*Queue* 1 queued" in told and "*queue* 1 waiting, 0 due now; 0 held" in told


def test_maintenance_and_degraded_sending_are_on_top(office: Office) -> None:
    plixo(office, 'cron pause seals 30m "New disks"')
    plixo(office, 'maintenance on "New disks" 2h')
    told = plixo(office, "ops")
    assert "Plixo is under maintenance until 23:40 (Berlin time)" in told
    assert "→ `/plixo cron resume seals`, or wait: a pause ends by itself." in told
    assert "All stand still until 23:40 (Berlin time): Plixo is under maintenance." in told
    assert told.index("*seals* idle so far; paused") < told.index("*release*")


def test_who_reads_it_elsewhere_sees_the_houses_clock_beside_their_own(office: Office) -> None:
    make(office, OLGA, Role.AR_MANAGER)
    assert "20:40 (London time; 21:40 in Berlin)" in plixo(office, "ops", user=OLGA)
    assert "21:40 (Berlin time)" in plixo(office, "ops")


@pytest.mark.parametrize("role", list(Role))
def test_those_who_look_after_the_house_see_it_and_nobody_else(office: Office, role: Role) -> None:
    make(office, VIK, role)
    may = role in (Role.ADMIN, Role.CONTROLLER, Role.AR_MANAGER, Role.BILLING_ADMIN)
    assert ("*The last 24 hours*" in plixo(office, "ops", user=VIK)) is may
    office.slack.open_home(user=VIK)
    assert ("Operations" in words_of(office.slack.workspace.homes[VIK].blocks)) is may


def test_machines_read_the_same_as_json(office: Office) -> None:
    office.open_acme()
    office.nudge()
    with urlopen(f"http://127.0.0.1:{office.bot.port}/status") as answer:
        (found,) = json.load(answer)["organisations"]
    assert found["queue"]["states"]["queued"] == 1 and len(found["hours"]) == 24
    assert {"database", "release loop", "jobs", "warm-up"} <= {row["name"] for row in found["rows"]}
    assert "Acme" not in json.dumps(found)


def test_machines_see_each_organisation_by_itself(office: Office) -> None:
    office.open_acme()
    office.nudge()
    factories.make_organisation(office.bot.world.across, name="Contoso", zone="America/New_York", country="US")
    with urlopen(f"http://127.0.0.1:{office.bot.port}/status") as answer:
        told = json.load(answer)["organisations"]
    queued = {one["organisation"]: one["queue"]["states"]["queued"] for one in told}
    texts = {one["organisation"]: row["level"] for one in told for row in one["rows"] if row["name"] == "templates"}
    (own,) = set(queued) - {"Contoso"}
    assert queued == {own: 1, "Contoso": 0}
    assert texts == {own: "green", "Contoso": "red"}


# -- told --


def test_the_controllers_hear_once_that_a_row_is_red_and_once_that_it_is_well(office: Office) -> None:
    look(office, [FINE])
    for _ in range(3):
        look(office, [LATE])
    (told,) = alarms(office)
    assert "3 due now" in told and "→ Start a worker." in told
    assert not alarms(office, OLGA)
    for _ in range(3):
        look(office, [FINE])
    assert [("no longer red" in text) for text in alarms(office)] == [False, True]
    for _ in range(2):
        look(office, [LATE])
    assert len(alarms(office)) == 3


def test_a_row_that_is_red_for_one_look_only_is_told_to_nobody(office: Office) -> None:
    for rows in ([FINE], [LATE], [FINE], [LATE], [FINE], [FINE]):
        look(office, rows)
    assert not alarms(office)


def test_two_replicas_that_look_at_once_tell_it_once(office: Office) -> None:
    for minutes in (2, 2, 0, 0):
        look(office, [LATE], minutes=minutes)
    assert len(alarms(office)) == 1
    assert len(office.rows(tables.alarms)) == 1


def test_a_row_that_is_not_looked_at_any_more_is_forgotten(office: Office) -> None:
    look(office, [LATE, MAIL])
    look(office, [MAIL])
    assert [row["name"] for row in office.rows(tables.alarms)] == ["mail"]


NOBODY_KNOWS = Row("queue", Level.WHITE, "Nobody can say.")


@pytest.mark.parametrize("unknown", [[MAIL], [MAIL, NOBODY_KNOWS]])
def test_what_was_told_as_red_stays_so_while_nobody_can_look(office: Office, unknown: list[Row]) -> None:
    for rows in ([LATE], [LATE], unknown, [LATE], [LATE], unknown, [LATE]):
        look(office, rows)
    assert len(alarms(office)) == 1
    for rows in (unknown, [FINE], unknown, [FINE]):
        look(office, rows)
    assert [("no longer red" in text) for text in alarms(office)] == [False, True]


def test_what_nobody_could_look_at_for_a_week_is_forgotten(office: Office) -> None:
    for rows in ([LATE], [LATE], [MAIL]):
        look(office, rows)
    look(office, [MAIL], minutes=7 * 24 * 60)
    assert [row["name"] for row in office.rows(tables.alarms)] == ["mail"]


def test_the_watch_looks_at_everything_the_doctor_does(office: Office) -> None:
    watch(office.bot.world, office.bot.org_id)
    names = {row["name"] for row in office.rows(tables.alarms)}
    assert {"database", "release loop", "queue", "mail", "slack", "books", "templates", "warm-up", "bounces"} <= names


def test_the_watch_is_held_under_maintenance(office: Office) -> None:
    plixo(office, 'maintenance on "New disks" 2h')
    Loop(office.bot.world, lambda org_id: pytest.fail("nothing is posted")).chores()
    assert office.rows(tables.alarms) == []
