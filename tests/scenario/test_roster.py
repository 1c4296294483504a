"""Duty for the record, from App Home: who keeps what, who is away, and where that leaves what waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.values import Person as User
from domain.values import Role
from sandbox.people import Person
from storage import tables
from tests.scenario.office import CARL, OLGA, RITA, SAM, VIK, Office, words_of
from tests.scenario.reporting import make, report_from_message
from tests.stage import EVENING

OTTO = "U10OTTO"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def two(office: Office) -> Office:
    """There is a second Operator."""
    email = "otto@northwind.example"
    office.slack.add_person(Person(id=OTTO, name="Otto Operator", email=email))
    new = User(org_id=office.bot.org_id, id=0, email=email, name="Otto Operator", role=Role.OPERATOR, is_active=True)
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        office.staff[OTTO] = work.people.save(new)
    return office


def opens_roster(office: Office, user: str) -> str:
    if office.slack.view(user=user) is not None:
        office.slack.close(user=user, everything=True)
    office.slack.open_home(user=user)
    assert office.slack.click(user=user, action_id="roster.open").ok
    return office.modal(user)


def home_of(office: Office, user: str) -> str:
    office.slack.open_home(user=user)
    home = office.slack.home(user=user)
    assert home is not None
    return words_of(home.blocks)


def value_of(office: Office, user: str, action: str, name: str) -> str:
    """What stands behind somebody's button in the window."""
    view = office.slack.view(user=user)
    assert view is not None
    for block in view.blocks:
        for one in block.get("elements", ()):
            if one.get("action_id") == action and name in one.get("accessibility_label", ""):
                return str(one["value"])
    raise AssertionError(f"no {action} for {name}")


def gives_acme(office: Office, *, to: str = "Olga", user: str = CARL) -> None:
    opens_roster(office, user)
    office.slack.click(user=user, action_id="roster.duty", value=value_of(office, user, "roster.duty", to))
    found = office.slack.options(user=user, action_id="roster.account", query="acme robotics")
    office.slack.select(user=user, action_id="roster.account", option=found.options[0]["value"])
    assert office.slack.submit(user=user).ok


def leaves(office: Office, *, until: date, user: str = OLGA, stand_in: str | None = "Otto") -> None:
    """Olga does, by her own click or somebody else's."""
    opens_roster(office, user)
    office.slack.click(user=user, action_id="roster.away", value=value_of(office, user, "roster.away", "Olga"))
    office.slack.fill(user=user, action_id="roster.until", value=until.isoformat())
    if stand_in:
        view = office.slack.view(user=user)
        assert view is not None
        options = next(b for b in view.blocks if b.get("block_id") == "roster.stand_in")["element"]["options"]
        chosen = next(one["value"] for one in options if stand_in in one["text"]["text"])
        office.slack.select(user=user, action_id="roster.stand_in", option=chosen)
    assert office.slack.submit(user=user).ok


def test_what_waits_goes_to_who_stands_in_and_comes_back(two: Office) -> None:
    gives_acme(two)
    assert "Acme Robotics GmbH" in two.modal(CARL) and "✅ Saved" in two.modal(CARL)
    two.beat()
    assert "Your duty for the record:* you keep Acme Robotics GmbH" in two.told(OLGA)[-1]

    report_from_message(two)
    assert two.slack.submit(user=RITA).ok
    two.beat()
    assert "Promise reported" in two.told(OLGA)[-1] and two.told(OTTO) == []

    leaves(two, until=date(2026, 11, 25))
    assert "until the end of Wed 25 Nov (Berlin time), Otto Operator stands in" in two.modal(OLGA)
    (absence,) = two.rows(tables.absences)
    assert absence["starts_at"] == EVENING
    assert absence["ends_at"] == datetime(2026, 11, 26, tzinfo=BERLIN)
    before = len(two.told(OLGA))
    two.beat()
    assert any("Promise reported" in said for said in two.told(OTTO))
    assert any("Olga Operator is away:* until" in said for said in two.told(OTTO))
    assert len(two.told(OLGA)) == before
    assert two.rows(tables.reports)[0]["operator_id"] == two.staff[OTTO].id

    opens_roster(two, OLGA)
    assert "🌴 *You are away* until the end of Wed 25 Nov (Berlin time), Otto Operator stands in." in home_of(two, OLGA)
    assert "You are away" not in home_of(two, OTTO)
    assert two.slack.click(user=OLGA, action_id="roster.back").ok
    assert "Welcome back" in two.modal(OLGA) and "🌴" not in two.modal(OLGA)
    assert two.rows(tables.reports)[0]["operator_id"] == two.staff[OLGA].id
    two.beat()
    assert any("Olga Operator is back." in said for said in two.told(OTTO))
    assert two.actions()[-3:].count("absence.ended") == 1


