"""The queue as whoever looks after it sees it: what stands where, what a backup cannot know, what came back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from domain.messages import OPEN_STATES, Message, State
from domain.ports import Waiting
from domain.reasons import Reason
from domain.timeline import Source
from storage.scope import ORG, Scope
from storage.sets import among
from storage.stores.entities import MESSAGE, columns, message_of
from storage.stores.messages import in_states, literal
from storage.tables import message_events, messages
from storage.types import UtcDateTime

_STANDING = (
    select(messages.c.state, func.count().label("waiting"))
    .where(messages.c.org_id == ORG, in_states(*sorted(OPEN_STATES)))
    .group_by(messages.c.state)
)
_ASKED_BY = (
    select(*columns(messages, MESSAGE))
    .where(
        messages.c.org_id == ORG,
        in_states(State.QUEUED, State.CLAIMED, State.SENDING),
        messages.c.requested_at <= bindparam("v_taken", type_=UtcDateTime()),
    )
    .order_by(messages.c.requested_at, messages.c.id)
    .limit(bindparam("v_limit", type_=message_events.c.id.type))
)
_OF_ACCOUNT = select(*columns(messages, MESSAGE)).where(
    messages.c.org_id == ORG, messages.c.account_id == bindparam("v_account")
)
_NUDGES_WAITING = _OF_ACCOUNT.where(
    messages.c.source == literal_column(f"'{Source.NUDGE}'"), in_states(State.QUEUED, State.HELD)
).order_by(messages.c.requested_at, messages.c.id)
_NUDGES_ABOUT = _NUDGES_WAITING.where(among(messages.c.invoice_id, "invoices"))
_TAKEN_BACK = _OF_ACCOUNT.where(messages.c.cause == bindparam("v_cause")).order_by(
    messages.c.requested_at, messages.c.id
)
_REASON = bindparam("v_reason", type_=messages.c.reason.type)
_CAME_BACK = (
    update(messages)
    .where(
        messages.c.org_id == ORG,
        messages.c.id == bindparam("v_id"),
        messages.c.state == literal(State.SENT),
        # A complaint says more than that it came back before.
        or_(
            messages.c.reason.is_(None),
            and_(messages.c.reason == Reason.MAIL_RETURNED.value, _REASON.in_([Reason.MAIL_UNWANTED.value])),
        ),
    )
    .values(reason=_REASON)
    .returning(messages.c.id)
)

_LOCKED = (
    select(messages.c.state, messages.c.reason)
    .where(messages.c.org_id == ORG, messages.c.id == bindparam("v_id"))
    .with_for_update()
)
_of_message = (message_events.c.org_id == ORG, message_events.c.message_id == bindparam("v_id"))
_LEFT = (
    select(message_events.c.at)
    .where(*_of_message, message_events.c.became == literal(State.SENDING))
    .order_by(message_events.c.id.desc())
    .limit(1)
)
_HEARD = select(message_events.c.reason).where(*_of_message, message_events.c.was == message_events.c.became)


# Each by the partial index that holds nothing else: however many messages were sent, they are not looked at.
_QUEUED = in_states(State.QUEUED)
_CLAIMED = and_(in_states(State.CLAIMED, State.SENDING), in_states(State.CLAIMED))


def _day_of(instant: ColumnElement[datetime], count: int, *, is_last: bool) -> ColumnElement[int]:
    """Which of the days it lies in: an end belongs to the day that it begins, a last time to the one before."""
    days: list[tuple[ColumnElement[bool], ColumnElement[int]]] = []
    for number in range(count):
        bound = bindparam(f"v_end_{number}", type_=UtcDateTime())
        days.append((instant <= bound if is_last else instant < bound, literal_column(str(number))))
    return case(*days, else_=literal_column(str(count)))


@cache
def waiting_by_days(count: int) -> Select[Any]:
    """Given the ends of so many days, `v_end_0` and on."""
    days = (
        select(
            messages.c.source,
            messages.c.segment,
            _day_of(messages.c.leaves_at, count, is_last=False).label("ready"),
            _day_of(messages.c.expires_at, count, is_last=True).label("last"),
        ).where(messages.c.org_id == ORG, state)
        for state in (_QUEUED, _CLAIMED)
    )
    each = union_all(*days).subquery()
    return select(each, func.count().label("many")).group_by(*each.c)


class OversightStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def standing(self) -> Mapping[State, int]:
        counted = {State(row.state): int(row.waiting) for row in self._scope.execute(_STANDING)}
        return {state: counted.get(state, 0) for state in OPEN_STATES}

    def asked_by(self, taken: datetime, *, limit: int) -> list[Message]:
        rows = self._scope.execute(_ASKED_BY, {"v_taken": taken, "v_limit": limit}).mappings()
        return [message_of(row) for row in rows]

    def came_back(self, message_id: str, *, reason: Reason, at: datetime) -> bool:
        noted = self._scope.execute(_CAME_BACK, {"v_id": message_id, "v_reason": reason.value}).scalar_one_or_none()
        state = State.SENT.value if noted is not None else self._other_state(message_id, reason)
        if state is None:
            return False
        event = {"message_id": message_id, "was": state, "became": state}
        self._scope.insert_many(message_events, [{**event, "reason": reason.value, "at": at, "actor_id": None}])
        return True

    def _other_state(self, message_id: str, reason: Reason) -> str | None:
        """Where a message stands that was handed over and is not sent; None when its history knows of it already."""
        row = self._scope.execute(_LOCKED, {"v_id": message_id}).one_or_none()
        if row is None or row.state == State.SENT.value or self.left_at(message_id) is None:
            return None
        heard = {row.reason, *self._scope.execute(_HEARD, {"v_id": message_id}).scalars()}
        if Reason.MAIL_UNWANTED.value in heard or reason.value in heard:
            return None
        return str(row.state)

    def left_at(self, message_id: str) -> datetime | None:
        return self._scope.execute(_LEFT, {"v_id": message_id}).scalar_one_or_none()

    def nudges_waiting(self, account_id: int, invoice_ids: Collection[int] | None) -> list[Message]:
        """Rows of the account's index on (account, time): a customer has few."""
        if invoice_ids is None:
            return self._read(_NUDGES_WAITING, v_account=account_id)
        return self._read(_NUDGES_ABOUT, v_account=account_id, invoices=list(invoice_ids))

    def taken_back_by(self, cause: str, *, account_id: int) -> list[Message]:
        return self._read(_TAKEN_BACK, v_account=account_id, v_cause=cause)

    def _read(self, statement: Select[Any], **params: object) -> list[Message]:
        return [message_of(row) for row in self._scope.execute(statement, params).mappings()]

    def waiting(self, ends: Sequence[datetime]) -> list[Waiting]:
        params = {f"v_end_{number}": end for number, end in enumerate(ends)}
        rows = self._scope.execute(waiting_by_days(len(ends)), params)
        return [Waiting(Source(row.source), row.ready, row.last, row.many, row.segment) for row in rows]
