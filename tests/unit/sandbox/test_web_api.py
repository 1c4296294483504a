"""Slack's errors, method by method."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.people import Channel
from sandbox.server import SandboxServer
from tests.unit.sandbox.conftest import APP, BOT, MANIFEST, Call, make_slack

SECTION = [{"type": "section", "text": {"type": "mrkdwn", "text": "hi"}}]

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("chat.postMessage", {"channel": "C99", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "U99", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "U03GONE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C05SEC", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C03OUT", "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "C04OLD", "text": "x"}, "is_archived"),
    ("chat.postMessage", {"channel": "C01GEN"}, "no_text"),
    ("chat.postMessage", {"channel": "C01GEN", "text": "", "blocks": []}, "no_text"),
    ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "C01GEN", "text": "x" * 40_001}, "msg_too_long"),
    ("chat.postMessage", {"channel": "C01GEN", "blocks": [{"type": "nope"}]}, "invalid_blocks"),
    ("chat.postMessage", {"channel": "C01GEN", "blocks": "{"}, "invalid_arguments"),
    (
        "chat.postMessage",
        {"channel": "C01GEN", "blocks": [{"type": "markdown", "text": "x" * 7000}] * 2},
        "msg_blocks_too_long",
    ),
    ("chat.postMessage", {"channel": "C01GEN", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
    ("chat.postEphemeral", {"channel": "C01GEN", "user": "U99", "text": "x"}, "user_not_in_channel"),
    ("chat.postEphemeral", {"channel": "C02AR", "user": "U02LED", "text": "x"}, "user_not_in_channel"),
    ("chat.postEphemeral", {"channel": "C01GEN", "text": "x"}, "invalid_arguments"),
    ("chat.update", {"channel": "C01GEN", "ts": "1.0", "text": "x"}, "message_not_found"),
    ("chat.update", {"channel": "C99", "ts": "1.0", "text": "x"}, "channel_not_found"),
    ("chat.delete", {"channel": "C01GEN", "ts": "1.0"}, "message_not_found"),
    ("chat.getPermalink", {"channel": "C01GEN", "message_ts": "1.0"}, "message_not_found"),
    ("usergroups.users.list", {"usergroup": "S99"}, "no_such_subteam"),
    ("usergroups.users.list", {}, "invalid_arguments"),
    ("users.info", {"user": "U99"}, "user_not_found"),
    ("users.lookupByEmail", {"email": "no@example.com"}, "users_not_found"),
    ("users.lookupByEmail", {"email": "gone@example.com"}, "users_not_found"),
    ("conversations.info", {"channel": "C99"}, "channel_not_found"),
    ("conversations.info", {"channel": "C05SEC"}, "channel_not_found"),
    ("conversations.open", {"users": "U99"}, "user_not_found"),
    ("conversations.open", {"users": "U03GONE"}, "user_disabled"),
    ("conversations.open", {"users": ","}, "users_list_not_supplied"),
    ("conversations.join", {"channel": "C04OLD"}, "is_archived"),
    ("conversations.join", {"channel": "C06PRIV"}, "method_not_supported_for_channel_type"),
    ("conversations.history", {"channel": "C03OUT"}, "not_in_channel"),
    ("conversations.history", {"channel": "C06PRIV"}, "missing_scope"),
    ("conversations.list", {"types": "secret"}, "invalid_types"),
    ("conversations.list", {"cursor": "x"}, "invalid_cursor"),
    ("users.list", {"limit": "many"}, "invalid_arguments"),
    ("views.publish", {"user_id": "U99", "view": {"type": "home", "blocks": []}}, "user_not_found"),
    ("views.publish", {"user_id": "U01REP", "view": {"type": "modal", "blocks": []}}, "invalid_arguments"),
    ("views.publish", {"user_id": "U01REP"}, "invalid_arguments"),
    ("views.update", {"view_id": "V99", "view": {"type": "home", "blocks": []}}, "not_found"),
    ("views.update", {"view": {"type": "home", "blocks": []}}, "invalid_arguments"),
    ("apps.connections.open", {}, "not_allowed_token_type"),
    ("chat.whisper", {}, "unknown_method"),
    ("api.test", {"error": "my_error"}, "my_error"),
]


@pytest.mark.parametrize(
    ("method", "given", "error"), REFUSED, ids=[f"{row[0]}-{row[2]}-{n}" for n, row in enumerate(REFUSED)]
)
def test_refusals(call: Call, method: str, given: dict[str, Any], error: str) -> None:
    answer = call(method, **given)
    assert (answer["ok"], answer["error"]) == (False, error)


@pytest.mark.parametrize(
    ("token", "error"), [(None, "not_authed"), ("xoxb-other", "invalid_auth"), (APP, "not_allowed_token_type")]
)
def test_tokens(call: Call, token: str | None, error: str) -> None:
    assert call("auth.test", token=token)["error"] == error


def test_a_revoked_token_and_a_removed_app(slack: SandboxServer, call: Call) -> None:
    slack.revoke_tokens()
    assert call("auth.test")["error"] == "token_revoked"
    other = make_slack()
    other.uninstall()
    assert other.api.call("auth.test", given={}, token=BOT).body["error"] == "token_revoked"


def test_a_method_without_its_scope_names_both_sides() -> None:
    poor = {**MANIFEST, "oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    answer = make_slack(manifest=poor).api.call("users.info", given={"user": "U01REP"}, token=BOT).body
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "users:read", "chat:write")


def test_without_the_email_scope_a_profile_has_no_email() -> None:
    poor = {**MANIFEST, "oauth_config": {"scopes": {"bot": ["users:read"]}}}
    answer = make_slack(manifest=poor).api.call("users.info", given={"user": "U01REP"}, token=BOT).body
    assert "email" not in answer["user"]["profile"]


def test_a_public_channel_is_open_to_the_public_scope() -> None:
    rich = {**MANIFEST, "oauth_config": {"scopes": {"bot": ["chat:write", "chat:write.public"]}}}
    answer = make_slack(manifest=rich).api.call("chat.postMessage", given={"channel": "C03OUT", "text": "x"}, token=BOT)
    assert answer.body["ok"]


def test_invalid_blocks_name_the_place(call: Call) -> None:
    answer = call(
        "chat.postMessage",
        channel="C01GEN",
        blocks=[{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
    )
    said = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {said}"]
    assert answer["errors"] == [said]


def test_a_message_comes_back_as_slack_keeps_it(slack: SandboxServer, call: Call) -> None:
    metadata = {"event_type": "nudge", "event_payload": {"id": "n1"}}
    answer = call("chat.postMessage", channel="C01GEN", text="hi", blocks=SECTION, metadata=metadata)
    held = slack.messages(channel="C01GEN")[0]
    assert answer["ts"] == held.ts and answer["message"]["bot_id"] == slack.workspace.bot_id
    assert held.metadata == metadata and not held.edited
    assert held.blocks[0]["text"] == {"type": "mrkdwn", "text": "hi", "verbatim": False}
    assert len(held.blocks[0]["block_id"]) == 5


def test_a_message_to_a_person_opens_the_apps_dm(slack: SandboxServer, call: Call) -> None:
    channel = call("chat.postMessage", channel="U01REP", text="psst")["channel"]
    assert channel.startswith("D") and channel == call("conversations.open", users="U01REP")["channel"]["id"]
    assert [one.text for one in slack.dm(user="U01REP")] == ["psst"]
    assert slack.dm(user="U02LED") == []


def test_updating(slack: SandboxServer, call: Call) -> None:
    ts = call("chat.postMessage", channel="C01GEN", text="old", blocks=SECTION)["ts"]
    call("chat.update", channel="C01GEN", ts=ts, text="new")
    held = slack.messages(channel="C01GEN")[0]
    assert (held.text, held.blocks, held.edited) == ("new", [], True)
    call("chat.update", channel="C01GEN", ts=ts, blocks=SECTION)
    assert slack.messages(channel="C01GEN")[0].text == "new"
    assert call("chat.update", channel="C01GEN", ts=ts, text="x" * 4001)["error"] == "msg_too_long"
    assert call("chat.update", channel="C01GEN", ts=ts, text="")["error"] == "no_text"


def test_the_app_cannot_touch_what_is_not_its_own(slack: SandboxServer, call: Call) -> None:
    said = slack.say(user="U01REP", channel="C01GEN", text="mine")
    assert call("chat.update", channel="C01GEN", ts=said.ts, text="x")["error"] == "cant_update_message"
    assert call("chat.delete", channel="C01GEN", ts=said.ts)["error"] == "cant_delete_message"
    ts = call("chat.postEphemeral", channel="C01GEN", user="U01REP", text="psst")["message_ts"]
    assert call("chat.update", channel="C01GEN", ts=ts, text="x")["error"] == "message_not_found"


def test_deleting(slack: SandboxServer, call: Call) -> None:
    ts = call("chat.postMessage", channel="C01GEN", text="x")["ts"]
    assert call("chat.delete", channel="C01GEN", ts=ts)["ok"]
    assert slack.messages(channel="C01GEN") == []


def test_ephemeral_messages_are_for_one_and_for_no_history(slack: SandboxServer, call: Call) -> None:
    call("chat.postEphemeral", channel="C01GEN", user="U01REP", text="psst")
    assert [one.text for one in slack.messages(channel="C01GEN", viewer="U01REP")] == ["psst"]
    assert slack.messages(channel="C01GEN", viewer="U02LED") == []
    assert call("conversations.history", channel="C01GEN")["messages"] == []


def test_history_has_pages_and_bounds(call: Call) -> None:
    stamps = [call("chat.postMessage", channel="C01GEN", text=str(n))["ts"] for n in range(5)]
    first = call("conversations.history", channel="C01GEN", limit=3)
    assert [one["text"] for one in first["messages"]] == ["4", "3", "2"] and first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    assert [one["text"] for one in call("conversations.history", channel="C01GEN", cursor=cursor)["messages"]] == [
        "1",
        "0",
    ]
    between = call("conversations.history", channel="C01GEN", oldest=stamps[1], latest=stamps[3])
    assert [one["text"] for one in between["messages"]] == ["2"]
    within = call("conversations.history", channel="C01GEN", oldest=stamps[1], latest=stamps[3], inclusive=True)
    assert [one["text"] for one in within["messages"]] == ["3", "2", "1"]


def test_people_and_channels(slack: SandboxServer, call: Call) -> None:
    user = call("users.info", user="U01REP", include_locale=True)["user"]
    assert (user["tz"], user["tz_offset"], user["locale"], user["deleted"]) == ("Europe/Berlin", 3600, "en-US", False)
    assert call("users.info", user="U03GONE")["user"]["deleted"] is True
    assert call("users.lookupByEmail", email="RITA@example.com")["user"]["id"] == "U01REP"
    listed = call("conversations.list", exclude_archived=True, types="public_channel,private_channel")
    assert [one["id"] for one in listed["channels"]] == ["C01GEN", "C02AR", "C03OUT", "C06PRIV"]
    members = call("conversations.members", channel="C02AR")["members"]
    assert members == ["U01REP", slack.workspace.bot_user_id]
    assert call("conversations.join", channel="C03OUT")["channel"]["is_member"]
    assert call("conversations.join", channel="C03OUT")["warning"] == "already_in_channel"


def test_a_permalink_leads_to_the_message(call: Call) -> None:
    ts = call("chat.postMessage", channel="C01GEN", text="x")["ts"]
    link = call("chat.getPermalink", channel="C01GEN", message_ts=ts)["permalink"]
    assert link.endswith(f"/archives/C01GEN/p{ts.replace('.', '')}")


def test_the_permalink_of_a_reply_names_its_thread(slack: SandboxServer, call: Call) -> None:
    ts = slack.say(user="U01REP", channel="C01GEN", text="Who is Acme?").ts
    reply = slack.say(user="U02LED", channel="C01GEN", text="A customer", thread_ts=ts).ts
    link = call("chat.getPermalink", channel="C01GEN", message_ts=reply)["permalink"]
    assert link.endswith(f"/archives/C01GEN/p{reply.replace('.', '')}?thread_ts={ts}&cid=C01GEN")


def test_calls_are_remembered_without_their_token(slack: SandboxServer, call: Call) -> None:
    slack.api.call("users.info", given={"user": "U99", "token": BOT}, token=BOT)
    (made,) = slack.calls("users.info")
    assert (made.ok, made.error, made.arguments) == (False, "user_not_found", {"user": "U99"})


def test_ids_are_the_same_for_the_same_seed() -> None:
    one, two, other = make_slack(seed=7), make_slack(seed=7), make_slack(seed=8)
    assert one.workspace.bot_user_id == two.workspace.bot_user_id != other.workspace.bot_user_id


def test_the_messages_tab_can_be_off() -> None:
    features = {**MANIFEST["features"], "app_home": {"home_tab_enabled": False, "messages_tab_enabled": False}}
    slack = make_slack(manifest={**MANIFEST, "features": features}, channels=[Channel(id="C01GEN", name="general")])
    answer = slack.api.call("chat.postMessage", given={"channel": "U01REP", "text": "x"}, token=BOT)
    assert answer.body["error"] == "messages_tab_disabled"
    view = {"user_id": "U01REP", "view": {"type": "home", "blocks": []}}
    assert slack.api.call("views.publish", given=view, token=BOT).body["error"] == "not_enabled"
