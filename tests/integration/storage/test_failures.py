"""A database that cannot answer now is `Busy`, and the same call works again once it can."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from traceback import format_exception

import pytest
from sqlalchemy import URL, Engine, event, func, select
from sqlalchemy.exc import IntegrityError

from bot.demo import demo_settings
from bot.world import build_world
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
        work.audit.record("nudge.held", at=NOON, actor_id=None, subject="nudge:1")
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
def test_a_restart_costs_nobody_a_click(own_postgres: OwnServer, engine: Engine) -> None:
    """Every pooled connection is broken. BEGIN finds that out when nothing has happened yet, and takes a new one."""
    uow = build_unit_of_work(engine, org_id=make_organisation(engine))
    with ExitStack() as several:
        for _ in range(4):
            several.enter_context(uow()).organisation.get()
    own_postgres.restart()
    assert DatabaseClock(engine).now()
    own_postgres.restart()
    with ExitStack() as several:
        for _ in range(4):
            several.enter_context(uow()).organisation.get()


@pytest.mark.postgres
def test_a_server_that_has_gone_is_not_asked_twice(own_postgres: OwnServer, engine: Engine) -> None:
    """The new connection is refused as well: that is Busy, and nothing goes round in circles."""
    uow = build_unit_of_work(engine, org_id=make_organisation(engine))
    own_postgres.crash()
    asked: list[object] = []
    event.listen(engine, "do_connect", lambda *connecting: asked.append(connecting))
    with pytest.raises(Busy), uow():
        pass
    own_postgres.restart()
    assert len(asked) == 1


@pytest.mark.postgres
def test_too_many_clients_is_busy(own_postgres: OwnServer, engine: Engine) -> None:
    uow = build_unit_of_work(engine, org_id=make_organisation(engine))
    engine.dispose()
    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER DATABASE plixo CONNECTION LIMIT 1")
        connection.commit()
        with pytest.raises(Busy), uow():
            pass
        connection.exec_driver_sql("ALTER DATABASE plixo CONNECTION LIMIT -1")
        connection.commit()
        with uow() as work:
            assert work.organisation.get()


# -- people wait for three seconds --


class Hole:
    """A line that swallows everything once it is shut: nothing is closed, nothing comes back."""

    def __init__(self, server: URL) -> None:
        self._server = (server.host or "127.0.0.1", server.port or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = server.set(port=self._listener.getsockname()[1])
        self._is_shut = Event()
        self._lines: list[socket.socket] = []
        Thread(target=self._accept, daemon=True).start()

    def shut(self) -> None:
        self._is_shut.set()

    def open(self) -> None:
        self._is_shut.clear()

    def close(self) -> None:
        for line in (self._listener, *self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            self._lines += [client, server]
            for one, other in ((client, server), (server, client)):
                Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65_536):
                if not self._is_shut.is_set():
                    other.sendall(data)
            other.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def hole(engine: Engine) -> Iterator[Hole]:
    hole = Hole(engine.url)
    yield hole
    hole.close()


@pytest.mark.postgres
@pytest.mark.parametrize("way", ["the server is stopped", "the line swallows everything"])
@pytest.mark.parametrize("connected", [True, False], ids=["by a pooled connection", "by a new one"])
def test_whoever_answers_people_knows_in_time(
    own_postgres: OwnServer, engine: Engine, hole: Hole, tmp_path: Path, way: str, connected: bool
) -> None:
    """Within Slack's three seconds, whatever is asked; and it works again by itself."""
    org_id = make_organisation(engine)
    url = hole.url.render_as_string(hide_password=False)
    with build_world(demo_settings(tmp_path, api_url="", secret="s", database_url=url)) as world:
        people = world.for_people()

        def look() -> None:
            with people.uow_for(org_id)() as work:
                work.organisation.get()

        for ask in (look, lambda: people.directory.org_of("T01", None), lambda: DatabaseClock(people.engine).now()):
            if connected:
                ask()
            else:
                people.engine.dispose()
            own_postgres.pause() if way == "the server is stopped" else hole.shut()
            started = monotonic()
            with pytest.raises(Busy):
                ask()
            assert monotonic() - started < 3
            own_postgres.resume() if way == "the server is stopped" else hole.open()
            ask()


@pytest.mark.postgres
def test_many_slow_statements_are_no_slower_than_one(postgres: Engine, postgres_url: str) -> None:
    """The deadline is the transaction's: whoever waits does not care how many statements it takes."""
    org_id = make_organisation(postgres)
    hurried = build_engine(postgres_url, deadline=0.5)
    done = 0
    with pytest.raises(Busy), build_unit_of_work(hurried, org_id=org_id)() as work:
        for _ in range(20):
            work.organisation._scope.execute(select(func.pg_sleep(0.2)))  # type: ignore[attr-defined]
            done += 1
    assert 1 <= done < 10
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
    connection = sqlite.raw_connection()  # of which the tests' own haste knows nothing
    for pragma, value in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 2000}.items():
        assert connection.cursor().execute(f"PRAGMA {pragma}").fetchone() == (value,)
    connection.close()


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
