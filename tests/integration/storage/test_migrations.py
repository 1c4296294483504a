"""The schema that revisions make is the schema the code means, however many replicas ask for it at once."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import OperationalError

import storage.migrations.versions
from bot.demo import demo_settings
from bot.loop import Loop
from bot.world import build_world
from domain.autopilot import Stop
from domain.errors import Busy
from storage import migrate, tables
from storage.engine import build_engine
from storage.migrate import NotMigrated, current, downgrade, head, is_at_head, upgrade
from storage.transactions import read
from tests.factories import add_row, make_account, make_customer, make_organisation
from tests.stage import AFTER, EVENING, set_the_stage

WITHOUT_THE_WALL = "0002"
"""Back to here and up again changes every table of organisations' rows, and takes each one's strongest lock."""
WAITS_FOR_A_LOCK = text(
    "SELECT 1 FROM pg_stat_activity WHERE application_name = 'plixo migrate' AND wait_event_type = 'Lock'"
    " AND datname = current_database()"
)
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


def test_the_release_before_can_read_why_every_sequence_ended(empty: Engine) -> None:
    upgrade(empty)
    org_id = make_organisation(empty)
    account, _, (invoice,) = make_customer(empty, org_id)
    given = {"account_id": account.id, "invoice_id": invoice.id, "version": 1}
    for why in Stop:
        named = {"segment": "All", "cadence": "Standard", "started_at": EVENING, "ended_at": AFTER, "why": why.value}
        add_row(empty, tables.sequences, org_id=org_id, **given, **named)
    downgrade(empty, "0020")
    with empty.connect() as connection:
        found = Counter(connection.execute(select(tables.sequences.c.why)).scalars())
    known = [why.value for why in Stop if why is not Stop.BELOW_MINIMUM]
    assert found == Counter([*known, Stop.OUT_OF_SEGMENT.value])
    upgrade(empty)
    add_row(empty, tables.sequences, org_id=org_id, **given, **named | {"why": Stop.BELOW_MINIMUM.value})


def test_four_replicas_migrate_at_once(empty: Engine) -> None:
    engines = [build_engine(empty.url, lock_timeout=30) for _ in range(4)]
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(upgrade, engines))
        assert is_at_head(empty)
    finally:
        for engine in engines:
            engine.dispose()


@contextmanager
def _told(words: str) -> Iterator[Event]:
    """Set when the migration has said so in its log."""
    event, log, level = Event(), migrate.log, migrate.log.level
    ears = logging.Handler()
    ears.emit = lambda record: event.set() if words in record.getMessage() else None  # type: ignore[method-assign]
    log.addHandler(ears)
    log.setLevel(logging.INFO)
    try:
        yield event
    finally:
        log.removeHandler(ears)
        log.setLevel(level)


def test_a_file_that_somebody_else_migrates_for_longer_than_statements_wait_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    engine = build_engine(f"sqlite:///{file}", lock_timeout=0.01)
    with closing(other), ThreadPoolExecutor(1) as pool, _told("not done") as refused:
        upgraded = pool.submit(upgrade, engine)
        upgraded.add_done_callback(lambda _: refused.set())
        refused.wait()
        assert not upgraded.done(), "it found the file locked, and gave up or went on"
        other.execute("ROLLBACK")
        upgraded.result()
    assert is_at_head(engine)
    engine.dispose()


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    """SQLite answers “locked” at once to all but one of those who switch a new file to WAL together."""

    def write(engine: Engine) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS t (a)")

    for round_ in range(60):
        engines = [build_engine(f"sqlite:///{tmp_path}/{round_}.db", lock_timeout=30) for _ in range(6)]
        try:
            with ThreadPoolExecutor(6) as pool:
                list(pool.map(write, engines))
        finally:
            for engine in engines:
                engine.dispose()


@pytest.mark.postgres
def test_a_migration_while_two_replicas_work_loses_and_repeats_nothing(postgres: Engine, tmp_path: Path) -> None:
    """Back and forth under their feet: they wait, or are told Busy and go on. Every mail leaves once."""
    stage = set_the_stage(postgres, make_organisation(postgres))
    for _ in range(40):
        _, contact, invoices = make_customer(postgres, stage.org_id, owner_email=stage.rita.email, synced_at=EVENING)
        stage.queued(invoice=invoices[0], contact=contact)
    stage.clock.set(AFTER)
    url = postgres.url.render_as_string(hide_password=False)
    settings = demo_settings(tmp_path, api_url="", secret="s", database_url=url, senders=2)
    migrated = Event()

    def work(loop: Loop) -> None:
        while not migrated.is_set():
            loop._beat("release", loop.release)

    with ExitStack() as stack:
        worlds = [stack.enter_context(build_world(settings, clock=stage.clock)) for _ in range(2)]
        loops = [
            Loop(replace(world, mailer=stage.mailer, rulebook=stage.rulebook), lambda org_id: pytest.fail("no notices"))
            for world in worlds
        ]
        pool = stack.enter_context(ThreadPoolExecutor(2))
        workers = [pool.submit(work, loop) for loop in loops]
        try:
            for _ in range(5):
                while not took_the_wall_down(postgres):
                    pass
                upgrade(postgres)
        finally:
            migrated.set()
        for worker in workers:
            worker.result(timeout=60)
        stage.clock.advance(minutes=2)  # a claim whose fence was Busy goes back when its lease ends
        for loop in loops:
            loop.release()
            loop.stop()
    assert Counter(row["state"] for row in stage.rows(tables.messages)) == {"sent": 40}
    assert sorted(Counter(mail.message_id for mail in stage.mailer.sent).values()) == [1] * 40
    assert stage.actions().count("nudge.sent") == 40


def took_the_wall_down(engine: Engine) -> bool:
    """The way back is not made for working replicas: it may be the one that a deadlock is solved by."""
    with suppress(OperationalError):
        downgrade(engine, WITHOUT_THE_WALL)
        return True
    return False


@pytest.mark.postgres
def test_a_migration_waits_for_a_long_reader_without_holding_up_the_others(
    postgres: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that waits for its lock stands before everybody who comes later; so it gives up and tries again."""
    monkeypatch.setattr(migrate, "_LOCK_TIMEOUT", 0.2)
    monkeypatch.setattr(migrate, "_BETWEEN_TRIES", 0.2)
    downgrade(postgres, WITHOUT_THE_WALL)
    with ThreadPoolExecutor(1) as pool, postgres.begin() as reader:
        reader.execute(select(tables.messages.c.id))
        migration = pool.submit(upgrade, postgres)
        while not read(postgres, WAITS_FOR_A_LOCK):
            assert not migration.done()
        assert read(postgres, select(tables.messages.c.id)) == []
        reader.commit()
        migration.result(timeout=60)
    assert is_at_head(postgres)


