"""Steps of Autopilot's own sequences: planned, put into the queue, settled. Steps of another sender are not touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, bindparam, case, func, literal_column, or_, select, true, update

from domain.autopilot import NewStep, Pending, Skipped
from domain.messages import FINAL_STATES, Message, State
from domain.timeline import StepState
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, rows_given, rows_text, upsert
from storage.stores.entities import MESSAGE, columns
from storage.stores.sequences import PENDING, PLANNED, SCHEDULED, SKIPPED, pending_of
from storage.tables import autopilot_steps, message_events, messages, sequences
from storage.types import UtcDateTime

_SENT: Any = literal_column(f"'{StepState.SENT}'")
_IS_SENT = messages.c.state == literal_column(f"'{State.SENT}'")
FINAL: Any = messages.c.state.in_([literal_column(f"'{state}'") for state in sorted(FINAL_STATES)])

_OURS = and_(
    autopilot_steps.c.org_id == ORG,
    autopilot_steps.c.state == SCHEDULED,
    autopilot_steps.c.sequence_id.is_not(None),
)
_SINCE: Any = bindparam("v_since", type_=UtcDateTime())
_SINCE_ID: Any = bindparam("v_since_id")
_FIRST = (
    select(*columns(autopilot_steps, PENDING))
    .where(
        _OURS,
        autopilot_steps.c.message_id.is_(None),
        autopilot_steps.c.due_at <= bindparam("v_at", type_=UtcDateTime()),
    )
    .order_by(autopilot_steps.c.due_at, autopilot_steps.c.id)
    .limit(bindparam("v_limit"))
)
_NEXT = _FIRST.where(
    autopilot_steps.c.due_at >= _SINCE,
    or_(autopilot_steps.c.due_at > _SINCE, autopilot_steps.c.id > _SINCE_ID),
)

_GOES_ON = {"id": sequences.c.id.type, "day": sequences.c.done_day.type}


def _skip(dialect: str) -> Any:
    given = rows_given(dialect, "skipped", {"id": autopilot_steps.c.id.type, "reason": String(32)})
    return (
        update(autopilot_steps)
        .where(
            autopilot_steps.c.org_id == ORG,
            PLANNED,
            autopilot_steps.c.sequence_id.is_not(None),
            autopilot_steps.c.id == given["id"],
            autopilot_steps.c.message_id.is_(None),
        )
        .values(state=SKIPPED, reason=given["reason"])
        .returning(autopilot_steps.c.id, autopilot_steps.c.sequence_id, autopilot_steps.c.day)
    )


def _go_on(dialect: str) -> Any:
    given = rows_given(dialect, "done", _GOES_ON)
    is_behind = or_(sequences.c.done_day.is_(None), sequences.c.done_day < given["day"])
    return (
        update(sequences)
        .where(sequences.c.org_id == ORG, sequences.c.id == given["id"], is_behind)
        .values(done_day=given["day"])
    )


_QUEUED = {name: messages.c[name].type for name in MESSAGE}


def _queue(dialect: str) -> Any:
    given = rows_given(dialect, "queued", _QUEUED)
    # SQLite wants a WHERE before ON CONFLICT.
    rows = select(ORG, *given.values()).where(true())
    return (
        upsert(dialect, messages)
        .from_select(["org_id", *given], rows)
        .on_conflict_do_nothing()
        .returning(messages.c.id)
    )


def _link(dialect: str) -> Any:
    given = rows_given(dialect, "links", {"id": autopilot_steps.c.id.type, "message_id": String(32)})
    return (
        update(autopilot_steps)
        .where(autopilot_steps.c.org_id == ORG, autopilot_steps.c.id == given["id"])
        .values(message_id=given["message_id"], state=SCHEDULED)
    )


def _settle(dialect: str) -> Any:
    ended = (
        select(autopilot_steps.c.id)
        .select_from(
            autopilot_steps.join(
                messages, and_(messages.c.org_id == ORG, messages.c.id == autopilot_steps.c.message_id)
            )
        )
        .where(_OURS, FINAL)
        .order_by(autopilot_steps.c.id)
        .limit(bindparam("v_limit"))
    )
    return (
        update(autopilot_steps)
        .where(
            _OURS,
            messages.c.org_id == ORG,
            messages.c.id == autopilot_steps.c.message_id,
            FINAL,
            autopilot_steps.c.id.in_(ended),
        )
        .values(
            state=case((_IS_SENT, _SENT), else_=SKIPPED),
            sent_at=case((_IS_SENT, messages.c.sent_at)),
            reason=case((_IS_SENT, None), else_=func.coalesce(messages.c.reason, messages.c.state)),
        )
        .returning(autopilot_steps.c.account_id, autopilot_steps.c.sequence_id, autopilot_steps.c.day)
    )


_SKIP, _GO_ON, _QUEUE, _LINK, _SETTLE = (
    {dialect: build(dialect) for dialect in DIALECTS} for build in (_skip, _go_on, _queue, _link, _settle)
)


class StepStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def schedule(self, steps: Sequence[NewStep]) -> None:
        self._scope.insert_many(
            autopilot_steps,
            [
                {name: getattr(step, name) for name in NewStep.__slots__} | {"state": StepState.SCHEDULED}
                for step in steps
            ],
        )

    def due(self, *, at: datetime, after: tuple[datetime, int] | None, limit: int) -> list[Pending]:
        params: dict[str, Any] = {"v_at": at, "v_limit": limit}
        if after is not None:
            params |= {"v_since": after[0], "v_since_id": after[1]}
        found = self._scope.execute(_FIRST if after is None else _NEXT, params)
        return [pending_of(row) for row in found.mappings()]

    def skip(self, skipped: Iterable[Skipped]) -> set[int]:
        rows = [{"id": one.step_id, "reason": one.reason} for one in skipped]
        if not rows:
            return set()
        found = self._scope.execute(_SKIP[self._scope.dialect], {"skipped": self._text(rows)}).all()
        self._done([{"id": row.sequence_id, "day": row.day} for row in found])
        return {row.id for row in found}

    def queue(self, messages: Mapping[int, Message]) -> set[int]:
        if not messages:
            return set()
        rows = [_row(message) for message in messages.values()]
        added = set(self._scope.execute(_QUEUE[self._scope.dialect], {"queued": self._text(rows)}).scalars())
        there = {step_id: message for step_id, message in messages.items() if message.id in added}
        self._scope.insert_many(
            message_events,
            [
                {
                    "message_id": message.id,
                    "was": None,
                    "became": message.state,
                    "reason": None,
                    "at": message.requested_at,
                    "actor_id": message.requested_by,
                }
                for message in there.values()
            ],
        )
        if there:
            links = [{"id": step_id, "message_id": message.id} for step_id, message in there.items()]
            self._scope.execute(_LINK[self._scope.dialect], {"links": self._text(links)})
        return set(there)

    def settle(self, *, limit: int) -> list[int]:
        found = self._scope.execute(_SETTLE[self._scope.dialect], {"v_limit": limit}).all()
        self._done([{"id": row.sequence_id, "day": row.day} for row in found])
        return [row.account_id for row in found]

    def _done(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._scope.execute(_GO_ON[self._scope.dialect], {"done": self._text(rows)})

    def _text(self, rows: Iterable[Mapping[str, Any]]) -> str:
        return rows_text(self._scope.dialect, rows)


def _row(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in MESSAGE} | {
        "changed_at": message.changed_at or message.requested_at
    }
