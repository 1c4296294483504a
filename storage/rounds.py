"""Who has something to do, across organisations: one statement for all chores of a beat, however many organisations.

An idle beat reads; what jobs did is written once for a run that did something.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    update,
)

from domain.jobs import Mark, Outcome, Run
from domain.policy import Workspace
from domain.rules.reporting import SOONEST
from storage.directory import is_open, is_served
from storage.sets import DIALECTS, upsert
from storage.stores.absences import has_turned
from storage.stores.entities import WORKSPACE, columns, workspace_of
from storage.tables import (
    absences,
    alarms,
    audit,
    audit_seals,
    group_roles,
    jobs,
    organisations,
    promises,
    reports,
    sender_records,
    sending_days,
    sending_domains,
    users,
)
from storage.transactions import read, transaction
from storage.types import UtcDateTime

_AT = bindparam("at", type_=UtcDateTime())
_ONE: ColumnElement[int] = literal_column("1")


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """Which organisations have something to do: a condition on `organisations`, true where there is something.

    `ago`: instants that the condition compares with, by the name of its parameter, as spans before now.
    """

    condition: ColumnElement[bool] = field(default_factory=true)
    ago: Mapping[str, timedelta] = field(default_factory=dict)


def _instant(name: str) -> Any:
    return bindparam(name, type_=UtcDateTime())


def there_is(table: Table, *conditions: Any) -> Any:
    """A scalar and not EXISTS: PostgreSQL could hash that and read every row."""
    found = select(_ONE).select_from(table).where(table.c.org_id == organisations.c.id, *conditions)
    return found.limit(_ONE).correlate(organisations).scalar_subquery().is_not(None)


_waiting = reports.c.settled_at.is_(None)
REPORTS = Due(
    there_is(reports, _waiting, reports.c.escalated_at.is_(None), reports.c.said_at <= _instant("soonest")),
    {"soonest": SOONEST},
)
"""A report of which somebody may have to be reminded, or that may have to be escalated: the policy says when."""

ABSENCES = Due(there_is(absences, has_turned(_AT)))
"""An absence that began or ended since what waits was last handed over."""

PROMISES = Due(there_is(promises, promises.c.state == literal_column("'open'")))
"""A promise that payments may decide."""

_last_sealed = (
    select(func.max(audit_seals.c.last_id))
    .where(audit_seals.c.org_id == organisations.c.id)
    .correlate(organisations)
    .scalar_subquery()
)
_newest = (
    select(func.max(audit.c.id)).where(audit.c.org_id == organisations.c.id).correlate(organisations).scalar_subquery()
)
UNSEALED = Due(and_(_newest.is_not(None), or_(_last_sealed.is_(None), _newest > _last_sealed)))
"""A row of the audit log that no seal covers."""


@cache
def groups_read_before(age: timedelta) -> Due:
    """A user group that gives a role and was read longer ago than that, or never."""
    is_due = or_(group_roles.c.read_at.is_(None), group_roles.c.read_at <= _instant("read_again"))
    return Due(there_is(group_roles, is_due), {"read_again": age})


@cache
def watched_before(age: timedelta) -> Due:
    """The house was looked at longer ago than that, or never."""
    lately = there_is(alarms, alarms.c.seen_at > _instant("watched"))
    return Due(not_(lately), {"watched": age})


@cache
def looked_up_before(age: timedelta) -> Due:
    """The sender's records were looked up longer ago than that, or never."""
    lately = there_is(sender_records, sender_records.c.asked_at > _instant("looked_up"))
    return Due(not_(lately), {"looked_up": age})


@cache
def sealed_before(age: timedelta) -> Due:
    """A block of the audit log that was sealed longer ago than that, and whose rows are still there."""
    is_old = and_(audit_seals.c.dropped_at.is_(None), audit_seals.c.sealed_at <= _instant("sealed"))
    return Due(there_is(audit_seals, is_old), {"sealed": age})


_MARKED = or_(jobs.c.outcome == literal_column("'failed'"), jobs.c.asked_at.is_not(None), jobs.c.paused_until > _AT)
_MARKS = (
    select(
        *columns(jobs, ("org_id", "job", "outcome", "paused_until", "asked_at")),
        is_served.label("is_served"),
    )
    .select_from(jobs.join(organisations, organisations.c.id == jobs.c.org_id))
    .where(_MARKED, is_open)
)
_TAKE = (
    update(jobs)
    .where(
        jobs.c.org_id == bindparam("v_org"),
        jobs.c.job == bindparam("v_job"),
        jobs.c.asked_at == bindparam("v_asked", type_=UtcDateTime()),
    )
    .values(asked_at=None)
)
_RAN = ("started_at", "ended_at", "outcome", "did", "error")
_given = {name: bindparam(f"v_{name}", type_=jobs.c[name].type) for name in _RAN}
_WRITE = {
    dialect: upsert(dialect, jobs)
    .values(org_id=bindparam("v_org"), job=bindparam("v_job"), **_given)
    .on_conflict_do_update(
        index_elements=["org_id", "job"],
        set_=_given,
        # Of two replicas the one that ended later has the last word.
        where=or_(jobs.c.ended_at.is_(None), jobs.c.ended_at <= _given["ended_at"]),
    )
    for dialect in DIALECTS
}
_READERS = (
    select(
        *columns(organisations, WORKSPACE),
        users.c.zone.label("own_zone"),
        func.min(
            func.coalesce(users.c.digested_on, literal_column("'0001-01-01'", type_=users.c.digested_on.type))
        ).label("taken"),
    )
    .select_from(organisations.join(users, users.c.org_id == organisations.c.id))
    .where(is_served, is_open, users.c.is_active, users.c.slack_user_id.is_not(None))
    .group_by(*columns(organisations, WORKSPACE), users.c.zone)
    .order_by(organisations.c.id)
)

