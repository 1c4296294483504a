"""Triggers, hashes, external ids and the stack of modals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.server import SandboxServer
from tests.unit.sandbox.conftest import Call, make_slack


def modal(words: str = "T", **rest: Any) -> dict[str, Any]:
    return {"type": "modal", "title": {"type": "plain_text", "text": words}, "blocks": [], **rest}


def asking(*, block_id: str = "b", action_id: str = "a") -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": action_id}
    block = {"type": "input", "block_id": block_id, "label": {"type": "plain_text", "text": "L"}, "element": element}
    return modal(blocks=[block], submit={"type": "plain_text", "text": "Go"})


def opened(slack: SandboxServer, call: Call, view: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = call("views.open", trigger_id=slack.desk.triggers.issue(user="U01REP"), view=view or modal())
    shown: dict[str, Any] = answer["view"]
    return shown


def test_a_trigger_works_once(slack: SandboxServer, call: Call) -> None:
    trigger = slack.desk.triggers.issue(user="U01REP")
    assert call("views.open", trigger_id=trigger, view=modal())["ok"]
    assert call("views.open", trigger_id=trigger, view=modal())["error"] == "exchanged_trigger_id"


def test_a_trigger_works_for_three_seconds(slack: SandboxServer, call: Call) -> None:
    trigger, late = (slack.desk.triggers.issue(user="U01REP") for _ in range(2))
    slack.clock.advance(timedelta(seconds=2.5))
    assert call("views.open", trigger_id=trigger, view=modal())["ok"]
    slack.clock.advance(timedelta(seconds=1))
    assert call("views.open", trigger_id=late, view=modal())["error"] == "expired_trigger_id"


def test_an_invented_trigger_is_none(call: Call) -> None:
    assert call("views.open", trigger_id="1.2.abc", view=modal())["error"] == "invalid_trigger_id"
    assert call("views.open", view=modal())["error"] == "invalid_arguments"


def test_triggers_can_be_made_old(slack: SandboxServer, call: Call) -> None:
    trigger = slack.desk.triggers.issue(user="U01REP")
    slack.expire_triggers()
    assert call("views.open", trigger_id=trigger, view=modal())["error"] == "expired_trigger_id"


def test_three_views_and_no_more(slack: SandboxServer, call: Call) -> None:
    opened(slack, call)
    for _ in range(2):
        assert call("views.push", trigger_id=slack.desk.triggers.issue(user="U01REP"), view=modal())["ok"]
    fourth = call("views.push", trigger_id=slack.desk.triggers.issue(user="U01REP"), view=modal())
    assert fourth["error"] == "push_limit_reached"
    stack = slack.views(user="U01REP")
    assert [one.previous_view_id for one in stack] == [None, stack[0].id, stack[1].id]
    assert {one.root_view_id for one in stack} == {stack[0].id}


def test_a_hash_guards_an_update(slack: SandboxServer, call: Call) -> None:
    view = opened(slack, call)
    first = call("views.update", view_id=view["id"], hash=view["hash"], view=modal("Two"))
    assert first["ok"] and first["view"]["hash"] != view["hash"] and first["view"]["id"] == view["id"]
    assert call("views.update", view_id=view["id"], hash=view["hash"], view=modal())["error"] == "hash_conflict"
    assert call("views.update", view_id=view["id"], view=modal("Three"))["ok"]


def test_a_hash_guards_the_home_tab(call: Call) -> None:
    home = {"type": "home", "blocks": []}
    assert call("views.publish", user_id="U01REP", view=home, hash="1.x")["error"] == "hash_conflict"
    shown = call("views.publish", user_id="U01REP", view=home)["view"]
    assert call("views.publish", user_id="U01REP", view=home, hash=shown["hash"])["ok"]
    assert call("views.publish", user_id="U01REP", view=home, hash=shown["hash"])["error"] == "hash_conflict"


def test_an_external_id_is_used_once_in_a_team(slack: SandboxServer, call: Call) -> None:
    view = opened(slack, call, modal(external_id="nudge-1"))
    again = call("views.open", trigger_id=slack.desk.triggers.issue(user="U02LED"), view=modal(external_id="nudge-1"))
    assert again["error"] == "duplicate_external_id"
    assert call("views.update", external_id="nudge-1", view=modal(external_id="nudge-1"))["view"]["id"] == view["id"]


def test_a_view_can_be_too_large(slack: SandboxServer, call: Call) -> None:
    fields = [{"type": "mrkdwn", "text": "x" * 2000}] * 10
    view = modal(blocks=[{"type": "section", "fields": fields}] * 13)
    trigger = slack.desk.triggers.issue(user="U01REP")
    assert call("views.open", trigger_id=trigger, view=view)["error"] == "view_too_large"


def test_wrong_views_are_named_like_slack_names_them(slack: SandboxServer, call: Call) -> None:
    trigger = slack.desk.triggers.issue(user="U01REP")
    answer = call("views.open", trigger_id=trigger, view={**asking(), "submit": None})
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"][0].startswith("[ERROR] failed to match all allowed schemas")


def test_what_was_typed_survives_an_update_that_keeps_its_names(slack: SandboxServer, call: Call) -> None:
    view = opened(slack, call, asking())
    slack.fill(user="U01REP", action_id="a", value="hello")
    kept = call("views.update", view_id=view["id"], view=asking())["view"]
    assert kept["state"]["values"]["b"]["a"]["value"] == "hello"
    lost = call("views.update", view_id=view["id"], view=asking(action_id="other"))["view"]
    assert lost["state"]["values"]["b"]["other"]["value"] is None


def test_a_closed_view_is_gone(slack: SandboxServer, call: Call) -> None:
    view = opened(slack, call)
    slack.close(user="U01REP")
    assert slack.view(user="U01REP") is None
    assert call("views.update", view_id=view["id"], view=modal())["error"] == "not_found"


def test_closing_shows_the_view_below(slack: SandboxServer, call: Call) -> None:
    root = opened(slack, call)
    call("views.push", trigger_id=slack.desk.triggers.issue(user="U01REP"), view=modal("Up"))
    slack.close(user="U01REP")
    top = slack.view(user="U01REP")
    assert top is not None and top.id == root["id"]


def test_clear_on_close_takes_the_whole_stack(slack: SandboxServer, call: Call) -> None:
    opened(slack, call)
    call("views.push", trigger_id=slack.desk.triggers.issue(user="U01REP"), view=modal(clear_on_close=True))
    slack.close(user="U01REP")
    assert slack.views(user="U01REP") == []


@pytest.mark.parametrize("user", ["U02LED", "U03GONE"])
def test_nobody_acts_on_another_ones_modal(slack: SandboxServer, call: Call, user: str) -> None:
    view = opened(slack, call, asking())
    with pytest.raises(LookupError):
        slack.select(user=user, action_id="a", option="x", view_id=view["id"])


def test_real_time_counts_too_under_a_frozen_clock() -> None:
    slack = make_slack(trigger_seconds=-1.0)
    trigger = slack.desk.triggers.issue(user="U01REP")
    answer = slack.api.call("views.open", given={"trigger_id": trigger, "view": modal()}, token="xoxb-unit")
    assert answer.body["error"] == "expired_trigger_id"
