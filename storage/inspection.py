"""Looks at a statement before it runs: is every table it touches tied to the organisation?

A table is tied by `org_id = :org`, or by equality with a column that is, in conditions that always hold: in a WHERE or
an inner join's ON, joined by AND. What the inspection does not know, it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from weakref import WeakSet

from sqlalchemy import (
    CTE,
    Delete,
    FromClause,
    Insert,
    Select,
    Subquery,
    Table,
    Update,
)
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import ClauseElement, ColumnClause, TextClause
from sqlalchemy.sql.selectable import (
    CompoundSelect,
    GenerativeSelect,
    Lateral,
    SelectBase,
    TextualSelect,
)
from sqlalchemy.sql.visitors import HasTraverseInternals

from storage import tables
from storage.ties import Froms, Ties, UnscopedStatement, is_org, open_joins, org_column

_PLAIN_LITERAL = re.compile(r"'[a-z_]*'|\d+|\*")
_KEPT = 2_000


# Statements that passed: themselves, and the structures of those that are built anew each time.
_passed: WeakSet[Executable] = WeakSet()
_structures: dict[object, None] = {}


def require_scoped(statement: Executable) -> None:
    """Raise UnscopedStatement unless every table of the statement is tied to `:org`."""
    if statement in _passed:
        return
    key = statement._generate_cache_key() if isinstance(statement, ClauseElement) else None
    structure = key.key if key is not None else None
    if structure is None or structure not in _structures:
        _Inspection().walk(statement, frozenset())
        if structure is not None:
            while len(_structures) >= _KEPT:
                _structures.pop(next(iter(_structures)), None)
            _structures[structure] = None
    _passed.add(statement)


class _Inspection:
    """Walks one statement. `outer` are FROM elements of enclosing statements that a subquery may refer to."""

    def walk(self, node: object, outer: Froms) -> None:
        match node:
            case TextClause() | TextualSelect():
                raise UnscopedStatement("Written-out SQL cannot be checked; build the statement from the tables.")
            case Select():
                self._select(node, outer)
            case CompoundSelect():
                for part in node.selects:
                    self.walk(part, outer)
                self._children(node, outer, skip=frozenset(node.selects))
            case Update() | Delete():
                self._change(node, outer)
            case Insert():
                self._insert(node)
            case Lateral():
                inner = node.element
                self.walk(inner.element if isinstance(inner, Subquery) else inner, outer)
            case Subquery() | CTE():
                # A derived table does not see its neighbours: what stands in it is tied down in it.
                self.walk(node.element, frozenset())
            case Table():
                return
            case ColumnClause() if node.is_literal:
                if not _PLAIN_LITERAL.fullmatch(node.name):
                    raise UnscopedStatement(f"The literal {node.name} could hold anything; only words and numbers may.")
            case HasTraverseInternals():
                self._children(node, outer)
            case _:
                raise UnscopedStatement(f"A {type(node).__name__} is not a statement we can check.")

    def _children(self, node: HasTraverseInternals, outer: Froms, skip: frozenset[object] = frozenset()) -> None:
        for child in node.get_children():
            if child not in skip:
                self.walk(child, outer)

    def _select(self, select: Select[Any], outer: Froms) -> None:
        own = [part for part in select.get_final_froms() if not _is_correlated(select, part, outer)]
        tied = Ties()
        members: list[FromClause] = []
        for part in own:
            members += open_joins(part, tied)
        tied.learn(select._where_criteria)
        tied.require(members, outer)
        self._children(select, outer | frozenset(members))

    def _change(self, statement: Update | Delete, outer: Froms) -> None:
        target = statement.table
        assert isinstance(target, FromClause)
        if org_column(target) is None:
            raise UnscopedStatement("What belongs to no organisation is the directory's to write.")
        members: list[FromClause] = [target]
        tied = Ties()
        for member in _named_froms(statement):
            if member not in members and member not in outer:
                members += open_joins(member, tied)
                self.walk(member, frozenset())
        if isinstance(statement, Update):
            names = {getattr(column, "key", column) for column in _values(statement)}
            if "org_id" in names:
                raise UnscopedStatement("A row does not change its organisation.")
        tied.learn(statement._where_criteria)
        tied.require(members, outer)
        self._children(statement, outer | frozenset(members))

    def _insert(self, statement: Insert) -> None:
        table = statement.table
        if org_column(table) is None or table is tables.organisations:
            raise UnscopedStatement("Rows of this table are not added by an organisation.")
        if statement._multi_values or (statement._values is None and statement.select is None):
            raise UnscopedStatement("Give an insert its values by name, the organisation as :org.")
        if statement.select is not None:
            self._insert_from(statement, statement.select)
        elif not any(
            getattr(column, "key", column) == "org_id" and is_org(value) for column, value in _values(statement).items()
        ):
            raise UnscopedStatement(f"A row of {table} would be added without :org.")
        conflict = statement._post_values_clause
        if conflict is not None and type(conflict).__name__ != "OnConflictDoNothing":
            named = getattr(conflict, "inferred_target_elements", None) or ()
            if "org_id" not in {getattr(column, "key", column) for column in named}:
                raise UnscopedStatement("An upsert must find its row by the organisation as well.")
        self._children(statement, frozenset([table]))

    def _insert_from(self, statement: Insert, source: SelectBase) -> None:
        names = list(statement._select_names or ())
        if not isinstance(source, Select) or "org_id" not in names:
            raise UnscopedStatement("An insert from a select must name org_id and take it from one plain select.")
        given = list(source.selected_columns)[names.index("org_id")]
        given = getattr(given, "element", given) if type(given).__name__ == "Label" else given
        tied = Ties()
        for part in source.get_final_froms():
            open_joins(part, tied)
        tied.learn(source._where_criteria)
        if not (is_org(given) or tied.is_tied(given)):
            raise UnscopedStatement("An insert from a select would copy rows under another organisation.")


def _values(statement: Update | Insert) -> dict[Any, Any]:
    found = dict(statement._values or {})
    found.update(dict(getattr(statement, "_ordered_values", None) or ()))
    return found


def _is_correlated(select: Select[Any], part: FromClause, outer: Froms) -> bool:
    """Whether SQLAlchemy leaves `part` to the enclosing statement instead of listing it again."""
    if part not in outer:
        return False
    if select._correlate:
        return part in select._correlate
    if select._correlate_except is not None:
        return part not in select._correlate_except
    return bool(select._auto_correlate)


def _named_froms(statement: UpdateBase) -> Iterable[FromClause]:
    """FROM elements that an UPDATE or DELETE draws in by naming their columns, subqueries apart."""
    found: dict[FromClause, None] = {}
    stack: list[Any] = [child for child in statement.get_children() if not isinstance(child, FromClause)]
    while stack:
        node = stack.pop()
        if isinstance(node, (GenerativeSelect, FromClause)):
            continue
        table = getattr(node, "table", None) if isinstance(node, ColumnClause) else None
        if isinstance(table, FromClause):
            found[table] = None
        stack.extend(node.get_children())
    return found
