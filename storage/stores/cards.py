"""Account 360: the facts and what people read beside them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, literal_column, select

from domain.accounts import Communication, Department, InvoiceState, Note, Source
from domain.facts import CardFacts, Health
from domain.messages import FINAL_STATES
from storage.scope import ORG, Scope
from storage.stores.entities import MESSAGE, columns, message_of
from storage.stores.facts import READS_WITH_PAST, facts_of, facts_params
from storage.tables import communications, invoices, messages, notes
from storage.together import Row, together

NOTES = 20
COMMUNICATIONS = 30
PAST_NUDGES = 20
HEALTH_WINDOW = timedelta(days=365)

_ID: BindParameter[Any] = bindparam("account")
_NOTES = (
    select(notes.c.id, notes.c.department, notes.c.author, notes.c.body, notes.c.written_at, notes.c.is_pinned)
    .where(notes.c.org_id == ORG, notes.c.account_id == _ID)
    .order_by(notes.c.is_pinned.desc(), notes.c.written_at.desc(), notes.c.id.desc())
    .limit(NOTES)
)
_COMMUNICATIONS = (
    select(
        communications.c.source,
        communications.c.contact_id,
        communications.c.subject,
        communications.c.at,
        invoices.c.number,
    )
    .select_from(
        communications.outerjoin(invoices, and_(invoices.c.org_id == ORG, invoices.c.id == communications.c.invoice_id))
    )
    .where(communications.c.org_id == ORG, communications.c.account_id == _ID)
    .order_by(communications.c.at.desc(), communications.c.id.desc())
    .limit(COMMUNICATIONS)
)
_PAST_NUDGES = (
    select(*columns(messages, MESSAGE))
    .where(
        messages.c.org_id == ORG,
        messages.c.account_id == _ID,
        messages.c.state.in_([literal_column(f"'{state}'") for state in sorted(FINAL_STATES)]),
    )
    .order_by(messages.c.requested_at.desc(), messages.c.id.desc())
    .limit(PAST_NUDGES)
)
_PAID = select(invoices.c.due_on, invoices.c.paid_on, invoices.c.amount, invoices.c.currency).where(
    invoices.c.org_id == ORG,
    invoices.c.account_id == _ID,
    invoices.c.state == literal_column(f"'{InvoiceState.PAID}'"),
    invoices.c.paid_on >= bindparam("since_day", type_=invoices.c.paid_on.type),
    invoices.c.paid_on <= bindparam("today", type_=invoices.c.paid_on.type),
)


_READS = READS_WITH_PAST | {
    "notes": _NOTES,
    "communications": _COMMUNICATIONS,
    "past_nudges": _PAST_NUDGES,
    "paid": _PAID,
}


def read_card(scope: Scope, account_id: int, *, at: datetime) -> CardFacts | None:
    """All of it in one statement."""
    today = at.date()
    own = {"account": account_id, "since_day": today - HEALTH_WINDOW, "today": today}
    rows = together(*_READS.items()).read(scope, facts_params([account_id], at) | own)
    facts = facts_of(rows).get(account_id)
    if facts is None:
        return None
    return CardFacts(
        facts=facts,
        notes=tuple(Note(**{**row, "department": Department(row["department"])}) for row in rows["notes"]),
        communications=tuple(
            Communication(
                source=Source(row["source"]),
                contact_id=row["contact_id"],
                subject=row["subject"],
                at=row["at"],
                invoice_number=row["number"],
            )
            for row in rows["communications"]
        ),
        past_nudges=tuple(map(message_of, rows["past_nudges"])),
        health=_health(rows["paid"]),
    )


def _health(paid: list[Row]) -> Health | None:
    """None when nothing was paid in the trailing year. Currencies weigh by their own share of invoices."""
    if not paid:
        return None
    late_by_currency: dict[str, list[tuple[int, int]]] = {}
    for row in paid:
        days = max(0, (row["paid_on"] - row["due_on"]).days)
        late_by_currency.setdefault(row["currency"], []).append((days, max(0, row["amount"])))
    average = sum(_weighted(pairs) * len(pairs) for pairs in late_by_currency.values()) / len(paid)
    return Health(
        paid_invoices=len(paid),
        paid_on_time=sum(row["paid_on"] <= row["due_on"] for row in paid),
        average_days_late=average,
    )


def _weighted(pairs: list[tuple[int, int]]) -> float:
    weight = sum(amount for _days, amount in pairs)
    if weight == 0:
        return sum(days for days, _amount in pairs) / len(pairs)
    return sum(days * amount for days, amount in pairs) / weight
