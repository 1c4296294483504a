"""Accounts as lines of a list, worst first.

A person's own accounts are summed up all of them. Over a whole book that would read every open invoice, so there the
oldest debts are walked until enough accounts are found, and only these are summed up.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import RowMapping, Select, and_, bindparam, case, exists, func, literal_column, select

from domain.outcomes import AccountSummary
from storage.scope import ORG, Scope
from storage.sets import among
from storage.stores.entities import account_columns, account_of
from storage.stores.people import lower_email
from storage.tables import accounts, disputes, invoices, promises

WALKED = 2_000
"""Debts that are walked at first; ten times as many again while a few accounts own all of them."""
LINED_UP = 200
"""Accounts that are summed up to find the worst. Of more that owe since the same day, any may be left out."""

_TODAY = bindparam("today", type_=invoices.c.due_on.type)
_is_owed = invoices.c.balance > 0
_is_past_due = and_(_is_owed, invoices.c.due_on < _TODAY)


def _summaries(which: Any = None) -> Select[Any]:
    """`which`: a condition on the account."""
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
    if which is not None:
        by_currency = by_currency.where(which)
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
            *account_columns(),
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


_ALL = _summaries()
_OWNED = _summaries(accounts.c.owner_email == bindparam("owner"))
_THESE = _summaries(among(accounts.c.id, "accounts"))

_OLDEST_DEBTS = (
    select(invoices.c.account_id, invoices.c.due_on)
    .where(
        invoices.c.org_id == ORG, invoices.c.state == literal_column("'open'"), invoices.c.balance > literal_column("0")
    )
    .order_by(invoices.c.due_on, invoices.c.account_id)
    .limit(bindparam("v_limit"))
)


def read_summaries(
    scope: Scope, *, owner_email: str | None, today: date, limit: int
) -> tuple[list[AccountSummary], int | None]:
    """Nothing past due counts as 0 days. Credits are open invoices, but neither late nor owed.

    How many accounts there are is None when that would mean to read the whole book.
    """
    params: dict[str, object] = {"today": today, "v_limit": max(limit, 1)}
    statement = _ALL
    if owner_email is not None:
        statement, params["owner"] = _OWNED, lower_email(owner_email)
    elif (worst := _owing_longest(scope, limit)) is not None:
        statement, params["accounts"] = _THESE, worst
    rows = scope.execute(statement, params).mappings().all()
    total = int(rows[0]["total"]) if rows else 0
    return [_summary(row, today) for row in rows[:limit]], None if "accounts" in params else total


def _owing_longest(scope: Scope, limit: int) -> list[int] | None:
    """Accounts among which the worst `limit` are; None when there is so little owed that all may be read."""
    walked = WALKED
    while True:
        debts = [(row.due_on, row.account_id) for row in scope.execute(_OLDEST_DEBTS, {"v_limit": walked})]
        if len(debts) < walked:
            return None
        worst: dict[int, None] = {}
        for _day, same_day in groupby(debts, key=lambda debt: debt[0]):
            if len(worst) >= limit:
                return list(worst)[:LINED_UP]
            worst |= dict.fromkeys(account_id for _due_on, account_id in same_day)
        if len(worst) >= limit:
            return list(worst)[:LINED_UP]
        walked *= 10


def _summary(row: RowMapping, today: date) -> AccountSummary:
    return AccountSummary(
        account=account_of(row),
        open_invoices=int(row["open_count"]),
        past_due_invoices=int(row["past_due_count"]),
        oldest_days_past_due=max(0, (today - row["oldest"]).days) if row["oldest"] else 0,
        past_due_minor=int(row["past_due"]),
        currency=row["currency"],
        has_dispute=bool(row["has_dispute"]),
        has_promise=bool(row["has_promise"]),
    )
