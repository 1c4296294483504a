"""User groups: who is in them, and what is told when that changes."""

from __future__ import annotations

import pytest

from sandbox.memory import fill, to_dict
from sandbox.people import Impossible, UserGroup
from sandbox.server import SandboxServer
from tests.unit.sandbox.conftest import MANIFEST, Call, make_slack

SALES = UserGroup(id="S01SALES", name="Sales", handle="sales", members=["U01REP", "U03GONE"])
OPS = UserGroup(id="S02OPS", name="A/R", handle="ar", members=["U02LED"], is_disabled=True)


@pytest.fixture
def slack() -> SandboxServer:
    return make_slack(groups=[SALES, OPS])


def test_groups_are_listed_and_disabled_ones_only_when_asked_for(call: Call) -> None:
    (only,) = call("usergroups.list")["usergroups"]
    assert (only["id"], only["handle"], only["date_delete"]) == ("S01SALES", "sales", 0)
    assert "users" not in only and "user_count" not in only
    both = call("usergroups.list", include_disabled=True, include_users=True, include_count=True)["usergroups"]
    assert [(one["users"], one["user_count"]) for one in both] == [(["U01REP"], 1), (["U02LED"], 1)]
    assert both[1]["date_delete"] > 0


def test_members_are_people_who_still_work_here(slack: SandboxServer, call: Call) -> None:
    assert call("usergroups.users.list", usergroup="S01SALES")["users"] == ["U01REP"]
    slack.deactivate(user="U01REP")
    assert call("usergroups.users.list", usergroup="S01SALES")["users"] == []
    assert call("usergroups.users.list", usergroup="S02OPS")["error"] == "no_such_subteam"
    assert call("usergroups.users.list", usergroup="S02OPS", include_disabled=True)["users"] == ["U02LED"]


def test_reading_groups_needs_its_scope(call: Call) -> None:
    without = {**MANIFEST, "oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    api = make_slack(manifest=without, groups=[SALES]).api
    for method in ("usergroups.list", "usergroups.users.list"):
        answer = api.call(method, given={"usergroup": "S01SALES"}, token="xoxb-unit").body
        assert (answer["error"], answer["needed"]) == ("missing_scope", "usergroups:read")


def test_people_join_and_leave(slack: SandboxServer, call: Call) -> None:
    slack.change_group(group="S01SALES", add=["U02LED", "U01REP"], remove=["U01REP"])
    assert call("usergroups.users.list", usergroup="S01SALES")["users"] == ["U02LED"]
    with pytest.raises(Impossible):
        slack.change_group(group="S99", add=["U01REP"])
    with pytest.raises(Impossible):
        slack.change_group(group="S01SALES", add=["U99"])
    with pytest.raises(Impossible, match="disabled"):
        slack.change_group(group="S02OPS", add=["U01REP"])


def test_the_caller_keeps_its_own_description(slack: SandboxServer) -> None:
    slack.change_group(group="S01SALES", add=["U02LED"])
    assert SALES.members == ["U01REP", "U03GONE"]


def test_groups_are_remembered(slack: SandboxServer, call: Call) -> None:
    slack.change_group(group="S01SALES", add=["U02LED"])
    again = make_slack(groups=[SALES])
    fill(again.workspace, to_dict(slack.workspace))
    assert again.workspace.groups == slack.workspace.groups
    old = to_dict(slack.workspace)
    del old["groups"]
    fresh = make_slack(groups=[SALES])
    fill(fresh.workspace, old)
    assert set(fresh.workspace.groups) == {"S01SALES"}
