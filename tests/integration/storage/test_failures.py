"""A database that cannot answer now is `Busy`, and the same call works again once it can."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from time import monotonic
from traceback import format_exception

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from domain.errors import Busy
from domain.values import Capability
from storage.clock import DatabaseClock
from storage.directory import Directory
from storage.engine import build_engine
from storage.migrate import upgrade
from storage.unit_of_work import build_unit_of_work
from tests.factories import NOON, make_organisation, make_user
from tests.postgres import OwnServer


@pytest.fixture
def engine(own_postgres: OwnServer) -> Iterator[Engine]:
    engine = build_engine(own_postgres.create("plixo"), connect_timeout=2, across=True)
    upgrade(engine)
    yield engine
    engine.dispose()
    own_postgres.drop("plixo")


@pytest.mark.postgres
def test_a_crash_is_busy_and_over_after_the_restart(own_postgres: OwnServer, engine: Engine) -> None:
    org_id = make_organisation(engine)
    uow = build_unit_of_work(engine, org_id=org_id)
    with pytest.raises(Busy), uow() as work:
        own_postgres.crash()
        work.organisation.get()
    for call in (
        lambda: DatabaseClock(engine).now(),
        lambda: Directory(engine).organisations(),
        lambda: uow().__enter__(),
    ):
        with pytest.raises(Busy):
            call()
    own_postgres.restart()
    with uow() as work:
        assert work.organisation.get().org_id == org_id


@pytest.mark.postgres
def test_a_crash_before_the_commit_leaves_nothing(own_postgres: OwnServer, engine: Engine) -> None:
    uow = build_unit_of_work(engine, org_id=make_organisation(engine))
    with pytest.raises(Busy), uow() as work:
        work.audit.record("half.done", at=NOON, actor_id=None, subject="x")
        own_postgres.crash()
    own_postgres.restart()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit").scalar_one() == 0


@pytest.mark.postgres
def test_a_hung_server_refuses_new_connections_in_time(own_postgres: OwnServer, engine: Engine) -> None:
    engine.dispose()
    own_postgres.pause()
    started = monotonic()
    with pytest.raises(Busy):
        DatabaseClock(engine).now()
    assert monotonic() - started < 5
    own_postgres.resume()
    assert DatabaseClock(engine).now()


@pytest.mark.postgres
def test_a_server_that_hangs_in_the_middle_is_given_up(own_postgres: OwnServer, engine: Engine) -> None:
    """Neither timeout of the server's fires and the connection stays open: the client has to give up."""
    org_id = make_organisation(engine)
    hurried = build_engine(engine.url, deadline=0.5)
    uow = build_unit_of_work(hurried, org_id=org_id)
    started = monotonic()
    with pytest.raises(Busy), uow() as work:
        work.organisation.get()
        own_postgres.pause()
        work.organisation.get()
    assert monotonic() - started < 5
    own_postgres.resume()
    with uow() as work:
        assert work.organisation.get().org_id == org_id
    hurried.dispose()


@pytest.mark.postgres
def test_a_pooled_connection_to_a_hung_server_is_given_up_too(own_postgres: OwnServer, engine: Engine) -> None:
    hurried = build_engine(engine.url, deadline=0.5, connect_timeout=2)
    assert DatabaseClock(hurried).now()
    own_postgres.pause()
    started = monotonic()
    with pytest.raises(Busy):
        DatabaseClock(hurried).now()
    assert monotonic() - started < 5
    own_postgres.resume()
    assert DatabaseClock(hurried).now()
    hurried.dispose()


@pytest.mark.postgres
def test_a_slow_statement_is_cut_off(postgres_url: str) -> None:
    engine = build_engine(postgres_url, statement_timeout=0.2, across=True)
    try:
        org_id = make_organisation(engine)
        with pytest.raises(Busy), build_unit_of_work(engine, org_id=org_id)() as work:
            work.organisation._scope.execute(select(func.pg_sleep(5)))  # type: ignore[attr-defined]
    finally:
        engine.dispose()


@pytest.mark.postgres
def test_the_settings_reach_the_server(postgres: Engine) -> None:
    with postgres.connect() as connection:
        for name, value in {
            "lock_timeout": "2s",
            "idle_in_transaction_session_timeout": "1min",
            "statement_timeout": "15s",
            "TimeZone": "UTC",
            "application_name": "plixo",
        }.items():
            assert connection.exec_driver_sql(f"SHOW {name}").scalar_one() == value


def test_a_locked_sqlite_is_busy(sqlite_url: str) -> None:
    engine = build_engine(sqlite_url, lock_timeout=0.1)
    org_id = make_organisation(engine)
    uow = build_unit_of_work(engine, org_id=org_id)
    with sqlite3.connect(engine.url.database or "") as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy), uow():
            pass
        assert [w.org_id for w in Directory(engine).organisations()] == [org_id]  # readers go on
        other.execute("COMMIT")
    other.close()
    with uow() as work:
        assert work.organisation.get()
    engine.dispose()


def test_sqlite_is_set_up_to_survive(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        for pragma, value in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 2000}.items():
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


def test_a_broken_rule_is_not_busy(database: Engine) -> None:
    with pytest.raises(IntegrityError), build_unit_of_work(database, org_id=make_organisation(database))() as work:
        work.people.grant(99, role=None, capability=Capability.NUDGE, until=None, by="x")


def test_an_error_never_shows_what_was_stored(database: Engine) -> None:
    org_id = make_organisation(database)
    make_user(database, org_id, email="secret@person.example")
    with pytest.raises(IntegrityError) as caught:
        make_user(database, org_id, email="secret@person.example")
    shown = "".join(format_exception(caught.value))
    assert "uq_users_org_id_email" in shown or "UNIQUE constraint failed" in shown
    assert "secret@person" not in shown.replace('email="secret@person.example"', "")
