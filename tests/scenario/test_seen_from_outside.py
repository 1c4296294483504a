"""What an operator sees: one nudge followed by its id from the click to the mail, and the numbers a monitor reads."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.request import Request, urlopen

import pytest

from bot.doctor import all_checks
from bot.logs import build_formatter
from bot.sender_records import look_up
from bot.signs import HEARD, LIMITED
from domain.jobs import BEATS
from domain.readiness import Level
from handlers import ids
from sandbox.delivery.signing import signed_headers
from storage.migrate import head
from tests.scenario.office import RITA, SECRET, Office
from tests.stage import AFTER, MORNING

Lines = list[dict[str, Any]]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the process would write to standard error with PLIXO_LOG_FORMAT=json."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(build_formatter("json"))
    handler.setLevel(logging.INFO)
    handler.addFilter(lambda record: record.name.split(".")[0] in ("bot", "handlers", "plixo"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def lines(written: io.StringIO) -> Lines:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def metrics(office: Office) -> dict[str, float]:
    """Samples by name and labels, as text."""
    with urlopen(f"http://127.0.0.1:{office.bot.port}/metrics", timeout=5) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = answer.read().decode()
    found = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in found}


def test_one_nudge_is_followed_by_its_id_from_the_click_to_the_mail(office: Office, written: io.StringIO) -> None:
    office.open_acme()
    office.nudge()
    # Due in the morning; a minute before, the workspace's hours are still closed.
    office.beat(MORNING)
    office.beat(AFTER)
    office.beat()
    (mail,) = office.mail()
    id = mail["Message-ID"].removeprefix("<nudge.").partition("@")[0]
    told = [line for line in lines(written) if line.get("nudge") == id]
    words = [line["event"] for line in told]
    assert words == ["queued", "notice posted", "claimed", "fenced", "mail accepted", "sent", *["notice posted"] * 2]

    # The click's line stands among those of Slack's request.
    click = told[0]
    (submission,) = [line for line in lines(written) if line.get("listener") == ids.NUDGE_MODAL]
    assert click["request"] == submission["request"]
    assert len(click["click"]) == 12
    requests = {line["request"] for line in lines(written) if line["event"] == "request"}
    assert len(requests) >= 4, "each click, command and submission is one of its own"
    assert submission["outcome"] == "answered"
    assert all("request" not in line for line in told[1:])
    assert all({"at", "level", "logger", "event"} <= line.keys() for line in told)


def test_a_refusal_at_the_release_names_its_reason(office: Office, written: io.StringIO) -> None:
    office.open_acme()
    office.nudge()
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.people.save(replace(office.staff[RITA], is_active=False))
    office.beat(AFTER)
    refused = [line for line in lines(written) if line["event"] == "refused"]
    assert [line["reason"] for line in refused] == ["deactivated"]
    assert metrics(office)['plixo_refused_total{reason="deactivated"}'] == 1


def test_no_line_holds_what_is_nobodys_business(office: Office, written: io.StringIO) -> None:
    office.open_acme()
    office.nudge()
    office.beat(AFTER)
    text = written.getvalue()
    for secret in ("Acme", "Rita", "paula", "INV-1042", "12,400", "1240000", "pay.example", "northwind", "xoxb-", RITA):
        assert secret not in text, secret


def test_a_monitor_reads_the_queue_the_mail_and_slack(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.beat()
    read = metrics(office)
    assert read["plixo_database_up"] == 1
    assert read['plixo_queue_messages{state="queued"}'] == 1
    assert read["plixo_queued_total"] == 1
    assert read['plixo_slack_posts_total{kind="ar_alert"}'] == 1
    assert read[f'plixo_slack_request_seconds_count{{listener="{ids.NUDGE_MODAL}",outcome="answered"}}'] == 1
    office.beat(AFTER)
    read = metrics(office)
    assert read['plixo_moves_total{state="sent"}'] == 1
    assert read['plixo_send_seconds_count{outcome="accepted"}'] == 1
    assert abs(read["plixo_clock_skew_seconds"]) < 60


def test_slack_says_that_it_holds_back_events(office: Office) -> None:
    """`app_rate_limited` is about the app, not an event of it: the layer below Bolt's listeners sees it."""
    body = json.dumps({"type": "app_rate_limited", "team_id": "T01TEST", "minute_rate_limited": 1518467820}).encode()
    headers = {"Content-Type": "application/json", **signed_headers(secret=SECRET, body=body)}
    url = f"http://127.0.0.1:{office.bot.port}/slack/events"
    with urlopen(Request(url, data=body, headers=headers), timeout=5) as answer:
        assert answer.status == 200
    assert metrics(office)["plixo_slack_rate_limited_events_total"] == 1
    world = office.bot.world
    world.signs.write(world.directory, worker=world.worker, at=world.clock.now())
    assert {HEARD, LIMITED} <= {beat.job for beat in world.directory.heartbeats()}


def test_the_doctor_names_what_is_well_and_what_is_not(office: Office) -> None:
    world = office.bot.world
    for job in BEATS:
        world.directory.beat(job, world.worker, world.clock.now())
    office.account("acme")
    look_up(world, office.bot.org_id)
    checks = {check.name: check for check in all_checks(world, office.bot.client)}
    noted = [name for name, check in checks.items() if check.level not in (Level.GREEN, Level.WHITE)]
    assert noted == ["books"], "nothing was imported here"
    assert head() in checks["database"].detail
    assert world.worker in checks["release loop"].detail
    assert "all scopes granted" in checks["slack"].detail
