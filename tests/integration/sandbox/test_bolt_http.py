"""A real Bolt app under waitress, from the command to the message, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.server import SandboxServer
from tests.browser.sandbox.showcase import (
    APP,
    BOT,
    CHANNELS,
    MANIFEST,
    PEOPLE,
    SECRET,
    Served,
    build_bot,
)


@pytest.fixture
def slack() -> Iterator[SandboxServer]:
    slack = SandboxServer(
        manifest=MANIFEST, people=PEOPLE, channels=CHANNELS, signing_secret=SECRET, bot_token=BOT, app_token=APP
    )
    with slack, Served(build_bot(slack.api_url)) as bot:
        slack.bot_url = bot.url
        yield slack


def test_from_a_command_to_the_reminder(slack: SandboxServer) -> None:
    rita = "U01RITA"
    assert slack.command(user=rita, command="/account", text="acme", channel="C01GEN").ok
    (card,) = slack.messages(channel="C01GEN", viewer=rita)
    assert card.ephemeral and card.blocks[0]["text"]["text"] == "Acme GmbH"
    assert slack.messages(channel="C01GEN", viewer="U02AMIR") == []

    assert slack.click(user=rita, action_id="nudge").ok
    view = slack.view(user=rita)
    assert view is not None and view.callback_id == "nudge_modal"
    slack.fill(user=rita, action_id="contact", value="ann")
    slack.select(user=rita, action_id="invoices", option=["2041"])
    slack.fill(user=rita, action_id="note", value="bad")
    assert slack.submit(user=rita).errors == {"note": "Please say something kinder."}
    slack.fill(user=rita, action_id="note", value="Hope you are well")
    assert slack.submit(user=rita).ok and slack.view(user=rita) is None
    assert [one.text for one in slack.dm(user=rita)] == ["Queued for tomorrow 08:00. :incoming_envelope:"]


def test_home_shortcuts_and_messages(slack: SandboxServer) -> None:
    rita = "U01RITA"
    assert slack.open_home(user=rita).ok
    home = slack.home(user=rita)
    assert home is not None and home.blocks[0]["type"] == "header"
    slack.say(user=rita, text="hello")
    assert [one.text for one in slack.dm(user=rita)] == ["hello", "You said: hello"]
    said = slack.say(user="U02AMIR", channel="C01GEN", text="Who is Acme?")
    assert slack.message_shortcut(user=rita, callback_id="find_account", channel="C01GEN", message_ts=said.ts).ok
    assert slack.messages(channel="C01GEN", viewer=rita)[-1].text == "This is about *Acme GmbH*."
    assert slack.shortcut(user=rita, callback_id="nudge_global").ok and slack.view(user=rita) is not None


def test_the_bot_refuses_forgeries(slack: SandboxServer) -> None:
    delivery = slack.command(user="U01RITA", command="/account", channel="C01GEN")
    assert slack.forge(delivery, secret="wrong").status == 401
    assert slack.forge(delivery, at=1_700_000_000).status == 401
    assert slack.forge(delivery, body=delivery.raw + b"0").status == 401
    assert slack.replay(delivery).status == 200


def test_the_web_client_meets_slacks_faults(slack: SandboxServer) -> None:
    client = WebClient(token=BOT, base_url=slack.api_url, retry_handlers=[])
    slack.fail(method="chat.postMessage", error="ratelimited", retry_after=30)
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C01GEN", text="x")
    assert refused.value.response.status_code == 429 and refused.value.response.headers["Retry-After"] == "30"

    slack.fail(method="chat.postMessage", status=500)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="C01GEN", text="x")

    slack.drop_reply(method="chat.postMessage")
    with pytest.raises(OSError):
        client.chat_postMessage(channel="C01GEN", text="posted, but who knows")
    assert [one.text for one in slack.messages(channel="C01GEN")] == ["posted, but who knows"]

    slack.outage(on=True)
    with pytest.raises(OSError):
        client.auth_test()
    slack.outage(on=False)
    assert client.auth_test()["bot_id"] == slack.workspace.bot_id
    assert client.auth_test().headers["x-oauth-scopes"].split(",")[0] == "chat:write"


def test_the_default_client_posts_twice_when_the_reply_is_lost(slack: SandboxServer) -> None:
    slack.drop_reply(method="chat.postMessage")
    WebClient(token=BOT, base_url=slack.api_url).chat_postMessage(channel="C01GEN", text="twice")
    assert [one.text for one in slack.messages(channel="C01GEN")] == ["twice", "twice"]


def test_forms_and_json_are_the_same(slack: SandboxServer) -> None:
    client = WebClient(token=BOT, base_url=slack.api_url)
    blocks = '[{"type": "section", "text": {"type": "mrkdwn", "text": "*x*"}}]'
    by_form = client.api_call("chat.postMessage", params={"channel": "C01GEN", "blocks": blocks, "text": "t"})
    by_json = client.api_call("chat.postMessage", json={"channel": "C01GEN", "blocks": blocks, "text": "t"})
    assert by_form["message"]["blocks"][0]["text"] == by_json["message"]["blocks"][0]["text"]
    assert client.users_info(user="U01RITA")["user"]["real_name"] == "Rita Rep"
