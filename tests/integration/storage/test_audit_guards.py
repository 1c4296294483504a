"""The database keeps the audit log as it was written, whoever asks it for something else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from domain.ports import UnitOfWorkFactory
from domain.usecases.seal_audit import seal_audit
from sandbox.clock import MovableClock
from tests.factories import NOON
from tests.unguarded import from_one

STAYS = "the audit log is append-only"
STRAY = {
    "an update": "UPDATE audit SET subject = 'x' WHERE id = 1",
    "an update of everything": "UPDATE audit SET after = NULL",
    "a delete": "DELETE FROM audit WHERE id = 1",
    "a delete of everything": "DELETE FROM audit",
    "a changed seal": "UPDATE audit_seals SET hash = 'x'",
    "a seal that is taken away": "DELETE FROM audit_seals",
    "a seal that is said to be dropped and changed with it": (
        "UPDATE audit_seals SET dropped_at = sealed_at, marks = marks, hash = 'x'"
    ),
    "a seal that is said to be dropped and keeps its marks": "UPDATE audit_seals SET dropped_at = sealed_at",
}
ON_POSTGRESQL = {
    "a truncate": "TRUNCATE audit",
    "a truncate of seals": "TRUNCATE audit_seals",
    "a truncate of what it refers to": "TRUNCATE accounts CASCADE",
    "an upsert": (
        "INSERT INTO audit (id, org_id, at, action, subject) SELECT id, org_id, at, 'x', 'x' FROM audit"
        " ON CONFLICT (id) DO UPDATE SET subject = 'x'"
    ),
}
ON_SQLITE = {
    "a replace": (
        "INSERT OR REPLACE INTO audit (id, org_id, at, action, subject) SELECT id, org_id, at, 'x', 'x' FROM audit"
    ),
    "a replaced seal": "INSERT OR REPLACE INTO audit_seals SELECT * FROM audit_seals",
}


@pytest.fixture(autouse=True)
def written(database: Engine, uow: UnitOfWorkFactory) -> None:
    """Two sealed rows, 1 and 2."""
    from_one(database)
    for _ in range(2):
        with uow() as work:
            work.audit.record("nudge.held", at=NOON, actor_id=None, subject="nudge:1", after={"state": "held"})
        seal_audit(uow=uow, clock=MovableClock(start=NOON, frozen=True), block=1)


def refused(database: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError, match=STAYS), database.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("statement", STRAY.values(), ids=STRAY)
def test_a_stray_statement_is_refused(database: Engine, statement: str) -> None:
    refused(database, statement)


@pytest.mark.postgres
@pytest.mark.parametrize("statement", ON_POSTGRESQL.values(), ids=ON_POSTGRESQL)
def test_what_postgresql_has_besides_is_refused(postgres: Engine, statement: str, database: Engine) -> None:
    if database is not postgres:
        pytest.skip("Written to the other database.")
    refused(postgres, statement)


@pytest.mark.parametrize("statement", ON_SQLITE.values(), ids=ON_SQLITE)
def test_what_sqlite_has_besides_is_refused(database: Engine, statement: str) -> None:
    if database.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE.")
    refused(database, statement)


def test_a_second_seal_after_the_same_block_is_let_go(database: Engine, uow: UnitOfWorkFactory) -> None:
    with uow() as work:
        last = work.seals.last()
        assert last is not None
        assert not work.seals.add(last)
    with database.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit_seals").scalar_one() == 2


def test_rows_of_a_block_that_is_marked_as_dropped_can_go_and_no_others(
    database: Engine, uow: UnitOfWorkFactory
) -> None:
    with uow() as work:
        first = work.seals.after(None)
        assert first is not None
        assert work.seals.drop(first, at=NOON + timedelta(days=1))
        assert not work.seals.drop(first, at=NOON + timedelta(days=1))
    with database.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit").scalar_one() == 1
    refused(database, "DELETE FROM audit")
