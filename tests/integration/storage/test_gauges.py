"""What is read at a scrape: once for many, and also when there is nothing to read from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import Engine

from bot.gauges import Gauges, measure_skew, take_reading
from domain.ports import Clock
from sandbox.clock import MovableClock
from storage.clock import DatabaseClock
from storage.directory import Directory
from storage.engine import build_engine
from tests.factories import NOON, make_notice

MINUTE = timedelta(minutes=1)


def samples(gauges: Gauges) -> dict[str, float]:
    return {
        sample.name + "".join(sample.labels.values()): sample.value
        for metric in gauges.collect()
        for sample in metric.samples
    }


@pytest.fixture
def clock() -> Clock:
    return MovableClock(start=NOON, frozen=True)


def test_many_scrapes_are_one_reading(database: Engine, organisation: int, clock: Clock) -> None:
    gauges = Gauges(across=database, directory=Directory(database), clock=clock)
    assert samples(gauges)["plixo_notices_waiting"] == 0
    make_notice(database, organisation)
    assert samples(gauges)["plixo_notices_waiting"] == 0, "kept for some seconds"
    fresh = Gauges(across=database, directory=Directory(database), clock=clock)
    assert samples(fresh)["plixo_notices_waiting"] == 1


def test_the_newest_sign_of_any_replica_counts(database: Engine, clock: Clock) -> None:
    directory = Directory(database)
    directory.beat("release", "w1", NOON - 5 * MINUTE)
    directory.beat("release", "w2", NOON - MINUTE)
    directory.beat("notices", "w1", NOON)
    reading = take_reading(across=database, directory=directory, clock=clock)
    assert reading.beats == {"release": NOON - MINUTE, "notices": NOON}
    read = samples(Gauges(across=database, directory=directory, clock=clock))
    assert read["plixo_heartbeat_age_secondsrelease"] == 60


@pytest.fixture
def away() -> Iterator[Engine]:
    """Nobody listens there."""
    engine = build_engine("postgresql://nobody@127.0.0.1:9/none")
    yield engine
    engine.dispose()


def test_a_database_that_is_away_is_a_reading_too(away: Engine) -> None:
    gauges = Gauges(across=away, directory=Directory(away), clock=DatabaseClock(away))
    assert samples(gauges) == {"plixo_database_up": 0}


@pytest.mark.postgres
@pytest.mark.parametrize("minutes", [-5, 0, 5])
def test_a_host_whose_clock_is_off_is_measured(postgres: Engine, minutes: int) -> None:
    measure_skew(postgres)  # connect first: the driver has timers of its own
    right = DatabaseClock(postgres).now()
    with freeze_time(right + minutes * MINUTE, tick=True):
        skew = measure_skew(postgres)
    assert abs(skew - 60 * minutes) < 30


def test_sqlite_has_no_clock_of_its_own(sqlite: Engine) -> None:
    assert measure_skew(sqlite) == 0
