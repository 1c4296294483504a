"""Which notices a change of a nudge causes. Written in the transaction that changes it, posted afterwards."""

from __future__ import annotations

from datetime import datetime

from domain.messages import Message, State
from domain.ports import NoticeKind, UnitOfWork

# States the rep hears of in a message of their own; everything else is seen in the alert and on App Home.
_REP_HEARS = frozenset(
    {State.SENT, State.REFUSED, State.EXPIRED, State.FAILED, State.CANCELLED, State.HELD, State.UNCONFIRMED}
)


def tell(work: UnitOfWork, message: Message, *, to: State, at: datetime, by: int | None) -> None:
    """Edit A/R's alert; a new post when A/R has a duty; tell the rep unless they did it themselves.

    The rep's outcome is one message per nudge, edited when it changes again.
    """
    work.notices.raise_(
        key=f"nudge:{message.id}:alert", kind=NoticeKind.AR_ALERT, subject=message.id, recipient=None, at=at
    )
    if to is State.UNCONFIRMED or message.state is State.UNCONFIRMED:
        work.notices.raise_(
            key=f"nudge:{message.id}:duty", kind=NoticeKind.AR_ALERT, subject=message.id, recipient=None, at=at
        )
    if to in _REP_HEARS and by != message.requested_by:
        work.notices.raise_(
            key=f"nudge:{message.id}:outcome",
            kind=NoticeKind.REP_OUTCOME,
            subject=message.id,
            recipient=message.requested_by,
            at=at,
        )
