"""Tidy up what nobody holds any more: ended leases and messages past their time."""

from __future__ import annotations

from domain.messages import Message, State
from domain.ports import Clock, Move, UnitOfWorkFactory
from domain.reasons import Reason
from domain.usecases.released import Released
from domain.usecases.telling import report


def rescue(*, uow: UnitOfWorkFactory, clock: Clock, limit: int = 200) -> int:
    """Returns how many messages were moved.

    An ended claim goes back to the queue: it was never fenced. An ended hand-over becomes `unconfirmed`: it may have
    left, and a person decides. What waited past its expiry expires.
    """
    at = clock.now()
    with uow() as work:
        moves: list[tuple[Message, Move]] = []
        for message in work.messages.overdue_claims(at=at, limit=limit):
            if message.state is State.CLAIMED:
                move = Move(id=message.id, was=State.CLAIMED, to=State.QUEUED, at=at, token=message.token)
            else:
                move = Move(
                    id=message.id,
                    was=State.SENDING,
                    to=State.UNCONFIRMED,
                    at=at,
                    token=message.token,
                    reason=Reason.MAIL_UNKNOWN,
                )
            moves.append((message, move))
        for message in work.messages.past_expiry(at=at, limit=limit):
            moves.append(
                (message, Move(id=message.id, was=message.state, to=State.EXPIRED, at=at, reason=Reason.EXPIRED))
            )
        asked = [move for _, move in moves]
        moved = work.messages.move(asked)
        report(work, [message for message, _ in moves], asked, moved, at=at, done=Released())
        return len(moved)
