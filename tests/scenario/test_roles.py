"""Rights, end to end: asked for and decided, given by name, by user group and for a time, and taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from domain.values import Capability, Role
from sandbox.people import Person, UserGroup
from storage import tables
from tests.scenario.office import CARL, EVE, OLGA, RITA, SALES, SAM, VIK, Office, words_of
from tests.stage import AFTER

CORA = "U06CORA"
MIDNIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
"""The end of Monday 23 November in Berlin."""


def asks_to_nudge(office: Office) -> None:
    """Vik may look but not nudge; his card has no button, so he asks from a window that refused him."""
    office.open_acme(user=VIK)
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.people.grant(office.staff[VIK].id, role=None, capability=Capability.NUDGE, until=AFTER, by="x")
    office.open_acme(user=VIK)
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.people.grant(office.staff[VIK].id, role=Role.VIEWER, capability=None, until=None, by="x")
    office.slack.click(user=VIK, action_id="nudge.open")
    assert "Your role doesn't include this" in office.modal(VIK)
    assert office.slack.click(user=VIK, action_id="access.ask").ok
    office.beat()


def request_of(office: Office, user: str = CARL) -> str:
    return office.told(user)[-1]


def decides(office: Office, button: str, *, why: str, user: str = CARL, until: str | None = None) -> None:
    assert office.slack.click(user=user, action_id=button, channel=office.slack.dm_id(user=user)).ok
    if until:
        office.slack.fill(user=user, action_id="rights.until", value=until)
    office.slack.fill(user=user, action_id="decision.why", value=why)
    assert office.slack.submit(user=user).ok


def person(office: Office, slack_id: str) -> dict[str, object]:
    return next(row for row in office.rows(tables.users) if row["slack_user_id"] == slack_id)


def opens_people(office: Office, user: str = CARL) -> None:
    office.slack.close(user=user, everything=True) if office.slack.views(user=user) else None
    office.slack.open_home(user=user)
    assert office.slack.click(user=user, action_id="roles.open").ok


def gives_group(office: Office, role: str, *, handle: str = "@sales-team") -> None:
    opens_people(office)
    office.slack.click(user=CARL, action_id="roles.groups")
    view = office.slack.view(user=CARL)
    assert view is not None
    options = next(block["element"]["options"] for block in view.blocks if block.get("block_id") == "roles.group")
    value = next(one["value"] for one in options if one["text"]["text"] == handle)
    office.slack.fill(user=CARL, action_id="roles.group", value=value)
    office.slack.fill(user=CARL, action_id="roles.role", value=role)
    office.slack.fill(user=CARL, action_id="roles.why", value="The new team.")
    assert office.slack.submit(user=CARL).ok
    office.chores()


def test_a_viewer_asks_is_granted_the_nudge_for_a_time_and_falls_back(office: Office) -> None:
    asks_to_nudge(office)
    assert "Vik Viewer asks to send nudges (Acme Robotics GmbH)" in request_of(office)

    # The window says plainly what approving does; without a reason nothing happens.
    office.slack.click(user=CARL, action_id="access.approve", channel=office.slack.dm_id(user=CARL))
    assert "Let them send nudges, on top of their role" in office.modal(CARL)
    office.slack.fill(user=CARL, action_id="rights.until", value="2026-11-23")
    office.slack.fill(user=CARL, action_id="decision.why", value="Covers for Rita <!channel>")
    assert office.slack.submit(user=CARL).ok
    assert "Vik Viewer can now send nudges until the end of Mon 23 Nov" in office.modal(CARL)

    office.beat()
    (request,) = [told for told in office.told(CARL) if "asks to" in told]
    assert "Approved by Carl Controller" in request and "Covers for Rita" in request
    assert "Approve\n" not in request, "the buttons are gone"
    answer = office.told(VIK)[-1]
    assert "Carl Controller said yes: you asked to send nudges" in answer and "<!channel>" not in answer
    assert "You can now send nudges until the end of Mon 23 Nov" in answer

    # He can nudge until the end passes; what is sent a moment too late is refused.
    office.clock.set(MIDNIGHT - timedelta(seconds=1))
    office.slack.close(user=VIK, everything=True)
    office.open_acme(user=VIK)
    office.slack.click(user=VIK, action_id="nudge.open")
    assert "paula@acme.example" in office.modal(VIK)
    office.clock.set(MIDNIGHT)
    office.slack.submit(user=VIK)
    assert "Your role doesn't include this" in office.modal(VIK)
    assert office.states() == []
    noted = [row for row in office.rows(tables.audit) if row["action"] in ("access.approved", "capability.granted")]
    assert [row["action"] for row in noted] == ["access.approved", "capability.granted"]
    assert noted[0]["before"] == {"state": "waiting"} and noted[0]["after"]["given"] == "capability"
    request = noted[0]["subject"].partition(":")[2]
    after = {"capabilities": ["nudge"], "until": MIDNIGHT.isoformat(), "request": int(request)}
    assert (noted[1]["before"], noted[1]["after"]) == ({"capabilities": []}, after)


def test_what_was_queued_under_a_grant_that_ended_is_refused_at_release(office: Office) -> None:
    asks_to_nudge(office)
    decides(office, "access.approve", why="For tonight.", until="2026-11-23")
    office.slack.close(user=VIK, everything=True)
    office.open_acme(user=VIK)
    office.nudge(user=VIK)
    assert office.states() == ["queued"]
    office.beat(AFTER)
    assert office.states() == ["refused"] and office.mail() == []


def test_declined_with_a_reason(office: Office) -> None:
    asks_to_nudge(office)
    decides(office, "access.decline", why="Rita does that.")
    office.beat()
    assert "Declined by Carl Controller" in request_of(office) and "Rita does that." in request_of(office)
    assert "Carl Controller said no" in office.told(VIK)[-1] and "Rita does that." in office.told(VIK)[-1]
    assert "you can ask again" in office.told(VIK)[-1]
    assert person(office, VIK)["role"] == "viewer" and office.rows(tables.grants) == []
    # And may ask anew.
    office.slack.click(user=VIK, action_id="access.ask")
    assert [row["state"] for row in office.rows(tables.access_requests)] == ["declined", "waiting"]


def test_of_two_controllers_the_second_hears_who_decided(office: Office) -> None:
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.people.grant(office.staff[OLGA].id, role=Role.CONTROLLER, capability=None, until=None, by="x")
    asks_to_nudge(office)
    for who in (CARL, OLGA):
        office.slack.click(user=who, action_id="access.approve", channel=office.slack.dm_id(user=who))
        office.slack.fill(user=who, action_id="decision.why", value=f"By {who}")
    assert office.slack.submit(user=OLGA).ok
    assert office.slack.submit(user=CARL).ok
    assert "Olga Operator was faster: it is already approved" in office.modal(CARL)
    office.beat()
    for who in (CARL, OLGA):
        assert "Approved by Olga Operator" in request_of(office, who)
    assert office.actions().count("access.approved") == 1
    assert len(office.rows(tables.grants)) == 1


def test_a_decider_who_was_deactivated_meanwhile_decides_nothing(office: Office) -> None:
    asks_to_nudge(office)
    office.slack.click(user=CARL, action_id="access.approve", channel=office.slack.dm_id(user=CARL))
    office.slack.fill(user=CARL, action_id="decision.why", value="Sure")
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.roles.follow(office.staff[CARL].id, role=Role.CONTROLLER, group=None, is_active=False)
    office.slack.submit(user=CARL)
    assert [row["state"] for row in office.rows(tables.access_requests)] == ["waiting"]
    assert office.rows(tables.grants) == []
    assert "Your Plixo access is switched off" in office.modal(CARL)


def test_who_finds_none_of_theirs_asks_with_their_words_and_is_given_the_account(office: Office) -> None:
    zenith = next(row for row in office.rows(tables.accounts) if row["name"] == "Zenith Foods")
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.requests.hand_over(zenith["id"], owner_email="rita@northwind.example")
    seen = []
    for words in ("lone star", "zenith foods"):
        office.account(words, user=SAM)
        seen.append(words_of(office.last(user=SAM).blocks).replace(words, "…"))
        office.slack.click(user=SAM, action_id="access.ask")
        office.beat()
        assert f"Sam Seller looks for “{words}”" in request_of(office)
    assert seen[0] == seen[1], "whether somebody has such a customer is not told"

    decides(office, "access.approve", why="Sam takes over.")
    assert "Sam Seller is now the owner of Zenith Foods" in office.modal(CARL)
    office.beat()
    assert "yes: you were looking for “zenith foods”" in office.told(SAM)[-1]
    office.account("zenith foods", user=SAM)
    assert "Zenith Foods" in words_of(office.last(user=SAM).blocks)
    (given,) = [row for row in office.rows(tables.audit) if row["action"] == "account.handed_over"]
    assert given["account_id"] == zenith["id"] and given["after"]["owner"] == "sam@northwind.example"


def test_words_that_fit_no_account_are_answered_by_hand(office: Office) -> None:
    office.account("lone star", user=SAM)
    office.slack.click(user=SAM, action_id="access.ask")
    office.beat()
    office.slack.click(user=CARL, action_id="access.approve", channel=office.slack.dm_id(user=CARL))
    assert "No account fits these words." in office.modal(CARL)


def test_somebody_elses_account_is_handed_over(office: Office) -> None:
    office.open_named("Zenith Foods", user=SAM)
    zenith = next(row for row in office.rows(tables.accounts) if row["name"] == "Zenith Foods")
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.requests.hand_over(zenith["id"], owner_email="rita@northwind.example")
    office.slack.click(user=SAM, action_id="account.refresh")
    assert "belongs to a colleague" in words_of(office.last(user=SAM).blocks)
    office.slack.click(user=SAM, action_id="access.ask")
    office.beat()
    decides(office, "access.approve", why="Sam takes over.")
    assert "Sam Seller is now the owner of Zenith Foods" in office.modal(CARL)
    zenith = next(row for row in office.rows(tables.accounts) if row["name"] == "Zenith Foods")
    assert zenith["owner_email"] == "sam@northwind.example"


def test_a_role_by_name_for_a_time(office: Office) -> None:
    office.slack.command(user=SAM, command="/account", text="help", channel=SALES)
    opens_people(office)
    assert "5 people" in office.modal(CARL)
    lines = [block for block in office.slack.view(user=CARL).blocks if "accessory" in block]  # type: ignore[union-attr]
    sams = next(block for block in lines if "Sam Seller" in words_of(block))
    assert not any("Carl Controller" in words_of(block) for block in lines), "nobody changes their own"
    office.slack.click(user=CARL, action_id="roles.person", value=sams["accessory"]["value"])
    office.slack.fill(user=CARL, action_id="roles.role", value="operator")
    office.slack.fill(user=CARL, action_id="rights.until", value="2026-11-24")
    office.slack.fill(user=CARL, action_id="roles.why", value=" Covers for Olga. ")
    assert office.slack.submit(user=CARL).ok
    assert "Sam Seller* is A/R Operator until the end of Tue 24 Nov, then Sales" in office.modal(CARL)
    office.beat()
    assert (
        "Your role in Plixo is A/R Operator until Tue 24 Nov, 18:00 (New York time), then Sales" in office.told(SAM)[-1]
    )
    (noted,) = [row for row in office.rows(tables.audit) if row["action"] == "role.set"]
    assert (noted["before"]["role"], noted["after"]["role"], noted["after"]["lasting"]) == (
        "sales",
        "operator",
        "sales",
    )
    assert noted["after"]["why"] == "Covers for Olga."


def test_what_was_granted_for_good_is_taken_back_by_name(office: Office) -> None:
    office.account("acme", user=VIK)
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.people.grant(office.staff[VIK].id, role=None, capability=Capability.NUDGE, until=None, by="x")
    opens_people(office)
    lines = [block for block in office.slack.view(user=CARL).blocks if "accessory" in block]  # type: ignore[union-attr]
    assert "roles.grants" not in str(lines)
    viks = next(block for block in lines if "Vik Viewer" in words_of(block))
    assert "may also send nudges" in words_of(viks)
    office.slack.click(user=CARL, action_id="roles.person", value=viks["accessory"]["value"])
    assert "May also send nudges" in office.modal(CARL) and "As it was granted" in office.modal(CARL)
    office.slack.fill(user=CARL, action_id="roles.grants", value="off")
    office.slack.fill(user=CARL, action_id="roles.why", value="Rita is back.")
    assert office.slack.submit(user=CARL).ok
    assert "What was granted on top of the role was taken back." in office.modal(CARL)
    assert office.rows(tables.grants) == [] and person(office, VIK)["role"] == "viewer"
    (noted,) = [row for row in office.rows(tables.audit) if row["action"] in ("capability.taken", "role.set")]
    assert noted["before"] == {"capabilities": ["nudge"]}
    assert noted["after"] == {"capabilities": [], "why": "Rita is back."}
    office.beat()
    assert "Your role in Plixo is Viewer.* Nothing is granted on top of it." in office.told(VIK)[-1]
    office.open_acme(user=VIK)
    assert "nudge.open" not in str(office.last(user=VIK).blocks)


def test_the_last_controller_stays_and_past_days_are_refused(office: Office) -> None:
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.people.grant(office.staff[OLGA].id, role=Role.ADMIN, capability=None, until=None, by="x")
    opens_people(office, OLGA)
    lines = [block for block in office.slack.view(user=OLGA).blocks if "accessory" in block]  # type: ignore[union-attr]
    carls = next(block for block in lines if "Carl Controller" in words_of(block))
    office.slack.click(user=OLGA, action_id="roles.person", value=carls["accessory"]["value"])
    office.slack.fill(user=OLGA, action_id="rights.until", value="2026-11-22")
    assert office.slack.submit(user=OLGA).errors.keys() == {"rights.until"}
    office.slack.fill(user=OLGA, action_id="rights.until", value=None)
    office.slack.fill(user=OLGA, action_id="roles.access", value="off")
    office.slack.submit(user=OLGA)
    assert "the only lasting Controller" in office.modal(OLGA)
    assert all(row["is_active"] for row in office.rows(tables.users))
    assert office.actions()[-1] == "role.assign.refused"


def test_a_colleague_is_added_and_known_at_once(office: Office) -> None:
    opens_people(office)
    office.slack.click(user=CARL, action_id="roles.add")
    office.slack.fill(user=CARL, action_id="roles.who", value=EVE)
    office.slack.fill(user=CARL, action_id="roles.role", value="csm")
    assert office.slack.submit(user=CARL).ok
    assert "Eve Stranger* is Customer Success" in office.modal(CARL)
    office.account("acme", user=EVE)
    assert person(office, EVE)["role"] == "csm"
    assert "I don't know you" not in words_of(office.last(user=EVE).blocks)


@pytest.mark.parametrize("user", [RITA, OLGA, VIK])
def test_others_have_no_such_button_and_no_way_around(office: Office, user: str) -> None:
    office.slack.open_home(user=user)
    home = office.slack.home(user=user)
    assert home is not None and "People and roles" not in words_of(home.blocks)


class TestGroups:
    @pytest.fixture
    def office(self, office: Office) -> Iterator[Office]:
        """With people of the office in a user group, and somebody Plixo does not know."""
        office.slack.add_person(Person(id=CORA, name="Cora Csm", email="cora@northwind.example", zone="Europe/Berlin"))
        office.slack.add_group(UserGroup(id="S01SALES", name="Sales", handle="sales-team", members=[CORA, VIK]))
        yield office

    def test_members_have_the_role_unless_they_have_one_by_name(self, office: Office) -> None:
        office.account("acme", user=VIK)
        gives_group(office, "csm")
        assert "@sales-team* gives Customer Success" in office.modal(CARL)
        assert person(office, VIK)["role"] == "viewer", "by name"
        office.account("acme", user=CORA)
        cora = person(office, CORA)
        assert (cora["role"], cora["role_group"], cora["is_active"]) == ("csm", "S01SALES", True)
        # Another role for the group is theirs at once; without one they are out.
        gives_group(office, "sales")
        assert person(office, CORA)["role"] == "sales"
        gives_group(office, "none")
        assert not person(office, CORA)["is_active"]
        given, taken = (
            [row["after"] for row in office.rows(tables.audit) if row["action"] == f"group_role.{what}"][-1]
            for what in ("given", "taken")
        )
        assert (given["why"], taken) == ("The new team.", {"why": "The new team."})
        noted = [row for row in office.rows(tables.audit) if row["action"] == "role.followed_group"]
        assert [(row["before"]["active"], row["after"]["active"]) for row in noted] == [(True, True), (True, False)]

    def test_who_leaves_is_out_and_who_comes_back_is_in(self, office: Office) -> None:
        gives_group(office, "sales")
        office.account("acme", user=CORA)
        office.slack.change_group(group="S01SALES", remove=[CORA])
        assert not person(office, CORA)["is_active"]
        office.slack.change_group(group="S01SALES", add=[CORA])
        assert person(office, CORA)["is_active"]
        office.slack.deactivate(user=CORA)
        assert (person(office, CORA)["is_active"], person(office, CORA)["role_group"]) == (False, None)
        (noted,) = [row for row in office.rows(tables.audit) if row["action"] == "person.deactivated"]
        sales = {"role": "sales", "until": None, "lasting": "sales"}
        assert noted["before"] == sales | {"group": "S01SALES", "active": True}
        assert noted["after"] == sales | {"group": None, "active": False, "by": "slack"}

    def test_who_joins_later_is_known_at_their_first_word(self, office: Office) -> None:
        gives_group(office, "sales")
        office.account("acme", user=EVE)
        assert "I don't know you yet" in words_of(office.last(user=EVE).blocks)
        office.slack.change_group(group="S01SALES", add=[EVE])
        office.account("acme", user=EVE)
        assert person(office, EVE)["role"] == "sales"

    def test_admin_and_controller_are_not_offered(self, office: Office) -> None:
        opens_people(office)
        office.slack.click(user=CARL, action_id="roles.groups")
        view = office.slack.view(user=CARL)
        assert view is not None
        roles = next(block["element"]["options"] for block in view.blocks if block.get("block_id") == "roles.role")
        assert {one["value"] for one in roles} == {role.value for role in Role} - {"admin", "controller"} | {"none"}

    def test_what_slack_could_not_tell_is_caught_up_with(self, office: Office) -> None:
        gives_group(office, "sales")
        office.account("acme", user=CORA)
        office.slack.workspace.group("S01SALES").members.remove(CORA)
        office.clock.advance(timedelta(minutes=59))
        office.chores()
        assert person(office, CORA)["is_active"]
        office.clock.advance(timedelta(minutes=1))
        office.chores()
        assert not person(office, CORA)["is_active"]


def test_what_a_deactivated_person_queued_does_not_leave(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.slack.deactivate(user=RITA)
    assert not person(office, RITA)["is_active"]
    office.beat(AFTER)
    assert office.states() == ["refused"] and office.mail() == []
    assert office.rows(tables.messages)[0]["reason"] == "deactivated"
