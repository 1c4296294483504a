"""Tidy up what nobody holds any more: ended leases and messages past their time."""

from __future__ import annotations

from datetime import datetime

from domain.messages import Message, State
from domain.policy import Policy, Rulebook
from domain.ports import Clock, Move, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.doubt import ending, may_resend
from domain.usecases.released import Released
from domain.usecases.telling import report


def rescue(*, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook, limit: int = 200) -> Released:
    """Settle up to `limit` ended leases and as many expired messages of one organisation; says what was done.

    An ended claim goes back to the queue: it was never fenced. An ended hand-over may have left: a person decides, or
    it is handed over again where the provider drops a second copy. What waited past its expiry expires.
    """
    at, done = clock.now(), Released()
    with uow() as work:
        held = work.messages.overdue_claims(at=at, limit=limit)
        late = work.messages.past_expiry(at=at, limit=limit)
        asked = [_let_go(message, at, rulebook.policy) for message in held]
        asked += [_expire(message, at) for message in late]
        report(work, [*held, *late], asked, work.messages.move(asked), at=at, done=done)
    return done


def _let_go(message: Message, at: datetime, policy: Policy) -> Move:
    if message.state is State.CLAIMED:
        # It keeps the reason for which it waited.
        return Move(
            id=message.id, was=State.CLAIMED, to=State.QUEUED, at=at, token=message.token, reason=message.reason
        )
    # What is in `sending` was last changed by its fence.
    since = message.doubtful_since or message.changed_at or at
    again = may_resend(since, at, policy)
    return Move(
        id=message.id,
        was=State.SENDING,
        to=State.QUEUED if again else State.UNCONFIRMED,
        at=at,
        token=message.token,
        reason=Reason.MAIL_UNKNOWN,
        leaves_at=at if again else None,
        doubtful_since=since,
    )


def _expire(message: Message, at: datetime) -> Move:
    to = ending(message, State.EXPIRED)
    reason = Reason.EXPIRED if to is State.EXPIRED else Reason.MAIL_UNKNOWN
    return Move(id=message.id, was=message.state, to=to, at=at, reason=reason)