def test_an_absence_entered_by_the_controller_is_told_to_whom_it_concerns(two: Office) -> None:
    leaves(two, user=CARL, until=date(2026, 11, 27))
    two.beat()
    assert "Away until the end of Fri 27 Nov" in two.told(OLGA)[-1]
    assert "Olga Operator is away:*" in two.told(OTTO)[-1]


def test_an_operator_sees_everybody_and_changes_only_their_own_absence(two: Office) -> None:
    shown = opens_roster(two, OTTO)
    assert "Olga Operator" in shown and "Otto Operator" in shown
    view = two.slack.view(user=OTTO)
    assert view is not None
    offered = [one["action_id"] for block in view.blocks for one in block.get("elements", ()) if "action_id" in one]
    assert offered == ["roster.away"]

    opens_roster(two, CARL)
    theirs = value_of(two, CARL, "roster.away", "Olga")
    two.slack.click(user=CARL, action_id="roster.away", value=theirs)
    two.slack.fill(user=CARL, action_id="roster.until", value="2026-11-27")
    make(two, CARL, Role.OPERATOR)
    two.slack.submit(user=CARL)
    assert "Your role doesn't include this" in two.modal(CARL)
    assert two.rows(tables.absences) == [] and two.actions()[-1] == "absence.set.refused"


@pytest.mark.parametrize("user", [RITA, VIK])
def test_who_does_not_keep_the_record_has_no_way_there(two: Office, user: str) -> None:
    make(two, user, Role.OPERATOR)
    two.slack.open_home(user=user)
    make(two, user, two.staff[user].role)
    two.slack.click(user=user, action_id="roster.open")
    assert "Your role doesn't include this" in two.modal(user)
    assert two.actions()[-1] == "duty.read.refused"
    home = two.slack.open_home(user=user)
    assert home.ok and "roster.open" not in str(two.slack.home(user=user))


def test_a_role_that_was_lost_is_refused_when_the_window_is_sent(two: Office) -> None:
    opens_roster(two, CARL)
    two.slack.click(user=CARL, action_id="roster.duty", value=value_of(two, CARL, "roster.duty", "Olga"))
    make(two, CARL, Role.ADMIN)
    two.slack.submit(user=CARL)
    assert "Your role doesn't include this" in two.modal(CARL)
    assert two.rows(tables.duties) == [] and two.actions()[-1] == "duty.set.refused"


def test_days_that_cannot_be_meant_are_said_in_the_window(two: Office) -> None:
    opens_roster(two, OLGA)
    two.slack.click(user=OLGA, action_id="roster.away", value=value_of(two, OLGA, "roster.away", "Olga"))
    two.slack.fill(user=OLGA, action_id="roster.until", value=(EVENING.date() - timedelta(days=2)).isoformat())
    answer = two.slack.submit(user=OLGA)
    assert answer.errors == {"roster.until": "An absence ends after it starts. Choose a later end."}
    assert two.rows(tables.absences) == []


def test_reports_elsewhere_stay_where_they_are(two: Office) -> None:
    """Only what the change concerns moves: Sam's customer is kept by everybody else."""
    gives_acme(two, to="Otto")
    report_from_message(two)
    two.slack.submit(user=RITA)
    leaves(two, until=date(2026, 11, 25), stand_in=None)
    assert two.rows(tables.reports)[0]["operator_id"] == two.staff[OTTO].id
    assert SAM not in {row["recipient"] for row in two.rows(tables.notices)}


def test_what_is_late_passes_over_a_manager_who_is_away(two: Office) -> None:
    with two.bot.world.uow_for(two.bot.org_id)() as work:
        work.people.grant(two.staff[VIK].id, role=Role.AR_MANAGER, capability=None, until=None, by="test")
    shown = opens_roster(two, VIK)
    assert "*Vik Viewer* · A/R Manager: hears what is late, unless away" in shown
    two.slack.click(user=VIK, action_id="roster.away", value=value_of(two, VIK, "roster.away", "Vik"))
    two.slack.fill(user=VIK, action_id="roster.until", value="2026-11-25")
    assert two.slack.submit(user=VIK).ok
    assert "Vik Viewer" in two.modal(VIK) and "🌴 Away until the end of Wed 25 Nov" in two.modal(VIK)
    assert "until the end of Wed 25 Nov (Berlin time), nobody stands in. *On duty*, above" in home_of(two, VIK)
    report_from_message(two)
    assert two.slack.submit(user=RITA).ok
    two.clock.advance(timedelta(minutes=13))
    two.chores()
    two.beat()
    assert two.told(VIK) == [] and "about to miss its 15 minutes" in two.told(CARL)[-1]
