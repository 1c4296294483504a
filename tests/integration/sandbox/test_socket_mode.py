"""Socket Mode: the protocol by a bare WebSocket, and a real Bolt app over its built-in client."""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App as BoltApp
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from sandbox.server import SandboxServer
from tests.integration.sandbox.conftest import APP, BOT, make_slack


@pytest.fixture
def slack() -> Iterator[SandboxServer]:
    with make_slack() as started:
        yield started


def ticket(slack: SandboxServer) -> str:
    url: str = slack.api.call("apps.connections.open", given={}, token=APP).body["url"]
    return url


@contextlib.contextmanager
def opened(slack: SandboxServer) -> Iterator[ClientConnection]:
    with connect(ticket(slack), compression=None, proxy=None) as socket:
        assert json.loads(socket.recv())["type"] == "hello"
        yield socket


def in_background(act: Any) -> tuple[threading.Thread, list[Any]]:
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(act()))
    thread.start()
    return thread, found


def command(slack: SandboxServer) -> Any:
    return slack.command(user="U01REP", command="/account", text="acme", channel="C01GEN")


def ack(socket: ClientConnection, envelope: dict[str, Any], payload: Any = None) -> None:
    socket.send(json.dumps({"envelope_id": envelope["envelope_id"], **({"payload": payload} if payload else {})}))


def test_a_url_opens_one_connection(slack: SandboxServer) -> None:
    url = ticket(slack)
    with connect(url, proxy=None) as first:
        hello = json.loads(first.recv())
        assert hello["num_connections"] == 1 and hello["connection_info"]["app_id"] == slack.workspace.app_id
        with connect(url, proxy=None) as second, pytest.raises(ConnectionClosed):
            second.recv(timeout=2)


def test_ten_connections_at_most(slack: SandboxServer) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(opened(slack))
        answer = slack.api.call("apps.connections.open", given={}, token=APP).body
    assert answer["error"] == "too_many_websockets"


def test_a_command_goes_over_the_socket_and_its_ack_answers(slack: SandboxServer) -> None:
    with opened(slack) as socket:
        thread, found = in_background(lambda: command(slack))
        envelope = json.loads(socket.recv(timeout=2))
        assert envelope["type"] == "slash_commands" and envelope["accepts_response_payload"] is True
        assert envelope["payload"]["text"] == "acme"
        ack(socket, envelope, {"text": "by socket"})
        thread.join()
    assert found[0].transport == "socket" and found[0].ok
    assert slack.messages(channel="C01GEN", viewer="U01REP")[0].text == "by socket"


def test_an_unacked_envelope_goes_to_another_connection(slack: SandboxServer) -> None:
    slack.stage.carrier.seconds = 5.0
    with opened(slack) as one, opened(slack) as two:
        thread, found = in_background(lambda: command(slack))
        got: list[tuple[ClientConnection, dict[str, Any]]] = []
        for socket in (one, two):
            with contextlib.suppress(TimeoutError):
                got.append((socket, json.loads(socket.recv(timeout=0.3))))
        ((holder, envelope),) = got
        other = two if holder is one else one
        holder.close()
        again = json.loads(other.recv(timeout=2))
        assert again["envelope_id"] == envelope["envelope_id"] and again["payload"] == envelope["payload"]
        ack(other, again)
        thread.join()
    assert found[0].ok


def test_no_ack_is_a_timeout(slack: SandboxServer) -> None:
    with opened(slack):
        assert command(slack).failure == '/account failed with the error "operation_timeout"'


def test_unacked_events_come_again_with_their_reason() -> None:
    with make_slack(ack_seconds=0.2, retry_scale=0.0) as slack, opened(slack) as socket:
        thread, _ = in_background(lambda: slack.deliver_event({"type": "app_home_opened"}))
        first = json.loads(socket.recv(timeout=2))
        second = json.loads(socket.recv(timeout=2))
        assert (first["type"], first["retry_attempt"], second["retry_attempt"]) == ("events_api", 0, 1)
        assert second["retry_reason"] == "http_timeout" and first["payload"] == second["payload"]
        ack(socket, second)
        thread.join()


def test_slack_asks_to_reconnect(slack: SandboxServer) -> None:
    with opened(slack) as socket:
        assert slack.disconnect_sockets(reason="warning", close=False) == 1
        assert json.loads(socket.recv(timeout=2))["reason"] == "warning"
        slack.disconnect_sockets(reason="refresh_requested")
        assert json.loads(socket.recv(timeout=2))["reason"] == "refresh_requested"
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=2)


def test_bolts_own_client(slack: SandboxServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    slack.stage.carrier.seconds = 3.0
    bolt = BoltApp(client=WebClient(token=BOT, base_url=slack.api_url), process_before_response=True)

    @bolt.command("/account")
    def account(ack: Any, body: dict[str, Any]) -> None:
        ack(f"You asked for {body['text']}")

    @bolt.event("message")
    def heard(say: Any, event: dict[str, Any]) -> None:
        say(f"heard {event['text']}")

    handler = SocketModeHandler(bolt, APP, ping_interval=1)
    handler.connect()
    try:
        slack.wait_for(lambda: slack.hub.connections)
        assert command(slack).transport == "socket"
        assert slack.messages(channel="C01GEN", viewer="U01REP")[0].text == "You asked for acme"
        slack.say(user="U01REP", text="hello")
        assert [one.text for one in slack.dm(user="U01REP")] == ["hello", "heard hello"]
        before = slack.hub.connections[0]
        slack.disconnect_sockets()
        slack.wait_for(lambda: slack.hub.connections and slack.hub.connections[0] is not before)
        assert command(slack).ok
    finally:
        handler.close()
