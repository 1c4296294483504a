"""Several reads as one statement: one round trip, one plan, one snapshot, whatever their number.

A card is made of a dozen small reads. One by one, the way to the database and back and the work of sending each of
them cost several times what the database itself does. Here each read gives its rows as one JSON array, in the order
that it asks for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, Select, Text, cast, func, select
from sqlalchemy.types import TypeEngine

from storage.scope import Scope
from storage.types import UtcDateTime

Read = Select[Any] | Callable[[str], Select[Any]]
"""A statement, or what gives it for a dialect."""
Row = dict[str, Any]
Decoder = Callable[[Any], Any]


class Together:
    """Named reads that always run together. Their parameters are shared: the same name has the same value in all."""

    def __init__(self, reads: Mapping[str, Read]) -> None:
        self._statements: dict[str, Select[Any]] = {}
        for dialect, array in (("sqlite", _sqlite_array), ("postgresql", _postgres_array)):
            parts = {name: (read(dialect) if callable(read) else read).subquery(name) for name, read in reads.items()}
            self._statements[dialect] = select(
                *(select(array(part.c)).select_from(part).scalar_subquery().label(name) for name, part in parts.items())
            )
            self._columns = {
                name: [(column.key, _decoder(column.type)) for column in part.c] for name, part in parts.items()
            }

    def read(self, scope: Scope, params: Mapping[str, Any]) -> dict[str, list[Row]]:
        """The rows of each read, as mappings from the names of its columns."""
        found = scope.execute(self._statements[scope.dialect], params).mappings().one()
        return {name: list(_rows(json.loads(found[name]), columns)) for name, columns in self._columns.items()}


@cache
def together(*reads: tuple[str, Read]) -> Together:
    """The same reads are put together once."""
    return Together(dict(reads))


def _rows(lines: list[list[Any]], columns: list[tuple[str, Decoder | None]]) -> list[Row]:
    names = [name for name, _ in columns]
    decoded = [(at, decode) for at, (_, decode) in enumerate(columns) if decode is not None]
    for line in lines:
        for at, decode in decoded:
            if line[at] is not None:
                line[at] = decode(line[at])
    return [dict(zip(names, line, strict=True)) for line in lines]


def _postgres_array(columns: Any) -> ColumnElement[Any]:
    lines = func.json_agg(func.json_build_array(*columns))
    return cast(func.coalesce(lines, func.json_build_array()), Text())


def _sqlite_array(columns: Any) -> ColumnElement[Any]:
    return func.json_group_array(func.json_array(*columns), type_=Text())


def _decoder(kind: TypeEngine[Any]) -> Decoder | None:
    """How a value comes back from JSON; None where it is what it was."""
    if isinstance(kind, UtcDateTime):
        return _instant
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, Boolean):
        return bool
    return None


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
