"""Which notices a change of a message causes. Written in the transaction that changes it, posted afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from domain.audit import Entry
from domain.messages import Message, State
from domain.notices import NoticeKind, Telling
from domain.ports import Move, UnitOfWork
from domain.reasons import Reason
from domain.timeline import Source
from domain.usecases.released import Released

# A pause is looked at again and again; only its beginning is told.
_PAUSES = frozenset({Reason.SENDING_PAUSED, Reason.MAINTENANCE, Reason.DEGRADED})

# States the rep hears of in a message of their own; everything else is seen in the alert and on App Home.
_REP_HEARS = frozenset(
    {State.SENT, State.REFUSED, State.EXPIRED, State.FAILED, State.CANCELLED, State.HELD, State.UNCONFIRMED}
)

_MAY_CHANGE = (State.HELD, State.UNCONFIRMED)
"""Of these the rep hears, and they are no end."""


def tellings(message: Message, move: Move) -> Iterator[Telling]:
    """Edit A/R's alert; a new post when A/R has a duty; tell the rep unless they did it themselves.

    Each outcome that the rep hears is a message of its own, for an edit wakes nobody; what they were told before is
    edited, so that it is true. What Autopilot sends is told where somebody has to settle it; everything else stands on
    its step.
    """

    def say(what: str, kind: NoticeKind, recipient: int | None = None, *, only_edit: bool = False) -> Telling:
        key = f"{message.subject}:{what}"
        return Telling(key, kind, subject=message.id, recipient=recipient, at=move.at, only_edit=only_edit)

    def tell_rep(state: State, *, only_edit: bool) -> Telling:
        """Of what may change again as it stood; of an end there is one."""
        stood = state.value if state in _MAY_CHANGE else ""
        told = say(f"outcome:{stood}" if stood else "outcome", NoticeKind.REP_OUTCOME, message.requested_by)
        return replace(told, subject=f"{message.id}/{stood}" if stood else message.id, only_edit=only_edit)

    is_nudge = message.source is Source.NUDGE
    if is_nudge:
        yield say("alert", NoticeKind.AR_ALERT)
    if State.UNCONFIRMED in (move.was, move.to):
        yield say("duty", NoticeKind.AR_ALERT)
    if not is_nudge:
        return
    if move.to in _REP_HEARS:
        yield tell_rep(move.to, only_edit=move.actor_id == message.requested_by)
    if move.to in _REP_HEARS or move.was in _MAY_CHANGE:
        yield from (tell_rep(stood, only_edit=True) for stood in _MAY_CHANGE if stood is not move.to)


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
    entries: list[Entry] = []
    told: list[Telling] = []
    for move in took_place:
        message = by_id[move.id]
        went_back = move.to is State.QUEUED
        if move.to is State.SENDING or (went_back and move.reason in _PAUSES and move.reason is message.reason):
            continue
        # A lease that ended changes nothing that anybody was told.
        is_rescued = went_back and move.leaves_at is None
        word = "rescued" if is_rescued else "deferred" if went_back else move.to.value
        entries.append(
            Entry(
                f"{message.source}.{word}",
                at=at,
                actor_id=None,
                subject=message.subject,
                account_id=message.account_id,
                reason=move.reason,
                before={"state": move.was.value},
                after=move.facts(),
            )
        )
        if not is_rescued:
            told += tellings(message, move)
    work.audit.record_all(entries)
    work.notices.raise_all(told)
