"""Accounts as lines of a list, worst first."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, func, literal_column, select

from domain.outcomes import AccountSummary
from storage.scope import ORG, Scope
from storage.stores.entities import ACCOUNT, account_of, columns
from storage.stores.people import lower_email
from storage.tables import accounts, disputes, invoices, promises

_TODAY = bindparam("today", type_=invoices.c.due_on.type)
_is_owed = invoices.c.balance > 0
_is_past_due = and_(_is_owed, invoices.c.due_on < _TODAY)


def _summaries(*, of_owner: bool) -> Select[Any]:
    by_currency = (
        select(
            invoices.c.account_id,
            invoices.c.currency,
            func.count().label("open_count"),
            func.sum(case((_is_past_due, 1), else_=0)).label("past_due_count"),
            func.sum(case((_is_past_due, invoices.c.balance), else_=0)).label("past_due"),
            func.min(case((_is_owed, invoices.c.due_on), else_=None)).label("oldest"),
        )
        .join_from(invoices, accounts, and_(accounts.c.org_id == ORG, accounts.c.id == invoices.c.account_id))
        .where(invoices.c.org_id == ORG, invoices.c.state == literal_column("'open'"))
        .group_by(invoices.c.account_id, invoices.c.currency)
    )
    if of_owner:
        by_currency = by_currency.where(accounts.c.owner_email == bindparam("owner"))
    per = by_currency.cte("by_currency")
    whole: dict[str, Any] = {"partition_by": per.c.account_id}
    ranked = select(
        per.c.account_id,
        per.c.currency,
        per.c.past_due,
        func.sum(per.c.open_count).over(**whole).label("open_count"),
        func.sum(per.c.past_due_count).over(**whole).label("past_due_count"),
        func.min(per.c.oldest).over(**whole).label("oldest"),
        # The currency that is owed most in, by its own minor units: amounts of two currencies do not compare.
        func.row_number()
        .over(**whole, order_by=[per.c.past_due.desc(), per.c.open_count.desc(), per.c.currency])
        .label("place"),
    ).cte("ranked")
    return (
        select(
            *columns(accounts, ACCOUNT),
            ranked.c.currency,
            ranked.c.past_due,
            ranked.c.open_count,
            ranked.c.past_due_count,
            ranked.c.oldest,
            func.count().over().label("total"),
            exists()
            .where(
                disputes.c.org_id == ORG,
                disputes.c.account_id == accounts.c.id,
                disputes.c.state != literal_column("'resolved'"),
            )
            .label("has_dispute"),
            exists()
            .where(
                promises.c.org_id == ORG,
                promises.c.account_id == accounts.c.id,
                promises.c.state.in_([literal_column("'reported'"), literal_column("'open'")]),
            )
            .label("has_promise"),
        )
        .join_from(ranked, accounts, accounts.c.id == ranked.c.account_id)
        .where(accounts.c.org_id == ORG, ranked.c.place == 1)
        .order_by(ranked.c.oldest.is_(None), ranked.c.oldest, ranked.c.past_due.desc(), accounts.c.id)
        .limit(bindparam("v_limit"))
    )


_ALL = _summaries(of_owner=False)
_OWNED = _summaries(of_owner=True)


def read_summaries(
    scope: Scope, *, owner_email: str | None, today: date, limit: int
) -> tuple[list[AccountSummary], int]:
    """Nothing past due counts as 0 days. Credits are open invoices, but neither late nor owed."""
    params: dict[str, object] = {"today": today, "v_limit": max(limit, 1)}
    if owner_email is not None:
        params["owner"] = lower_email(owner_email)
    rows = scope.execute(_ALL if owner_email is None else _OWNED, params).mappings().all()
    found = [
        AccountSummary(
            account=account_of(row),
            open_invoices=int(row["open_count"]),
            past_due_invoices=int(row["past_due_count"]),
            oldest_days_past_due=max(0, (today - row["oldest"]).days) if row["oldest"] else 0,
            past_due_minor=int(row["past_due"]),
            currency=row["currency"],
            has_dispute=bool(row["has_dispute"]),
            has_promise=bool(row["has_promise"]),
        )
        for row in rows
    ]
    return found[:limit], int(rows[0]["total"]) if rows else 0
