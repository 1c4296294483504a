"""What the two databases spell differently: upserts, and a set of rows given as one parameter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Dialect,
    Integer,
    Select,
    Table,
    Text,
    TypeDecorator,
    any_,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy import column as typed
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

DIALECTS = ("sqlite", "postgresql")


def upsert(dialect: str, table: Table) -> Any:
    """An insert that knows ON CONFLICT."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def is_one_of(dialect: str, column: ColumnElement[Any], ids: Select[Any]) -> ColumnElement[bool]:
    """Whether the column is one of the selected ids, which are picked and locked once.

    PostgreSQL may run an IN-subselect more than once and take more rows than its limit; and joined to a CTE, a plan
    made without values reads the whole table, because it does not know the limit. An array of a CTE does neither.
    """
    if dialect != "postgresql":
        return column.in_(ids)
    picked = ids.with_for_update(skip_locked=True).cte("picked").prefix_with("MATERIALIZED")
    gathered = func.array(select(picked.c[0]).scalar_subquery(), type_=postgresql.ARRAY(column.type))
    return column == any_(gathered)


def rows_given(dialect: str, name: str, types: Mapping[str, TypeEngine[Any]]) -> dict[str, ColumnElement[Any]]:
    """Columns of a set of rows that comes as the one JSON parameter `name`, whatever its size.

    One statement text for any batch: it is prepared once and its plan stays. Fill it with `rows_text`.
    """
    if dialect == "postgresql":
        given: BindParameter[Any] = bindparam(name, type_=Text())
        derived = (
            func.jsonb_to_recordset(given.cast(postgresql.JSONB()))
            .table_valued(*(typed(key, kind) for key, kind in types.items()), name="given")
            .render_derived(with_types=True)
        )
        return dict(derived.c.items())
    each = func.json_each(bindparam(name, type_=Text())).table_valued("value", name="given")
    return {
        key: func.json_extract(each.c.value, bindparam(None, f"$.{key}", type_=Text()), type_=kind)
        for key, kind in types.items()
    }


class Several(TypeDecorator[Any]):
    """Several whole numbers or texts as one parameter, whatever their count."""

    impl = Text
    cache_ok = True

    def __init__(self, one: TypeEngine[Any]) -> None:
        super().__init__()
        self.one = one

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return postgresql.ARRAY(self.one) if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        distinct = sorted(set(value or ()))
        return distinct if dialect.name == "postgresql" else json.dumps(distinct)


class among(FunctionElement[bool]):
    """Whether the column is one of the values in the parameter `name`.

    An IN with a place for each value is another statement for every count, planned anew each time; this is one.
    """

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        super().__init__(column, bindparam(name, type_=Several(column.type)))

    def self_group(self, against: Any = None) -> among:
        """As it is: SQLAlchemy would ask SQLite whether it is `= 1`, and no index answers that."""
        return self


@compiles(among)
def _any_of_array(element: among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(part, **how) for part in element.clauses)
    return f"({column} = ANY ({values}))"


@compiles(among, "sqlite")
def _in_json(element: among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(part, **how) for part in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({values})))"


def each_given(dialect: str, name: str, *, type_: TypeEngine[Any]) -> ColumnElement[Any]:
    """A column of the values in the parameter `name`, each once, to join with."""
    values = bindparam(name, type_=Several(type_))
    if dialect == "postgresql":
        return func.unnest(values, type_=type_).table_valued("value").render_derived(name=f"each_of_{name}").c.value
    return func.json_each(values).table_valued(typed("value", type_), name=f"each_of_{name}").c.value


def for_each(dialect: str, read: Select[Any], column: ColumnElement[Any], name: str) -> Select[Any]:
    """What `read` finds where `column` is one of the values in the parameter `name`, in no order.

    For sets that are large by themselves, such as a page of customers, and tables that grow faster than PostgreSQL
    counts them. It believes that an organisation which had no row a minute ago has one, and then reads all that it has
    to find a page's. The fence (OFFSET 0) leaves it one way: to look up value after value.
    """
    if dialect != "postgresql":
        return read.where(among(column, name))
    values = bindparam(name, type_=Several(column.type))
    wanted = func.unnest(values, type_=column.type).table_valued("value").render_derived(name="wanted")
    found = read.where(column == wanted.c.value).offset(literal_column("0")).lateral("found")
    return select(*found.c).select_from(wanted.join(found, true()))


class days_between(FunctionElement[int]):
    """Whole days from the second date to the first."""

    inherit_cache = True
    type = Integer()


@compiles(days_between)
def _minus(element: days_between, compiler: SQLCompiler, **how: Any) -> str:
    later, earlier = (compiler.process(part, **how) for part in element.clauses)
    return f"({later} - {earlier})"


@compiles(days_between, "sqlite")
def _julian(element: days_between, compiler: SQLCompiler, **how: Any) -> str:
    later, earlier = (compiler.process(part, **how) for part in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


class least(FunctionElement[int]):
    """The smallest of several whole numbers, none of which is NULL."""

    inherit_cache = True
    type = Integer()


@compiles(least)
def _least(element: least, compiler: SQLCompiler, **how: Any) -> str:
    return f"least({compiler.process(element.clauses, **how)})"


@compiles(least, "sqlite")
def _min(element: least, compiler: SQLCompiler, **how: Any) -> str:
    return f"min({compiler.process(element.clauses, **how)})"


class bytewise(FunctionElement[str]):
    """A text as Python sorts it, whatever the database's own order."""

    inherit_cache = True
    type = Text()


@compiles(bytewise)
def _in_c(element: bytewise, compiler: SQLCompiler, **how: Any) -> str:
    return f'({compiler.process(element.clauses, **how)} COLLATE "C")'


@compiles(bytewise, "sqlite")
def _as_it_is(element: bytewise, compiler: SQLCompiler, **how: Any) -> str:
    return f"({compiler.process(element.clauses, **how)})"


def rows_text(dialect: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """The parameter for `rows_given`. Values are JSON's own (a StrEnum is a text), instants or days."""
    # The encoder asks for a spelling only of what it does not know, which is faster than looking at every value.
    return json.dumps(list(rows), default=_SPELLINGS[dialect], check_circular=False)


# A batch says the same instant again and again.
@lru_cache(maxsize=256)
def _spelt_for_postgresql(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A {type(value).__name__} is not stored in sets.")


@lru_cache(maxsize=256)
def _spelt_for_sqlite(value: object) -> str:
    if isinstance(value, datetime):
        # SQLite compares instants as text: exactly the form in which SQLAlchemy writes them.
        return f"{value.astimezone(UTC).replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"
    return _spelt_for_postgresql(value)


_SPELLINGS = {"postgresql": _spelt_for_postgresql, "sqlite": _spelt_for_sqlite}
