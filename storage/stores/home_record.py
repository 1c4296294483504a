"""Promises, disputes and what was reported, as App Home lists them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from domain.commitments import Dispute, DisputeState, PromiseState, Verdict
from domain.duties import DutyShare
from domain.homing import Cut, DisputeLine, PromiseLine, ReportLine
from domain.values import Money
from storage.scope import ORG, Scope
from storage.sets import among
from storage.stores.home_pages import cut_of, in_literals, page, tied
from storage.tables import (
    accounts,
    dispute_events,
    dispute_invoices,
    disputes,
    duties,
    invoices,
    promise_invoices,
    promises,
    reports,
    users,
)
from storage.types import UtcDateTime

_SINCE = bindparam("v_since", type_=UtcDateTime())
_reporters, _operators = users.alias("reporters"), users.alias("operators")
_acknowledgers, _settlers = users.alias("acknowledgers"), users.alias("settlers")


_REPORTS = (
    select(
        *[reports.c[n] for n in ("id", "account_id", "said_at", "reported_at", "escalated_at", "settled_at", "why")],
        reports.c.verdict,
        reports.c.promise_id,
        reports.c.dispute_id,
        accounts.c.name.label("account_name"),
        _reporters.c.name.label("reporter"),
        _operators.c.name.label("operator"),
        _acknowledgers.c.name.label("acknowledged_by"),
        _settlers.c.name.label("settled_by"),
        func.coalesce(promises.c.state, disputes.c.state).label("state"),
        func.coalesce(promises.c.amount, disputes.c.amount).label("amount"),
        func.coalesce(promises.c.currency, disputes.c.currency).label("currency"),
        promises.c.due_on,
        disputes.c.reason,
    )
    .select_from(
        reports.join(accounts, tied(accounts, reports.c.account_id))
        .join(_reporters, tied(_reporters, reports.c.reported_by))
        .outerjoin(_operators, tied(_operators, reports.c.operator_id))
        .outerjoin(_acknowledgers, tied(_acknowledgers, reports.c.acknowledged_by))
        .outerjoin(_settlers, tied(_settlers, reports.c.settled_by))
        .outerjoin(promises, tied(promises, reports.c.promise_id))
        .outerjoin(disputes, tied(disputes, reports.c.dispute_id))
    )
    .where(reports.c.org_id == ORG)
)
_is_waiting = reports.c.settled_at.is_(None)
_OLDEST_FIRST = _REPORTS.order_by(reports.c.said_at, reports.c.id)
_WAITING = {
    None: page(_OLDEST_FIRST, reports, _is_waiting),
    True: page(_OLDEST_FIRST, reports, _is_waiting, reports.c.escalated_at.is_not(None)),
    False: page(_OLDEST_FIRST, reports, _is_waiting, reports.c.escalated_at.is_(None)),
}
_OF_PERSON = page(
    _REPORTS.order_by(reports.c.reported_at.desc(), reports.c.id.desc()),
    reports,
    reports.c.reported_by == bindparam("v_person", type_=reports.c.id.type),
)

_PROMISES = (
    select(
        *[promises.c[n] for n in ("id", "account_id", "currency", "amount", "due_on", "state", "decided_at", "paid")],
        accounts.c.name.label("account_name"),
    )
    .select_from(promises.join(accounts, tied(accounts, promises.c.account_id)))
    .where(promises.c.org_id == ORG)
)
_is_open = promises.c.state == literal_column("'open'")
is_missed = in_literals(promises.c.state, PromiseState.BROKEN, PromiseState.PARTIALLY_KEPT)
_DUE = page(
    _PROMISES.order_by(promises.c.due_on, promises.c.id),
    promises,
    _is_open,
    promises.c.due_on <= bindparam("v_by", type_=promises.c.due_on.type),
)
_MISSED = page(
    _PROMISES.order_by(promises.c.decided_at.desc(), promises.c.id.desc()),
    promises,
    is_missed,
    promises.c.decided_at >= _SINCE,
)
_is_unresolved = in_literals(disputes.c.state, DisputeState.IN_REVIEW, DisputeState.OPEN)
# Who answers leaves the state as it is; every other step changes it.
_answered_at = (
    select(func.max(dispute_events.c.at))
    .where(
        dispute_events.c.org_id == ORG,
        dispute_events.c.dispute_id == disputes.c.id,
        dispute_events.c.was == dispute_events.c.became,
    )
    .scalar_subquery()
)
_ALL_DISPUTES = (
    select(
        *[disputes.c[n] for n in ("id", "account_id", "reason", "currency", "amount", "state", "opened_at", "owner")],
        disputes.c.answer_due_at,
        accounts.c.name.label("account_name"),
        _answered_at.label("answered_at"),
    )
    .select_from(disputes.join(accounts, tied(accounts, disputes.c.account_id)))
    .where(disputes.c.org_id == ORG)
    .order_by(
        case((disputes.c.state == literal_column("'in_review'"), 0), else_=1),
        disputes.c.answer_due_at.is_(None),
        disputes.c.answer_due_at,
        disputes.c.id,
    )
)


_this, _everything = duties.c.account_id == disputes.c.account_id, duties.c.account_id.is_(None)
_is_acting = among(duties.c.user_id, "acting")


def dispute_falls_to(them: Any) -> Any:
    """Whether a dispute is in the share of those whose duties (`duties.c.user_id`) are `them`; `acting` are all who act
    (`domain.duties.DutyShare`)."""
    return or_(
        _kept(_this, them),
        and_(~_kept(_this, _is_acting), or_(_kept(_everything, them), ~_kept(_everything, _is_acting))),
    )


def _kept(what: Any, by: Any) -> Any:
    return exists().where(duties.c.org_id == ORG, what, by)


_falls_to_them = dispute_falls_to(among(duties.c.user_id, "theirs"))
_DISPUTES = page(_ALL_DISPUTES, disputes, _is_unresolved)
_DISPUTES_OF = page(_ALL_DISPUTES, disputes, _is_unresolved, _falls_to_them)


def _numbers_of(table: Any, commitment: Any, kind: str) -> Select[Any]:
    return (
        select(
            literal_column(f"'{kind}'").label("kind"),
            commitment.label("id"),
            invoices.c.number,
            invoices.c.id.label("invoice_id"),
        )
        .select_from(table.join(invoices, tied(invoices, table.c.invoice_id)))
        .where(table.c.org_id == ORG, among(commitment, f"v_{kind}"))
    )


_numbers = union_all(
    _numbers_of(promise_invoices, promise_invoices.c.promise_id, "promise"),
    _numbers_of(dispute_invoices, dispute_invoices.c.dispute_id, "dispute"),
).subquery("numbers")
_NUMBERS = select(_numbers).order_by(_numbers.c.kind, _numbers.c.id, _numbers.c.invoice_id)

Numbers = dict[tuple[str, int], list[tuple[int, str]]]


def read_reports_waiting(scope: Scope, *, limit: int, start: int, escalated: bool | None) -> Cut[ReportLine]:
    return _read_reports(scope, _WAITING[escalated], start, {"v_limit": limit, "v_start": start})


def read_reports_of(scope: Scope, person_id: int, *, limit: int, start: int) -> Cut[ReportLine]:
    return _read_reports(scope, _OF_PERSON, start, {"v_limit": limit, "v_start": start, "v_person": person_id})


def read_promises_due(scope: Scope, *, by: date, limit: int, start: int) -> Cut[PromiseLine]:
    return _read_promises(scope, _DUE, start, {"v_limit": limit, "v_start": start, "v_by": by})


def read_promises_missed(scope: Scope, *, since: datetime, limit: int, start: int) -> Cut[PromiseLine]:
    return _read_promises(scope, _MISSED, start, {"v_limit": limit, "v_start": start, "v_since": since})


def read_disputes(scope: Scope, *, limit: int, start: int, of: DutyShare | None) -> Cut[DisputeLine]:
    params: dict[str, object] = {"v_limit": limit, "v_start": start}
    if of is not None:
        params |= {"theirs": sorted(of.theirs), "acting": sorted(of.acting)}
    rows = scope.execute(_DISPUTES if of is None else _DISPUTES_OF, params).mappings().all()
    numbers = _read_numbers(scope, [], [row["id"] for row in rows])
    return cut_of(rows, tuple(_dispute(row, numbers.get(("dispute", row["id"]), [])) for row in rows), start)


def _read_reports(scope: Scope, statement: Select[Any], start: int, params: dict[str, object]) -> Cut[ReportLine]:
    rows = scope.execute(statement, params).mappings().all()
    numbers = _read_numbers(
        scope,
        [row["promise_id"] for row in rows if row["promise_id"] is not None],
        [row["dispute_id"] for row in rows if row["dispute_id"] is not None],
    )
    return cut_of(rows, tuple(_report(row, numbers) for row in rows), start)


def _read_promises(scope: Scope, statement: Select[Any], start: int, params: dict[str, object]) -> Cut[PromiseLine]:
    rows = scope.execute(statement, params).mappings().all()
    numbers = _read_numbers(scope, [row["id"] for row in rows], [])
    return cut_of(rows, tuple(_promise(row, numbers.get(("promise", row["id"]), [])) for row in rows), start)


def _read_numbers(scope: Scope, promise_ids: list[int], dispute_ids: list[int]) -> Numbers:
    found: Numbers = {}
    if promise_ids or dispute_ids:
        for row in scope.execute(_NUMBERS, {"v_promise": promise_ids, "v_dispute": dispute_ids}):
            found.setdefault((row.kind, int(row.id)), []).append((int(row.invoice_id), row.number))
    return found


def _report(row: RowMapping, numbers: Numbers) -> ReportLine:
    is_promise = row["promise_id"] is not None
    key = ("promise", row["promise_id"]) if is_promise else ("dispute", row["dispute_id"])
    names = ("id", "account_id", "account_name", "due_on", "said_at", "reported_at", "reporter", "operator")
    more = ("acknowledged_by", "escalated_at", "settled_by", "settled_at", "why")
    return ReportLine(
        **{name: row[name] for name in (*names, *more)},
        is_promise=is_promise,
        state=PromiseState(row["state"]) if is_promise else DisputeState(row["state"]),
        invoices=tuple(number for _, number in numbers.get(key, [])),
        amount=_money(row["amount"], row["currency"]),
        reason=row["reason"] or "",
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
    )


def _promise(row: RowMapping, numbers: list[tuple[int, str]]) -> PromiseLine:
    return PromiseLine(
        id=row["id"],
        account_id=row["account_id"],
        account_name=row["account_name"],
        invoices=tuple(number for _, number in numbers),
        amount=_money(row["amount"], row["currency"]),
        due_on=row["due_on"],
        state=PromiseState(row["state"]),
        decided_at=row["decided_at"],
        paid=_money(row["paid"], row["currency"]),
    )


def _dispute(row: RowMapping, numbers: list[tuple[int, str]]) -> DisputeLine:
    return DisputeLine(
        account_id=row["account_id"],
        account_name=row["account_name"],
        invoices=tuple(number for _, number in numbers),
        dispute=Dispute(
            id=row["id"],
            invoice_ids=frozenset(id for id, _ in numbers),
            reason=row["reason"],
            amount=_money(row["amount"], row["currency"]),
            state=DisputeState(row["state"]),
            opened_at=row["opened_at"],
            owner=row["owner"],
            answer_due_at=row["answer_due_at"],
        ),
        answered_at=row["answered_at"],
    )


def _money(minor: int | None, currency: str | None) -> Money | None:
    return Money(int(minor), currency) if minor is not None and currency else None
