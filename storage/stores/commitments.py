"""Promises and disputes as rows: what both have in common, and the sets that stories are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Table, and_, bindparam, delete, insert, select

from domain.accounts import Account, Contact, Invoice
from domain.commitments import Dispute, Promise
from domain.reporting import Turn
from domain.values import Person
from storage.scope import ORG, Scope
from storage.sets import among
from storage.stores.entities import (
    CONTACT,
    INVOICE,
    PERSON,
    SUPPRESSION,
    account_columns,
    account_of,
    columns,
    contact_of,
    dispute_of,
    invoice_of,
    person_of,
    promise_of,
)
from storage.tables import (
    accounts,
    contacts,
    dispute_events,
    dispute_invoices,
    disputes,
    invoices,
    promise_events,
    promise_invoices,
    promises,
    users,
)

_PROMISES = select(promises).where(promises.c.org_id == ORG, among(promises.c.id, "ids"))
_DISPUTES = select(disputes).where(disputes.c.org_id == ORG, among(disputes.c.id, "ids"))
_PROMISED = select(promise_invoices.c.promise_id.label("of"), promise_invoices.c.invoice_id).where(
    promise_invoices.c.org_id == ORG, among(promise_invoices.c.promise_id, "ids")
)
_DISPUTED = select(dispute_invoices.c.dispute_id.label("of"), dispute_invoices.c.invoice_id).where(
    dispute_invoices.c.org_id == ORG, among(dispute_invoices.c.dispute_id, "ids")
)
_ACCOUNTS = select(*account_columns()).where(accounts.c.org_id == ORG, among(accounts.c.id, "ids"))
_INVOICES = (
    select(*columns(invoices, INVOICE))
    .where(invoices.c.org_id == ORG, among(invoices.c.id, "ids"))
    .order_by(invoices.c.due_on, invoices.c.number)
)
_CONTACTS = select(*columns(contacts, CONTACT), *SUPPRESSION).where(
    contacts.c.org_id == ORG, among(contacts.c.id, "ids")
)
_PEOPLE = select(*columns(users, PERSON)).where(users.c.org_id == ORG, among(users.c.id, "ids"))


def _history(events: Table, of: str) -> Any:
    return (
        select(*(events.c[name] for name in ("was", "became", "at", "why")), *columns(users, PERSON, "p_"))
        .select_from(events.outerjoin(users, and_(users.c.org_id == ORG, users.c.id == events.c.actor_id)))
        .where(events.c.org_id == ORG, events.c[of] == bindparam("v_id"))
        .order_by(events.c.id)
    )


_PROMISE_HISTORY = _history(promise_events, "promise_id")
_DISPUTE_HISTORY = _history(dispute_events, "dispute_id")

# Only invoices of the account itself; with each promised one, what is owed on it now.
_NAMED = (
    select(ORG, bindparam("v_id", type_=promises.c.id.type), invoices.c.id)
    .where(
        invoices.c.org_id == ORG,
        invoices.c.account_id == bindparam("v_account"),
        among(invoices.c.id, "invoices"),
    )
    .order_by(invoices.c.id)
)
_NAME_PROMISED = insert(promise_invoices).from_select(
    ["org_id", "promise_id", "invoice_id", "balance"], _NAMED.add_columns(invoices.c.balance)
)
_NAME_DISPUTED = insert(dispute_invoices).from_select(["org_id", "dispute_id", "invoice_id"], _NAMED)
_FORGET_PROMISED = delete(promise_invoices).where(
    promise_invoices.c.org_id == ORG, promise_invoices.c.promise_id == bindparam("v_id")
)
_FORGET_DISPUTED = delete(dispute_invoices).where(
    dispute_invoices.c.org_id == ORG, dispute_invoices.c.dispute_id == bindparam("v_id")
)


def name_promised(scope: Scope, promise_id: int, account_id: int, invoice_ids: Collection[int]) -> None:
    """These and no others are promised."""
    scope.execute(_FORGET_PROMISED, {"v_id": promise_id})
    scope.execute(_NAME_PROMISED, {"v_id": promise_id, "v_account": account_id, "invoices": invoice_ids})


def name_disputed(scope: Scope, dispute_id: int, account_id: int, invoice_ids: Collection[int]) -> None:
    """These and no others are disputed."""
    scope.execute(_FORGET_DISPUTED, {"v_id": dispute_id})
    scope.execute(_NAME_DISPUTED, {"v_id": dispute_id, "v_account": account_id, "invoices": invoice_ids})


def read_promises(scope: Scope, ids: Collection[int]) -> dict[int, tuple[int, Promise]]:
    """With their account's id, by their own."""
    if not ids:
        return {}
    named = _named(scope, _PROMISED, ids)
    rows = scope.execute(_PROMISES, {"ids": ids}).mappings()
    return {row["id"]: (row["account_id"], promise_of(row, named[row["id"]])) for row in rows}


def read_disputes(scope: Scope, ids: Collection[int]) -> dict[int, tuple[int, Dispute]]:
    """With their account's id, by their own."""
    if not ids:
        return {}
    named = _named(scope, _DISPUTED, ids)
    rows = scope.execute(_DISPUTES, {"ids": ids}).mappings()
    return {row["id"]: (row["account_id"], dispute_of(row, named[row["id"]])) for row in rows}


def _named(scope: Scope, statement: Any, ids: Collection[int]) -> dict[int, list[int]]:
    named: dict[int, list[int]] = defaultdict(list)
    for row in scope.execute(statement, {"ids": ids}).mappings():
        named[row["of"]].append(row["invoice_id"])
    return named


def read_accounts(scope: Scope, ids: Collection[int]) -> dict[int, Account]:
    return {row["id"]: account_of(row) for row in scope.execute(_ACCOUNTS, {"ids": ids}).mappings()}


def read_invoices(scope: Scope, ids: Collection[int]) -> list[Invoice]:
    """By due date, without their pay links."""
    rows = scope.execute(_INVOICES, {"ids": ids}).mappings()
    return [invoice_of(row, with_link=False) for row in rows]


def read_contacts(scope: Scope, ids: Collection[int]) -> dict[int, Contact]:
    return {row["id"]: contact_of(row) for row in scope.execute(_CONTACTS, {"ids": ids}).mappings()} if ids else {}


def read_people(scope: Scope, ids: Collection[int]) -> dict[int, Person]:
    """With their base role: they are named here, not asked what they may do."""
    rows = scope.execute(_PEOPLE, {"ids": ids}).mappings()
    return {row["id"]: person_of(row, scope.org_id) for row in rows}


def promise_history(scope: Scope, promise_id: int) -> tuple[Turn, ...]:
    return _turns(scope, _PROMISE_HISTORY, promise_id)


def dispute_history(scope: Scope, dispute_id: int) -> tuple[Turn, ...]:
    return _turns(scope, _DISPUTE_HISTORY, dispute_id)


def _turns(scope: Scope, statement: Any, id: int) -> tuple[Turn, ...]:
    """From the first to the last."""
    return tuple(
        Turn(
            was=row["was"],
            became=row["became"],
            at=row["at"],
            by=None if row["p_id"] is None else person_of(row, scope.org_id, "p_"),
            why=row["why"],
        )
        for row in scope.execute(statement, {"v_id": id}).mappings()
    )
