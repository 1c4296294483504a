"""Promises and the payments that decide them, in sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Date,
    RowMapping,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    update,
)

from domain.accounts import InvoiceState
from domain.commitments import PromiseState
from domain.keeping import DecidedPromise, Decision, Kept, OpenPromise, PromisedInvoice, Received
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, among, rows_given, rows_text
from storage.stores.entities import ACCOUNT, account_of, columns
from storage.stores.kept import INVOICES_OF_PROMISES, WITH_ACCOUNT_AND_REPORT, money_of, read_decided, read_tally
from storage.tables import accounts, invoices, payments, promise_events, promises, reports
from storage.types import UtcDateTime

_A_DAY_TO_SPARE = timedelta(days=2)
"""A customer's day may begin before the day of the same instant in UTC."""

_OPEN: Any = literal_column(f"'{PromiseState.OPEN}'")
_SINCE_DAY = bindparam("v_since", type_=Date())

_UNDECIDED: Select[Any] = (
    select(
        promises.c.id,
        promises.c.currency,
        promises.c.amount,
        promises.c.due_on,
        func.coalesce(reports.c.said_at, promises.c.reported_at, type_=UtcDateTime()).label("said_at"),
        func.coalesce(promises.c.recorded_at, promises.c.reported_at, type_=UtcDateTime()).label("recorded_at"),
        reports.c.reported_by,
        reports.c.settled_by,
        *columns(accounts, ACCOUNT, "a_"),
    )
    .select_from(WITH_ACCOUNT_AND_REPORT)
    .where(promises.c.org_id == ORG, promises.c.state == _OPEN, promises.c.id > bindparam("v_after"))
    .order_by(promises.c.id)
    .limit(bindparam("v_limit"))
)
_RECEIVED = columns(payments, ("account_id", "invoice_id", "received_on", "amount", "currency"))
_ON_INVOICES = select(*_RECEIVED).where(
    payments.c.org_id == ORG, among(payments.c.invoice_id, "invoices"), payments.c.received_on >= _SINCE_DAY
)
# Two ways, each by its index: what is applied to one of the account's invoices, and what is not applied yet.
_APPLIED = (
    select(*_RECEIVED)
    .select_from(invoices.join(payments, and_(payments.c.org_id == ORG, payments.c.invoice_id == invoices.c.id)))
    .where(invoices.c.org_id == ORG, among(invoices.c.account_id, "accounts"), payments.c.received_on >= _SINCE_DAY)
)
_UNAPPLIED = select(*_RECEIVED).where(
    payments.c.org_id == ORG,
    among(payments.c.account_id, "accounts"),
    payments.c.invoice_id.is_(None),
    payments.c.received_on >= _SINCE_DAY,
)

_GIVEN: dict[str, Any] = {
    "id": promises.c.id.type,
    "became": String(16),
    "at": UtcDateTime(),
    "paid": promises.c.paid.type,
}


def _close(dialect: str) -> Any:
    given = rows_given(dialect, "decisions", _GIVEN)
    return (
        update(promises)
        .where(promises.c.org_id == ORG, promises.c.id == given["id"], promises.c.state == _OPEN)
        .values(state=given["became"], decided_at=given["at"], paid=given["paid"])
        .returning(promises.c.id)
    )


_CLOSE = {dialect: _close(dialect) for dialect in DIALECTS}


class KeepingStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def undecided(self, *, after: int, limit: int) -> list[OpenPromise]:
        rows = self._scope.execute(_UNDECIDED, {"v_after": after, "v_limit": limit}).mappings().all()
        if not rows:
            return []
        named: dict[int, list[RowMapping]] = defaultdict(list)
        for row in self._scope.execute(INVOICES_OF_PROMISES, {"promises": [row["id"] for row in rows]}).mappings():
            named[row["promise_id"]].append(row)
        since = (min(row["said_at"] for row in rows) - _A_DAY_TO_SPARE).date()
        on_invoice = self._on_invoices({one["id"] for some in named.values() for one in some}, since)
        of_account = self._of_accounts({row["a_id"] for row in rows if row["id"] not in named}, since)
        return [
            _open_promise(
                row,
                named[row["id"]],
                [one for invoice in named[row["id"]] for one in on_invoice.get(invoice["id"], ())]
                if named[row["id"]]
                else of_account.get(row["a_id"], ()),
            )
            for row in rows
        ]

    def _on_invoices(self, ids: Collection[int], since: object) -> dict[int, list[Received]]:
        found: dict[int, list[Received]] = defaultdict(list)
        for row in self._scope.execute(_ON_INVOICES, {"invoices": ids, "v_since": since}).mappings() if ids else ():
            found[row["invoice_id"]].append(_received(row))
        return found

    def _of_accounts(self, ids: Collection[int], since: object) -> dict[int, list[Received]]:
        found: dict[int, list[Received]] = defaultdict(list)
        for statement in (_APPLIED, _UNAPPLIED) if ids else ():
            for row in self._scope.execute(statement, {"accounts": ids, "v_since": since}).mappings():
                found[row["account_id"]].append(_received(row))
        return found

    def close(self, decisions: Collection[Decision]) -> set[int]:
        # In id order, so that two replicas with overlapping sets wait for each other instead of deadlocking.
        by_id = {one.promise_id: one for one in sorted(decisions, key=lambda one: one.promise_id)}
        if not by_id:
            return set()
        text = rows_text(self._scope.dialect, [_row(one) for one in by_id.values()])
        closed = {int(id) for id in self._scope.execute(_CLOSE[self._scope.dialect], {"decisions": text}).scalars()}
        self._scope.insert_many(
            promise_events,
            [
                {
                    "promise_id": id,
                    "was": PromiseState.OPEN,
                    "became": one.to,
                    "at": one.at,
                    "actor_id": None,
                    "why": one.why[:500],
                }
                for id, one in by_id.items()
                if id in closed
            ],
        )
        return closed

    def decided(self, promise_id: int) -> DecidedPromise | None:
        return read_decided(self._scope, promise_id)

    def tally(self, *, since: datetime, account_id: int | None = None) -> list[Kept]:
        return read_tally(self._scope, since=since, account_id=account_id)


def _open_promise(row: RowMapping, named: Iterable[RowMapping], payments: Iterable[Received]) -> OpenPromise:
    return OpenPromise(
        id=row["id"],
        account=account_of(row, "a_"),
        amount=money_of(row["amount"], row["currency"]),
        due_on=row["due_on"],
        said_at=row["said_at"],
        recorded_at=row["recorded_at"],
        invoices=tuple(
            PromisedInvoice(
                id=one["id"],
                number=one["number"],
                currency=one["currency"],
                amount=one["amount"],
                owes=one["balance"],
                is_void=one["state"] == InvoiceState.VOID,
                paid_on=one["paid_on"],
                owed_then=one["owed_then"],
            )
            for one in named
        ),
        payments=tuple(payments),
        reported_by=row["reported_by"],
        recorded_by=row["settled_by"],
    )


def _received(row: RowMapping) -> Received:
    return Received(row["invoice_id"], row["received_on"], int(row["amount"]), row["currency"])


def _row(decision: Decision) -> dict[str, object]:
    return {
        "id": decision.promise_id,
        "became": decision.to,
        "at": decision.at,
        "paid": decision.paid.minor if decision.paid else None,
    }
