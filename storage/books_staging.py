"""Temporary tables a batch of rows is loaded into, so that the books are written by a handful of statements.

They belong to one connection and to no organisation; every statement that touches the books' own tables names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Date, Integer, MetaData, String, Table, Text

from storage.tables import Key, Minor
from storage.types import UtcDateTime

metadata = MetaData()


def _staged(name: str, *columns: Column[Any]) -> Table:
    return Table(name, metadata, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DELETE ROWS")


def _text(name: str, *, key: bool = False) -> Column[Any]:
    return Column(name, Text, primary_key=key)


def _row() -> Column[Any]:
    return Column("row", Integer, nullable=False)


customers = _staged(
    "staged_customers",
    _row(),
    _text("external_id"),
    _text("name"),
    _text("spare_name"),
    _text("domain"),
    _text("country"),
    _text("region"),
    _text("zone"),
    _text("industry"),
    _text("owner_email"),
    Column("renewal_on", Date),
    _text("legal_hold"),
    _text("risk"),
)

contacts = _staged(
    "staged_contacts",
    _row(),
    _text("customer_id"),
    _text("email"),
    _text("name"),
    Column("is_primary", Boolean),
    _text("zone"),
)

invoices = _staged(
    "staged_invoices",
    _row(),
    _text("customer_id"),
    _text("number"),
    Column("issued_on", Date),
    Column("due_on", Date),
    Column("currency", String(3)),
    Column("amount", Minor),
    Column("balance", Minor),
    _text("state"),
    Column("paid_on", Date),
    _text("url"),
    Column("url_expires_at", UtcDateTime),
    Column("is_disputed", Boolean),
)

payments = _staged(
    "staged_payments",
    _row(),
    _text("customer_id"),
    _text("external_id"),
    _text("invoice_number"),
    Column("received_on", Date),
    Column("currency", String(3)),
    Column("amount", Minor),
    _text("reference"),
)

notes = _staged(
    "staged_notes",
    _row(),
    _text("customer_id"),
    _text("external_id"),
    _text("department"),
    _text("author"),
    _text("body"),
    Column("written_at", UtcDateTime),
)

keys = _staged("staged_keys", Column("account_id", Key, index=True), _text("kind"), _text("shown"), _text("folded"))


def _kept(name: str, *columns: Column[Any]) -> Table:
    return Table(name, metadata, *columns, prefixes=["TEMPORARY"])


seen_customers = _kept("seen_customers", _text("external_id", key=True))
"""Customers the file has named so far."""

seen_contacts = _kept("seen_contacts", _text("customer_id", key=True), _text("email", key=True))

known_disputes = _kept(
    "known_disputes", Column("invoice_id", Key, index=True), Column("dispute_id", Key), _text("reason")
)
"""Disputes that stand in the way of opening another, as they were before the file's first batch."""


def prepare(connection: Connection) -> None:
    """The temporary tables, and fresh statistics: the planner knows nothing yet of rows that the last file wrote."""
    metadata.create_all(connection, checkfirst=False)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE accounts, account_keys, contacts, invoices, pay_links, payments")


def load(connection: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Replace the table's rows. COPY on PostgreSQL, one prepared statement on SQLite."""
    names = [column.name for column in table.columns]
    quoted = ", ".join(f'"{name}"' for name in names)
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"TRUNCATE {table.name}")
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({quoted}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.exec_driver_sql(f"ANALYZE {table.name}")
        return
    connection.exec_driver_sql(f"DELETE FROM {table.name}")
    marks = ", ".join("?" * len(names))
    driver.executemany(f"INSERT INTO {table.name} ({quoted}) VALUES ({marks})", _as_sqlite_keeps(rows))


def _as_sqlite_keeps(rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """Days and instants as SQLAlchemy's types write them, so that staged and stored values compare as text."""
    for row in rows:
        yield [value if type(value) is str or type(value) is int or value is None else _as_text(value) for value in row]


def _as_text(value: Any) -> Any:
    if type(value) is datetime:
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value.isoformat() if type(value) is date else value
