"""The database's clock, without a question to the database at every click."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import Engine, event

from domain.errors import Busy
from storage.clock import DatabaseClock
from storage.engine import build_engine
from tests.postgres import OwnServer

pytestmark = pytest.mark.postgres

SECOND = timedelta(seconds=1)


class Stopwatch:
    """Stands still until it is moved."""

    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def asked(postgres: Engine) -> Iterator[list[str]]:
    statements: list[str] = []
    event.listen(postgres, "before_cursor_execute", lambda c, cursor, statement, *rest: statements.append(statement))
    yield statements


def test_the_server_is_asked_every_five_seconds(postgres: Engine, asked: list[str]) -> None:
    watch = Stopwatch()
    clock = DatabaseClock(postgres, keep=5, elapsed=watch)
    first = clock.now()
    watch.seconds += 4
    assert clock.now() == first + 4 * SECOND
    assert len(asked) == 1
    watch.seconds += 2
    # Asked again, it is the server that counts: there hardly any time has passed.
    assert first < clock.now() < first + 3 * SECOND
    assert len(asked) == 2


def test_the_loop_asks_every_time(postgres: Engine, asked: list[str]) -> None:
    clock = DatabaseClock(postgres, elapsed=Stopwatch())
    assert clock.now() < clock.now()
    assert len(asked) == 2


def test_the_hosts_own_clock_may_be_set(postgres: Engine) -> None:
    clock = DatabaseClock(postgres, keep=3600)
    before = clock.now()
    for hours in (-1, 1):
        with freeze_time(datetime.now(UTC) + timedelta(hours=hours), tick=True):
            assert timedelta(0) <= clock.now() - before < timedelta(minutes=1)


def test_a_server_that_is_gone_is_noticed_when_it_is_asked(own_postgres: OwnServer) -> None:
    watch = Stopwatch()
    engine = build_engine(own_postgres.create("plixo_clock"))
    clock = DatabaseClock(engine, keep=5, elapsed=watch)
    clock.now()
    own_postgres.crash()
    clock.now()
    watch.seconds += 6
    with pytest.raises(Busy):
        clock.now()
    own_postgres.restart()
    assert clock.now()
    engine.dispose()
    own_postgres.drop("plixo_clock")
