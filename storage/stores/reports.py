"""What came in, and how far it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, select, update

from domain.commitments import Verdict
from domain.reporting import Draft, Place, Report, ReportStory
from storage.scope import ORG, Scope
from storage.sets import among
from storage.stores.commitments import (
    read_accounts,
    read_contacts,
    read_disputes,
    read_invoices,
    read_people,
    read_promises,
)
from storage.tables import reports
from storage.types import UtcDateTime

_AT = bindparam("v_at", type_=UtcDateTime())
_BY: Any = bindparam("v_by", type_=reports.c.settled_by.type)
_COLUMNS = [reports.c[name] for name in Report.__slots__ if name != "place"]
_REPORTS = select(*_COLUMNS, reports.c.channel, reports.c.thread).where(reports.c.org_id == ORG)
_limited = _REPORTS.limit(bindparam("v_limit"))
_newest = _limited.order_by(reports.c.reported_at.desc(), reports.c.id.desc())
_BY_ID = _REPORTS.where(reports.c.id == bindparam("v_id"))
_BY_ORIGIN = _REPORTS.where(reports.c.origin == bindparam("v_origin"))
_NEWEST = _newest
_OF_IDS = _newest.where(among(reports.c.id, "ids"))
_OF_PERSON = _newest.where(reports.c.reported_by == bindparam("v_person"))
_OF_PROMISE = _newest.where(reports.c.promise_id == bindparam("v_promise"))
_OF_DISPUTE = _newest.where(reports.c.dispute_id == bindparam("v_dispute"))
_WAITING = _limited.where(reports.c.settled_at.is_(None)).order_by(reports.c.said_at, reports.c.id)
_OVERDUE = _WAITING.where(reports.c.escalated_at.is_(None), reports.c.said_at <= _AT)

_one = update(reports).where(reports.c.org_id == ORG, reports.c.id == bindparam("v_id"), reports.c.settled_at.is_(None))
_ACKNOWLEDGE = _one.where(reports.c.acknowledged_at.is_(None)).values(acknowledged_by=_BY, acknowledged_at=_AT)
_SETTLE = _one.values(
    verdict=bindparam("v_verdict", type_=reports.c.verdict.type),
    settled_by=_BY,
    settled_at=_AT,
    why=bindparam("v_why", type_=reports.c.why.type),
    acknowledged_by=func.coalesce(reports.c.acknowledged_by, _BY),
    acknowledged_at=func.coalesce(reports.c.acknowledged_at, _AT),
)
_REMINDED = _one.where(reports.c.reminded_at.is_(None), reports.c.acknowledged_at.is_(None)).values(reminded_at=_AT)
_ESCALATED = _one.where(reports.c.escalated_at.is_(None)).values(escalated_at=_AT)


class ReportStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(
        self,
        draft: Draft,
        *,
        promise_id: int | None = None,
        dispute_id: int | None = None,
        origin: str,
        reported_by: int,
        operator_id: int | None,
        at: datetime,
    ) -> int:
        return self._scope.insert(
            reports,
            {
                "promise_id": promise_id,
                "dispute_id": dispute_id,
                "account_id": draft.account_id,
                "origin": origin,
                "reported_by": reported_by,
                "reported_at": at,
                "said_at": draft.said_at,
                "contact_id": draft.contact_id,
                "evidence": draft.evidence,
                "evidence_link": draft.evidence_link,
                "channel": draft.place.channel if draft.place else None,
                "thread": draft.place.thread if draft.place else None,
                "operator_id": operator_id,
            },
        )

    def find(self, *, id: int | None = None, origin: str | None = None) -> Report | None:
        if id is not None:
            found = self._scope.execute(_BY_ID, {"v_id": id}).mappings().one_or_none()
        else:
            found = self._scope.execute(_BY_ORIGIN, {"v_origin": origin}).mappings().one_or_none()
        return None if found is None else _report(found)

    def stories(
        self,
        ids: Collection[int] | None = None,
        *,
        reported_by: int | None = None,
        promise_id: int | None = None,
        dispute_id: int | None = None,
        waiting: bool = False,
        limit: int = 50,
    ) -> list[ReportStory]:
        statement, params = _WAITING if waiting else _NEWEST, {}
        for wanted, narrowed, name in (
            (ids, _OF_IDS, "ids"),
            (reported_by, _OF_PERSON, "v_person"),
            (promise_id, _OF_PROMISE, "v_promise"),
            (dispute_id, _OF_DISPUTE, "v_dispute"),
        ):
            if wanted is not None:
                statement, params = narrowed, {name: wanted}
        rows = self._scope.execute(statement, {**params, "v_limit": limit}).mappings()
        return self._told([_report(row) for row in rows])

    def acknowledge(self, report_id: int, *, by: int, at: datetime) -> bool:
        return self._scope.execute(_ACKNOWLEDGE, {"v_id": report_id, "v_by": by, "v_at": at}).rowcount == 1

    def settle(self, report_id: int, *, verdict: Verdict, by: int, why: str, at: datetime) -> bool:
        values = {"v_id": report_id, "v_verdict": verdict.value, "v_by": by, "v_why": why, "v_at": at}
        return self._scope.execute(_SETTLE, values).rowcount == 1

    def overdue(self, *, said_by: datetime, limit: int) -> list[Report]:
        rows = self._scope.execute(_OVERDUE, {"v_at": said_by, "v_limit": limit}).mappings()
        return [_report(row) for row in rows]

    def mark(
        self, report_id: int, *, reminded_at: datetime | None = None, escalated_at: datetime | None = None
    ) -> bool:
        done = [
            self._scope.execute(statement, {"v_id": report_id, "v_at": at}).rowcount == 1
            for statement, at in ((_REMINDED, reminded_at), (_ESCALATED, escalated_at))
            if at is not None
        ]
        return any(done)

    def _told(self, found: list[Report]) -> list[ReportStory]:
        """In the order given, by one statement for each kind of noun whatever their number."""
        if not found:
            return []
        promises = read_promises(self._scope, _ids(report.promise_id for report in found))
        disputes = read_disputes(self._scope, _ids(report.dispute_id for report in found))
        named = {id for _, promise in promises.values() for id in promise.invoice_ids}
        named |= {id for _, dispute in disputes.values() for id in dispute.invoice_ids}
        invoices = read_invoices(self._scope, named)
        accounts = read_accounts(self._scope, {report.account_id for report in found})
        contacts = read_contacts(self._scope, _ids(report.contact_id for report in found))
        hands = [(r.reported_by, r.operator_id, r.handed_by, r.acknowledged_by, r.settled_by) for r in found]
        people = read_people(self._scope, _ids(id for each in hands for id in each))
        stories = []
        for report in found:
            promised = promises[report.promise_id][1] if report.promise_id is not None else None
            disputed = disputes[report.dispute_id][1] if report.dispute_id is not None else None
            about = promised.invoice_ids if promised else disputed.invoice_ids if disputed else ()
            stories.append(
                ReportStory(
                    report=report,
                    account=accounts[report.account_id],
                    invoices=tuple(invoice for invoice in invoices if invoice.id in about),
                    contact=contacts.get(report.contact_id or 0),
                    reporter=people[report.reported_by],
                    promise=promised,
                    dispute=disputed,
                    operator=people.get(report.operator_id or 0),
                    handed_by=people.get(report.handed_by or 0),
                    acknowledged_by=people.get(report.acknowledged_by or 0),
                    settled_by=people.get(report.settled_by or 0),
                )
            )
        return stories


def _ids(ids: Iterable[int | None]) -> set[int]:
    return {id for id in ids if id is not None}


def _report(row: RowMapping) -> Report:
    fields = dict(row)
    channel, thread = fields.pop("channel"), fields.pop("thread")
    verdict = fields["verdict"]
    return Report(
        **fields | {"verdict": Verdict(verdict) if verdict else None},
        place=Place(channel, thread) if channel and thread else None,
    )
