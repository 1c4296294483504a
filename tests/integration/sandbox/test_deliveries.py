"""Commands, interactions and events as the bot gets them, and what people read when it fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from sandbox.clock import MovableClock
from sandbox.people import Impossible, Person, UserGroup
from sandbox.server import SandboxServer
from tests.integration.sandbox.conftest import SECRET, FakeBot, Heard, button, call, make_slack, section


def command(slack: SandboxServer, text: str = "acme", **rest: Any) -> Any:
    return slack.command(user="U01REP", command="/account", text=text, channel="C01GEN", **rest)


def shown(slack: SandboxServer) -> list[str]:
    return [one.text for one in slack.messages(channel="C01GEN", viewer="U01REP")]


def test_a_command_is_a_signed_form(slack: SandboxServer, bot: FakeBot) -> None:
    delivery = command(slack, "acme @amir.ledger #general")
    (heard,) = bot.heard
    assert SignatureVerifier(SECRET).is_valid_request(heard.body.decode(), heard.headers)
    assert heard.headers["content-type"] == "application/x-www-form-urlencoded"
    form = heard.form
    assert form["text"] == "acme <@U02LED|amir.ledger> <#C01GEN|general>"
    assert (form["command"], form["user_id"], form["user_name"]) == ("/account", "U01REP", "rita.rep")
    assert (form["channel_id"], form["channel_name"], form["team_id"]) == ("C01GEN", "general", "T01SANDBOX")
    assert form["response_url"].startswith(slack.url) and form["trigger_id"].count(".") == 2
    assert delivery.ok and delivery.status == 200 and shown(slack) == []


@pytest.mark.parametrize(
    ("answer", "texts", "seen_by_all"),
    [
        ("", [], False),
        ("plain words", ["plain words"], False),
        ({"text": "json"}, ["json"], False),
        ({"text": "all", "response_type": "in_channel"}, ["all"], True),
        ({"blocks": [section("b")]}, [""], False),
        ({}, [], False),
    ],
)
def test_answers_to_commands(
    slack: SandboxServer, bot: FakeBot, answer: Any, texts: list[str], seen_by_all: bool
) -> None:
    bot.answer = lambda heard: (200, answer)
    command(slack)
    assert shown(slack) == texts
    assert bool(slack.messages(channel="C01GEN", viewer="U02LED")) is seen_by_all


def test_a_slow_bot_is_given_up_in_slacks_words(slack: SandboxServer, bot: FakeBot) -> None:
    bot.answer = bot.never
    delivery = command(slack)
    assert delivery.failure == '/account failed with the error "operation_timeout"'
    (said,) = slack.messages(channel="C01GEN", viewer="U01REP")
    assert (said.text, said.ephemeral, said.failure) == (delivery.failure, True, True)
    assert 0.4 < delivery.elapsed < 2


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_failing_bot(slack: SandboxServer, bot: FakeBot, status: int) -> None:
    bot.answer = lambda heard: (status, "oops")
    assert command(slack).failure == '/account failed with the error "dispatch_failed"'


def test_a_bot_that_is_not_there(slack: SandboxServer) -> None:
    slack.bot_url = None
    assert command(slack).failure == '/account failed with the error "dispatch_failed"'
    slack.bot_url = "http://127.0.0.1:9/slack/events"
    assert command(slack).failure == '/account failed with the error "dispatch_failed"'


@pytest.mark.parametrize("answer", [{"blocks": [{"type": "nope"}]}, {"text": "x", "blocks": [section("x" * 3001)]}])
def test_an_answer_slack_would_not_take(slack: SandboxServer, bot: FakeBot, answer: Any) -> None:
    bot.answer = lambda heard: (200, answer)
    delivery = command(slack)
    assert delivery.failure == '/account failed with the error "invalid_command_response"'
    assert "invalid_blocks" in delivery.errors


def test_a_press_on_a_message(slack: SandboxServer, bot: FakeBot) -> None:
    ts = call(slack, "chat.postMessage", channel="C01GEN", text="t", blocks=[button(value="7")])["ts"]
    slack.click(user="U01REP", action_id="go")
    payload = bot.heard[-1].payload
    assert payload["type"] == "block_actions" and payload["message"]["ts"] == ts
    assert payload["container"] == {"type": "message", "message_ts": ts, "channel_id": "C01GEN", "is_ephemeral": False}
    assert payload["channel"] == {"id": "C01GEN", "name": "general"} and payload["state"] == {"values": {}}
    (action,) = payload["actions"]
    assert (action["type"], action["block_id"], action["value"]) == ("button", "acts", "7")
    assert set(payload) >= {"trigger_id", "response_url", "team", "user", "api_app_id", "is_enterprise_install"}


def test_a_press_on_an_ephemeral_message_comes_without_it(slack: SandboxServer, bot: FakeBot) -> None:
    call(slack, "chat.postEphemeral", channel="C06PRIV", user="U01REP", blocks=[button()], text="t")
    slack.click(user="U01REP", action_id="go")
    payload = bot.heard[-1].payload
    assert "message" not in payload and payload["container"]["is_ephemeral"] is True
    assert payload["channel"]["name"] == "privategroup"
    with pytest.raises(Impossible):
        slack.click(user="U02LED", action_id="go")


def test_a_failed_press_is_noted_beside_the_message(slack: SandboxServer, bot: FakeBot) -> None:
    call(slack, "chat.postMessage", channel="C01GEN", text="t", blocks=[button()])
    bot.answer = lambda heard: (404, "")
    assert slack.click(user="U01REP", action_id="go").failure == "This app responded with Status Code 404."
    bot.answer = bot.never
    words = slack.click(user="U01REP", action_id="go").failure
    assert words == "Operation timed out. Apps need to respond within 3 seconds."
    assert list(slack.workspace.notices.values()) == [words]


def test_several_buttons_of_one_name_need_a_value(slack: SandboxServer, bot: FakeBot) -> None:
    blocks = [{**button(value=str(n)), "block_id": f"b{n}"} for n in range(2)]
    call(slack, "chat.postMessage", channel="C01GEN", text="t", blocks=blocks)
    with pytest.raises(Impossible, match="2 elements are called go"):
        slack.click(user="U01REP", action_id="go")
    slack.click(user="U01REP", action_id="go", value="1")
    slack.click(user="U01REP", action_id="go", block_id="b0")
    assert [heard.payload["actions"][0]["value"] for heard in bot.heard] == ["1", "0"]


def test_shortcuts(slack: SandboxServer, bot: FakeBot) -> None:
    ts = slack.say(user="U02LED", channel="C01GEN", text="look").ts
    slack.shortcut(user="U01REP", callback_id="nudge")
    slack.message_shortcut(user="U01REP", callback_id="find", channel="C01GEN", message_ts=ts)
    first, second = (heard.payload for heard in bot.heard)
    assert (first["type"], first["callback_id"]) == ("shortcut", "nudge") and "channel" not in first
    assert (second["type"], second["message_ts"], second["message"]["text"]) == ("message_action", ts, "look")
    assert second["response_url"].startswith(slack.url)


def test_an_event_is_signed_json(slack: SandboxServer, bot: FakeBot) -> None:
    said = slack.say(user="U01REP", text="hello")
    (heard,) = bot.heard
    assert SignatureVerifier(SECRET).is_valid_request(heard.body.decode(), heard.headers)
    outer = heard.payload
    assert (outer["type"], outer["team_id"], outer["event_id"][:2]) == ("event_callback", "T01SANDBOX", "Ev")
    event = outer["event"]
    assert (event["type"], event["channel_type"], event["text"], event["ts"]) == ("message", "im", "hello", said.ts)
    assert "x-slack-retry-num" not in heard.headers


def test_only_what_the_manifest_asks_for_is_told(slack: SandboxServer, bot: FakeBot) -> None:
    slack.say(user="U01REP", channel="C01GEN", text="hello")
    slack.archive(channel="C01GEN")
    assert bot.heard == []
    slack.deactivate(user="U02LED")
    slack.add_person(Person(id="U09NEW", name="New One", email="new@example.com"))
    slack.uninstall()
    types = [heard.payload["event"]["type"] for heard in bot.heard]
    assert types == ["user_change", "team_join", "tokens_revoked", "app_uninstalled"]
    assert bot.heard[0].payload["event"]["user"]["deleted"] is True


def test_the_app_hears_of_user_groups(slack: SandboxServer, bot: FakeBot) -> None:
    slack.add_group(UserGroup(id="S01SALES", name="Sales", handle="sales", members=["U01REP"]))
    slack.change_group(group="S01SALES", add=["U02LED", "U01REP"], remove=["U01REP", "U02LED"])
    assert slack.change_group(group="S01SALES", add=["U02LED"]) is None
    slack.disable_group(group="S01SALES")
    created, changed, updated = (heard.payload["event"] for heard in bot.heard)
    assert (created["type"], created["subteam"]["users"]) == ("subteam_created", ["U01REP"])
    assert (changed["type"], changed["subteam_id"]) == ("subteam_members_changed", "S01SALES")
    assert (changed["added_users"], changed["removed_users"]) == (["U02LED"], ["U01REP"])
    assert (changed["added_users_count"], changed["removed_users_count"]) == (1, 1)
    assert changed["date_previous_update"] < changed["date_update"]
    assert updated["type"] == "subteam_updated" and updated["subteam"]["date_delete"] >= changed["date_update"]


def test_opening_the_home_tab(slack: SandboxServer, bot: FakeBot) -> None:
    slack.open_home(user="U01REP")
    assert "view" not in bot.heard[-1].payload["event"]
    call(slack, "views.publish", user_id="U01REP", view={"type": "home", "blocks": [section()]})
    slack.open_home(user="U01REP")
    event = bot.heard[-1].payload["event"]
    assert (event["tab"], event["view"]["type"], event["channel"]) == ("home", "home", slack.dm_id(user="U01REP"))


def test_url_verification(slack: SandboxServer, bot: FakeBot) -> None:
    bot.answer = lambda heard: (200, heard.payload["challenge"])
    delivery = slack.verify_url()
    assert delivery.text == delivery.payload["challenge"]


def test_a_failed_event_comes_again_at_once_after_a_minute_and_after_five(bot: FakeBot) -> None:
    clock = MovableClock(start=datetime(2026, 3, 2, 9, 0, tzinfo=UTC), frozen=True)
    with make_slack(bot_url=bot.url, clock=clock) as slack:
        times: list[datetime] = []

        def fail(heard: Heard) -> tuple[int, str]:
            times.append(clock.now())
            return 500, ""

        bot.answer = fail
        delivery = slack.deliver_event({"type": "app_home_opened", "user": "U01REP", "tab": "home"})
        slack.wait_for(lambda: len(delivery.attempts) == 2)
        clock.advance(minutes=1)
        slack.wait_for(lambda: len(delivery.attempts) == 3)
        clock.advance(minutes=5)
        slack.wait_for(lambda: len(delivery.attempts) == 4)
    assert [(at - times[0]).total_seconds() for at in times] == [0, 0, 60, 360]
    assert [heard.headers.get("x-slack-retry-num") for heard in bot.heard] == [None, "1", "2", "3"]
    assert {heard.headers.get("x-slack-retry-reason") for heard in bot.heard[1:]} == {"http_error"}
    assert len({heard.payload["event_id"] for heard in bot.heard}) == 1 and delivery.retries == 3


def test_retries_stop_when_one_is_heard(bot: FakeBot) -> None:
    with make_slack(bot_url=bot.url, retry_scale=0.0) as slack:
        bot.answer = lambda heard: (200 if heard.headers.get("x-slack-retry-num") == "2" else 503, "")
        delivery = slack.deliver_event({"type": "x"})
        slack.wait_for(lambda: len(delivery.attempts) == 3)
    assert [attempt.status for attempt in delivery.attempts] == [503, 503, 200]


def test_a_bot_can_refuse_retries(bot: FakeBot) -> None:
    with make_slack(bot_url=bot.url, retry_scale=0.0) as slack:
        bot.answer, bot.extra_headers = (lambda heard: (500, "")), {"X-Slack-No-Retry": "1"}
        delivery = slack.deliver_event({"type": "x"})
    assert delivery.retries == 0


def test_a_slow_event_says_why_it_comes_again(bot: FakeBot) -> None:
    with make_slack(bot_url=bot.url, ack_seconds=0.1, retry_scale=0.0) as slack:
        bot.answer = lambda heard: (200, "") if "x-slack-retry-num" in heard.headers else bot.never(heard)
        delivery = slack.deliver_event({"type": "x"})
        slack.wait_for(lambda: delivery.ok)
    assert bot.heard[1].headers["x-slack-retry-reason"] == "http_timeout"


def test_duplicates_and_forgeries(slack: SandboxServer, bot: FakeBot) -> None:
    delivery = command(slack)
    slack.replay(delivery)
    slack.replay(delivery, retry_num=2)
    first, second, third = bot.heard
    assert first.body == second.body == third.body
    assert first.headers["x-slack-signature"] == second.headers["x-slack-signature"]
    assert third.headers["x-slack-retry-num"] == "2"

    def is_valid() -> bool:
        heard = bot.heard[-1]
        return SignatureVerifier(SECRET).is_valid_request(heard.body.decode(), heard.headers)

    slack.forge(delivery)
    assert is_valid()
    slack.forge(delivery, secret="wrong")
    assert not is_valid()
    slack.forge(delivery, body=delivery.raw + b"&x=1")
    assert not is_valid()
    slack.forge(delivery, at=1_700_000_000)
    assert not is_valid()
    slack.forge(delivery, headers={"X-Slack-Signature": None})
    assert "x-slack-signature" not in bot.heard[-1].headers


def test_without_interactivity_nothing_is_sent(bot: FakeBot) -> None:
    manifest = {"oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    with make_slack(bot_url=bot.url, manifest=manifest) as slack:
        call(slack, "chat.postMessage", channel="C01GEN", text="t", blocks=[button()])
        delivery = slack.click(user="U01REP", action_id="go")
    assert not delivery.sent and bot.heard == []


def test_many_people_at_once(slack: SandboxServer, bot: FakeBot) -> None:
    slack.stage.carrier.seconds = 5.0
    bot.answer = lambda heard: (200, heard.form["text"])
    with ThreadPoolExecutor(max_workers=16) as pool:
        deliveries = list(pool.map(lambda number: command(slack, str(number)), range(64)))
    assert [delivery.last for delivery in deliveries if not delivery.ok] == []
    assert sorted(shown(slack), key=int) == [str(number) for number in range(64)]
    assert len({delivery.trigger_id for delivery in deliveries}) == 64
    assert len({one.ts for one in slack.messages(channel="C01GEN", viewer="U01REP")}) == 64
