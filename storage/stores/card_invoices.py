"""The open invoices of a card: all of them, or of a long list what is shown, spoken of and may be cited; and sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from domain.accounts import Due
from domain.commitments import DisputeState, PromiseState
from storage.scope import ORG, Scope
from storage.sets import bytewise
from storage.stores.entities import INVOICE, columns
from storage.tables import (
    dispute_invoices,
    disputes,
    invoices,
    messages,
    pay_links,
    payments,
    promise_invoices,
    promises,
)
from storage.together import Row, together
from storage.types import UtcDateTime

SHORT = 60
"""So many open invoices are read as they are; they are also the most that a card lists."""
CITABLE = 20
"""Newest ones that are read of a long list, and newest ones that a nudge may cite."""
SPOKEN_OF = 200
"""Disputed, promised or nudged ones that are read of a long list, for each of the three."""

_ID: BindParameter[Any] = bindparam("account")
_AT = bindparam("at", type_=UtcDateTime())
_ZERO: Any = literal_column("0")

_LINK = and_(pay_links.c.org_id == ORG, pay_links.c.invoice_id == invoices.c.id)


def _of_link(column: Any, *conditions: Any) -> ScalarSelect[Any]:
    """Probed for the rows that are left. As a join, PostgreSQL may read all links there are."""
    return select(column).where(_LINK, *conditions).correlate(invoices).limit(1).scalar_subquery()


_READ = select(
    *columns(invoices, INVOICE),
    _of_link(pay_links.c.url).label("pay_url"),
    _of_link(pay_links.c.expires_at).label("pay_until"),
).where(invoices.c.org_id == ORG)
_IS_OPEN = and_(invoices.c.account_id == _ID, invoices.c.state == literal_column("'open'"))
_IDS = select(invoices.c.id).where(invoices.c.org_id == ORG, _IS_OPEN).correlate(None)


def _picked(ids: Select[Any]) -> Select[Any]:
    """In full only what was picked: SQLite works out every column of every row before it sorts them."""
    return _READ.where(invoices.c.id.in_(ids))


_NEWEST = (
    _IDS.where(invoices.c.balance > _ZERO)
    .order_by(invoices.c.issued_on.desc(), invoices.c.due_on.desc(), bytewise(invoices.c.number).desc())
    .limit(CITABLE)
)


def _named(link: Any, of: Any, key: str) -> Any:
    """Pairs of an invoice with a dispute or promise of this account."""
    return (
        link.c.org_id == ORG,
        link.c.invoice_id == invoices.c.id,
        of.c.org_id == ORG,
        of.c.id == link.c[key],
        of.c.account_id == _ID,
    )


_DISPUTED = exists().where(
    *_named(dispute_invoices, disputes, "dispute_id"),
    disputes.c.state != literal_column(f"'{DisputeState.RESOLVED}'"),
)
_PROMISED = exists().where(
    *_named(promise_invoices, promises, "promise_id"),
    or_(
        promises.c.state == literal_column(f"'{PromiseState.OPEN}'"),
        and_(promises.c.state == literal_column(f"'{PromiseState.REPORTED}'"), promises.c.hold_until.is_(None)),
    ),
)
_unapplied = (
    select(func.coalesce(func.sum(payments.c.amount), _ZERO))
    .where(
        payments.c.org_id == ORG,
        payments.c.account_id == _ID,
        payments.c.invoice_id.is_(None),
        payments.c.currency == invoices.c.currency,
    )
    .scalar_subquery()
)
# What `guards.invoice_objection` holds against an invoice, as far as rows can tell it for sure. The guards themselves
# decide about those that are left.
_CITABLE = _NEWEST.where(
    _of_link(pay_links.c.id, or_(pay_links.c.expires_at.is_(None), pay_links.c.expires_at > _AT)).is_not(None),
    ~_DISPUTED,
    ~_PROMISED,
    invoices.c.balance > _unapplied,
)
_SPOKEN_OF: dict[str, Select[Any]] = {
    "disputed": _IDS.where(exists().where(*_named(dispute_invoices, disputes, "dispute_id"))),
    "promised": _IDS.where(exists().where(*_named(promise_invoices, promises, "promise_id"))),
    "nudged": _IDS.where(
        exists().where(messages.c.org_id == ORG, messages.c.account_id == _ID, messages.c.invoice_id == invoices.c.id)
    ),
}

OLDEST = _READ.where(_IS_OPEN).order_by(invoices.c.due_on, invoices.c.id).limit(SHORT + 1)
"""One more than a short list has."""

_LONG: dict[str, Select[Any]] = {
    "newest": _picked(_NEWEST),
    "citable": _picked(_CITABLE),
    **{name: _picked(ids.order_by(invoices.c.id).limit(SPOKEN_OF)) for name, ids in _SPOKEN_OF.items()},
    "dues": select(
        invoices.c.currency,
        invoices.c.due_on,
        func.count().label("count"),
        func.sum(case((invoices.c.balance > _ZERO, invoices.c.balance), else_=_ZERO)).label("owed"),
        func.sum(case((invoices.c.balance < _ZERO, invoices.c.balance), else_=_ZERO)).label("credit"),
    )
    .where(invoices.c.org_id == ORG, invoices.c.account_id == _ID, invoices.c.state == literal_column("'open'"))
    .group_by(invoices.c.currency, invoices.c.due_on),
}


@dataclass(frozen=True, slots=True)
class OpenInvoices:
    """`may_cite_others`: there may be more that nothing in the rows stands against."""

    rows: list[Row]
    dues: tuple[Due, ...]
    may_cite_others: bool = False


def open_invoices(scope: Scope, oldest: list[Row], params: Mapping[str, Any], *, at: datetime) -> OpenInvoices:
    """What belongs to the rows of OLDEST: nothing more for a short list, one statement for a long one."""
    if len(oldest) <= SHORT:
        return OpenInvoices(oldest, tuple(map(_alone, oldest)))
    found = together(*_LONG.items()).read(scope, {"account": params["account"], "at": at})
    dues = tuple(Due(**row) for row in found.pop("dues"))
    rows = {row["id"]: row for some in (oldest, *found.values()) for row in some}
    return OpenInvoices(list(rows.values()), dues, may_cite_others=len(found["citable"]) == CITABLE)


def _alone(row: Row) -> Due:
    return Due(row["currency"], row["due_on"], 1, owed=max(0, row["balance"]), credit=min(0, row["balance"]))
