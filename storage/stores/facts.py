"""What the guards read, for a set of accounts in one statement, or two with the lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, literal_column, or_, select

from domain.commitments import Dispute, DisputeState, Promise, PromiseState
from domain.facts import AccountFacts, Touch
from domain.messages import OPEN_STATES
from domain.timeline import AutopilotStep, Source, StepState
from storage.scope import ORG, Scope
from storage.sets import among, for_each
from storage.stores.entities import (
    CONTACT,
    INVOICE,
    MESSAGE,
    PAY_LINK,
    SUPPRESSION,
    account_columns,
    account_of,
    columns,
    contact_of,
    dispute_of,
    invoice_of,
    message_of,
    promise_of,
)
from storage.tables import (
    accounts,
    autopilot_steps,
    communications,
    contacts,
    dispute_invoices,
    disputes,
    invoices,
    messages,
    pay_links,
    payments,
    promise_invoices,
    promises,
)
from storage.together import Read, Row, together
from storage.types import UtcDateTime

LOOKBACK = timedelta(days=8)
"""How far back touches and Autopilot's mails are read: the policy's nudge window of 7 days, and a day to spare."""

_SINCE = bindparam("since", type_=UtcDateTime())


def _states(column: Any, states: Iterable[str]) -> Any:
    return column.in_([literal_column(f"'{state}'") for state in sorted(states)])


_ACCOUNTS = (
    select(*account_columns()).where(accounts.c.org_id == ORG, among(accounts.c.id, "accounts")).order_by(accounts.c.id)
)
_LOCKED = _ACCOUNTS.with_only_columns(accounts.c.id).with_for_update(of=accounts)

_CONTACTS = (
    select(*columns(contacts, CONTACT), *SUPPRESSION)
    .where(contacts.c.org_id == ORG, among(contacts.c.account_id, "accounts"))
    .order_by(contacts.c.is_primary.desc(), contacts.c.id)
)

_all_invoices = (
    select(*columns(invoices, INVOICE), *PAY_LINK)
    .select_from(
        invoices.outerjoin(pay_links, and_(pay_links.c.org_id == ORG, pay_links.c.invoice_id == invoices.c.id))
    )
    .where(invoices.c.org_id == ORG, among(invoices.c.account_id, "accounts"))
    .order_by(invoices.c.due_on, invoices.c.id)
)
_OPEN_INVOICES = _all_invoices.where(invoices.c.state == literal_column("'open'"))
_NAMED_INVOICES = _all_invoices.where(among(invoices.c.id, "invoices"))
_NAMED_AND_OPEN = _all_invoices.where(
    or_(invoices.c.state == literal_column("'open'"), among(invoices.c.id, "invoices"))
)

# One row for each invoice that is promised; the promise itself once, without an invoice, when it names none.
_ALL_PROMISES = (
    select(promises, promise_invoices.c.invoice_id)
    .select_from(
        promises.outerjoin(
            promise_invoices, and_(promise_invoices.c.org_id == ORG, promise_invoices.c.promise_id == promises.c.id)
        )
    )
    .where(promises.c.org_id == ORG, among(promises.c.account_id, "accounts"))
    .order_by(promises.c.reported_at.desc(), promises.c.id.desc())
)
_PROMISES = _ALL_PROMISES.where(_states(promises.c.state, [PromiseState.REPORTED, PromiseState.OPEN]))
_ALL_DISPUTES = (
    select(disputes, dispute_invoices.c.invoice_id)
    .select_from(
        disputes.outerjoin(
            dispute_invoices, and_(dispute_invoices.c.org_id == ORG, dispute_invoices.c.dispute_id == disputes.c.id)
        )
    )
    .where(disputes.c.org_id == ORG, among(disputes.c.account_id, "accounts"))
    .order_by(disputes.c.opened_at.desc(), disputes.c.id.desc())
)
_DISPUTES = _ALL_DISPUTES.where(disputes.c.state != literal_column(f"'{DisputeState.RESOLVED}'"))

_TOUCHES = (
    select(*(communications.c[name] for name in ("account_id", "contact_id", "source", "at", "invoice_id")))
    .where(
        communications.c.org_id == ORG,
        among(communications.c.account_id, "accounts"),
        communications.c.at >= _SINCE,
        communications.c.contact_id.is_not(None),
        communications.c.source != literal_column(f"'{Source.CUSTOMER}'"),
    )
    .order_by(communications.c.at, communications.c.id)
)
_NUDGES = (
    select(*columns(messages, MESSAGE))
    .where(messages.c.org_id == ORG, among(messages.c.account_id, "accounts"), _states(messages.c.state, OPEN_STATES))
    .order_by(messages.c.leaves_at, messages.c.id)
)
_UNAPPLIED = (
    select(payments.c.account_id, payments.c.currency, func.sum(payments.c.amount).label("amount"))
    .where(payments.c.org_id == ORG, among(payments.c.account_id, "accounts"), payments.c.invoice_id.is_(None))
    .group_by(payments.c.account_id, payments.c.currency)
)


def _steps(dialect: str) -> Select[Any]:
    planned = select(autopilot_steps).where(
        autopilot_steps.c.org_id == ORG,
        or_(
            autopilot_steps.c.state == literal_column(f"'{StepState.SCHEDULED}'"),
            autopilot_steps.c.state == literal_column(f"'{StepState.DRAFTED}'"),
            and_(autopilot_steps.c.state == literal_column(f"'{StepState.SENT}'"), autopilot_steps.c.sent_at >= _SINCE),
        ),
    )
    of_accounts = for_each(dialect, planned, autopilot_steps.c.account_id, "accounts")
    return of_accounts.order_by(of_accounts.selected_columns.due_at, of_accounts.selected_columns.id)


_READS: dict[str, Read] = {
    "accounts": _ACCOUNTS,
    "invoices": _OPEN_INVOICES,
    "contacts": _CONTACTS,
    "promises": _PROMISES,
    "disputes": _DISPUTES,
    "touches": _TOUCHES,
    "nudges": _NUDGES,
    "steps": _steps,
    "unapplied": _UNAPPLIED,
}
NAMED_READS = _READS | {"invoices": _NAMED_INVOICES}
NAMED_AND_OPEN_READS = _READS | {"invoices": _NAMED_AND_OPEN}
"""Where it matters which segment the customer is in: what it owes in all decides that."""

READS_WITH_PAST = _READS | {"promises": _ALL_PROMISES, "disputes": _ALL_DISPUTES}
"""Decided promises and resolved disputes too, for readers; the guards do not need them."""


def read_facts(
    scope: Scope,
    account_ids: Collection[int],
    *,
    at: datetime,
    invoice_ids: Collection[int] = (),
    with_open: bool = False,
    lock: bool = False,
) -> dict[int, AccountFacts]:
    ids = sorted(set(account_ids))
    if not ids:
        return {}
    params = facts_params(ids, at)
    reads = _READS
    if invoice_ids:
        reads, params["invoices"] = NAMED_AND_OPEN_READS if with_open else NAMED_READS, sorted(set(invoice_ids))
    if lock:
        lock_accounts(scope, ids)
    return facts_of(together(*reads.items()).read(scope, params))


def lock_accounts(scope: Scope, account_ids: Collection[int]) -> None:
    """Take the accounts' rows for this transaction, in id order, so that caps hold.

    To be called first: what follows is read after the lock was granted. SQLite has one writer, which is us.
    """
    scope.execute(_LOCKED, {"accounts": account_ids}).all()


def facts_params(account_ids: Collection[int], at: datetime) -> dict[str, Any]:
    """What the reads ask for."""
    return {"accounts": list(account_ids), "since": at - LOOKBACK}


def facts_of(rows: Mapping[str, list[Row]]) -> dict[int, AccountFacts]:
    """The facts of each account, from the rows of the reads."""
    by_account = _Grouped()
    by_account.add("invoices", map(invoice_of, rows["invoices"]))
    by_account.add("contacts", map(contact_of, rows["contacts"]))
    by_account.add_pairs("promises", _promises(rows["promises"]))
    by_account.add_pairs("disputes", _disputes(rows["disputes"]))
    by_account.add_pairs(
        "touches",
        (
            (row["account_id"], Touch(row["contact_id"], Source(row["source"]), row["at"], row["invoice_id"]))
            for row in rows["touches"]
        ),
    )
    by_account.add("nudges", map(message_of, rows["nudges"]))
    by_account.add_pairs("steps", ((row["account_id"], _step(row)) for row in rows["steps"]))
    unapplied: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows["unapplied"]:
        unapplied[row["account_id"]][row["currency"]] = int(row["amount"])
    return {
        account.id: AccountFacts(account=account, unapplied=unapplied.get(account.id, {}), **by_account.of(account.id))
        for account in map(account_of, rows["accounts"])
    }


class _Grouped:
    """Entities by account and field, in the order in which they were read."""

    def __init__(self) -> None:
        self._fields: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))

    def add(self, field: str, entities: Iterable[Any]) -> None:
        self.add_pairs(field, ((entity.account_id, entity) for entity in entities))

    def add_pairs(self, field: str, pairs: Iterable[tuple[int, Any]]) -> None:
        for account_id, entity in pairs:
            self._fields[account_id][field].append(entity)

    def of(self, account_id: int) -> dict[str, Any]:
        return {field: tuple(entities) for field, entities in self._fields.get(account_id, {}).items()}


def _with_invoices(rows: Iterable[Row]) -> Iterable[tuple[Row, frozenset[int]]]:
    first: dict[int, Row] = {}
    named: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        first.setdefault(row["id"], row)
        if row["invoice_id"] is not None:
            named[row["id"]].add(row["invoice_id"])
    return [(row, frozenset(named[id])) for id, row in first.items()]


def _promises(rows: Iterable[Row]) -> Iterable[tuple[int, Promise]]:
    for row, invoice_ids in _with_invoices(rows):
        yield row["account_id"], promise_of(row, invoice_ids)


def _disputes(rows: Iterable[Row]) -> Iterable[tuple[int, Dispute]]:
    for row, invoice_ids in _with_invoices(rows):
        yield row["account_id"], dispute_of(row, invoice_ids)


def _step(row: Row) -> AutopilotStep:
    return AutopilotStep(
        id=row["id"],
        name=row["name"],
        tone=row["tone"],
        state=StepState(row["state"]),
        due_at=row["due_at"],
        sent_at=row["sent_at"],
        expires_at=row["expires_at"],
        is_own=row["sequence_id"] is not None,
    )
