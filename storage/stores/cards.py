"""Account 360: the facts and what people read beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, case, func, literal_column, select

from domain.accounts import InvoiceState
from domain.facts import AccountFacts, CardFacts, Health
from domain.messages import FINAL_STATES, Message
from domain.rules.keeping import RATED_OVER_OF_ONE
from domain.timeline import Communication, Source
from storage.scope import ORG, Scope
from storage.sets import among, days_between
from storage.stores.card_invoices import OLDEST, open_invoices
from storage.stores.entities import MESSAGE, WORKSPACE, columns, message_of, workspace_of
from storage.stores.facts import READS_WITH_PAST, facts_of, facts_params
from storage.stores.heard import HEARD_DISPUTES, HEARD_PROMISES, heard_of
from storage.stores.kept import TALLY_OF_ACCOUNT, kept_of
from storage.stores.notes import NOTE, ORDER, note_of
from storage.stores.sending import VOLUME_READS, volume_of, volume_params
from storage.tables import accounts, communications, invoices, messages, notes, organisations, users
from storage.together import Row, together

NOTES = 20
COMMUNICATIONS = 30
PAST_NUDGES = 20
HEALTH_WINDOW = RATED_OVER_OF_ONE

_ID: BindParameter[Any] = bindparam("account")
_OWNER = (
    select(users.c.name)
    .select_from(users.join(accounts, and_(accounts.c.org_id == ORG, accounts.c.owner_email == users.c.email)))
    .where(users.c.org_id == ORG, accounts.c.id == _ID)
)
_NOTES = select(*NOTE).where(notes.c.org_id == ORG, notes.c.account_id == _ID).order_by(*ORDER).limit(NOTES)
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
_NUMBERS = select(invoices.c.id, invoices.c.number).where(invoices.c.org_id == ORG, among(invoices.c.id, "unknown"))
_days_late = case(
    (invoices.c.paid_on > invoices.c.due_on, days_between(invoices.c.paid_on, invoices.c.due_on)),
    else_=literal_column("0"),
)
# Summed up by currency and by how late they were: as many rows as days, not as invoices.
_PAID = (
    select(
        invoices.c.currency,
        _days_late.label("days_late"),
        func.count().label("count"),
        func.sum(case((invoices.c.amount > literal_column("0"), invoices.c.amount), else_=literal_column("0"))).label(
            "amount"
        ),
    )
    .where(
        invoices.c.org_id == ORG,
        invoices.c.account_id == _ID,
        invoices.c.state == literal_column(f"'{InvoiceState.PAID}'"),
        invoices.c.paid_on >= bindparam("since_day", type_=invoices.c.paid_on.type),
        invoices.c.paid_on <= bindparam("today", type_=invoices.c.paid_on.type),
    )
    .group_by(invoices.c.currency, _days_late)
)


WORKSPACE_READ = select(*columns(organisations, WORKSPACE)).where(organisations.c.id == ORG)

_READS = (
    READS_WITH_PAST
    | VOLUME_READS
    | {
        "workspace": WORKSPACE_READ,
        "invoices": OLDEST,
        "owner": _OWNER,
        "notes": _NOTES,
        "communications": _COMMUNICATIONS,
        "past_nudges": _PAST_NUDGES,
        "paid": _PAID,
        "heard_promises": HEARD_PROMISES,
        "heard_disputes": HEARD_DISPUTES,
        "kept": TALLY_OF_ACCOUNT,
    }
)


def read_card(scope: Scope, account_id: int, *, sending_domain: str, at: datetime) -> CardFacts | None:
    """All of it in one statement, and a second one for an account with a long list of open invoices."""
    today = at.date()
    params = (
        facts_params([account_id], at)
        | volume_params(sending_domain, today)
        | {
            "account": account_id,
            "since_day": today - HEALTH_WINDOW,
            "today": today,
            "v_account": account_id,
            "v_since": at - HEALTH_WINDOW,
        }
    )
    rows = together(*_READS.items()).read(scope, params)
    open_ones = open_invoices(scope, rows["invoices"], params, at=at)
    facts = facts_of(rows | {"invoices": open_ones.rows}).get(account_id)
    if facts is None:
        return None
    past_nudges = tuple(map(message_of, rows["past_nudges"]))
    return CardFacts(
        workspace=workspace_of(rows["workspace"][0]),
        facts=facts,
        volume=volume_of(sending_domain, rows),
        dues=open_ones.dues,
        may_cite_others=open_ones.may_cite_others,
        notes=tuple(map(note_of, rows["notes"])),
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
        past_nudges=past_nudges,
        health=_health(rows["paid"]),
        heard_promises=heard_of(rows["heard_promises"]),
        heard_disputes=heard_of(rows["heard_disputes"]),
        kept=tuple(kept_of(rows["kept"])),
        owner=rows["owner"][0]["name"] if rows["owner"] else None,
        settled_numbers=_settled_numbers(scope, facts, past_nudges),
    )


def _settled_numbers(scope: Scope, facts: AccountFacts, past_nudges: Sequence[Message]) -> dict[int, str]:
    """Asked for only where something is spoken of that is not open any more."""
    spoken_of = {one.invoice_id for one in (*facts.nudges, *past_nudges)}
    spoken_of = spoken_of.union(*(promise.invoice_ids for promise in facts.promises))
    spoken_of = spoken_of.union(*(dispute.invoice_ids for dispute in facts.disputes))
    unknown = spoken_of - {invoice.id for invoice in facts.invoices}
    rows = scope.execute(_NUMBERS, {"unknown": sorted(unknown)}) if unknown else ()
    return {row.id: row.number for row in rows}


def _health(paid: list[Row]) -> Health | None:
    """None when nothing was paid in the trailing year. Currencies weigh by their own share of invoices."""
    count = sum(row["count"] for row in paid)
    if not count:
        return None
    by_currency: dict[str, list[Row]] = {}
    for row in paid:
        by_currency.setdefault(row["currency"], []).append(row)
    average = sum(_weighted(rows) * sum(row["count"] for row in rows) for rows in by_currency.values()) / count
    return Health(
        paid_invoices=count,
        paid_on_time=sum(row["count"] for row in paid if not row["days_late"]),
        average_days_late=average,
    )


def _weighted(rows: list[Row]) -> float:
    """Average days late, by amount; by number where the amounts say nothing."""
    weight = "amount" if any(row["amount"] for row in rows) else "count"
    return float(sum(row["days_late"] * row[weight] for row in rows) / sum(row[weight] for row in rows))
