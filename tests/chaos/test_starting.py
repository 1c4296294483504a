"""Workers that start at the same time, on nothing, or while somebody else changes the tables."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Executable, func, select, text

from domain.messages import State
from storage import tables
from storage.engine import build_engine
from storage.migrate import _LOCK, is_at_head
from tests.chaos.fleet import environment_of, plixo, wait_until
from tests.chaos.ground import reading, rows
from tests.chaos.plan import Plan, settings
from tests.chaos.rounds import set_up
from tests.chaos.stage import Stage
from tests.postgres import OwnServer


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


def test_three_workers_start_at_once_on_nothing(empty_url: str, tmp_path: Path) -> None:
    plan = Plan("start", 1, messages=0, pace=1.0)
    environment = environment_of(
        settings(plan, database_url=empty_url, smtp_port=25, slack_url="http://127.0.0.1:9/api/")
    )
    with ExitStack() as stack:
        started = [stack.enter_context(plixo("worker", folder=tmp_path, environment=environment)) for _ in range(3)]
        for _, log in started:
            wait_until(lambda log=log: "releases" in log.read_text(), seconds=60, why=log.read_text)  # type: ignore[misc]
        engine = build_engine(empty_url)
        stack.callback(engine.dispose)
        assert is_at_head(engine)
        with engine.connect() as connection:
            assert connection.scalar(select(func.count()).select_from(tables.organisations)) == 1


@pytest.mark.postgres
def test_two_work_while_a_third_waits_for_a_migration(own_postgres: OwnServer, tmp_path: Path) -> None:
    """The third believes that there is something to migrate, and that somebody is at it: it waits, they do not."""
    with set_up(Plan("start", 1, messages=20, pace=1.0), tmp_path, own_postgres) as stage, ExitStack() as stack:
        first, second, third = stage.fleet.workers
        first.start()
        second.start()
        wait_until(lambda: first.is_ready and second.is_ready, seconds=60, why=stage.fleet.logs)
        migrating = stack.enter_context(stage.ground.engine.connect())
        migrating.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        newest = migrating.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        migrating.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        migrating.commit()
        third.start()
        waits = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'plixo migrate'")
        wait_until(lambda: asked(stage, waits), seconds=60, why=stage.fleet.logs)
        stage.feed(20)
        sent = select(func.count()).where(tables.messages.c.state == State.SENT.value)
        wait_until(lambda: asked(stage, sent) == 20, seconds=150, why=stage.fleet.logs)
        assert third.is_alive and not third.is_ready
        migrating.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})
        migrating.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        migrating.commit()
        wait_until(lambda: third.is_ready, seconds=60, why=stage.fleet.logs)
        assert len(stage.provider.accepted) == 20
        assert stage.provider.duplicates() == []
        assert {row["state"] for row in rows(stage.ground.engine, tables.messages)} == {State.SENT.value}


def asked(stage: Stage, question: Executable) -> object:
    """In a transaction of its own: what the server shows of its sessions does not change within one."""
    with reading(stage.ground.engine) as connection:
        return connection.execute(question).scalar()
