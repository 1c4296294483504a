"""Who looks after the house: the console, a job that stands still, and the house closed for a while, all from Slack."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from bot.demo import Demo
from domain.usecases.switch_degraded import switch_degraded
from tests.browser.walking import (
    ACME,
    CARL,
    HALL,
    NUDGE,
    RITA,
    Keep,
    Look,
    close_windows,
    open_acme,
    open_messages,
    things_that_stick_out,
    type_command,
)
from tests.stage import AFTER

TALL = 2400
"""Pixels: the whole console on a narrow page."""


def sit_down(page: Page, width: int) -> Page:
    """In the hall, where nobody else says anything, in front of a page that is as high as the console."""
    page.goto(f"{page.url.partition('#')[0]}#/c/{HALL}")
    page.set_viewport_size({"width": width, "height": TALL})
    page.get_by_role("combobox", name=re.compile("general")).wait_for()
    return page


def ask(page: Page, command: str, *says: str) -> Locator:
    """A command, and its answer: one new message with all of these words, each below the one before."""
    messages = page.get_by_test_id("message")
    before = messages.count()
    type_command(page, command)
    expect(messages).to_have_count(before + 1)
    answer = messages.last
    text = " ".join(answer.inner_text().split())
    places = [text.find(word) for word in says]
    assert -1 not in places and places == sorted(places), f"{dict(zip(says, places, strict=True))} in: {text}"
    assert things_that_stick_out(page) == []
    return answer


def queue_a_nudge(page: Page) -> None:
    open_acme(page).get_by_role("button", name=NUDGE).click()
    window = page.get_by_test_id("modal")
    window.get_by_role("button", name=re.compile("^Queue")).click()
    expect(window.get_by_text("Queued.")).to_be_visible()
    close_windows(page, "Nudge")


def test_the_console_through_a_bad_morning(look: Look, keep: Keep, demo: Demo, width: int) -> None:
    rita, carl = sit_down(look(RITA), width), sit_down(look(CARL), width)
    queue_a_nudge(rita)
    now = ("Everything is in order", "21:40 (Berlin time)", "1 queued", "will have left by Tue, 24 Nov", "0 sent")
    ask(carl, "/plixo ops", *now)
    keep(carl, "console-evening")

    pause = "release stands still until Tue, 24 Nov, 09:40 (Berlin time)."
    ask(carl, '/plixo cron pause release 12h "The mail server moves"', pause)
    uow = demo.bot.world.uow_for(demo.bot.org_id)
    switch_degraded("The provider's invoice is overdue", by="billing", uow=uow, clock=demo.clock)
    demo.clock.set(AFTER)
    red = ("Something has to be mended", "sending degraded: The provider's invoice is overdue", "plixo sending on")
    amber = ("jobs paused: release", "/plixo cron resume release")
    due = ("Due now: 1, the oldest since Tue, 24 Nov, 08:", "minutes ago", "Nothing leaves for now")
    ask(carl, "/plixo ops", *red, *amber, *due, "release idle so far; paused by Carl", "templates 4 texts")
    keep(carl, "console-bad-morning")

    switch_degraded(None, by="billing", uow=uow, clock=demo.clock)
    ask(carl, "/plixo cron resume release", "release goes on.")
    open_messages(rita, width)
    expect(rita.get_by_text(re.compile(f"Your nudge to {ACME}"))).to_be_visible()
    ask(carl, "/plixo ops", "Everything is in order", "Queue empty", "1 sent")
    keep(carl, "console-well")


def test_the_house_is_closed_and_opened_again(look: Look, keep: Keep, width: int) -> None:
    rita, carl = sit_down(look(RITA), width), sit_down(look(CARL), width)
    card = open_acme(rita)
    banner = "Plixo is under maintenance until 23:40 (Berlin time) Reason, by Carl Controller: New disks"
    ask(carl, '/plixo maintenance on "New disks" 2h', banner, "/plixo maintenance off")
    keep(carl, "maintenance-on")
    card.get_by_role("button", name=NUDGE).click()
    refused = rita.get_by_test_id("message").filter(has_text="try again after 23:40")
    expect(refused).to_contain_text("by Carl Controller: New disks")
    expect(rita.get_by_test_id("modal")).to_be_hidden()
    keep(rita, "maintenance-refused")
    ask(rita, "/account nordlicht energie", "Nordlicht Energie", "Open invoices")
    ask(carl, "/plixo ops", "It works, but look", banner, "/plixo maintenance off", "All stand still until 23:40")
    keep(carl, "maintenance-console")
    ask(carl, "/plixo maintenance off", "Maintenance has ended: everybody can work again.")
    keep(carl, "maintenance-off")
    queue_a_nudge(rita)


def test_a_job_is_paused_resumed_and_run(look: Look, keep: Keep, width: int) -> None:
    carl = sit_down(look(CARL), width)
    paused = "paused by Carl Controller until 22:10 (Berlin time): Segments are being mended"
    pause = '/plixo cron pause autopilot 30m "Segments are being mended"'
    ask(carl, pause, "autopilot stands still until 22:10 (Berlin time).", "/plixo cron resume autopilot", paused)
    keep(carl, "job-paused")
    ask(carl, "/plixo ops", "jobs paused: autopilot", "/plixo cron resume autopilot", paused)
    keep(carl, "job-paused-console")
    ask(carl, "/plixo cron resume autopilot", "autopilot goes on.", "autopilot plans Autopilot's steps")
    ask(carl, "/plixo cron resume autopilot", "autopilot is not paused: there is nothing to resume.")
    keep(carl, "job-resumed")
    ask(carl, "/plixo cron run autopilot", "autopilot runs at the next beat.")
    keep(carl, "job-run")


def test_a_rep_asks_the_controller_instead(look: Look, keep: Keep, width: int) -> None:
    rita, carl = sit_down(look(RITA), width), look(CARL)
    for order in ('maintenance on "Mine" 2h', 'cron pause autopilot 30m "Mine"', "ops"):
        refused = ask(rita, f"/plixo {order}", "Your role doesn't include this.", "Ask the Controller")
    refused.get_by_role("button", name="Ask the Controller").click()
    expect(rita.get_by_test_id("message").last).to_contain_text("Asked.")
    keep(rita, "ops-refused")
    open_messages(carl, width)
    expect(carl.get_by_test_id("message").last).to_contain_text("Rita Rep asks to see operations")
    keep(carl, "ops-asked")
