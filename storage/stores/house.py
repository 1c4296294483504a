"""The console's rows, the queue as a whole, and the last day by the hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, literal_column, select, true

from domain.console import Alarm, Hour, QueueNow
from domain.depth import Depth
from domain.messages import OPEN_STATES, SOURCES, State
from domain.readiness import Level, Row
from storage.depths import DEPTH
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, among, rows_given, rows_text, upsert
from storage.stores.entities import columns
from storage.stores.messages import literal
from storage.tables import alarms, audit, messages
from storage.types import UtcDateTime

HOURS = 24
SAMPLE = 20_000
_KEPT = ("name", "level", "detail", "fix", "since", "seen_at", "told_at")
_READ = select(*columns(alarms, _KEPT)).where(alarms.c.org_id == ORG).order_by(alarms.c.name)
_LOCKED = _READ.with_for_update()


def _keep(dialect: str) -> Any:
    """However many rows, one statement."""
    given = rows_given(dialect, "kept", {name: alarms.c[name].type for name in _KEPT})
    adding = upsert(dialect, alarms).from_select(["org_id", *_KEPT], select(ORG, *given.values()).where(true()))
    changed = {name: adding.excluded[name] for name in _KEPT if name != "name"}
    return adding.on_conflict_do_update(index_elements=["org_id", "name"], set_=changed)


_KEEP = {dialect: _keep(dialect) for dialect in DIALECTS}
_FORGET = delete(alarms).where(alarms.c.org_id == ORG, among(alarms.c.name, "names"))
_AT = bindparam("v_at", type_=UtcDateTime())
_STANDING = (
    select(messages.c.state, func.count().label("many"), func.min(messages.c.changed_at).label("oldest"))
    .where(messages.c.org_id == ORG, messages.c.state.in_([literal(state) for state in sorted(OPEN_STATES)]))
    .group_by(messages.c.state)
)
_DUE = select(func.count().label("many"), func.min(messages.c.leaves_at).label("oldest")).where(
    messages.c.org_id == ORG, messages.c.state == literal(State.QUEUED), messages.c.leaves_at <= _AT
)
_WORDS = ("sent", "failed", "refused")
_ENDS = [f"{source}.{word}" for source in sorted(SOURCES) for word in _WORDS]
_TRAIL = (
    select(audit.c.at, audit.c.action)
    .where(
        audit.c.org_id == ORG,
        audit.c.at >= _AT,
        audit.c.action.in_(_ENDS),
    )
    .order_by(audit.c.at.desc())
    .limit(literal_column(str(SAMPLE)))
)


class HouseStore:
    """`domain.ports.House`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def alarms(self, *, lock: bool = False) -> list[Alarm]:
        rows = self._scope.execute(_LOCKED if lock else _READ).mappings()
        return [
            Alarm(
                Row(row["name"], Level(row["level"]), row["detail"], row["fix"]),
                row["since"],
                row["seen_at"],
                row["told_at"],
            )
            for row in rows
        ]

    def keep(self, alarms: Iterable[Alarm]) -> None:
        rows = [
            {
                "name": one.row.name[:64],
                "level": one.row.level.value,
                "detail": one.row.detail[:500],
                "fix": one.row.fix[:500],
                "since": one.since,
                "seen_at": one.seen_at,
                "told_at": one.told_at,
            }
            for one in alarms
        ]
        if rows:
            self._scope.execute(_KEEP[self._scope.dialect], {"kept": rows_text(self._scope.dialect, rows)})

    def forget(self, names: Iterable[str]) -> None:
        if gone := sorted(names):
            self._scope.execute(_FORGET, {"names": gone})

    def depth(self, at: datetime) -> Depth:
        (row,) = self._scope.execute(DEPTH, {"at": at, "day_ago": at - timedelta(days=1)})
        return Depth(**row._mapping)

    def queue(self, at: datetime) -> QueueNow:
        standing = {State(row.state): row for row in self._scope.execute(_STANDING)}
        due = self._scope.execute(_DUE, {"v_at": at}).one()
        held = standing.get(State.HELD)
        counts = {state: int(standing[state].many) if state in standing else 0 for state in sorted(OPEN_STATES)}
        return QueueNow(counts, int(due.many), due.oldest, held.oldest if held else None)

    def hours(self, at: datetime) -> list[Hour]:
        first = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
        ends: Counter[tuple[datetime, str]] = Counter()
        for row in self._scope.execute(_TRAIL, {"v_at": first}):
            hour = row.at.replace(minute=0, second=0, microsecond=0)
            ends[hour, row.action.rpartition(".")[2]] += 1
        starts = (first + timedelta(hours=number) for number in range(HOURS))
        return [Hour(start, **{word: ends[start, word] for word in _WORDS}) for start in starts]
