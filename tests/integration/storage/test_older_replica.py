"""While a release rolls out, replicas of the one before work on tables that were migrated under their feet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

import storage.migrations
from bot.demo import demo_settings
from bot.health import check_database
from bot.world import build_world
from domain.messages import State
from domain.notices import NoticeKind, Telling
from storage import tables
from storage.engine import build_engine
from storage.migrate import current, downgrade, head, serves, upgrade
from tests.stage import AFTER, Stage, set_the_stage

REVISIONS = [
    script.revision
    for script in reversed(list(ScriptDirectory(str(Path(storage.migrations.__path__[0]))).walk_revisions()))
]


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


@pytest.fixture
def next_release(database: Engine) -> Iterator[str]:
    """The database as a release that is not written yet has expanded it; afterwards as it was."""
    _run(
        database,
        "ALTER TABLE messages ADD COLUMN next_thing VARCHAR(10)",
        "ALTER TABLE contacts ADD COLUMN next_count INTEGER DEFAULT 0 NOT NULL",
        "CREATE TABLE next_things (id INTEGER PRIMARY KEY, org_id INTEGER NOT NULL)",
        "CREATE INDEX ix_messages_next ON messages (next_thing)",
        "UPDATE alembic_version SET version_num = 'ffff'",
    )
    yield "ffff"
    _run(
        database,
        f"UPDATE alembic_version SET version_num = '{head()}'",
        "DROP INDEX ix_messages_next",
        "DROP TABLE next_things",
        "ALTER TABLE contacts DROP COLUMN next_count",
        "ALTER TABLE messages DROP COLUMN next_thing",
    )


def _run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_it_starts_and_releases(stage: Stage, next_release: str) -> None:
    upgrade(stage.engine)
    assert current(stage.engine) == next_release, "it leaves alone what it does not know"
    message = stage.queued()
    stage.release(AFTER)
    assert stage.state(message.id) is State.SENT


def test_it_stays_in_service(stage: Stage, next_release: str, tmp_path: Path) -> None:
    url = stage.engine.url.render_as_string(hide_password=False)
    with build_world(demo_settings(tmp_path, api_url="", secret="s", database_url=url), clock=stage.clock) as world:
        check = check_database(world)
        assert (check.is_ok, "newer release" in check.detail) == (True, True)


def test_a_release_before_its_own_revision_is_not_served() -> None:
    assert serves(head())
    assert serves("a revision of tomorrow")
    assert not serves(None)
    assert not any(serves(revision) for revision in REVISIONS[:-1])


def test_a_reason_of_tomorrow_is_no_reason_to_fail(stage: Stage) -> None:
    message = stage.queued()
    with stage.engine.begin() as connection:
        connection.execute(tables.messages.update().values(reason="invented_tomorrow"))
    assert stage.message(message.id).reason is None
    stage.release(AFTER)
    assert stage.state(message.id) is State.SENT


def test_a_notice_of_tomorrow_is_left_to_the_replicas_that_know_it(stage: Stage) -> None:
    with stage.uow() as work:
        for key in ("of tomorrow", "of today"):
            work.notices.raise_all([Telling(key=key, kind=NoticeKind.AR_ALERT, subject="x", recipient=None, at=AFTER)])
    with stage.engine.begin() as connection:
        notices = tables.notices
        connection.execute(notices.update().where(notices.c.key == "of tomorrow").values(kind="invented_tomorrow"))
    with stage.uow() as work:
        claimed = work.notices.claim(at=AFTER, lease_until=AFTER + timedelta(minutes=2), limit=10)
    assert [notice.key for notice in claimed] == ["of today"]


# -- every revision of ours only adds --


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def schemas(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Tables, columns and checks at each revision, by walking down from the newest."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('walk') / 'walk.db'}"
        yield _walk(url)
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.create("plixo_walk")
        yield _walk(url)
        server.drop("plixo_walk")


def _walk(url: str) -> dict[str, Any]:
    engine = build_engine(url, across=True)
    upgrade(engine)
    seen: dict[str, Any] = {}
    for revision in reversed(REVISIONS):
        downgrade(engine, revision)
        seen[revision] = _schema(engine)
    engine.dispose()
    return seen


def _schema(engine: Engine) -> dict[str, dict[str, dict[str, Any]]]:
    reader = inspect(engine)
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for table in reader.get_table_names():
        columns = {column["name"]: column for column in reader.get_columns(table)}
        unique = {tuple(each["column_names"]) for each in reader.get_unique_constraints(table)}
        unique |= {tuple(each["column_names"]) for each in reader.get_indexes(table) if each["unique"]}
        found[table] = {"columns": columns, "unique": dict.fromkeys(unique)}
    return found


@pytest.mark.postgres
@pytest.mark.parametrize(("before", "after"), list(pairwise(REVISIONS)))
def test_a_revision_takes_nothing_away_from_the_release_before(
    schemas: dict[str, Any], before: str, after: str
) -> None:
    old, new = schemas[before], schemas[after]
    assert old.keys() <= new.keys(), "a table is gone"
    for table, parts in old.items():
        for name, column in parts["columns"].items():
            still = new[table]["columns"].get(name)
            assert still is not None, f"{table}.{name} is gone"
            assert str(still["type"]) == str(column["type"]), f"{table}.{name} has another type"
            assert still["nullable"] or not column["nullable"], f"{table}.{name} must be given now"
        for name in new[table]["columns"].keys() - parts["columns"].keys():
            added = new[table]["columns"][name]
            assert added["nullable"] or added["default"] is not None, f"{table}.{name} must be given"
        for columns in new[table]["unique"].keys() - parts["unique"].keys():
            assert set(columns) - parts["columns"].keys(), f"{table} has a new rule on {columns}"
