"""Sees what a unit of work does with the queue, and says it once it is committed: one line and one count for each step.

Every line about a nudge carries its id in the field `nudge`. The mail's Message-ID holds the same id, so a mail can be
followed back to the click.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, cast

from bot.metrics import Metrics
from domain.errors import Busy
from domain.messages import Message, State
from domain.notices import Notice, NoticeKind
from domain.ports import Messages, Move, Notices, UnitOfWork, UnitOfWorkFactory

log = logging.getLogger(__name__)

_OF_NUDGES = frozenset({NoticeKind.AR_ALERT, NoticeKind.REP_OUTCOME})


def build_witnessed(uow: UnitOfWorkFactory, *, org_id: int, metrics: Metrics) -> UnitOfWorkFactory:
    """The same units of work, seen."""

    @contextmanager
    def unit() -> Iterator[UnitOfWork]:
        seen: list[Callable[[], None]] = []
        witness = _Witness(org_id, metrics, seen)
        try:
            with uow() as work:
                work.messages = cast(Messages, _SeenMessages(work.messages, witness))
                work.notices = cast(Notices, _SeenNotices(work.notices, witness))
                yield work
        except Busy:
            metrics.busy()
            raise
        # What was rolled back did not happen, and is not told.
        for tell in seen:
            tell()

    def open_unit() -> AbstractContextManager[UnitOfWork]:
        return unit()

    return open_unit


def click_of(origin: str) -> str:
    """A short name of the click that made a message: tells two clicks apart, and tells nothing else."""
    return hashlib.sha256(origin.encode()).hexdigest()[:12]


class _Witness:
    """Notes down what is to be told after the commit."""

    def __init__(self, org_id: int, metrics: Metrics, seen: list[Callable[[], None]]) -> None:
        self._org_id = org_id
        self._metrics = metrics
        self._seen = seen

    def queued(self, message: Message) -> None:
        self._later(self._metrics.queued)
        self._say("queued", message.id, click=click_of(message.origin), leaves_at=message.leaves_at)

    def claimed(self, messages: list[Message], at: datetime, worker: str) -> None:
        delays = [(at - message.leaves_at).total_seconds() for message in messages]
        self._later(lambda: self._metrics.claimed(delays))
        for message in messages:
            self._say("claimed", message.id, worker=worker, attempts=message.attempts)

    def moved(self, moves: list[Move], moved: set[str]) -> None:
        for move in moves:
            if move.id in moved:
                self._later(lambda move=move: self._metrics.moved(move))  # type: ignore[misc]
                self._say(
                    _word(move),
                    move.id,
                    was=move.was.value,
                    reason=move.reason and move.reason.value,
                    leaves_at=move.leaves_at,
                    by=move.actor_id,
                )
        if missed := len(moves) - len(moved):
            self._later(lambda: self._metrics.lost(missed))

    def noticed(self, what: str, notice: Notice, **fields: object) -> None:
        nudge = notice.subject.partition("/")[0] if notice.kind in _OF_NUDGES else None
        self._say(f"notice {what}", nudge, kind=notice.kind.value, **fields)

    def _say(self, event: str, nudge: str | None, **fields: object) -> None:
        if not log.isEnabledFor(logging.INFO):
            return
        told: dict[str, object] = {"nudge": nudge, "org": self._org_id}
        told |= {k: v.isoformat() if isinstance(v, datetime) else v for k, v in fields.items() if v is not None}
        self._later(lambda: log.info(event, extra=told))

    def _later(self, tell: Callable[[], None]) -> None:
        self._seen.append(tell)


def _word(move: Move) -> str:
    """What a step is called in the log."""
    match move.was, move.to:
        case _, State.SENDING:
            return "fenced"
        case ((State.CLAIMED | State.SENDING), State.QUEUED):
            return "deferred" if move.leaves_at is not None else "returned"
        case State.HELD, State.QUEUED:
            return "resumed"
        case State.UNCONFIRMED, State.QUEUED:
            return "sent again"
        case _:
            return move.to.value


class _SeenMessages:
    """The store, with its three ways of changing the queue seen."""

    def __init__(self, store: Messages, witness: _Witness) -> None:
        self._store = store
        self._witness = witness

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def add(self, message: Message) -> Message | None:
        added = self._store.add(message)
        if added is not None:
            self._witness.queued(added)
        return added

    def claim(self, *, at: datetime, worker: str, **named: Any) -> list[Message]:
        claimed = self._store.claim(at=at, worker=worker, **named)
        if claimed:
            self._witness.claimed(claimed, at, worker)
        return claimed

    def move(self, moves: Iterable[Move]) -> set[str]:
        asked = list(moves)
        moved = self._store.move(asked)
        if asked:
            self._witness.moved(asked, moved)
        return moved


class _SeenNotices:
    """The store, with what became of a notice seen."""

    def __init__(self, store: Notices, witness: _Witness) -> None:
        self._store = store
        self._witness = witness

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def posted(self, notice: Notice, **named: Any) -> None:
        self._store.posted(notice, **named)
        self._witness.noticed("posted", notice, attempts=notice.attempts)

    def postpone(self, notice: Notice, *, until: datetime, error: str) -> None:
        self._store.postpone(notice, until=until, error=error)
        if error:
            self._witness.noticed("postponed", notice, until=until, error=error)

    def give_up(self, notice: Notice, *, error: str, at: datetime) -> None:
        self._store.give_up(notice, error=error, at=at)
        self._witness.noticed("given up", notice, error=error)
