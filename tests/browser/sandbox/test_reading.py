"""A phone, dark and light, contrast and names: whether everybody can read and reach it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from sandbox.server import SandboxServer
from tests.browser.sandbox.conftest import Look

pytestmark = pytest.mark.browser
RITA = "U01RITA"


@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_is_wide_enough(look: Look, slack: SandboxServer, dark: bool) -> None:
    slack.command(user=RITA, command="/account", text="acme", channel="C01GEN")
    page = look(width=375, dark=dark)
    expect(page.get_by_test_id("message").last).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    assert page.evaluate("document.documentElement.dataset.theme") == ("dark" if dark else "light")
    page.get_by_role("button", name="Open the sidebar").click()
    page.get_by_role("link", name="ar-team").click()
    expect(page.get_by_role("heading", name="ar-team", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("Use (light|dark) colours")).click()
    assert page.evaluate("document.documentElement.dataset.theme") == ("light" if dark else "dark")


CONTRAST = """
() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const linear = (v) => (v / 255 <= .03928 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
  const over = (top, under) => {
    const a = top[3] === undefined ? 1 : top[3];
    return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a));
  };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode.textContent.trim();
    const node = walker.currentNode.parentElement;
    if (!words || !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (node.closest(".emoji")) continue;
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    let ground = [255, 255, 255];
    for (const layer of layers.reverse()) if (layer.length) ground = over(layer, ground);
    const [a, b] = [light(over(parse(getComputedStyle(node).color), ground)), light(ground)].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) bad.push(`${ratio.toFixed(2)} ${node.className || node.localName}: ${words.slice(0, 30)}`);
  }
  return [...new Set(bad)];
}
"""


@pytest.mark.parametrize("dark", [False, True])
def test_everything_can_be_read(look: Look, slack: SandboxServer, dark: bool) -> None:
    slack.command(user=RITA, command="/account", text="acme", channel="C01GEN")
    slack.command(user=RITA, command="/accounts-due", channel="C01GEN")
    slack.shortcut(user=RITA, callback_id="nudge_global")
    page = look(dark=dark)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(CONTRAST) == []
    slack.close(user=RITA)
    page.goto(f"{slack.url}/#/app/home")
    expect(page.get_by_role("heading", name="Good morning, Rita")).to_be_visible()
    assert page.evaluate(CONTRAST) == []


def test_every_control_has_a_name(look: Look, slack: SandboxServer) -> None:
    slack.command(user=RITA, command="/account", text="acme", channel="C01GEN")
    slack.shortcut(user=RITA, callback_id="nudge_global")
    page = look()
    expect(page.get_by_role("dialog")).to_be_visible()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, a, input, textarea, select')].filter((node) =>
          !node.getAttribute('aria-label') && !node.textContent.trim() && !(node.labels && node.labels.length))
          .map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
