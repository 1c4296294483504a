"""Who sees what, stamps, memory and mail."""

from __future__ import annotations

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest

from sandbox.mail import Maildir
from sandbox.memory import fill, to_dict
from sandbox.people import Impossible
from sandbox.server import SandboxServer
from tests.unit.sandbox.conftest import Call, make_slack


def test_stamps_differ_even_when_time_stands_still(slack: SandboxServer) -> None:
    stamps = [slack.workspace.next_ts() for _ in range(200)]
    assert len(set(stamps)) == 200 and sorted(stamps) == stamps
    slack.clock.advance(seconds=-60)
    earlier = slack.workspace.next_ts()
    assert earlier not in stamps and earlier < stamps[0]
    slack.clock.advance(seconds=60)
    assert slack.workspace.next_ts() not in {*stamps, earlier}


def test_only_members_see_a_channel(slack: SandboxServer) -> None:
    slack.say(user="U01REP", channel="C02AR", text="hi")
    assert slack.messages(channel="C02AR", viewer="U02LED") == []
    with pytest.raises(Impossible, match="not in ar-team"):
        slack.say(user="U02LED", channel="C02AR", text="hi")


@pytest.mark.parametrize(
    "act",
    [
        lambda slack: slack.say(user="U99", channel="C01GEN", text="x"),
        lambda slack: slack.say(user="U01REP", channel="C99", text="x"),
        lambda slack: slack.say(user="U01REP", channel="C04OLD", text="x"),
        lambda slack: slack.say(user="U01REP", channel="C01GEN", text=" "),
        lambda slack: slack.command(user="U01REP", command="/nope", channel="C01GEN"),
        lambda slack: slack.click(user="U01REP", action_id="nope"),
        lambda slack: slack.fill(user="U01REP", action_id="nope", value="x"),
        lambda slack: slack.submit(user="U01REP"),
        lambda slack: slack.close(user="U01REP"),
        lambda slack: slack.shortcut(user="U01REP", callback_id="nope"),
        lambda slack: slack.message_shortcut(user="U01REP", callback_id="nope", channel="C01GEN", message_ts="1.0"),
    ],
)
def test_what_a_person_cannot_do_cannot_be_done(slack: SandboxServer, act) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Impossible):
        act(slack)


def test_a_workspace_remembers(slack: SandboxServer, call: Call) -> None:
    block = {"type": "section", "block_id": "b", "text": {"type": "mrkdwn", "text": "x"}}
    call("chat.postMessage", channel="U01REP", text="kept", blocks=[block])
    call("views.publish", user_id="U01REP", view={"type": "home", "blocks": [block]})
    slack.say(user="U01REP", channel="C01GEN", text="hi")
    slack.deactivate(user="U02LED")
    slack.archive(channel="C02AR")
    again = make_slack(seed=99)
    fill(again.workspace, to_dict(slack.workspace))
    assert [one.text for one in again.dm(user="U01REP")] == ["kept"]
    assert again.messages(channel="C01GEN") == slack.messages(channel="C01GEN")
    assert again.home(user="U01REP") == slack.home(user="U01REP")
    assert again.workspace.bot_user_id == slack.workspace.bot_user_id
    assert again.workspace.person("U02LED").deactivated and again.workspace.channel("C02AR").is_archived
    assert again.workspace.next_ts() > again.messages(channel="C01GEN")[0].ts


def test_looks_are_copies(slack: SandboxServer) -> None:
    slack.say(user="U01REP", channel="C01GEN", text="hi")
    slack.messages(channel="C01GEN")[0].text = "changed"
    assert slack.messages(channel="C01GEN")[0].text == "hi"


def test_waiting_gives_up_with_an_error(slack: SandboxServer) -> None:
    assert slack.wait_for(lambda: 7) == 7
    with pytest.raises(TimeoutError):
        slack.wait_for(lambda: False, timeout=0.01)


def test_mail_is_read_from_a_maildir(tmp_path: Path) -> None:
    box = mailbox.Maildir(str(tmp_path / "mail"))
    message = EmailMessage()
    message["From"], message["To"] = "rita@example.com", "ann@example.com"
    message["Subject"], message["Date"] = "Grüße", "Mon, 02 Mar 2026 08:00:00 +0100"
    message["Message-ID"] = "<n1@example.com>"
    message.set_content("Hello\nAnn")
    message.add_alternative("<b>Hello</b>", subtype="html")
    box.add(message)
    box.add(b"Subject: bare\n\nno date")
    read = Maildir(tmp_path / "mail").all()
    assert [one.headers["Subject"] for one in read] == ["bare", "Grüße"]
    assert (read[1].text, read[1].html) == ("Hello\nAnn\n", "<b>Hello</b>\n")
    assert read[1].headers["Message-ID"] == "<n1@example.com>" and read[1].at.hour == 7
    box.close()


def test_no_maildir_is_no_mail(tmp_path: Path) -> None:
    assert Maildir(None).all() == [] and Maildir(tmp_path / "nowhere").all() == []
    assert Maildir(tmp_path).get("../secret") is None
