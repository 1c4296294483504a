"""Lists that App Home shows a page of, each with the number of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, and_, bindparam, func, literal_column, select

from domain.homing import MOST_COUNTED, Cut
from storage.scope import ORG
from storage.tables.base import Key

_LIMIT, _START = bindparam("v_limit", type_=Key), bindparam("v_start", type_=Key)


def tied(table: Any, column: Any) -> Any:
    """The row of this organisation that the column refers to."""
    return and_(table.c.org_id == ORG, table.c.id == column)


def counted(table: Any, *conditions: Any) -> Any:
    """How many rows there are, counted to MOST_COUNTED at most."""
    few = (
        select(literal_column("1"))
        .select_from(table)
        .where(table.c.org_id == ORG, *conditions)
        .limit(literal_column(str(MOST_COUNTED)))
        .subquery()
    )
    return select(func.count()).select_from(few).scalar_subquery().label("total")


def page(statement: Select[Any], table: Any, *conditions: Any) -> Select[Any]:
    """The statement's rows from `v_start` on, `v_limit` of them, each with the number of all."""
    narrowed = statement.where(table.c.org_id == ORG, *conditions).add_columns(counted(table, *conditions))
    return narrowed.limit(_LIMIT).offset(_START)


def in_literals(column: Any, *values: str) -> Any:
    return column.in_([literal_column(f"'{value}'") for value in values])


def cut_of(rows: Sequence[RowMapping], lines: tuple[Any, ...], start: int) -> Cut[Any]:
    return Cut(lines, int(rows[0]["total"]) if rows else 0, start)
