"""A database that a module of tests fills once; whatever is asked of it is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from storage.engine import build_engine
from storage.migrate import upgrade
from tests.postgres import Server


@contextmanager
def database_for_a_module(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str, *, name: str
) -> Iterator[Engine]:
    """Of the kind that the fixture's parameter names."""
    if request.param == "sqlite":
        engine = build_engine(f"sqlite:///{tmp_path_factory.mktemp(name) / 'plixo.db'}")
        upgrade(engine)
        yield engine
        engine.dispose()
        return
    server: Server = request.getfixturevalue("postgres_server")
    own = f"plixo_{name}_{worker_id}"
    engine = build_engine(server.create(own, template=f"plixo_template_{worker_id}"), statement_timeout=0, across=True)
    yield engine
    engine.dispose()
    server.drop(own)
