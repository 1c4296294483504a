"""Sums over the whole book, by one pass over what is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, case, exists, func, literal_column, select

from domain.accounts import Due
from domain.messages import SOURCES
from domain.summary import Ending, OpenSums, Owing, Synced
from domain.timeline import Source
from domain.values import Money
from storage.scope import ORG, Scope
from storage.stores.entities import account_columns, account_of
from storage.tables import accounts, audit, disputes, invoices, promises
from storage.tables.base import Key
from storage.types import UtcDateTime

_ZERO: Any = literal_column("0")
_TODAY = bindparam("v_today", type_=invoices.c.due_on.type)
_is_open = (invoices.c.org_id == ORG, invoices.c.state == literal_column("'open'"))
_is_owed = invoices.c.balance > _ZERO

_DUES = (
    select(
        invoices.c.currency,
        invoices.c.due_on,
        func.count().label("count"),
        func.sum(case((_is_owed, invoices.c.balance), else_=_ZERO)).label("owed"),
        func.sum(case((invoices.c.balance < _ZERO, invoices.c.balance), else_=_ZERO)).label("credit"),
    )
    .where(*_is_open)
    .group_by(invoices.c.currency, invoices.c.due_on)
    .order_by(invoices.c.currency, invoices.c.due_on)
)

_per_customer = (
    select(
        invoices.c.account_id,
        invoices.c.currency,
        func.sum(invoices.c.balance).label("owed"),
        func.sum(case((invoices.c.due_on < _TODAY, invoices.c.balance), else_=_ZERO)).label("past_due"),
        func.min(invoices.c.due_on).label("oldest"),
        func.count().label("invoices"),
    )
    .where(*_is_open, _is_owed)
    .group_by(invoices.c.account_id, invoices.c.currency)
    .cte("per_customer")
)
_in_currency: dict[str, Any] = {"partition_by": _per_customer.c.currency}
_ranked = select(
    *_per_customer.c,
    func.row_number()
    .over(**_in_currency, order_by=[_per_customer.c.owed.desc(), _per_customer.c.account_id])
    .label("place"),
    func.count().over(**_in_currency).label("customers"),
).cte("ranked")
_LARGEST = (
    select(
        *account_columns(),
        *[_ranked.c[name] for name in ("currency", "owed", "past_due", "oldest", "invoices", "place", "customers")],
        exists()
        .where(
            disputes.c.org_id == ORG,
            disputes.c.account_id == accounts.c.id,
            disputes.c.state.in_([literal_column("'open'"), literal_column("'in_review'")]),
        )
        .label("has_dispute"),
    )
    .join_from(_ranked, accounts, and_(accounts.c.org_id == ORG, accounts.c.id == _ranked.c.account_id))
    .where(_ranked.c.place <= bindparam("v_limit", type_=Key))
    .order_by(_ranked.c.currency, _ranked.c.place)
)

_SYNCED = select(
    func.min(accounts.c.synced_at, type_=UtcDateTime()).label("oldest"),
    func.max(accounts.c.synced_at, type_=UtcDateTime()).label("newest"),
).where(
    accounts.c.org_id == ORG,
    accounts.c.id.in_(select(invoices.c.account_id).where(*_is_open, _is_owed)),
)

_is_late = promises.c.due_on < _TODAY
_PROMISES = (
    select(
        promises.c.currency,
        func.count().label("count"),
        func.coalesce(func.sum(promises.c.amount), _ZERO).label("amount"),
        func.sum(case((_is_late, literal_column("1")), else_=_ZERO)).label("late"),
        func.coalesce(func.sum(case((_is_late, promises.c.amount), else_=_ZERO)), _ZERO).label("late_amount"),
    )
    .where(promises.c.org_id == ORG, promises.c.state == literal_column("'open'"))
    .group_by(promises.c.currency)
    .order_by(promises.c.currency.is_(None), func.count().desc(), promises.c.currency)
)

_ENDS = {f"{source}.{ending}": (source, ending) for source in sorted(SOURCES) for ending in Ending}
_ENDINGS = (
    select(audit.c.action, func.count().label("many"))
    .where(audit.c.org_id == ORG, audit.c.at >= bindparam("v_since", type_=UtcDateTime()), audit.c.action.in_(_ENDS))
    .group_by(audit.c.action)
)


class TotalStore:
    """`domain.ports.Totals`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def dues(self) -> list[Due]:
        rows = self._scope.execute(_DUES).mappings()
        return [
            Due(row["currency"], row["due_on"], int(row["count"]), int(row["owed"]), int(row["credit"])) for row in rows
        ]

    def largest(self, *, today: date, limit: int) -> list[Owing]:
        rows = self._scope.execute(_LARGEST, {"v_today": today, "v_limit": limit}).mappings()
        return [_owing(row) for row in rows]

    def synced(self) -> Synced:
        row = self._scope.execute(_SYNCED).one()
        return Synced(row.oldest, row.newest)

    def promises(self, *, today: date) -> list[OpenSums]:
        rows = self._scope.execute(_PROMISES, {"v_today": today}).mappings()
        return [
            OpenSums(row["currency"], int(row["count"]), int(row["amount"]), int(row["late"]), int(row["late_amount"]))
            for row in rows
        ]

    def endings(self, *, since: datetime) -> Mapping[tuple[Source, Ending], int]:
        rows = self._scope.execute(_ENDINGS, {"v_since": since})
        return {_ENDS[row.action]: int(row.many) for row in rows}


def _owing(row: RowMapping) -> Owing:
    return Owing(
        account=account_of(row),
        owed=Money(int(row["owed"]), row["currency"]),
        past_due=Money(int(row["past_due"]), row["currency"]),
        oldest=row["oldest"],
        invoices=int(row["invoices"]),
        place=int(row["place"]),
        customers=int(row["customers"]),
        has_dispute=bool(row["has_dispute"]),
    )
