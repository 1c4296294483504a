"""Clicks, changes of mind, workers that sleep and die, mail servers, payments and clocks in any order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from bot.demo import demo_settings
from bot.world import build_world
from tests.integration.release.machine.beats import Beats
from tests.integration.release.machine.house import House
from tests.integration.release.machine.workers import Workers

ROUNDS = settings(
    max_examples=60,
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
FEW = settings(ROUNDS, max_examples=25)
MANY = settings(ROUNDS, max_examples=2_000, stateful_step_count=50)


def with_workers(engine: Engine, rounds: settings) -> None:
    house = House(engine)
    run_state_machine_as_test(lambda: Workers(house), settings=rounds)


def with_the_loop(engine: Engine, folder: Path, rounds: settings) -> None:
    house = House(engine)
    url = engine.url.render_as_string(hide_password=False)
    options = demo_settings(folder, api_url="", secret="s", database_url=url, senders=3, grace_seconds=5)
    with build_world(options, clock=house.stage.clock) as world:
        run_state_machine_as_test(lambda: Beats(house, world), settings=rounds)


def test_whatever_happens_between_the_steps_of_workers_the_promises_hold(database: Engine) -> None:
    with_workers(database, ROUNDS if database.dialect.name == "sqlite" else FEW)


def test_with_two_loops_and_their_threads_the_promises_hold(database: Engine, tmp_path: Path) -> None:
    with_the_loop(database, tmp_path, FEW)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_they_hold_for_many_rounds_of_workers(database: Engine) -> None:
    with_workers(database, MANY)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_they_hold_for_many_rounds_of_loops(database: Engine, tmp_path: Path) -> None:
    with_the_loop(database, tmp_path, MANY)
