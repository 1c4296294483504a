"""Modals and menus against a bot: what it is sent, what its answers do."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.server import SandboxServer
from tests.integration.sandbox.conftest import FakeBot, asks, button, call, modal, open_modal, section

TROUBLE = "We had some trouble connecting. Try again?"


def external(**rest: Any) -> dict[str, Any]:
    element = {"type": "external_select", "action_id": "pick", "min_query_length": 2, **rest}
    return asks(block_id="menu") | {"element": element}


def option(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": value.title()}, "value": value}


def test_a_submission(slack: SandboxServer, bot: FakeBot) -> None:
    view = open_modal(slack, modal(asks(), private_metadata="meta", external_id="x1"))
    slack.fill(user="U01REP", action_id="a", value="hello")
    assert bot.heard == []  # typing tells nobody
    assert slack.submit(user="U01REP").ok
    payload = bot.heard[-1].payload
    sent = payload["view"]
    assert (payload["type"], sent["id"], sent["private_metadata"], sent["external_id"]) == (
        "view_submission",
        view["id"],
        "meta",
        "x1",
    )
    assert sent["state"]["values"] == {"b": {"a": {"type": "plain_text_input", "value": "hello"}}}
    assert sent["root_view_id"] == view["id"] and sent["previous_view_id"] is None and payload["response_urls"] == []
    assert slack.view(user="U01REP") is None


def test_slack_keeps_an_empty_form_to_itself(slack: SandboxServer, bot: FakeBot) -> None:
    open_modal(slack, modal(asks()))
    delivery = slack.submit(user="U01REP")
    assert not delivery.sent and delivery.errors == {"b": "Please complete this required field."}
    assert bot.heard == []
    slack.fill(user="U01REP", action_id="a", value="x")
    view = slack.view(user="U01REP")
    assert view is not None and view.errors == {}


def submitted(slack: SandboxServer, bot: FakeBot, answer: Any, *, status: int = 200) -> Any:
    open_modal(slack, modal(asks(optional=True), section()))
    bot.answer = lambda heard: (status, answer)
    return slack.submit(user="U01REP")


def test_errors_stay_on_the_modal(slack: SandboxServer, bot: FakeBot) -> None:
    delivery = submitted(slack, bot, {"response_action": "errors", "errors": {"b": "No."}})
    view = slack.view(user="U01REP")
    assert delivery.ok and view is not None and view.errors == {"b": "No."} and view.failure is None


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "No."}}, 200),
        ({"response_action": "errors", "errors": {}}, 200),
        ({"response_action": "errors"}, 200),
        ({"response_action": "dance"}, 200),
        ({"response_action": "update", "view": {"type": "modal"}}, 200),
        ({"response_action": "push", "view": {"type": "home", "blocks": []}}, 200),
        ("not json", 200),
        ("", 500),
    ],
)
def test_answers_slack_cannot_follow(slack: SandboxServer, bot: FakeBot, answer: Any, status: int) -> None:
    delivery = submitted(slack, bot, answer, status=status)
    view = slack.view(user="U01REP")
    assert delivery.failure == TROUBLE and view is not None and view.failure == TROUBLE


def test_a_missed_ack_leaves_the_modal_open(slack: SandboxServer, bot: FakeBot) -> None:
    open_modal(slack, modal())
    bot.answer = bot.never
    assert slack.submit(user="U01REP").failure == TROUBLE
    assert slack.view(user="U01REP") is not None


def test_update_push_and_clear(slack: SandboxServer, bot: FakeBot) -> None:
    other = modal(section("next"), callback_id="second")
    submitted(slack, bot, {"response_action": "push", "view": other})
    first, second = slack.views(user="U01REP")
    assert (second.callback_id, second.previous_view_id, second.root_view_id) == ("second", first.id, first.id)
    bot.answer = lambda heard: (200, {"response_action": "update", "view": modal(callback_id="third")})
    slack.submit(user="U01REP")
    top = slack.view(user="U01REP")
    assert top is not None and (top.id, top.callback_id) == (second.id, "third") and top.hash != second.hash
    bot.answer = lambda heard: (200, {"response_action": "clear"})
    slack.submit(user="U01REP")
    assert slack.views(user="U01REP") == []


def test_an_empty_answer_closes_only_the_top(slack: SandboxServer, bot: FakeBot) -> None:
    submitted(slack, bot, {"response_action": "push", "view": modal()})
    bot.answer = lambda heard: (200, "")
    slack.submit(user="U01REP")
    assert len(slack.views(user="U01REP")) == 1


def test_closing_is_told_only_when_asked_for(slack: SandboxServer, bot: FakeBot) -> None:
    open_modal(slack, modal())
    assert slack.close(user="U01REP") == []
    open_modal(slack, modal(asks(), notify_on_close=True))
    slack.fill(user="U01REP", action_id="a", value="half")
    (told,) = slack.close(user="U01REP")
    payload = bot.heard[-1].payload
    assert told.ok and payload["type"] == "view_closed" and payload["is_cleared"] is False
    assert payload["view"]["state"]["values"]["b"]["a"]["value"] == "half"


def test_the_x_closes_everything(slack: SandboxServer, bot: FakeBot) -> None:
    submitted(slack, bot, {"response_action": "push", "view": modal(notify_on_close=True)})
    told = slack.close(user="U01REP", everything=True)
    assert [one.payload["is_cleared"] for one in told] == [True] and slack.views(user="U01REP") == []


def test_a_press_in_a_modal_carries_the_view_with_its_state(slack: SandboxServer, bot: FakeBot) -> None:
    view = open_modal(slack, modal(asks(), button()))
    slack.fill(user="U01REP", action_id="a", value="typed")
    slack.click(user="U01REP", action_id="go")
    payload = bot.heard[-1].payload
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert payload["view"]["state"]["values"]["b"]["a"]["value"] == "typed"
    assert "response_url" not in payload and "message" not in payload


def test_an_input_that_dispatches_tells_at_once(slack: SandboxServer, bot: FakeBot) -> None:
    open_modal(slack, modal(asks(dispatch_action=True)))
    assert slack.fill(user="U01REP", action_id="a", value="x").sent
    assert bot.heard[-1].payload["actions"][0]["value"] == "x"


def test_a_select_in_a_message_reports_state_and_choice(slack: SandboxServer, bot: FakeBot) -> None:
    select = {"type": "static_select", "action_id": "s", "options": [option("one"), option("two")]}
    boxes = {"type": "checkboxes", "action_id": "c", "options": [option("three")]}
    call(
        slack,
        "chat.postMessage",
        channel="C01GEN",
        text="t",
        blocks=[{"type": "actions", "block_id": "b", "elements": [select, boxes]}],
    )
    slack.select(user="U01REP", action_id="s", option="two")
    payload = bot.heard[-1].payload
    assert payload["actions"][0]["selected_option"]["value"] == "two"
    assert payload["state"]["values"]["b"]["c"] == {"type": "checkboxes", "selected_options": []}
    assert payload["state"]["values"]["b"]["s"]["selected_option"]["value"] == "two"


def test_an_overflow_menu(slack: SandboxServer, bot: FakeBot) -> None:
    menu = {"type": "overflow", "action_id": "o", "options": [option("one"), option("two")]}
    call(slack, "chat.postMessage", channel="C01GEN", text="t", blocks=[section(accessory=menu)])
    slack.click(user="U01REP", action_id="o", value="two")
    assert bot.heard[-1].payload["actions"][0]["selected_option"]["value"] == "two"


def test_options_load_while_typing(slack: SandboxServer, bot: FakeBot) -> None:
    view = open_modal(slack, modal(external()))
    bot.answer = lambda heard: (200, {"options": [option("acme"), option("apex")]})
    assert not slack.options(user="U01REP", action_id="pick", query="a").sent
    delivery = slack.options(user="U01REP", action_id="pick", query="ac")
    payload = bot.heard[-1].payload
    assert (payload["type"], payload["value"], payload["block_id"], payload["view"]["id"]) == (
        "block_suggestion",
        "ac",
        "menu",
        view["id"],
    )
    assert [one["value"] for one in delivery.options] == ["acme", "apex"]
    slack.fill(user="U01REP", action_id="pick", value="apex")
    assert slack.values(user="U01REP")["menu"]["pick"]["selected_option"]["value"] == "apex"


def test_option_groups_are_opened(slack: SandboxServer, bot: FakeBot) -> None:
    open_modal(slack, modal(external()))
    groups = [{"label": {"type": "plain_text", "text": "Big"}, "options": [option("acme")]}]
    bot.answer = lambda heard: (200, {"option_groups": groups})
    assert slack.options(user="U01REP", action_id="pick", query="ac").options[0]["group"] == "Big"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "x",
        {},
        {"options": [option(str(n)) for n in range(101)]},
        {"options": [{"text": "a"}]},
        {"options": [], "option_groups": []},
    ],
)
def test_options_slack_does_not_take(slack: SandboxServer, bot: FakeBot, answer: Any) -> None:
    open_modal(slack, modal(external()))
    bot.answer = lambda heard: (200, answer)
    delivery = slack.options(user="U01REP", action_id="pick", query="ac")
    assert delivery.failure == "The options could not be loaded." and delivery.options == []


def test_a_conversation_with_a_response_url(slack: SandboxServer, bot: FakeBot) -> None:
    element = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    open_modal(slack, modal(asks() | {"element": element}))
    slack.fill(user="U01REP", action_id="where", value="C01GEN")
    slack.submit(user="U01REP")
    (url,) = bot.heard[-1].payload["response_urls"]
    assert (url["channel_id"], url["block_id"], url["action_id"]) == ("C01GEN", "b", "where")
