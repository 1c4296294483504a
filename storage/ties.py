"""What ties the rows of a statement to the organisation: which of its columns must equal `:org`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import CTE, Alias, BindParameter, ColumnElement, FromClause, Join, Subquery, Table, bindparam
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ColumnClause
from sqlalchemy.sql.operators import and_ as and_operator
from sqlalchemy.sql.operators import eq
from sqlalchemy.sql.selectable import TableClause, TableSample, TableValuedAlias

from storage import tables

ORG: BindParameter[int] = bindparam("org", type_=tables.organisations.c.id.type)
"""The organisation in a statement. Only `Scope` gives it a value."""

Froms = frozenset[FromClause]


class UnscopedStatement(Exception):
    """A statement could have reached another organisation's rows. A programming error; nothing ran."""


def _table_of(element: FromClause) -> Table | None:
    """The table behind a FROM element, when it is a table or an alias of one."""
    if isinstance(element, (Alias, TableSample)) and not isinstance(element, (Subquery, CTE, TableValuedAlias)):
        return _table_of(element.element)
    return element if isinstance(element, Table) else None


def org_column(element: FromClause) -> ColumnElement[Any] | None:
    """The column of a FROM element that must equal `:org`; None for what holds no rows of its own."""
    table = _table_of(element)
    if table is None:
        if type(element) is TableClause:
            raise UnscopedStatement(f"{element.name} is not one of our tables.")
        return None
    if table is tables.heartbeats:
        return None  # when the installation's jobs looked: nobody's rows, and nothing of anybody in them
    if table is tables.organisations:
        return element.c.id
    if table in tables.SCOPED or table is tables.search_words_text:
        return element.c.org_id
    raise UnscopedStatement(f"{table.name} does not belong to one organisation; it is the directory's.")


def is_org(value: object) -> bool:
    return isinstance(value, BindParameter) and value.key == ORG.key


def open_joins(part: FromClause, tied: Ties) -> list[FromClause]:
    """The members of a (nested) join; what its ON conditions guarantee goes to `tied`."""
    if not isinstance(part, Join):
        return [part]
    members = [*open_joins(part.left, tied), *open_joins(part.right, tied)]
    if not part.isouter and not part.full:
        tied.learn([part.onclause])
    elif not part.full:
        # An outer join's condition limits its right side only; the left side's rows all stay.
        tied.learn([part.onclause], only=open_joins(part.right, Ties()))
    return members


class Ties:
    """Which columns equal `:org` or each other, by conditions that always hold."""

    def __init__(self) -> None:
        self._bound: set[ColumnElement[Any]] = set()
        self._equal: list[tuple[ColumnElement[Any], ColumnElement[Any], list[FromClause] | None]] = []

    def learn(self, conditions: Iterable[object], only: list[FromClause] | None = None) -> None:
        for condition in conditions:
            if isinstance(condition, BooleanClauseList):
                if condition.operator is and_operator:
                    self.learn(condition.clauses, only)
            elif hasattr(condition, "element") and type(condition).__name__ == "Grouping":
                self.learn([condition.element], only)
            elif isinstance(condition, BinaryExpression) and condition.operator is eq:
                self._equality(condition.left, condition.right, only)
                self._equality(condition.right, condition.left, only)

    def _equality(self, column: object, other: object, only: list[FromClause] | None) -> None:
        if not isinstance(column, ColumnClause) or (only is not None and column.table not in only):
            return
        if is_org(other):
            self._bound.add(column)
        elif isinstance(other, ColumnClause):
            self._equal.append((column, other, only))

    def is_tied(self, column: object) -> bool:
        return isinstance(column, ColumnElement) and column in self._all(frozenset())

    def _all(self, outer: Froms) -> set[ColumnElement[Any]]:
        tied = set(self._bound)
        for element in outer:
            if (column := org_column(element)) is not None:
                tied.add(column)  # the enclosing statement was made to tie it
        grown = True
        while grown:
            grown = False
            for column, other, _only in self._equal:
                if other in tied and column not in tied:
                    tied.add(column)
                    grown = True
        return tied

    def require(self, members: Iterable[FromClause], outer: Froms) -> None:
        members = list(members)
        # What the statement lists itself is a row of its own, even when the enclosing one lists it too.
        tied = self._all(outer.difference(members))
        for member in members:
            column = org_column(member)
            if column is not None and column not in tied:
                raise UnscopedStatement(f"{_table_of(member)} is read or changed without its organisation.")
