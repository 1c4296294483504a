"""One batch on its way into the books: staging, refusing, updating what differs, inserting what is new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from domain.receivables import Problem, Tally
from storage import books_staging as staged
from storage.tables import accounts

_AT_ONCE = 500


class Batch:
    """One transaction's work. `tally` is right once it is committed."""

    def __init__(self, connection: Connection, *, org_id: int, at: datetime) -> None:
        self.connection = connection
        self.org_id = org_id
        self.at = at
        self.tally = Tally()

    def load(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        staged.load(self.connection, table, rows)

    def customer(self, load: Table) -> ColumnElement[bool]:
        """Joins a staged row with its customer's account."""
        return and_(accounts.c.org_id == self.org_id, accounts.c.external_id == load.c.customer_id)

    def refuse(self, load: Table, problems: Sequence[Problem]) -> None:
        """Take rows out of the batch and say why."""
        self.tally.problems.extend(problems)
        rows = [problem.row for problem in problems]
        for at in range(0, len(rows), _AT_ONCE):
            some = rows[at : at + _AT_ONCE]
            self.connection.execute(
                delete(load).where(load.c.row.in_(bindparam("rows", expanding=True))), {"rows": some}
            )

    def refuse_unknown_customers(self, load: Table) -> None:
        """And remember the others as customers this file has named."""
        unknown = self.connection.execute(
            select(load.c.row, load.c.customer_id)
            .outerjoin(accounts, self.customer(load))
            .where(accounts.c.id.is_(None))
        )
        self.refuse(
            load,
            [
                Problem(
                    row, "customer_id", f"There is no customer {known}: import the customers first, or correct the id."
                )
                for row, known in unknown
            ],
        )
        self.remember(staged.seen_customers, load, {"external_id": load.c.customer_id})

    def remember(self, seen: Table, load: Table, columns: Mapping[str, ColumnElement[Any]]) -> None:
        same = and_(*(seen.c[name] == column for name, column in columns.items()))
        self.connection.execute(
            insert(seen).from_select(
                list(columns), select(*columns.values()).where(~exists().where(same).correlate(load)).distinct()
            )
        )

    def update(
        self,
        table: Table,
        same: ColumnElement[bool],
        values: Mapping[str, ColumnElement[Any]],
        *,
        returning: str = "id",
    ) -> list[int]:
        """Write `values` where `same` joins and something differs; `same` must name the organisation."""
        differs = or_(*(table.c[name].is_distinct_from(value) for name, value in values.items()))
        return list(
            self.connection.scalars(
                update(table).where(same).where(differs).values(dict(values)).returning(table.c[returning])
            )
        )

    def insert(
        self,
        table: Table,
        load: Table,
        same: ColumnElement[bool],
        values: Mapping[str, ColumnElement[Any]],
        *,
        where: ColumnElement[bool] | None = None,
    ) -> int:
        """Insert one row for each staged row that `same` joins with none; returns how many."""
        fresh = select(literal(self.org_id), *values.values()).select_from(load)
        fresh = fresh.where(~exists().where(same).correlate(load))
        if where is not None:
            fresh = fresh.where(where)
        return self.connection.execute(
            insert(table).from_select(["org_id", *values], fresh), execution_options={"preserve_rowcount": True}
        ).rowcount

    def newest(self, table: Table) -> int:
        """The highest id so far. What this batch adds lies above it: imports of an organisation take turns."""
        return self.connection.scalar(select(func.max(table.c.id)).where(table.c.org_id == self.org_id)) or 0
