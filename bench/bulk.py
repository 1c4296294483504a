"""How many rows enter a database fast: COPY or `executemany`, no references checked, statistics at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, text

from storage import tables

Row = Sequence[Any]


def put(connection: Connection, name: str, columns: str, rows: Iterable[Row]) -> None:
    names = columns.split()
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    driver.executemany(f"INSERT INTO {name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", rows)


def loosen(connection: Connection) -> None:
    """This connection alone checks no references and may take as long as it takes.

    PostgreSQL wants a superuser, whom row-level security does not bind either: COPY refuses to work below it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET ROLE postgres; SET session_replication_role = replica; SET statement_timeout = 0"))
        connection.commit()
    else:
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("PRAGMA synchronous = OFF")


def learn_words(connection: Connection, org_id: int) -> None:
    """What the trigger does for every statement; as a replica PostgreSQL does not fire it. SQLite's has run."""
    if connection.dialect.name == "postgresql":
        words = (
            select(tables.account_keys.c.org_id, tables.account_keys.c.folded)
            .where(tables.account_keys.c.org_id == org_id, tables.account_keys.c.kind == "word")
            .distinct()
        )
        connection.execute(insert(tables.search_words).from_select(["org_id", "word"], words))


def count_on(connection: Connection) -> None:
    """New rows get ids above the loaded ones; SQLite sees to that by itself."""
    if connection.dialect.name == "postgresql":
        for name in ("accounts", "contacts", "invoices"):
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), greatest(max(id), 1)) FROM {name}")
            )


def settle(connection: Connection) -> None:
    """Statistics, and on PostgreSQL hint bits and the visibility map: what autovacuum would have done by now."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql":
        driver.autocommit = True
        driver.execute("VACUUM (ANALYZE)")
        driver.execute("CHECKPOINT")
    else:
        driver.execute("ANALYZE")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
