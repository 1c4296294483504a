"""Fixtures for everybody: migrated databases, fresh for each test, and an organisation in them."""

from __future__ import annotations

import os
import shutil
import zoneinfo
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Connection, Engine, event

from domain.ports import UnitOfWorkFactory
from storage.directory import Directory
from storage.engine import build_engine
from storage.migrate import upgrade
from storage.unit_of_work import build_unit_of_work
from tests.factories import NOON
from tests.postgres import OwnServer, Server, find_server

# The zone data of every replica is the pinned one, and so is that of the tests: systems lag behind by years.
zoneinfo.reset_tzpath(to=())

# How long an example takes says something about the machine, not about the code.
# CI looks at the same examples every time; whoever works looks at new ones.
hypothesis.settings.register_profile("plixo", deadline=None, print_blob=True, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("plixo")


@event.listens_for(Engine, "engine_connect")
def _does_not_wait_for_the_disk(connection: Connection) -> None:
    """No test cuts the power: what is killed are processes, and what those have written the kernel keeps."""
    if connection.dialect.name == "sqlite":
        connection.connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]


_numbers = count(1)
_TEMPLATE = "plixo_template"


@pytest.fixture(scope="session")
def postgres_server(worker_id: str) -> Iterator[Server]:
    """One server for the session (for each worker, under xdist), with a migrated template database."""
    server = find_server()
    server.drop(template := f"{_TEMPLATE}_{worker_id}")
    engine = build_engine(server.create(template))
    upgrade(engine)
    engine.dispose()
    yield server
    server.drop(template)
    server.stop()


@pytest.fixture(scope="module")
def _module_postgres() -> Iterator[OwnServer]:
    server = find_server()
    if not isinstance(server, OwnServer):
        pytest.skip("The server that was given is not ours to crash.")
    yield server
    server.stop()


@pytest.fixture
def own_postgres(_module_postgres: OwnServer) -> Iterator[OwnServer]:
    """A server beside the session's, to crash and pause. It runs again after each test."""
    yield _module_postgres
    _module_postgres.revive()


@pytest.fixture
def empty_postgres_url(postgres_server: Server, worker_id: str) -> Iterator[str]:
    """A database without any table."""
    name = f"plixo_empty_{worker_id}_{next(_numbers)}"
    yield postgres_server.create(name)
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def _swept_databases(postgres_server: Server) -> Iterator[list[str]]:
    """Migrated databases that a test has left empty again; sweeping one is far cheaper than copying one."""
    swept: list[str] = []
    yield swept
    for name in swept:
        postgres_server.drop(name)


@pytest.fixture
def postgres_url(postgres_server: Server, worker_id: str, _swept_databases: list[str]) -> Iterator[str]:
    """A migrated database without rows."""
    if _swept_databases:
        name = _swept_databases.pop()
    else:
        name = f"plixo_test_{worker_id}_{next(_numbers)}"
        postgres_server.create(name, template=f"{_TEMPLATE}_{worker_id}")
    yield postgres_server.url(name)
    if postgres_server.sweep(name):
        _swept_databases.append(name)
    else:
        postgres_server.drop(name)


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    """A migrated PostgreSQL database, for what only it can show: races, plans, locks.

    Tests look at everybody's rows by it; units of work on it are behind the wall all the same.
    """
    engine = build_engine(postgres_url, pool_size=20, across=True)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = build_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "plixo.db"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Engine]:
    """A migrated SQLite database: the fast double, which keeps every contract."""
    engine = build_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Engine:
    """A migrated database, once of each kind."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture
def directory(database: Engine) -> Directory:
    return Directory(database)


@pytest.fixture
def organisation(directory: Directory) -> int:
    return directory.create_organisation("Northwind", "Europe/Berlin", "DE", NOON)


@pytest.fixture
def other_organisation(directory: Directory) -> int:
    return directory.create_organisation("Contoso", "America/New_York", "US", NOON)


@pytest.fixture
def uow(database: Engine, organisation: int) -> UnitOfWorkFactory:
    """Units of work of `organisation`."""
    return build_unit_of_work(database, org_id=organisation)


@pytest.fixture
def other_uow(database: Engine, other_organisation: int) -> UnitOfWorkFactory:
    """Units of work of `other_organisation`, which must never see the first one's rows."""
    return build_unit_of_work(database, org_id=other_organisation)
