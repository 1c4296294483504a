"""What the page and scripts ask of the server, without a browser; and a second start."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import SandboxServer
from tests.integration.sandbox.conftest import FakeBot, asks, button, call, make_slack, modal, open_modal


def ask(url: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            text = error.read().decode()
            return error.code, json.loads(text) if text.startswith("{") else text


def state(slack: SandboxServer, viewer: str = "U01REP", since: str = "") -> dict[str, Any]:
    found: dict[str, Any] = ask(f"{slack.url}/sandbox/state?viewer={viewer}&since={since}")[1]
    return found


def act(slack: SandboxServer, name: str, **body: Any) -> tuple[int, Any]:
    return ask(f"{slack.url}/sandbox/act/{name}", {"user": "U01REP", **body})


def test_people_see_only_what_is_theirs(slack: SandboxServer) -> None:
    call(slack, "chat.postEphemeral", channel="C01GEN", user="U01REP", text="psst")
    open_modal(slack, modal(asks()))
    mine, other = state(slack), state(slack, "U02LED")
    assert [one["text"] for one in mine["messages"]["C01GEN"]] == ["psst"] and len(mine["views"]) == 1
    assert other["messages"]["C01GEN"] == [] and other["views"] == []
    assert mine["inputs"][mine["views"][0]["id"]] == {"b": {"a": {"type": "plain_text_input", "value": None}}}


def test_news_wake_a_waiting_page(slack: SandboxServer) -> None:
    before = state(slack)["version"]
    slack.say(user="U02LED", channel="C01GEN", text="news")
    after = state(slack, since=before)
    assert after["version"] != before and after["messages"]["C01GEN"][0]["text"] == "news"


def test_typing_a_command_and_a_message(slack: SandboxServer, bot: FakeBot) -> None:
    bot.answer = lambda heard: (200, "answer")
    assert act(slack, "command", channel="C01GEN", text="/account acme")[1]["sent"]
    act(slack, "command", channel="C01GEN", text="/nope x")
    act(slack, "say", channel="C01GEN", text="hello")
    texts = [one["text"] for one in state(slack)["messages"]["C01GEN"]]
    assert (texts[0], texts[2]) == ("answer", "hello") and texts[1].startswith("/nope is not a valid command")


def test_pressing_typing_and_submitting(slack: SandboxServer, bot: FakeBot) -> None:
    call(slack, "chat.postMessage", channel="C01GEN", text="t", blocks=[button()])
    ts = slack.messages(channel="C01GEN")[0].ts
    assert act(slack, "press", channel="C01GEN", message_ts=ts, action_id="go", block_id="acts", button=True)[1]["sent"]
    view = open_modal(slack, modal(asks(dispatch_action=True)))
    where = {"view_id": view["id"], "block_id": "b", "action_id": "a"}
    assert not act(slack, "press", **where, value="x", quiet=True)[1]["sent"]
    assert act(slack, "press", **where, value="xy")[1]["sent"]
    assert act(slack, "submit")[1]["status"] == 200
    assert [heard.payload["type"] for heard in bot.heard] == ["block_actions", "block_actions", "view_submission"]


def test_what_cannot_be_done_is_said(slack: SandboxServer) -> None:
    status, answer = act(slack, "press", action_id="nope")
    assert status == 409 and "nope" in answer["error"]
    assert act(slack, "dance")[0] == 404
    assert act(slack, "say")[0] == 400


def test_the_clock_moves_by_words(slack: SandboxServer) -> None:
    status, answer = ask(f"{slack.url}/sandbox/clock", {"to": "2030-01-07 08:00", "zone": "Europe/Berlin"})
    assert (status, answer["now"]) == (200, pytest.approx(1893999600, abs=5))
    assert state(slack)["clock_moved"]
    status, answer = ask(f"{slack.url}/sandbox/clock", {"to": "soon", "zone": "Europe/Berlin"})
    assert status == 409 and "soon" in answer["error"]
    ask(f"{slack.url}/sandbox/clock", {"reset": True})
    assert not state(slack)["clock_moved"]


def test_scripts_make_trouble(slack: SandboxServer) -> None:
    control = f"{slack.url}/sandbox/control"
    assert ask(control, {"do": "fail", "method": "auth.test", "error": "fatal_error"})[0] == 200
    assert call(slack, "auth.test")["error"] == "fatal_error"
    assert ask(control, {"do": "archive", "channel": "C01GEN"})[0] == 200
    assert ask(control, {"do": "deliver_event", "type": "x"})[1]["status"] == 200
    assert ask(control, {"do": "explode"})[0] == 400
    assert ask(control, {"do": "fail", "colour": "red"})[0] == 400
    calls = ask(f"{slack.url}/sandbox/calls?method=auth.test")[1]["calls"]
    assert [one["error"] for one in calls] == ["fatal_error"]


def test_other_sites_cannot_reach_it(slack: SandboxServer) -> None:
    assert ask(f"{slack.url}/sandbox/state", Host="evil.example")[0] == 403
    status, _ = ask(f"{slack.url}/sandbox/control", {"do": "outage", "on": True}, **{"Content-Type": "text/plain"})
    assert status == 415 and call(slack, "auth.test")["ok"]


def test_the_page_is_served_whole(slack: SandboxServer) -> None:
    with urllib.request.urlopen(slack.url, timeout=5) as answer:
        policy, html = answer.headers["Content-Security-Policy"], answer.read().decode()
    assert "default-src 'self'" in policy and "/page/app.js" in html and "http" not in html
    page = Path(__file__).parents[3] / "sandbox" / "page"
    for file in page.glob("*.js"):
        for line in file.read_text().splitlines():
            assert "innerHTML" not in line and "insertAdjacentHTML" not in line, file.name


def test_a_second_start_remembers(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    with make_slack(state_path=path) as slack:
        slack.say(user="U01REP", channel="C01GEN", text="kept")
        call(slack, "chat.postMessage", channel="U01REP", text="dm")
        ids = (slack.workspace.bot_user_id, slack.dm_id(user="U01REP"))
    with make_slack(state_path=path) as slack:
        assert [one.text for one in slack.messages(channel="C01GEN")] == ["kept"]
        assert [one.text for one in slack.dm(user="U01REP")] == ["dm"]
        assert ids == (slack.workspace.bot_user_id, slack.dm_id(user="U01REP"))
    path.write_text('{"version": 0}')
    with pytest.raises(ValueError, match="another version"):
        make_slack(state_path=path).start()


def test_a_slow_call(slack: SandboxServer) -> None:
    slack.delay(method="auth.test", seconds=0.05)
    assert call(slack, "auth.test")["ok"]
