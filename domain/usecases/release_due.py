"""Release what is due: claim, decide, send, record. Every replica runs it; there is no leader.

One call handles one organisation. A message is fenced (`sending`, committed) in the transaction that ran its guards,
then handed over outside any transaction, then recorded under the claim's token. At most `chunk` messages are between
fence and record at any moment, so at most that many can be left unconfirmed by a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.accounts import Communication, Source
from domain.errors import Busy, Rejected, Unavailable, Unknown
from domain.mail import Mail
from domain.messages import Message, State, may_follow
from domain.policy import Rulebook
from domain.ports import Clock, Mailer, Move, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.retry import next_attempt
from domain.usecases.deciding import Cleared, decide_each
from domain.usecases.released import Released
from domain.usecases.telling import report

CLAIM_LEASE = timedelta(seconds=60)
RECORD_TRIES = 3
"""How often an answer is offered to a busy database before it is left to a person (decided)."""

Delivery = str | Rejected | Unavailable | Unknown
Pool = Callable[[Callable[[Mail], Delivery], Sequence[Mail]], Iterable[Delivery]]


def release_due(
    *,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
    mailer: Mailer,
    worker: str,
    limit: int = 50,
    chunk: int = 8,
    pool: Pool = map,
    keep_going: Callable[[], bool] = lambda: True,
) -> Released:
    """Handle up to `limit` due messages of one organisation.

    `pool` maps the hand-over of a chunk, in order (a thread pool's `map`, or `map`). `keep_going` is asked before
    each chunk; what is left of a claim then returns to the queue when its lease ends.
    """
    done = Released()
    at = clock.now()
    with uow() as work:
        claimed = work.messages.claim(at=at, lease_until=at + CLAIM_LEASE, worker=worker, limit=limit)
    done.claimed = len(claimed)
    for part in _chunks(claimed, chunk):
        if not keep_going():
            break
        cleared = decide_each(part, uow=uow, at=clock.now(), rulebook=rulebook, done=done)
        if not cleared:
            continue
        answers = list(pool(lambda mail: _hand_over(mailer, mail), [c.mail for c in cleared]))
        for tries_left in reversed(range(RECORD_TRIES)):
            # Only this call knows the answers; repeating it is harmless, for it finds its own rows.
            try:
                _record(cleared, answers, uow=uow, at=clock.now(), done=done)
                break
            except Busy:
                if not tries_left:
                    raise
    return done


def _chunks(messages: Sequence[Message], size: int) -> Iterator[Sequence[Message]]:
    for start in range(0, len(messages), size):
        yield messages[start : start + size]


def _hand_over(mailer: Mailer, mail: Mail) -> Delivery:
    try:
        return mailer.send(mail)
    except (Rejected, Unavailable, Unknown) as error:
        return error


def _record(
    cleared: Sequence[Cleared], answers: Sequence[Delivery], *, uow: UnitOfWorkFactory, at: datetime, done: Released
) -> None:
    """What became of each, under the claim's token; a lost claim is logged and changes nothing.

    Whoever was so slow that a message became `unconfirmed` meanwhile still knows what became of it, and says so.
    """
    with uow() as work:
        moves = [_settle(c.message, answer, at) for c, answer in zip(cleared, answers, strict=True)]
        moved = work.messages.move(moves)
        late = {
            move.id: replace(move, was=State.UNCONFIRMED)
            for move in moves
            if move.id not in moved and may_follow(State.UNCONFIRMED, move.to)
        }
        moved |= work.messages.move(late.values())
        settled = [late.get(move.id, move) for move in moves if move.id in moved]
        items = {c.message.id: (c, answer) for c, answer in zip(cleared, answers, strict=True)}
        unused = 0
        for move in settled:
            item, answer = items[move.id]
            if move.to is State.SENT:
                work.accounts.log(
                    item.message.account_id,
                    Communication(
                        source=Source.NUDGE,
                        contact_id=item.message.contact_id,
                        subject=item.mail.subject,
                        at=at,
                        invoice_number=item.invoice_number,
                    ),
                    invoice_id=item.message.invoice_id,
                    message_id=item.message.id,
                )
            elif isinstance(answer, Rejected | Unavailable):
                unused += 1
                if isinstance(answer, Rejected) and answer.bad_address:
                    work.accounts.flag_contact(item.message.contact_id)
        if unused:
            work.quota.give_back(cleared[0].day, unused)
        report(work, [c.message for c in cleared], [late.get(m.id, m) for m in moves], moved, at=at, done=done)


def _settle(message: Message, answer: Delivery, at: datetime) -> Move:
    sent = Move(id=message.id, was=State.SENDING, to=State.SENT, at=at, token=message.token, attempted=True)
    if isinstance(answer, str):
        return sent
    if isinstance(answer, Rejected):
        return replace(sent, to=State.FAILED, reason=Reason.MAIL_REJECTED)
    if isinstance(answer, Unknown):
        return replace(sent, to=State.UNCONFIRMED, reason=Reason.MAIL_UNKNOWN)
    due = next_attempt(at, attempts=message.attempts + 1, retry_after=answer.retry_after, key=message.id)
    return replace(sent, to=State.QUEUED, reason=Reason.MAIL_UNAVAILABLE, leaves_at=due)
