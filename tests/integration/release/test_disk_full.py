"""The disk runs full under SQLite, at any step: nothing leaves without its fence on the disk, and nothing twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.messages import State
from domain.usecases.fence_due import SENDING_LEASE
from storage import tables
from tests import factories
from tests.integration.release.cramped import CHUNK, NO_ROOM
from tests.stage import AFTER, EVENING, Stage, set_the_stage

ROOT = Path(__file__).parents[3]
KIB = 1024
CUSTOMERS = 6
ROOMS = [room * KIB for room in (40, 96, 152, 208, 264)]
"""Octets that the log may grow to; beyond the last one the release gets through."""


@pytest.fixture
def stage(sqlite: Engine) -> Stage:
    stage = set_the_stage(sqlite, factories.make_organisation(sqlite))
    for _ in range(CUSTOMERS):
        _, contact, invoices = factories.make_customer(
            sqlite, stage.org_id, owner_email=stage.rita.email, synced_at=EVENING
        )
        stage.queued(contact=contact, invoice=invoices[0])
    sqlite.dispose()  # whoever leaves last writes the log back: the next one begins with an empty one
    return stage


@pytest.mark.parametrize("room", [*ROOMS, None], ids=lambda room: f"{room // KIB} KiB" if room else "enough")
def test_a_full_disk_stops_mail_and_loses_none(stage: Stage, room: int | None, tmp_path: Path) -> None:
    sink = tmp_path / "accepted"
    sink.touch()
    url = stage.engine.url.render_as_string(hide_password=False)
    given = [url, str(stage.org_id), str(room or 10**9), str(sink)]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.integration.release.cramped", *given], cwd=ROOT, check=False
    ).returncode
    left = sink.read_text().split()
    fenced = {name(row["id"]) for row in stage.rows(tables.messages) if row["state"] in (State.SENDING, State.SENT)}
    assert set(left) <= fenced, "what left has its fence on the disk"
    assert ended == (0 if room is None else NO_ROOM), "a disk that is full is said to be"

    # There is room again, and a worker that knows nothing of the first one.
    stage.release(AFTER)
    stage.release(AFTER + SENDING_LEASE)
    again = [mail.message_id for mail in stage.mailer.sent]
    assert not set(left) & set(again), "0 duplicates"
    states = {name(row["id"]): State(row["state"]) for row in stage.rows(tables.messages)}
    assert set(states.values()) <= {State.SENT, State.UNCONFIRMED}, "0 lost"
    assert {key for key, state in states.items() if state is State.SENT} >= set(again)
    assert sum(state is State.UNCONFIRMED for state in states.values()) <= CHUNK, "at most what was being handed over"


def name(id: str) -> str:
    return f"nudge.{id}@example.com"
