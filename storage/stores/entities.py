"""Rows into the domain's nouns. Selected columns carry a prefix when a statement reads several nouns at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, ScalarSelect, Table, func, select
from sqlalchemy.sql.selectable import NamedFromClause

from domain.accounts import Account, Contact, Invoice, InvoiceState, PayLink, Suppression, SuppressionReason
from domain.commitments import Dispute, DisputeState, Promise, PromiseState, Resolution
from domain.maintenance import Degraded, Maintenance
from domain.messages import Message, State
from domain.policy import Sending, Workspace
from domain.reasons import Reason
from domain.templates import Audience, Template, TemplateState
from domain.timeline import Source
from domain.values import Capability, Money, Person, Role
from storage import tables
from storage.scope import ORG

Values = RowMapping | Mapping[str, Any]
"""A row by the names of its columns."""

ACCOUNT = tuple(field for field in Account.__slots__)
CONTACT = ("id", "account_id", "name", "email", "is_primary", "is_valid", "zone")
INVOICE = ("id", "account_id", "number", "issued_on", "due_on", "currency", "amount", "balance", "state")
MESSAGE = tuple(field for field in Message.__slots__)
TEMPLATE = tuple(field for field in Template.__slots__)
PERSON = ("id", "email", "name", "role", "is_active", "zone", "locale", "slack_user_id")


def columns(table: Table | NamedFromClause, names: Iterable[str], prefix: str = "") -> list[ColumnElement[Any]]:
    """The named columns, labelled with the prefix."""
    return [table.c[name].label(prefix + name) for name in names]


# Placed here, or else said by the books: an import never takes away what Legal placed.
_HELD_HERE = (
    select(tables.legal_holds.c.why)
    .where(
        tables.legal_holds.c.org_id == ORG,
        tables.legal_holds.c.account_id == tables.accounts.c.id,
        tables.legal_holds.c.lifted_at.is_(None),
    )
    .correlate(tables.accounts)
    .scalar_subquery()
)


def account_columns(prefix: str = "") -> list[ColumnElement[Any]]:
    """All of an account, with the legal hold that stands whoever says so."""
    held = func.coalesce(_HELD_HERE, tables.accounts.c.legal_hold)
    plain = columns(tables.accounts, [name for name in ACCOUNT if name != "legal_hold"], prefix)
    return [*plain, held.label(prefix + "legal_hold")]


def account_of(row: Values, prefix: str = "") -> Account:
    return Account(**{name: row[prefix + name] for name in ACCOUNT})


def _of_suppression(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Of the contact's address. Looked up for each contact: `lower` in a join's condition, which PostgreSQL does not
    trust below row-level security, would have all suppressions read for it.
    """
    return (
        select(column)
        .where(tables.suppressions.c.org_id == ORG, tables.suppressions.c.email == func.lower(tables.contacts.c.email))
        .correlate(tables.contacts)
        .scalar_subquery()
    )


SUPPRESSION = (
    _of_suppression(tables.suppressions.c.reason).label("suppressed_for"),
    _of_suppression(tables.suppressions.c.until).label("suppressed_until"),
)


def contact_of(row: Values, prefix: str = "") -> Contact:
    """Needs the columns of SUPPRESSION beside CONTACT's."""
    suppressed_for = row["suppressed_for"]
    return Contact(
        **{name: row[prefix + name] for name in CONTACT},
        suppression=Suppression(SuppressionReason(suppressed_for), row["suppressed_until"]) if suppressed_for else None,
    )


PAY_LINK = (tables.pay_links.c.url.label("pay_url"), tables.pay_links.c.expires_at.label("pay_until"))


