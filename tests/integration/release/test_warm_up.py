"""The warm-up's quota while mails leave: on several replicas, hour by hour, and beside Autopilot's steps."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from domain.messages import State
from domain.reasons import Reason
from domain.timeline import Source
from domain.warming import DomainState, SendingDomain, WarmUp
from storage import tables
from tests import factories
from tests.stage import AFTER, EVENING, MORNING, Stage, set_the_stage

ROOT = Path(__file__).parents[3]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK_ONE = 50


def queue(stage: Stage, count: int, **message: Any) -> list[str]:
    """So many customers with one due message each."""
    queued = []
    for _ in range(count):
        account, contact, invoices = factories.make_customer(
            stage.engine, stage.org_id, owner_email=stage.rita.email, synced_at=EVENING
        )
        given = {
            "account_id": account.id,
            "contact_id": contact.id,
            "invoice_id": invoices[0].id,
            "requested_by": stage.rita.id,
            "requested_at": EVENING,
            "leaves_at": MORNING,
            "expires_at": MORNING + 3 * DAY,
        }
        queued.append(factories.make_message(stage.engine, stage.org_id, **given | message).id)
    return queued


def sync(stage: Stage, at: Any) -> None:
    with stage.engine.begin() as connection:
        connection.execute(update(tables.accounts).values(synced_at=at))


def counted(stage: Stage, *ids: str) -> list[tuple[str, str | None]]:
    with stage.engine.connect() as connection:
        rows = connection.execute(select(tables.messages).where(tables.messages.c.id.in_(ids)))
        return sorted((row.state, row.reason) for row in rows)


def test_two_replicas_and_a_quota_of_fifty_send_exactly_fifty(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation)
    ids = queue(stage, WEEK_ONE + 20)
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.integration.release.replica", url, str(stage.org_id)]
    replicas = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for replica in replicas:
        assert replica.stdout is not None
        assert replica.stdout.readline() == "ready\n"
    for replica in replicas:
        assert replica.stdin is not None
        replica.stdin.write("go\n")
        replica.stdin.flush()
    sent = [int(replica.communicate()[0]) for replica in replicas]
    assert sum(sent) == WEEK_ONE
    states = counted(stage, *ids)
    assert states.count(("sent", None)) == WEEK_ONE
    assert states.count(("queued", Reason.WARM_UP)) == len(ids) - WEEK_ONE
    assert stage.left_on() == {AFTER.date(): WEEK_ONE}


@pytest.fixture
def warming(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation, warm_up=WarmUp(), daily_cap=500)


def test_what_found_no_room_leaves_the_next_day(warming: Stage) -> None:
    ids = queue(warming, WEEK_ONE + 3)
    done = warming.release(AFTER, limit=100)
    assert (done.sent, done.deferred) == (WEEK_ONE, 3)
    waiting = [message for message in map(warming.message, ids) if message.state is State.QUEUED]
    assert {message.reason for message in waiting} == {Reason.WARM_UP}
    assert all(MORNING + DAY <= message.leaves_at < AFTER + DAY for message in waiting)
    sync(warming, AFTER)
    assert warming.release(AFTER + DAY).sent == 3


def test_the_quota_grows_with_the_days_that_counted(warming: Stage) -> None:
    with warming.uow() as work:
        work.sending.save(SendingDomain("example.com", counted=7))
    queue(warming, 102)
    assert warming.release(AFTER, limit=200).sent == 100


def test_a_stopped_domain_sends_nothing_and_the_queue_stays(warming: Stage) -> None:
    with warming.uow() as work:
        work.sending.save(SendingDomain("example.com", standing=DomainState.STOPPED, since=MORNING))
    (id,) = queue(warming, 1)
    assert warming.release(AFTER).sent == 0
    message = warming.message(id)
    assert (message.state, message.reason) == (State.QUEUED, Reason.DOMAIN_STOPPED)
    assert message.leaves_at <= AFTER + 6 * HOUR
    refused = warming.click()
    assert getattr(refused, "reason", None) is Reason.DOMAIN_STOPPED
    assert getattr(refused, "at", None) == MORNING


def test_an_hours_cap_waits_for_the_next_hour(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation, hourly_cap=2)
    ids = queue(stage, 5)
    assert stage.release(AFTER).sent == 2
    waiting = [message for message in map(stage.message, ids) if message.state is State.QUEUED]
    assert {message.reason for message in waiting} == {Reason.HOURLY_CAP}
    # The workspace's hour ends at nine in Berlin; what waited is spread over the next fifteen minutes.
    assert all(MORNING + HOUR <= message.leaves_at < AFTER + HOUR for message in waiting)
    assert stage.release(AFTER + HOUR).sent == 2
    assert stage.release(AFTER + 2 * HOUR).sent == 1


def test_nudges_leave_room_for_the_steps_of_the_day(database: Engine, organisation: int) -> None:
    """Ten a day, a fifth of them the nudges': with six steps planned there is room for four nudges."""
    stage = set_the_stage(database, organisation, daily_cap=10, nudge_share_percent=20)
    planned = queue(stage, 6, source=Source.AUTOPILOT, requested_by=None, leaves_at=AFTER + 2 * HOUR)
    nudges = queue(stage, 10)
    assert stage.release(AFTER, limit=20).sent == 4
    assert counted(stage, *nudges).count(("queued", Reason.KEPT_FOR_OTHERS)) == 6
    assert stage.release(AFTER + 2 * HOUR, limit=20).sent == 6
    assert counted(stage, *planned) == [("sent", None)] * 6


def test_steps_leave_the_nudges_their_share(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation, daily_cap=10, nudge_share_percent=20)
    steps = queue(stage, 12, source=Source.AUTOPILOT, requested_by=None)
    nudges = queue(stage, 3)
    assert stage.release(AFTER, limit=20, chunk=16).sent == 10
    assert counted(stage, *steps).count(("sent", None)) == 8
    assert counted(stage, *nudges).count(("sent", None)) == 2
