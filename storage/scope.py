"""One transaction of one organisation: what stores get instead of a connection.

Every statement is looked at before it runs (once for each structure): each table it touches must be tied to the
organisation by a condition that cannot be argued away, or it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Insert, Table, bindparam, insert, select
from sqlalchemy.sql.base import Executable

from storage.inspection import require_scoped
from storage.sets import rows_given, rows_text
from storage.ties import ORG, UnscopedStatement

__all__ = ["ORG", "Scope", "UnscopedStatement", "require_scoped"]


class Scope:
    """Runs statements for one organisation inside one open transaction."""

    __slots__ = ("_connection", "org_id")

    def __init__(self, connection: Connection, org_id: int) -> None:
        self._connection = connection
        self.org_id = org_id

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._connection.dialect.name

    def hold_still(self) -> None:
        """From here on the transaction sees what was committed at one instant. Before its first statement.

        On SQLite nobody writes meanwhile anyway; on PostgreSQL each statement would see what came before it alone.
        """
        if self.dialect == "postgresql":
            self._connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    def execute(self, statement: Executable, params: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        """Run a statement; `:org` is bound here. Raises UnscopedStatement."""
        require_scoped(statement)
        return self._connection.execute(statement, {**(params or {}), "org": self.org_id})

    def insert(self, table: Table, values: Mapping[str, Any]) -> int:
        """Add one row of this organisation and return its id."""
        statement = _insert(table, tuple(values)).returning(table.c.id)
        return int(self.execute(statement, {f"v_{name}": value for name, value in values.items()}).scalar_one())

    def insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows of this organisation, all with the same columns, by one statement whatever their number."""
        if rows:
            statement = _insert_set(self.dialect, table, tuple(rows[0]))
            self.execute(statement, {"rows": rows_text(self.dialect, rows)})


def _insert(table: Table, columns: tuple[str, ...]) -> Insert:
    _refuse_org(table, columns)
    values = {table.c[name]: bindparam(f"v_{name}", type_=table.c[name].type) for name in columns}
    return insert(table).values({table.c.org_id: ORG, **values})


def _refuse_org(table: Table, columns: tuple[str, ...]) -> None:
    if "org_id" in columns:
        raise UnscopedStatement(f"The organisation of a row of {table.name} is not the caller's to give.")


@cache
def _insert_set(dialect: str, table: Table, columns: tuple[str, ...]) -> Insert:
    _refuse_org(table, columns)
    given = rows_given(dialect, "rows", {name: table.c[name].type for name in columns})
    return insert(table).from_select(["org_id", *columns], select(ORG, *given.values()))
