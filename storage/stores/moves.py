"""Steps of messages through TRANSITIONS, as sets: one update, and one insert for the history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, String, case, func, literal_column, null, or_, update

from domain.messages import State, may_follow
from domain.ports import Move
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, rows_given, rows_text
from storage.tables import message_events, messages
from storage.types import UtcDateTime

_GIVEN: dict[str, Any] = {
    "id": String(32),
    "was": String(16),
    "became": String(16),
    "at": UtcDateTime(),
    "reason": String(32),
    "token": String(32),
    "leaves_at": UtcDateTime(),
    "expires_at": UtcDateTime(),
    "lease_until": UtcDateTime(),
    "attempted": Boolean(),
    "actor_id": messages.c.held_by.type,
    "doubtful_since": UtcDateTime(),
    "why": messages.c.why.type,
    "cause": messages.c.cause.type,
    "segment": messages.c.segment.type,
}
_LEASED: list[Any] = [literal_column(f"'{state}'") for state in (State.CLAIMED, State.SENDING)]
# The token outlives the lease in `unconfirmed`: a worker that was slow, not dead, may still report what it knows.
_UNCONFIRMED: Any = literal_column(f"'{State.UNCONFIRMED}'")
_TOKENED = [*_LEASED, _UNCONFIRMED]
_BY_HAND: list[Any] = [literal_column(f"'{state}'") for state in (State.HELD, State.CANCELLED)]


def _update(dialect: str) -> Any:
    given = rows_given(dialect, "moves", _GIVEN)
    became = given["became"]
    return (
        update(messages)
        .where(
            messages.c.org_id == ORG,
            messages.c.id == given["id"],
            messages.c.state == given["was"],
            or_(given["token"].is_(None), messages.c.token == given["token"]),
            # The fence: whoever was paused past the lease may no longer send.
            or_(became != literal_column(f"'{State.SENDING}'"), messages.c.claimed_until > given["at"]),
        )
        .values(
            state=became,
            reason=given["reason"],
            why=given["why"],
            cause=given["cause"],
            changed_at=given["at"],
            leaves_at=func.coalesce(given["leaves_at"], messages.c.leaves_at),
            expires_at=func.coalesce(given["expires_at"], messages.c.expires_at),
            # '' takes the name away.
            segment=func.nullif(func.coalesce(given["segment"], messages.c.segment), literal_column("''")),
            attempts=messages.c.attempts + case((given["attempted"], 1), else_=0),
            claimed_by=case((became.in_(_LEASED), messages.c.claimed_by), else_=null()),
            claimed_until=case(
                (became.in_(_LEASED), func.coalesce(given["lease_until"], messages.c.claimed_until)), else_=null()
            ),
            token=case((became.in_(_TOKENED), messages.c.token), else_=null()),
            sent_at=case((became == literal_column(f"'{State.SENT}'"), given["at"]), else_=messages.c.sent_at),
            held_by=case((became.in_(_BY_HAND), given["actor_id"]), else_=null()),
            # Whoever settles an unconfirmed one says whether there is still a doubt.
            doubtful_since=case(
                (given["was"] == _UNCONFIRMED, given["doubtful_since"]),
                else_=func.coalesce(messages.c.doubtful_since, given["doubtful_since"]),
            ),
        )
        .returning(messages.c.id)
    )


_MOVE = {dialect: _update(dialect) for dialect in DIALECTS}


def apply_moves(scope: Scope, moves: list[Move]) -> set[str]:
    """Raises ValueError, before anything is written, for a step not in TRANSITIONS or two steps of one message."""
    if not moves:
        return set()
    for move in moves:
        if not may_follow(move.was, move.to):
            raise ValueError(f"A message does not go from {move.was} to {move.to}.")
    if len({move.id for move in moves}) != len(moves):
        raise ValueError("Two steps of one message were given at once; their order would be chance.")
    # In id order, so that two workers with overlapping sets wait for each other instead of deadlocking.
    moves.sort(key=lambda move: move.id)
    text = rows_text(scope.dialect, [_row(move) for move in moves])
    moved = set(scope.execute(_MOVE[scope.dialect], {"moves": text}).scalars())
    done = [move for move in moves if move.id in moved]
    scope.insert_many(
        message_events,
        [
            {
                "message_id": move.id,
                "was": move.was,
                "became": move.to,
                "reason": move.reason,
                "at": move.at,
                "actor_id": move.actor_id,
                "why": move.why,
            }
            for move in done
        ],
    )
    return moved


def _row(move: Move) -> dict[str, object]:
    return {
        "id": move.id,
        "was": move.was,
        "became": move.to,
        "at": move.at,
        "reason": move.reason,
        "token": move.token,
        "leaves_at": move.leaves_at,
        "expires_at": move.expires_at,
        "lease_until": move.lease_until,
        "attempted": move.attempted,
        "actor_id": move.actor_id,
        "doubtful_since": move.doubtful_since,
        "why": move.why,
        "cause": move.cause,
        "segment": move.segment,
    }
