"""Which notices a change of a nudge causes. Written in the transaction that changes it, posted afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from domain.messages import Message, State
from domain.notices import NoticeKind
from domain.ports import Move, UnitOfWork
from domain.reasons import Reason
from domain.usecases.released import Released

# A pause is looked at again and again; only its beginning is told.
_PAUSES = frozenset({Reason.SENDING_PAUSED, Reason.MAINTENANCE, Reason.DEGRADED})

# States the rep hears of in a message of their own; everything else is seen in the alert and on App Home.
_REP_HEARS = frozenset(
    {State.SENT, State.REFUSED, State.EXPIRED, State.FAILED, State.CANCELLED, State.HELD, State.UNCONFIRMED}
)


def tell(work: UnitOfWork, message: Message, move: Move) -> None:
    """Edit A/R's alert; a new post when A/R has a duty; tell the rep unless they did it themselves.

    The rep's outcome is one message per nudge, edited when it changes again.
    """

    def say(what: str, kind: NoticeKind, recipient: int | None = None, *, only_edit: bool = False) -> None:
        key = f"nudge:{message.id}:{what}"
        work.notices.raise_(
            key=key, kind=kind, subject=message.id, recipient=recipient, at=move.at, only_edit=only_edit
        )

    say("alert", NoticeKind.AR_ALERT)
    if State.UNCONFIRMED in (move.was, move.to):
        say("duty", NoticeKind.AR_ALERT)
    theirs = move.actor_id == message.requested_by
    if move.to in _REP_HEARS and not theirs:
        say("outcome", NoticeKind.REP_OUTCOME, recipient=message.requested_by)
    elif move.to in _REP_HEARS or move.was in (State.HELD, State.UNCONFIRMED):
        # What they were told before is no longer so.
        say("outcome", NoticeKind.REP_OUTCOME, recipient=message.requested_by, only_edit=True)


def report(
    work: UnitOfWork,
    messages: Iterable[Message],
    asked: Sequence[Move],
    moved: Collection[str],
    *,
    at: datetime,
    done: Released,
) -> None:
    """Count, audit and tell what the loop did with `messages`; of the moves that were asked only those in `moved`."""
    by_id = {message.id: message for message in messages}
    took_place = [move for move in asked if move.id in moved]
    done.count(asked, took_place)
    for move in took_place:
        if move.to is State.SENDING:
            continue
        message = by_id[move.id]
        went_back = move.to is State.QUEUED
        # A lease that ended changes nothing that anybody was told.
        is_rescued = went_back and move.leaves_at is None
        if move.reason in _PAUSES and move.reason is message.reason:
            continue
        word = "rescued" if is_rescued else "deferred" if went_back else move.to.value
        work.audit.record(
            f"nudge.{word}",
            at=at,
            actor_id=None,
            subject=f"nudge:{move.id}",
            account_id=message.account_id,
            reason=move.reason,
            before={"state": move.was.value},
            after={"state": move.to.value},
        )
        if not is_rescued:
            tell(work, message, move)
