"""The house rule behind `storage.scope`: stores have no other way to the database."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import SelectBase

import storage.stores
from domain.ports import UnitOfWorkFactory
from storage import inspection, tables
from storage.scope import ORG, Scope, UnscopedStatement, require_scoped

STORES = sorted(module.name for module in pkgutil.iter_modules(storage.stores.__path__))
OUTSIDE = {"organisations", "slack_teams", "heartbeats"}
"""Tables of the installation, not of an organisation. Whoever adds one here explains it in `storage.directory`."""


def test_every_other_table_belongs_to_an_organisation() -> None:
    assert {table.name for table in tables.metadata.tables.values()} - OUTSIDE == {t.name for t in tables.SCOPED}
    assert all(not table.c.org_id.nullable for table in tables.SCOPED)


def test_every_reference_between_them_carries_the_organisation() -> None:
    for table in tables.SCOPED:
        for reference in table.foreign_key_constraints:
            if reference.referred_table in tables.SCOPED:
                assert "org_id" in reference.column_keys, f"{table.name} → {reference.referred_table.name}"


def test_every_unique_rule_is_one_of_an_organisation() -> None:
    for table in tables.SCOPED:
        for constraint in table.constraints | table.indexes:
            is_unique = getattr(constraint, "unique", False) or type(constraint).__name__ == "UniqueConstraint"
            if is_unique:
                assert "org_id" in constraint.columns, f"{table.name}: {constraint.name}"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", STORES)
def test_a_store_sees_no_connection_and_writes_no_sql_by_hand(name: str) -> None:
    source = Path(storage.stores.__path__[0], f"{name}.py").read_text()
    imported = {
        alias.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert not imported & {"text", "Connection", "Engine", "Session", "create_engine", "TextClause", "build_engine"}
    assert "_connection" not in source
    assert "exec_driver_sql" not in source


@pytest.mark.parametrize("name", STORES)
def test_every_statement_a_store_keeps_is_tied(name: str) -> None:
    for value in vars(importlib.import_module(f"storage.stores.{name}")).values():
        for statement in value.values() if isinstance(value, dict) else [value]:
            if isinstance(statement, (SelectBase, UpdateBase)):
                require_scoped(statement)


def test_the_scope_refuses_before_anything_runs(database: Engine, organisation: int, uow: UnitOfWorkFactory) -> None:
    with database.begin() as connection:
        ours = Scope(connection, organisation)
        with pytest.raises(UnscopedStatement):
            ours.execute(select(tables.accounts))
        with pytest.raises(UnscopedStatement):
            ours.insert(tables.accounts, {"org_id": organisation + 1, "name": "x", "external_id": "x"})
        with pytest.raises(UnscopedStatement):
            ours.insert_many(tables.slack_teams, [{"team_id": "T1"}])


def test_nobody_gives_the_organisation_but_the_scope(
    database: Engine, organisation: int, other_organisation: int
) -> None:
    with database.begin() as connection:
        named = select(tables.organisations.c.name).where(tables.organisations.c.id == ORG)
        tricked = Scope(connection, organisation).execute(named, {"org": other_organisation})
        assert tricked.scalar_one() == "Northwind"


def test_without_the_check_this_file_would_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests above are worth something: with the inspection gone, loose statements pass."""
    passed: list[Any] = []
    monkeypatch.setattr(inspection._Inspection, "walk", lambda *_: passed.append(1))
    monkeypatch.setattr(inspection, "_structures", {})
    require_scoped(select(tables.payments.c.id))
    assert passed
