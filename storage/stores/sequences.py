"""Autopilot's sequences: what runs for whom, in sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Result,
    RowMapping,
    Select,
    Table,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    union,
    update,
)

from domain.autopilot import Begin, Course, Pending, Sequence, Stop
from domain.timeline import StepState
from storage.engine import PLANNED_ANEW
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, among, for_each, rows_given, rows_text
from storage.stores.entities import columns
from storage.tables import autopilot_steps, invoices, sequences
from storage.types import UtcDateTime

SCHEDULED: Any = literal_column(f"'{StepState.SCHEDULED}'")
DRAFTED: Any = literal_column(f"'{StepState.DRAFTED}'")
SKIPPED: Any = literal_column(f"'{StepState.SKIPPED}'")
PLANNED: Any = autopilot_steps.c.state.in_([SCHEDULED, DRAFTED])
# PostgreSQL must not take the index of what is scheduled for this: it is right for what is due, and holds everybody's
# steps, so that a page of customers would cost more the more customers there are.
_IS_PLANNED: Any = autopilot_steps.c.state.not_in(
    [literal_column(f"'{state}'") for state in (StepState.SENT, StepState.SKIPPED)]
)
PENDING = ("id", "account_id", "sequence_id", "day", "template", "due_at", "message_id", "state")
SEQUENCE = ("id", "account_id", "invoice_id", "segment", "cadence", "version", "done_day")

_AFTER: Any = bindparam("v_after", type_=sequences.c.account_id.type)
_LIMIT: Any = bindparam("v_limit")
_owing = (
    select(invoices.c.account_id)
    .where(
        invoices.c.org_id == ORG,
        invoices.c.state == literal_column("'open'"),
        invoices.c.balance > literal_column("0"),
        invoices.c.account_id > _AFTER,
    )
    .distinct()
    .order_by(invoices.c.account_id)
    .limit(_LIMIT)
    .subquery("owing")
)
_running = (
    select(sequences.c.account_id)
    .where(sequences.c.org_id == ORG, sequences.c.ended_at.is_(None), sequences.c.account_id > _AFTER)
    .order_by(sequences.c.account_id)
    .limit(_LIMIT)
    .subquery("running")
)
_both = union(select(_owing.c.account_id), select(_running.c.account_id)).subquery("both")
_BOOK = select(_both.c.account_id).order_by(_both.c.account_id).limit(_LIMIT)


def _of_accounts(read: Select[Any], table: Table) -> dict[str, Select[Any]]:
    """By dialect: `read` for the customers in the parameter `accounts`. A plan of yesterday knows nothing of today."""
    return {
        dialect: for_each(dialect, read.where(table.c.org_id == ORG), table.c.account_id, "accounts").execution_options(
            **{PLANNED_ANEW: True}
        )
        for dialect in DIALECTS
    }


_OF_ANOTHER = _of_accounts(
    select(autopilot_steps.c.account_id).where(autopilot_steps.c.sequence_id.is_(None), _IS_PLANNED), autopilot_steps
)
_RUNNING = _of_accounts(select(*columns(sequences, SEQUENCE)).where(sequences.c.ended_at.is_(None)), sequences)
_DONE = _of_accounts(
    select(sequences.c.account_id, sequences.c.invoice_id, func.max(sequences.c.done_day).label("day"))
    .where(sequences.c.done_day.is_not(None))
    .group_by(sequences.c.account_id, sequences.c.invoice_id),
    sequences,
)
_PENDING = _of_accounts(select(*columns(autopilot_steps, PENDING)).where(_IS_PLANNED), autopilot_steps)
_ANY = select(exists().where(sequences.c.org_id == ORG, sequences.c.ended_at.is_(None)))
_STOPS = {"id": sequences.c.id.type, "why": sequences.c.why.type, "at": UtcDateTime()}


def _end(dialect: str) -> Any:
    given = rows_given(dialect, "stops", _STOPS)
    return (
        update(sequences)
        .where(sequences.c.org_id == ORG, sequences.c.id == given["id"], sequences.c.ended_at.is_(None))
        .values(ended_at=given["at"], why=given["why"])
    )


_END = {dialect: _end(dialect) for dialect in DIALECTS}
_DROP = (
    update(autopilot_steps)
    .where(
        autopilot_steps.c.org_id == ORG,
        among(autopilot_steps.c.sequence_id, "sequences"),
        PLANNED,
        autopilot_steps.c.message_id.is_(None),
    )
    .values(state=SKIPPED)
)


class SequenceStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def book(self, *, after: int, limit: int) -> list[int]:
        return list(self._scope.execute(_BOOK, {"v_after": after, "v_limit": limit}).scalars())

    def of_another(self, account_ids: Collection[int]) -> set[int]:
        return set(self._read(_OF_ANOTHER, account_ids).scalars())

    def of(self, account_ids: Collection[int]) -> Mapping[int, Course]:
        done: dict[int, dict[int, int]] = defaultdict(dict)
        for row in self._read(_DONE, account_ids):
            done[row.account_id][row.invoice_id] = row.day
        running = {
            row["account_id"]: Sequence(**{name: row[name] for name in SEQUENCE})
            for row in self._read(_RUNNING, account_ids).mappings()
        }
        pending = {row["sequence_id"]: pending_of(row) for row in self._read(_PENDING, account_ids).mappings()}
        return {
            id: Course(one := running.get(id), pending.get(one.id) if one else None, done.get(id, {}))
            for id in {*running, *done}
        }

    def end(self, stops: Mapping[int, Stop], *, at: datetime) -> None:
        if not stops:
            return
        rows = [{"id": id, "why": stop.value, "at": at} for id, stop in sorted(stops.items())]
        self._scope.execute(_END[self._scope.dialect], {"stops": rows_text(self._scope.dialect, rows)})
        self._scope.execute(_DROP, {"sequences": list(stops)})

    def begin(self, begins: Mapping[int, Begin], *, version: int, at: datetime) -> None:
        self._scope.insert_many(
            sequences,
            [
                {
                    "account_id": account_id,
                    "invoice_id": one.invoice_id,
                    "segment": one.segment,
                    "cadence": one.cadence,
                    "version": version,
                    "started_at": at,
                }
                for account_id, one in sorted(begins.items())
            ],
        )

    def any_running(self) -> bool:
        return bool(self._scope.execute(_ANY).scalar_one())

    def _read(self, reads: Mapping[str, Select[Any]], account_ids: Collection[int]) -> Result[Any]:
        return self._scope.execute(reads[self._scope.dialect], {"accounts": account_ids})


def pending_of(row: RowMapping) -> Pending:
    return Pending(**{name: row[name] for name in PENDING} | {"state": StepState(row["state"])})
