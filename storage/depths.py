"""How deep the queue is, for monitors and `plixo doctor`: one statement an organisation, cheap at any backlog.

Small states are counted exactly, through partial indexes that hold nothing else. What may be long is counted up to
`ENOUGH`: a monitor's alarm goes by the age of the oldest, not by the millionth row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, bindparam, case, func, literal_column, or_, select, true

from domain.depth import ENOUGH, Depth
from domain.messages import SOURCES
from domain.rules.sender_records import Verdict
from storage.tables import audit, imports, messages, notices, sender_records
from storage.transactions import read
from storage.types import UtcDateTime

SAMPLE = 10_000
"""Newest entries of the trailing day's audit that the share refused for good is worked out from."""

_ORG: ColumnElement[Any] = bindparam("org")
_AT = bindparam("at", type_=UtcDateTime())
_DAY_AGO = bindparam("day_ago", type_=UtcDateTime())


def _state(name: str, *beside: str) -> Any:
    """With the states that share its partial index: SQLite uses one only where its own condition is repeated.

    Literals, because a bound state fits no partial index in a plan made without values.
    """
    is_it = messages.c.state == literal_column(f"'{name}'")
    return and_(messages.c.state.in_([literal_column(f"'{state}'") for state in beside]), is_it) if beside else is_it


def _count(*conditions: Any) -> Any:
    return select(func.count()).select_from(messages).where(messages.c.org_id == _ORG, *conditions).scalar_subquery()


def _oldest(column: Any, *conditions: Any) -> Any:
    table = column.table
    chosen = select(column).where(table.c.org_id == _ORG, *conditions).order_by(column).limit(literal_column("1"))
    return chosen.scalar_subquery()


_LEASED, _ASIDE = ("claimed", "sending"), ("held", "unconfirmed")
_QUEUED = _state("queued")
_PENDING = notices.c.state == literal_column("'pending'")
_waiting = (
    select(messages.c.leaves_at)
    .where(messages.c.org_id == _ORG, _QUEUED)
    .order_by(messages.c.leaves_at)
    .limit(literal_column(str(ENOUGH)))
    .subquery()
)
_is_due = _waiting.c.leaves_at <= _AT
_queue = select(
    func.count().label("queued"),
    func.count(case((_is_due, literal_column("1")))).label("due"),
    func.min(case((_is_due, _waiting.c.leaves_at))).label("oldest_due"),
).subquery()
_pending = (
    select(notices.c.changed_at)
    .where(notices.c.org_id == _ORG, _PENDING)
    .order_by(notices.c.due_at)
    .limit(literal_column(str(ENOUGH)))
    .subquery()
)
_told = select(func.count().label("notices"), func.min(_pending.c.changed_at).label("oldest_notice")).subquery()
_trail = (
    select(audit.c.action, audit.c.reason)
    .where(audit.c.org_id == _ORG, audit.c.at > _DAY_AGO)
    .order_by(audit.c.at.desc())
    .limit(literal_column(str(SAMPLE)))
    .subquery()
)


def _has(become: str) -> Any:
    """That a message of whatever source has."""
    return _trail.c.action.in_([f"{source}.{become}" for source in sorted(SOURCES)])


_is_rejected = and_(_has("failed"), _trail.c.reason == literal_column("'mail_rejected'"))
_is_tried = or_(_has("sent"), _is_rejected)
_is_refused = or_(_has("returned"), _is_rejected)
_answered = select(
    func.count(case((_is_tried, literal_column("1")))).label("tried"),
    func.count(case((_is_refused, literal_column("1")))).label("refused_for_good"),
).subquery()
DEPTH = select(
    _queue,
    _count(_state("claimed", *_LEASED)).label("claimed"),
    _count(_state("sending", *_LEASED)).label("sending"),
    _count(_state("held", *_ASIDE)).label("held"),
    _oldest(messages.c.changed_at, _state("held", *_ASIDE)).label("oldest_held"),
    _count(_state("unconfirmed", *_ASIDE)).label("unconfirmed"),
    _oldest(messages.c.changed_at, _state("unconfirmed", *_ASIDE)).label("oldest_unconfirmed"),
    _told,
    _answered,
    select(func.max(imports.c.finished_at))
    .where(imports.c.org_id == _ORG, imports.c.state == literal_column("'done'"))
    .scalar_subquery()
    .label("imported_at"),
    select(func.count())
    .select_from(sender_records)
    .where(sender_records.c.org_id == _ORG, sender_records.c.verdict == literal_column(f"'{Verdict.BAD}'"))
    .scalar_subquery()
    .label("records_bad"),
).select_from(_queue.join(_told, true()).join(_answered, true()))
"""Of one `org`, at `at`, with the day since `day_ago`: one row with `Depth`'s names."""


class Depths:
    """Reads `Depth`. `engine` sees every organisation's rows; raises Busy."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, org_ids: Iterable[int], at: datetime) -> Depth:
        """Of these organisations together."""
        day_ago = at - timedelta(days=1)
        readings = []
        for org_id in org_ids:
            (row,) = read(self._engine, DEPTH, {"org": org_id, "at": at, "day_ago": day_ago})
            readings.append(Depth(**row._mapping))
        return _together(readings)


def _together(readings: list[Depth]) -> Depth:
    """Counts are added; of instants the oldest stands, and of imports the one that is longest ago."""
    if len(readings) == 1:
        return readings[0]
    summed: dict[str, Any] = {}
    for field in fields(Depth):
        values = [value for reading in readings if (value := getattr(reading, field.name)) is not None]
        is_count = isinstance(field.default, int)
        summed[field.name] = sum(values) if is_count else min(values, default=None)
    return Depth(**summed)
