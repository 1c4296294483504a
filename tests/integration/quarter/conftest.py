"""Two databases of a kind, alike to the last id: one for the script, one for the same script without its nudges."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.engine import build_engine
from storage.migrate import upgrade

_numbers = count(1)
Twins = tuple[Engine, Engine]


@pytest.fixture
def twin_files(_sqlite_template: Path, tmp_path: Path) -> Iterator[Twins]:
    engines = []
    for name in ("with", "without"):
        path = tmp_path / f"{name}.db"
        shutil.copyfile(_sqlite_template, path)
        engines.append(build_engine(f"sqlite:///{path}"))
    yield engines[0], engines[1]
    for engine in engines:
        engine.dispose()


@pytest.fixture
def twin_servers(request: pytest.FixtureRequest, worker_id: str) -> Iterator[Twins]:
    server = request.getfixturevalue("postgres_server")
    names = [f"plixo_twin_{worker_id}_{next(_numbers)}" for _ in range(2)]
    engines = [build_engine(server.create(name), across=True) for name in names]
    for engine in engines:
        upgrade(engine)
    yield engines[0], engines[1]
    for engine, name in zip(engines, names, strict=True):
        engine.dispose()
        server.drop(name)


@pytest.fixture(params=["twin_files", pytest.param("twin_servers", marks=pytest.mark.postgres)])
def twins(request: pytest.FixtureRequest) -> Twins:
    found: Twins = request.getfixturevalue(request.param)
    return found
