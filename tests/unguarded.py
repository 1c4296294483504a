"""The audit log with its triggers out of the way: for whoever tampers, and for whoever begins anew in one database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

TABLES = ("audit", "audit_seals")
_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('audit', 'audit_seals')"


@contextmanager
def unguarded(engine: Engine) -> Iterator[Connection]:
    """One transaction of the tables' owner, who switches the triggers off and on again."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            for table in TABLES:
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield connection
            for table in TABLES:
                connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        triggers = connection.exec_driver_sql(_TRIGGERS).all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield connection
        for _, written in triggers:
            connection.exec_driver_sql(written)


def from_one(engine: Engine) -> None:
    """The next row of the log has the id 1: a database that was swept goes on counting."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER SEQUENCE audit_id_seq RESTART")