def invoice_of(row: Values, prefix: str = "", *, with_link: bool = True) -> Invoice:
    """Needs the columns of PAY_LINK beside INVOICE's, unless the link is not wanted."""
    currency = row[prefix + "currency"]
    return Invoice(
        id=row[prefix + "id"],
        account_id=row[prefix + "account_id"],
        number=row[prefix + "number"],
        issued_on=row[prefix + "issued_on"],
        due_on=row[prefix + "due_on"],
        amount=Money(row[prefix + "amount"], currency),
        balance=Money(row[prefix + "balance"], currency),
        state=InvoiceState(row[prefix + "state"]),
        pay_link=PayLink(row["pay_url"], row["pay_until"]) if with_link and row["pay_url"] else None,
    )


def money_of(row: Values, amount: str = "amount") -> Money | None:
    """None when either the amount or its currency is unknown."""
    return None if row[amount] is None or row["currency"] is None else Money(row[amount], row["currency"])


def promise_of(row: Values, invoice_ids: Iterable[int]) -> Promise:
    return Promise(
        id=row["id"],
        invoice_ids=frozenset(invoice_ids),
        amount=money_of(row),
        due_on=row["due_on"],
        state=PromiseState(row["state"]),
        reported_at=row["reported_at"],
        hold_until=row["hold_until"],
        recorded_at=row["recorded_at"],
        decided_at=row["decided_at"],
        paid=money_of(row, "paid"),
    )


def dispute_of(row: Values, invoice_ids: Iterable[int]) -> Dispute:
    return Dispute(
        id=row["id"],
        invoice_ids=frozenset(invoice_ids),
        reason=row["reason"],
        amount=money_of(row),
        state=DisputeState(row["state"]),
        opened_at=row["opened_at"],
        owner=row["owner"],
        answer_due_at=row["answer_due_at"],
        owner_email=row["owner_email"],
        resolution=Resolution(row["resolution"]) if row["resolution"] else None,
        resolved_at=row["resolved_at"],
    )


def message_of(row: Values, prefix: str = "") -> Message:
    fields = {name: row[prefix + name] for name in MESSAGE}
    fields["state"] = State(fields["state"])
    fields["reason"] = reason_of(fields["reason"])
    fields["source"] = Source(fields["source"])
    return Message(**fields)


def reason_of(stored: str | None) -> Reason | None:
    """A reason that a newer replica wrote and this one does not know yet is no reason to fail."""
    try:
        return None if stored is None else Reason(stored)
    except ValueError:
        return None


def template_of(row: Values, prefix: str = "") -> Template:
    fields = {name: row[prefix + name] for name in TEMPLATE}
    fields["audience"] = Audience(fields["audience"])
    fields["state"] = TemplateState(fields["state"])
    return Template(**fields)


def person_of(row: Values, org_id: int, prefix: str = "", capabilities: Iterable[str] = ()) -> Person:
    fields = {name: row[prefix + name] for name in PERSON}
    fields["role"] = Role(fields["role"])
    return Person(org_id=org_id, **fields, capabilities=frozenset(Capability(name) for name in capabilities))


WORKSPACE_OWN = ("id", "name", "zone", "country", "sending", "sending_reason", "sending_until")
MAINTENANCE = ("maintenance_since", "maintenance_until", "maintenance_reason", "maintenance_by")
DEGRADED = ("degraded_since", "degraded_reason", "degraded_by")
WORKSPACE = WORKSPACE_OWN + MAINTENANCE + DEGRADED


def workspace_of(row: Values) -> Workspace:
    return Workspace(
        org_id=row["id"],
        name=row["name"],
        zone=row["zone"],
        country=row["country"],
        sending=Sending(row["sending"]),
        sending_reason=row["sending_reason"],
        sending_until=row["sending_until"],
        maintenance=maintenance_of(row),
        degraded=_degraded(row),
    )


def maintenance_of(row: Values) -> Maintenance | None:
    """The last one that was not ended, whether it is in force or over."""
    since, until, reason, by = (row[name] for name in MAINTENANCE)
    return Maintenance(since, until, reason, by) if since and until else None


def _degraded(row: Values) -> Degraded | None:
    since, reason, by = (row[name] for name in DEGRADED)
    return Degraded(since, reason, by) if since else None
