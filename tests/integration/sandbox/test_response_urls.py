"""response_url: five uses, thirty minutes, and what each use does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.webhook import WebhookClient, WebhookResponse

from sandbox.delivery.records import Delivery
from sandbox.server import SandboxServer
from tests.integration.sandbox.conftest import button, call, section


def send(delivery: Delivery, **body: Any) -> WebhookResponse:
    return WebhookClient(delivery.response_url, retry_handlers=[]).send_dict(body)


def commanded(slack: SandboxServer) -> Delivery:
    return slack.command(user="U01REP", command="/account", channel="C01GEN")


def pressed(slack: SandboxServer, *, ephemeral: bool = False) -> Delivery:
    method = "chat.postEphemeral" if ephemeral else "chat.postMessage"
    call(slack, method, channel="C01GEN", user="U01REP", text="source", blocks=[button()])
    return slack.click(user="U01REP", action_id="go")


def seen(slack: SandboxServer, viewer: str = "U01REP") -> list[str]:
    return [one.text for one in slack.messages(channel="C01GEN", viewer=viewer)]


def test_five_uses(slack: SandboxServer) -> None:
    delivery = commanded(slack)
    assert [send(delivery, text=str(n)).status_code for n in range(5)] == [200] * 5
    sixth = send(delivery, text="6")
    assert (sixth.status_code, "used_url" in sixth.body) == (404, True)
    assert seen(slack) == ["0", "1", "2", "3", "4"]


def test_thirty_minutes(slack: SandboxServer) -> None:
    delivery = commanded(slack)
    slack.clock.advance(timedelta(minutes=29))
    assert send(delivery, text="in time").status_code == 200
    slack.clock.advance(timedelta(minutes=2))
    late = send(delivery, text="late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


def test_ephemeral_unless_it_says_in_channel(slack: SandboxServer) -> None:
    delivery = commanded(slack)
    send(delivery, text="mine")
    send(delivery, text="ours", response_type="in_channel")
    assert (seen(slack), seen(slack, "U02LED")) == (["mine", "ours"], ["ours"])


@pytest.mark.parametrize("ephemeral", [True, False])
def test_the_original_can_be_replaced_and_deleted(slack: SandboxServer, ephemeral: bool) -> None:
    delivery = pressed(slack, ephemeral=ephemeral)
    send(delivery, text="beside")
    send(delivery, text="instead", replace_original=True)
    held = slack.messages(channel="C01GEN", viewer="U01REP")
    assert [(one.text, one.ephemeral, one.edited) for one in held] == [
        ("instead", ephemeral, True),
        ("beside", True, False),
    ]
    send(delivery, delete_original=True)
    assert seen(slack) == ["beside"]


def test_a_command_can_replace_its_own_answer(slack: SandboxServer) -> None:
    delivery = commanded(slack)
    send(delivery, text="working")
    send(delivery, text="done", replace_original=True)
    assert seen(slack) == ["done"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"response_type": "ephemeral"}, "no_text"),
        ({"blocks": [section("x" * 3001)]}, "invalid_blocks"),
        ({"text": ""}, "no_text"),
    ],
)
def test_what_it_does_not_take(slack: SandboxServer, body: dict[str, Any], error: str) -> None:
    answer = send(commanded(slack), **body)
    assert answer.status_code == 400 and error in answer.body


def test_an_invented_url(slack: SandboxServer) -> None:
    answer = WebhookClient(f"{slack.url}/response/commands/T1/2/x").send(text="x")
    assert answer.status_code == 404
