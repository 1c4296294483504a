"""Promises that were decided: one of them in full, and how many ended how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, and_, bindparam, case, func, literal_column, select

from domain.commitments import PromiseState
from domain.keeping import DecidedPromise, Kept
from domain.rules.keeping import COUNTED
from domain.values import Money
from storage.scope import ORG, Scope
from storage.sets import among
from storage.stores.entities import ACCOUNT, PERSON, account_of, columns, person_of
from storage.tables import accounts, invoices, promise_events, promise_invoices, promises, reports, users
from storage.types import UtcDateTime

# What was first heard of it counts, should there ever be two reports of one promise.
_first = reports.alias("first")
_FIRST_REPORT = (
    select(func.min(_first.c.id))
    .where(_first.c.org_id == ORG, _first.c.promise_id == promises.c.id)
    .correlate(promises)
    .scalar_subquery()
)
WITH_ACCOUNT_AND_REPORT = promises.join(
    accounts, and_(accounts.c.org_id == ORG, accounts.c.id == promises.c.account_id)
).outerjoin(reports, and_(reports.c.org_id == ORG, reports.c.id == _FIRST_REPORT))

INVOICES_OF_PROMISES = (
    select(
        promise_invoices.c.promise_id,
        promise_invoices.c.balance.label("owed_then"),
        *columns(invoices, ("id", "number", "currency", "amount", "balance", "state", "paid_on")),
    )
    .select_from(
        promise_invoices.join(invoices, and_(invoices.c.org_id == ORG, invoices.c.id == promise_invoices.c.invoice_id))
    )
    .where(promise_invoices.c.org_id == ORG, among(promise_invoices.c.promise_id, "promises"))
    .order_by(promise_invoices.c.promise_id, invoices.c.number)
)
_SINCE = bindparam("v_since", type_=UtcDateTime())
_LAST_WHY = (
    select(promise_events.c.why)
    .where(
        promise_events.c.org_id == ORG,
        promise_events.c.promise_id == promises.c.id,
        promise_events.c.became == promises.c.state,
    )
    .order_by(promise_events.c.id.desc())
    .limit(1)
    .correlate(promises)
    .scalar_subquery()
)
_DECIDED: Select[Any] = (
    select(
        *columns(promises, ("id", "currency", "amount", "paid", "due_on", "state", "decided_at")),
        _LAST_WHY.label("why"),
        reports.c.channel,
        reports.c.thread,
        *columns(accounts, ACCOUNT, "a_"),
        *columns(users, PERSON, "r_"),
    )
    .select_from(
        WITH_ACCOUNT_AND_REPORT.outerjoin(users, and_(users.c.org_id == ORG, users.c.id == reports.c.reported_by))
    )
    .where(promises.c.org_id == ORG, promises.c.id == bindparam("v_id"))
)
_arrived = case(
    (promises.c.paid > promises.c.amount, promises.c.amount),
    (promises.c.paid < literal_column("0"), literal_column("0")),
    else_=func.coalesce(promises.c.paid, literal_column("0")),
)
TALLY: Select[Any] = (
    select(
        promises.c.state,
        promises.c.currency,
        func.count().label("count"),
        func.coalesce(func.sum(promises.c.amount), literal_column("0")).label("promised"),
        func.coalesce(func.sum(_arrived), literal_column("0")).label("paid"),
    )
    .where(
        promises.c.org_id == ORG,
        promises.c.decided_at >= _SINCE,
        promises.c.state.in_([literal_column(f"'{state}'") for state in sorted(COUNTED)]),
    )
    .group_by(promises.c.state, promises.c.currency)
)
TALLY_OF_ACCOUNT = TALLY.where(promises.c.account_id == bindparam("v_account"))


def read_decided(scope: Scope, promise_id: int) -> DecidedPromise | None:
    row = scope.execute(_DECIDED, {"v_id": promise_id}).mappings().one_or_none()
    if row is None or row["decided_at"] is None:
        return None
    named = scope.execute(INVOICES_OF_PROMISES, {"promises": [promise_id]}).mappings().all()
    currencies = {one["currency"] for one in named}
    # What arrived has the promise's currency; without an amount it is one sum only where there is one currency.
    currency = row["currency"] or (currencies.pop() if len(currencies) == 1 else None)
    return DecidedPromise(
        id=row["id"],
        account=account_of(row, "a_"),
        invoices=tuple(one["number"] for one in named),
        amount=money_of(row["amount"], row["currency"]),
        paid=money_of(row["paid"], currency),
        due_on=row["due_on"],
        state=PromiseState(row["state"]),
        decided_at=row["decided_at"],
        why=row["why"] or "",
        reporter=person_of(row, scope.org_id, "r_") if row["r_id"] is not None else None,
        channel=row["channel"],
        thread=row["thread"],
    )


def read_tally(scope: Scope, *, since: datetime, account_id: int | None = None) -> list[Kept]:
    if account_id is None:
        rows = scope.execute(TALLY, {"v_since": since})
    else:
        rows = scope.execute(TALLY_OF_ACCOUNT, {"v_since": since, "v_account": account_id})
    return kept_of(rows.mappings())


def kept_of(rows: Iterable[Mapping[str, Any] | RowMapping]) -> list[Kept]:
    return [
        Kept(PromiseState(row["state"]), row["currency"], row["count"], int(row["promised"]), int(row["paid"]))
        for row in rows
    ]


def money_of(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money(int(minor), currency)
