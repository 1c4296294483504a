"""Faults on command, and the rates that can be switched on."""

from __future__ import annotations

import pytest

from sandbox.api.dispatch import Answer
from sandbox.people import Impossible
from sandbox.server import SandboxServer
from tests.unit.sandbox.conftest import BOT


def post(slack: SandboxServer, channel: str = "C01GEN") -> Answer:
    return slack.api.call("chat.postMessage", given={"channel": channel, "text": "x"}, token=BOT)


def test_the_next_calls_fail_and_the_one_after_works(slack: SandboxServer) -> None:
    slack.fail(method="chat.postMessage", error="is_archived", times=2)
    assert [post(slack).body.get("error") for _ in range(3)] == ["is_archived", "is_archived", None]


def test_a_rate_limit_says_when_to_come_back(slack: SandboxServer) -> None:
    slack.fail(method="chat.postMessage", error="ratelimited", retry_after=30)
    answer = post(slack)
    assert (answer.status, answer.headers["Retry-After"], answer.body["error"]) == (429, "30", "ratelimited")
    assert slack.messages(channel="C01GEN") == []


def test_a_server_error(slack: SandboxServer) -> None:
    slack.fail(method="*", status=503)
    assert (post(slack).status, post(slack).status) == (503, 200)


def test_a_dropped_reply_leaves_the_work_done(slack: SandboxServer) -> None:
    slack.drop_reply(method="chat.postMessage")
    assert post(slack).drop
    assert len(slack.messages(channel="C01GEN")) == 1


def test_an_outage_does_nothing_until_it_ends(slack: SandboxServer) -> None:
    slack.outage(on=True)
    assert post(slack).drop
    slack.outage(on=False)
    assert post(slack).body["ok"] and len(slack.messages(channel="C01GEN")) == 1


def test_one_message_a_second_for_each_channel(slack: SandboxServer) -> None:
    slack.limit_posts()
    assert post(slack).body["ok"] and post(slack, "C02AR").body["ok"]
    second = post(slack)
    assert (second.status, second.headers["Retry-After"]) == (429, "1")


def test_tiers(slack: SandboxServer) -> None:
    slack.enforce_tiers()
    statuses = [slack.api.call("users.list", given={}, token=BOT).status for _ in range(21)]
    assert statuses == [200] * 20 + [429]


def test_everything_can_be_well_again(slack: SandboxServer) -> None:
    slack.fail(method="*", status=500, times=9)
    slack.outage(on=True)
    slack.clear_faults()
    assert post(slack).body["ok"]


def test_channels_close_and_bots_are_thrown_out(slack: SandboxServer) -> None:
    slack.archive(channel="C01GEN")
    assert post(slack).body["error"] == "is_archived"
    slack.archive(channel="C01GEN", on=False)
    slack.remove_bot(channel="C01GEN")
    assert post(slack).body["error"] == "not_in_channel"
    slack.add_bot(channel="C01GEN")
    assert post(slack).body["ok"]


def test_deactivated_people_do_nothing(slack: SandboxServer) -> None:
    slack.deactivate(user="U01REP")
    with pytest.raises(Impossible, match="deactivated"):
        slack.say(user="U01REP", channel="C01GEN", text="hi")
    with pytest.raises(TypeError, match="no mood"):
        slack.change_person(user="U01REP", mood="sad")