_same_domain = and_(sending_domains.c.org_id == sending_days.c.org_id, sending_domains.c.name == sending_days.c.domain)
# Of each organisation the domain that was judged longest ago; one that sent and was never judged first of all.
_JUDGED = (
    select(*columns(organisations, WORKSPACE), func.min(sending_domains.c.judged_on).label("judged_on"))
    .select_from(
        organisations.join(sending_days, sending_days.c.org_id == organisations.c.id).outerjoin(
            sending_domains, _same_domain
        )
    )
    .where(
        is_open,
        sending_domains.c.judged_on.is_(None),
        sending_days.c.day >= bindparam("recently", type_=sending_days.c.day.type),
    )
    .group_by(*columns(organisations, WORKSPACE))
    .union_all(
        select(*columns(organisations, WORKSPACE), func.min(sending_domains.c.judged_on).label("judged_on"))
        .select_from(organisations.join(sending_domains, sending_domains.c.org_id == organisations.c.id))
        .where(is_open, sending_domains.c.judged_on.is_not(None))
        .group_by(*columns(organisations, WORKSPACE))
    )
)


@dataclass(frozen=True, slots=True)
class Readers:
    """People of an organisation who share a zone (None: the workspace's), and the last day all were told of."""

    workspace: Workspace
    zone: str | None
    taken: date


class Rounds:
    """`across` sees every organisation's rows. Raises Busy."""

    def __init__(self, across: Engine) -> None:
        self._across = across
        self._statements: dict[frozenset[tuple[str, Due, bool]], Any] = {}

    def with_something_to_do(
        self, dues: Mapping[str, Due], at: datetime, *, in_slack: Collection[str] = ()
    ) -> dict[str, list[int]]:
        """By the name of each: the organisations, by id, that have something to do. One statement.

        Of those `in_slack` only organisations that have the app there have any. Who is under maintenance has nothing
        to do until it ends.
        """
        if not dues:
            return {}
        key = frozenset((name, due, name in in_slack) for name, due in dues.items())
        statement = self._statements.get(key)
        if statement is None:
            statement = self._statements[key] = _statement(dues, in_slack)
        params = {name: at - span for due in dues.values() for name, span in due.ago.items()}
        found: dict[str, list[int]] = {name: [] for name in dues}
        for row in read(self._across, statement, {**params, "at": at}):
            for name in dues:
                if row._mapping[name]:
                    found[name].append(int(row.id))
        return found

    def readers(self, at: datetime) -> list[Readers]:
        """Who may be told of the day: active people who have used the app, by organisation and zone."""
        return [
            Readers(workspace_of(row), row["own_zone"], _day(row["taken"]))
            for row in (each._mapping for each in read(self._across, _READERS, {"at": at}))
        ]

    def judged(self, at: datetime) -> list[tuple[Workspace, date]]:
        """Organisations that send, and the last day up to which all of their domains were judged."""
        recently = at.date() - timedelta(days=7)
        rows = [each._mapping for each in read(self._across, _JUDGED, {"at": at, "recently": recently})]
        return [(workspace_of(row), date.min if (day := row["judged_on"]) is None else _day(day)) for row in rows]

    def marks(self, at: datetime) -> list[Mark]:
        return [
            Mark(
                org_id=row.org_id,
                job=row.job,
                is_paused=row.paused_until is not None and row.paused_until > at,
                has_failed=row.outcome == Outcome.FAILED,
                is_served=bool(row.is_served),
                asked_at=row.asked_at,
            )
            for row in read(self._across, _MARKS, {"at": at})
        ]

    def take(self, mark: Mark) -> bool:
        """A run that is asked for is one replica's: False when another took it."""
        with transaction(self._across, org_id=mark.org_id) as connection:
            taken = {"v_org": mark.org_id, "v_job": mark.job, "v_asked": mark.asked_at}
            return connection.execute(_TAKE, taken).rowcount == 1

    def write(self, runs: Iterable[Run]) -> None:
        """How jobs ended, each organisation's in a transaction of its own."""
        by_org: dict[int, list[dict[str, Any]]] = {}
        for run in runs:
            given = {f"v_{name}": getattr(run, name) for name in _RAN}
            by_org.setdefault(run.org_id, []).append({"v_org": run.org_id, "v_job": run.job, **given})
        for org_id, rows in by_org.items():
            with transaction(self._across, org_id=org_id) as connection:
                connection.execute(_WRITE[self._across.dialect.name], rows)


def _statement(dues: Mapping[str, Due], in_slack: Collection[str]) -> Any:
    asked = [
        and_(due.condition, is_served if name in in_slack else true()).label(name) for name, due in sorted(dues.items())
    ]
    look = select(organisations.c.id, *asked).where(is_open).subquery()
    return select(look).where(or_(*[look.c[name] for name in dues])).order_by(look.c.id)


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