@pytest.mark.postgres
def test_a_migration_that_never_gets_its_lock_is_busy(postgres: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "_LOCK_TIMEOUT", 0.1)
    monkeypatch.setattr(migrate, "_BETWEEN_TRIES", 0.01)
    monkeypatch.setattr(migrate, "_FREE_WITHIN", 0.3)
    downgrade(postgres, WITHOUT_THE_WALL)
    with postgres.begin() as reader:
        reader.execute(select(tables.messages.c.id))
        with pytest.raises(Busy):
            upgrade(postgres)
    upgrade(postgres)
    assert is_at_head(postgres)


@pytest.mark.postgres
def test_a_revision_may_build_an_index_beside_the_work(postgres: Engine) -> None:
    with postgres.connect() as connection:
        revision = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
        with revision.begin_transaction(_per_migration=True):
            with revision.autocommit_block():
                connection.execute(text("CREATE INDEX CONCURRENTLY ix_beside ON messages (reason)"))
            connection.execute(text("DROP INDEX ix_beside"))
        connection.invalidate()  # its isolation level is alembic's


@pytest.mark.postgres
def test_older_tables_that_may_not_be_changed_are_refused(postgres: Engine) -> None:
    """A role without the right, a database that only reads: nobody starts on tables that they cannot work with."""
    downgrade(postgres, WITHOUT_THE_WALL)
    name = postgres.url.database
    with postgres.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
        connection.commit()
        with pytest.raises(NotMigrated, match="plixo migrate"):
            upgrade(postgres)
        connection.execute(text(f'ALTER DATABASE "{name}" RESET default_transaction_read_only'))
        connection.commit()
    upgrade(postgres)


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


def test_the_revisions_are_those_that_alembic_walks() -> None:
    walked = ScriptDirectory(str(Path(storage.migrations.versions.__path__[0]).parent)).walk_revisions()
    assert [script.revision for script in walked] == migrate.revisions()[::-1]


def test_words_are_learned_from_keys(database: Engine) -> None:
    org_id = make_organisation(database)
    make_account(database, org_id, name="Acme Robotics GmbH")
    make_account(database, org_id, name="Acme Shipping GmbH")
    with database.connect() as connection:
        words = select(tables.search_words.c.word).where(tables.search_words.c.org_id == org_id)
        assert set(connection.execute(words).scalars()) == {"acme", "robotics", "shipping"}
