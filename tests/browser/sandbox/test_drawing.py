"""Blocks, text and names as the page draws them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from sandbox.server import SandboxServer
from tests.browser.sandbox.conftest import Look
from tests.browser.sandbox.showcase_blocks import gallery

pytestmark = pytest.mark.browser
RITA = "U01RITA"


def test_the_card_is_drawn_in_full(look: Look, slack: SandboxServer) -> None:
    slack.command(user=RITA, command="/account", text="acme", channel="C01GEN")
    page = look()
    card = page.get_by_test_id("message").last
    expect(card.get_by_role("columnheader")).to_have_text(["Invoice", "Open", "Days past due"])
    expect(card.locator(".mention")).to_have_text("@Amir Ledger")
    expect(card.get_by_role("img", name="large yellow circle emoji")).to_be_visible()
    expect(card.get_by_role("link", name="why?")).to_have_attribute("href", "https://example.com")
    expect(card.locator("time[title='a while ago']")).to_have_text("Nov 18, 2026, 12:06 PM")


def test_every_block_and_element_is_drawn(look: Look, slack: SandboxServer) -> None:
    given = {"channel": "C01GEN", "text": "gallery", "blocks": gallery()}
    assert slack.api.call("chat.postMessage", given=given, token="xoxb-showcase").body["ok"]
    page = look()
    message = page.get_by_test_id("message").last
    expect(message.locator(".block-rich_text ol > li")).to_have_text(["first", "second"])
    expect(message.locator(".block-markdown strong").first).to_have_text("Heading")
    expect(message.locator(".block-markdown th")).to_have_text(["a", "b"])
    expect(message.locator(".block-container summary")).to_contain_text("Details")
    expect(message.get_by_role("textbox", name="Mail")).to_be_visible()
    expect(message.locator("input[type=time]")).to_have_value("07:59")
    expect(message.get_by_role("link", name="Open")).to_have_attribute("rel", "noopener noreferrer")
    message.get_by_role("button", name=re.compile("^Who")).click()
    page.keyboard.type("yuki")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(message.locator(".chip")).to_have_text("Yuki Tan")
    expect(page.locator(".unsupported")).to_have_count(0)


HOSTILE = [
    ("<script>document.title='owned'</script>", "<script>document.title='owned'</script>"),
    ("&lt;img src=x onerror=alert(1)&gt;", "<img src=x onerror=alert(1)>"),
    ("<javascript:alert(1)|click>", "<javascript:alert(1)|click>"),
    ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
]


def test_nothing_that_was_said_becomes_html(look: Look, slack: SandboxServer) -> None:
    for sent, _ in HOSTILE:
        slack.say(user=RITA, channel="C01GEN", text=sent)
    page = look()
    texts = page.locator(".message .text")
    expect(texts).to_have_text([shown for _, shown in HOSTILE])
    assert texts.evaluate_all("nodes => nodes.map((node) => node.querySelectorAll('*').length)") == [0] * len(HOSTILE)
    assert "Northwind" in page.title()


def test_plain_text_reads_slack_s_three_entities_and_nothing_else(look: Look, slack: SandboxServer) -> None:
    said = {"type": "plain_text", "text": "*M&amp;S* &lt;b&gt; <@U01RITA> &quot;"}
    button = {"type": "button", "text": said, "action_id": "a"}
    chooser = {"type": "static_select", "action_id": "b", "options": [{"text": said, "value": "1"}]}
    blocks = [
        {"type": "header", "text": said},
        {"type": "section", "text": {**said, "emoji": False}},
        {"type": "actions", "elements": [button, chooser]},
    ]
    given = {"channel": "C01GEN", "text": "entities", "blocks": blocks}
    assert slack.api.call("chat.postMessage", given=given, token="xoxb-showcase").body["ok"]
    message = look().get_by_test_id("message").last
    shown = "*M&S* <b> <@U01RITA> &quot;"
    expect(message.get_by_role("heading")).to_have_text(shown)
    expect(message.locator(".section-text")).to_have_text(shown)
    expect(message.get_by_role("button", name=shown, exact=True)).to_be_visible()
    message.locator(".picker").click()
    expect(message.page.get_by_role("option", name=shown)).to_be_visible()


def test_no_name_and_no_label_becomes_html(look: Look, slack: SandboxServer) -> None:
    evil = "<b class=evil>x</b>"
    slack.change_person(user="U02AMIR", name=evil, title=evil)
    slack.workspace.channel("C02AR").name = evil
    slack.say(user="U02AMIR", channel="C01GEN", text="hi <@U02AMIR>")
    text = {"type": "plain_text", "text": evil}
    blocks = [
        {"type": "header", "text": text},
        {"type": "table", "rows": [[{"type": "raw_text", "text": evil}]]},
        {"type": "actions", "elements": [{"type": "button", "text": text}, {"type": "users_select"}]},
        {"type": "markdown", "text": f"# {evil}\n- {evil}"},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": evil}]}],
        },
    ]
    given = {"channel": "C01GEN", "text": evil, "blocks": blocks}
    assert slack.api.call("chat.postMessage", given=given, token="xoxb-showcase").body["ok"]
    page = look()
    expect(page.get_by_text(evil).first).to_be_visible()
    assert page.evaluate("document.body.innerText").count(evil) >= 8
    assert page.locator(".evil").count() == 0


MRKDWN = [
    ("*bold* _italic_ ~gone~ `code`", ["strong:bold", "em:italic", "del:gone", "code:code"]),
    ("*bold _both_*", ["strong:bold both", "em:both"]),
    ("2*3*4 snake_case_name a~b~c", []),
    ("`*not bold*`", ["code:*not bold*"]),
    ("<https://example.com|a *b*>", ["a:a *b*"]),
    ("&gt; quoted", ["blockquote:quoted"]),
    ("```\nx < y\n```", ["pre:x < y"]),
    ("hi <!channel> <!here>", ["span:@channel", "span:@here"]),
    ("<@U02AMIR> in <#C01GEN>", ["span:@Amir Ledger", "span:#general"]),
    ("&lt;!channel&gt; stays words", []),
    (":tada: :not_an_emoji:", ["span:🎉"]),
]


def test_mrkdwn(look: Look, slack: SandboxServer) -> None:
    for sent, _ in MRKDWN:
        slack.say(user=RITA, channel="C01GEN", text=sent)
    texts = look().locator(".message .text")
    expect(texts).to_have_count(len(MRKDWN))
    found = texts.evaluate_all(
        "nodes => nodes.map((n) => [...n.querySelectorAll('*')].map((e) => `${e.localName}:${e.textContent}`))"
    )
    assert dict(zip([sent for sent, _ in MRKDWN], found, strict=True)) == dict(MRKDWN)
