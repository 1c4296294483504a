"""The outbound queue of one organisation: adding, finding, claiming. Steps are in `moves`, names in `stories`.

States stand in the statements as literals: a bound state would keep PostgreSQL from the partial indexes once it
plans without looking at values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, bindparam, literal_column, or_, select, update

from domain.messages import OPEN_STATES, Message, State
from domain.outcomes import NudgeStory
from domain.ports import Move
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, is_one_of, upsert
from storage.stores.entities import MESSAGE, columns, message_of
from storage.stores.moves import apply_moves
from storage.stores.stories import read_stories
from storage.tables import message_events, messages, organisations
from storage.types import UtcDateTime

_AT = bindparam("v_at", type_=UtcDateTime())
_LIMIT = bindparam("v_limit", type_=message_events.c.id.type)


def literal(state: State) -> Any:
    """The state as a literal in the statement's text."""
    return literal_column(f"'{state.value}'")


def in_states(*states: State) -> Any:
    return messages.c.state.in_([literal(state) for state in states])


_READ = select(*columns(messages, MESSAGE)).where(messages.c.org_id == ORG)
_BY_ID = _READ.where(messages.c.id == bindparam("v_id"))
_BY_ORIGIN = _READ.where(messages.c.origin == bindparam("v_origin"))
_OPEN_FOR = _READ.where(
    messages.c.account_id == bindparam("v_account"),
    messages.c.contact_id == bindparam("v_contact"),
    messages.c.invoice_id == bindparam("v_invoice"),
    messages.c.source == literal_column("'nudge'"),
    in_states(*sorted(OPEN_STATES)),
)
_OVERDUE = (
    _READ.where(in_states(State.CLAIMED, State.SENDING), messages.c.claimed_until <= _AT)
    .order_by(messages.c.claimed_until, messages.c.id)
    .limit(_LIMIT)
)
_PAST_EXPIRY = (
    _READ.where(in_states(State.QUEUED, State.HELD), messages.c.expires_at <= _AT)
    .order_by(messages.c.expires_at, messages.c.id)
    .limit(_LIMIT)
)

_ADDED = (*MESSAGE, "org_id")
_ADD = {
    dialect: upsert(dialect, messages)
    .values({name: ORG if name == "org_id" else bindparam(f"v_{name}", type_=messages.c[name].type) for name in _ADDED})
    # Whichever rule stands in the way (same click, one open message per invoice): it is there already.
    .on_conflict_do_nothing()
    .returning(messages.c.id)
    for dialect in DIALECTS
}

# Looked at in the claim itself: between two looks at who has work, maintenance may have begun.
_IS_OPEN = (
    select(organisations.c.id)
    .where(
        organisations.c.id == ORG,
        or_(organisations.c.maintenance_until.is_(None), organisations.c.maintenance_until <= _AT),
    )
    .scalar_subquery()
    .is_not(None)
)


def _claim(dialect: str) -> Any:
    due = (
        select(messages.c.id)
        .where(
            messages.c.org_id == ORG,
            messages.c.state == literal(State.QUEUED),
            messages.c.leaves_at <= _AT,
            _IS_OPEN,
        )
        .order_by(messages.c.leaves_at, messages.c.id)
        .limit(_LIMIT)
    )
    take = update(messages).values(
        state=literal(State.CLAIMED),
        claimed_by=bindparam("v_worker"),
        claimed_until=bindparam("v_lease_until", type_=UtcDateTime()),
        token=bindparam("v_token"),
        changed_at=_AT,
    )
    take = take.where(messages.c.org_id == ORG, is_one_of(dialect, messages.c.id, due))
    return take.returning(*columns(messages, MESSAGE))


_CLAIM = {dialect: _claim(dialect) for dialect in DIALECTS}


class MessageStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, message: Message) -> Message | None:
        values = {f"v_{name}": getattr(message, name) for name in MESSAGE}
        values["v_state"] = message.state.value
        values["v_source"] = message.source.value
        values["v_reason"] = message.reason.value if message.reason else None
        values["v_changed_at"] = message.changed_at or message.requested_at
        added = self._scope.execute(_ADD[self._scope.dialect], values).scalar_one_or_none()
        if added is None:
            return None
        self._scope.insert_many(
            message_events,
            [
                {
                    "message_id": message.id,
                    "was": None,
                    "became": message.state.value,
                    "reason": values["v_reason"],
                    "at": message.requested_at,
                    "actor_id": message.requested_by,
                }
            ],
        )
        return self.find(id=message.id)

    def find(
        self,
        *,
        id: str | None = None,
        origin: str | None = None,
        open_for: tuple[int, int, int] | None = None,
    ) -> Message | None:
        """Raises ValueError unless exactly one question is asked."""
        if [id, origin, open_for].count(None) != 2:
            raise ValueError("Ask for an id, an origin, or the open nudge of an account, contact and invoice.")
        if id is not None:
            found = self._read(_BY_ID, v_id=id)
        elif origin is not None:
            found = self._read(_BY_ORIGIN, v_origin=origin)
        else:
            assert open_for is not None
            account_id, contact_id, invoice_id = open_for
            found = self._read(_OPEN_FOR, v_account=account_id, v_contact=contact_id, v_invoice=invoice_id)
        return found[0] if found else None

    def stories(
        self, ids: Sequence[str] | None = None, *, of_person: int | None = None, limit: int = 50
    ) -> list[NudgeStory]:
        return read_stories(self._scope, ids, of_person=of_person, limit=limit)

    def claim(self, *, at: datetime, lease_until: datetime, worker: str, limit: int) -> list[Message]:
        params = {
            "v_at": at,
            "v_lease_until": lease_until,
            "v_worker": worker,
            "v_token": uuid4().hex,
            "v_limit": limit,
        }
        rows = self._scope.execute(_CLAIM[self._scope.dialect], params).mappings()
        return sorted((message_of(row) for row in rows), key=lambda message: (message.leaves_at, message.id))

    def move(self, moves: Iterable[Move]) -> set[str]:
        return apply_moves(self._scope, list(moves))

    def overdue_claims(self, *, at: datetime, limit: int) -> list[Message]:
        return self._read(_OVERDUE, v_at=at, v_limit=limit)

    def past_expiry(self, *, at: datetime, limit: int) -> list[Message]:
        return self._read(_PAST_EXPIRY, v_at=at, v_limit=limit)

    def _read(self, statement: Select[Any], **params: object) -> list[Message]:
        return [message_of(row) for row in self._scope.execute(statement, params).mappings()]
