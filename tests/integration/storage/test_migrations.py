"""The schema that revisions make is the schema the code means, however many replicas ask for it at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select

import storage.migrations.versions
from storage import tables
from storage.engine import build_engine
from storage.migrate import current, downgrade, head, is_at_head, upgrade
from tests.factories import make_account, make_organisation

REVISIONS = sorted(Path(storage.migrations.versions.__path__[0]).glob("r*.py"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = (
        f"sqlite:///{tmp_path / 'empty.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue("empty_postgres_url")
    )
    engine = build_engine(url, across=True)
    yield engine
    engine.dispose()


def is_ours(_obj: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Each database's own index for words with slips is the migration's alone."""
    if kind == "table":
        return not (name or "").startswith("search_words_text")
    return name != "ix_search_words_trigrams"


def test_the_newest_revision_makes_the_tables_of_the_code(database: Engine) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_check_constraints_are_those_of_the_code(database: Engine) -> None:
    """Alembic compares no CHECKs: states that a revision forgot would be refused only in production."""
    reader = inspect(database)
    for table in tables.metadata.tables.values():
        there = {check["name"] for check in reader.get_check_constraints(table.name)}
        meant = {c.name for c in table.constraints if type(c).__name__ == "CheckConstraint"}
        assert there == meant, table.name
        for check in reader.get_check_constraints(table.name):
            text = next(str(c.sqltext) for c in table.constraints if c.name == check["name"])  # type: ignore[attr-defined]
            assert set(re.findall(r"'(\w+)'", check["sqltext"])) == set(re.findall(r"'(\w+)'", text)), check["name"]


def test_an_empty_database_is_at_nothing_and_then_at_head(empty: Engine) -> None:
    assert current(empty) is None
    assert not is_at_head(empty)
    upgrade(empty)
    assert current(empty) == head()
    assert is_at_head(empty)
    upgrade(empty)


def test_down_and_up_again(empty: Engine) -> None:
    upgrade(empty)
    downgrade(empty, "base")
    left = set(inspect(empty).get_table_names()) - {"alembic_version"}
    assert {name for name in left if not name.startswith("search_words_text")} == set()
    upgrade(empty)
    assert is_at_head(empty)


def test_four_replicas_migrate_at_once(empty: Engine) -> None:
    engines = [build_engine(empty.url, lock_timeout=30) for _ in range(4)]
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(upgrade, engines))
        assert is_at_head(empty)
    finally:
        for engine in engines:
            engine.dispose()


def test_a_migrated_connection_is_not_reused_with_its_loose_timeouts(empty: Engine) -> None:
    upgrade(empty)
    if empty.dialect.name == "postgresql":
        with empty.connect() as connection:
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == "2s"


@pytest.mark.parametrize("path", REVISIONS, ids=lambda path: path.stem)
def test_a_revision_stands_by_itself(path: Path) -> None:
    """The code moves on; what a released revision did must not."""
    imported = re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(), re.MULTILINE)
    assert set(imported) <= {"__future__", "sqlalchemy", "alembic"}


def test_words_are_learned_from_keys(database: Engine) -> None:
    org_id = make_organisation(database)
    make_account(database, org_id, name="Acme Robotics GmbH")
    make_account(database, org_id, name="Acme Shipping GmbH")
    with database.connect() as connection:
        words = select(tables.search_words.c.word).where(tables.search_words.c.org_id == org_id)
        assert set(connection.execute(words).scalars()) == {"acme", "robotics", "shipping"}
