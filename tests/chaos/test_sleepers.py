"""A worker sleeps through its lease while others go on and a person decides; it wakes up and sends nothing twice."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.messages import State
from domain.outcomes import NudgeChanged
from domain.usecases.change_nudge import resolve_unconfirmed
from domain.values import Actor
from storage import tables
from storage.clock import DatabaseClock
from storage.unit_of_work import build_unit_of_work
from tests.builders import make_rulebook
from tests.chaos.fleet import Step, wait_until
from tests.chaos.ground import OLGA
from tests.chaos.plan import Plan
from tests.chaos.rounds import set_up
from tests.chaos.stage import Stage
from tests.postgres import OwnServer


@pytest.mark.postgres
@pytest.mark.parametrize("step", ["claimed", "fenced", "handed over"])
def test_who_sleeps_through_its_lease_sends_nothing_twice(own_postgres: OwnServer, step: str, tmp_path: Path) -> None:
    """Not on a file: there, who is stopped in the middle of a write stops everybody, and nobody can go on."""
    with set_up(Plan("sleeper", 1, messages=2, pace=1.0, workers=2), tmp_path, own_postgres) as stage:
        sleeper, other = stage.fleet.workers
        first, second = stage.supply
        sleeper.start(Step(step, signal.SIGSTOP))
        stage.feed(1)
        wait_until(lambda: sleeper.is_stopped, seconds=90, why=stage.fleet.logs)
        other.start()
        # Another thread of the sleeper may hold a lock; PostgreSQL takes it back after a minute of silence.
        settled = (State.SENT, State.UNCONFIRMED)
        wait_until(lambda: stage.state_of(first) in settled, seconds=90, why=stage.fleet.logs)
        if stage.state_of(first) is State.UNCONFIRMED:
            send_again(stage, first)
        wait_until(lambda: stage.is_sent(first), seconds=60, why=stage.fleet.logs)
        other.kill()
        sleeper.send(signal.SIGCONT)
        wait_until(lambda: stage.is_sent(second), seconds=60, why=stage.fleet.logs)
        sleeper.send(signal.SIGTERM)  # whatever it was about to do is done when it has ended
        sleeper.running.join(timeout=30)
        assert stage.provider.duplicates() == []
        assert len(stage.provider.accepted) == 2


def send_again(stage: Stage, id: str) -> None:
    u = tables.users.c
    with stage.ground.engine.connect() as connection:
        org_id, user_id = connection.execute(select(u.org_id, u.id).where(u.slack_user_id == OLGA)).one()
    answer = resolve_unconfirmed(
        id,
        arrived=False,
        actor=Actor(org_id=org_id, user_id=user_id, zone="Europe/Berlin"),
        uow=build_unit_of_work(stage.ground.engine, org_id=org_id),
        clock=DatabaseClock(stage.ground.engine),
        rulebook=make_rulebook(),
    )
    assert isinstance(answer, NudgeChanged), answer
