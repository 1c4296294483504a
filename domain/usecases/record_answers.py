"""Record what became of fenced messages: the last step of a release, one transaction for a whole set of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.accounts import SuppressionReason, Undeliverable
from domain.errors import Busy, Rejected, Unavailable, Unknown
from domain.messages import State, may_follow
from domain.policy import Policy, Rulebook
from domain.ports import Clock, Move, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.doubt import ending, may_resend
from domain.rules.retry import next_attempt
from domain.timeline import Communication, SentMail, Source
from domain.usecases.cleared import Cleared, give_back
from domain.usecases.released import Released
from domain.usecases.telling import report
from domain.warming import Slot

TRIES = 3
"""How often an answer is offered to a busy database before it is left to a person (decided)."""

Answer = str | Rejected | Unavailable | Unknown
"""What a mailer returned or raised for one mail."""


def record_answers(
    answers: Sequence[tuple[Cleared, Answer]], *, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Released:
    """Sent, rejected, later again, or unconfirmed; under each claim's token, with timeline, audit and notices.

    A lost claim changes nothing. Raises Busy when the database stays busy: the hand-overs' leases end, and a person (or
    the provider's de-duplication) settles them.
    """
    for tries_left in reversed(range(TRIES)):
        # Only this call knows the answers; repeating it is harmless, for it finds its own rows.
        try:
            done = Released()
            _record({cleared.message.id: (cleared, answer) for cleared, answer in answers}, uow, clock, rulebook, done)
            return done
        except Busy:
            if not tries_left:
                raise
    raise AssertionError("the last try either returned or raised")


def _record(
    answered: Mapping[str, tuple[Cleared, Answer]],
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
    done: Released,
) -> None:
    at = clock.now()
    messages = [cleared.message for cleared, _ in answered.values()]
    asked = [_settle(cleared, answer, at, rulebook.policy) for cleared, answer in answered.values()]
    with uow() as work:
        moved = work.messages.move(asked)
        # Whoever was so slow that a message became `unconfirmed` meanwhile still knows what became of it, and says so.
        late = {
            move.id: replace(move, was=State.UNCONFIRMED)
            for move in asked
            if move.id not in moved and may_follow(State.UNCONFIRMED, move.to)
        }
        moved |= work.messages.move(late.values())
        settled = [late.get(move.id, move) for move in asked]
        _enter(work, answered, [move for move in settled if move.id in moved], at)
        report(work, messages, settled, moved, at=at, done=done)


def _enter(
    work: UnitOfWork, answered: Mapping[str, tuple[Cleared, Answer]], moves: Sequence[Move], at: datetime
) -> None:
    """What the moves mean for timelines, addresses and the day's quota."""
    sent: list[SentMail] = []
    dead: list[Undeliverable] = []
    unused: list[tuple[Slot, Source]] = []
    for move in moves:
        cleared, answer = answered[move.id]
        message = cleared.message
        if move.to is State.SENT:
            said = Communication(
                message.source, message.contact_id, cleared.mail.subject, at, invoice_number=cleared.invoice_number
            )
            sent.append(SentMail(message.account_id, message.invoice_id, message.id, said))
        elif isinstance(answer, Rejected | Unavailable):
            unused += [(part, message.source) for part in cleared.slots]
            if isinstance(answer, Rejected) and answer.bad_address:
                dead.append(Undeliverable(message.contact_id, SuppressionReason.INVALID, str(answer)))
    work.accounts.log(sent)
    work.accounts.suppress(dead, at=at)
    give_back(work, unused)


def _settle(cleared: Cleared, answer: Answer, at: datetime, policy: Policy) -> Move:
    message = cleared.message
    sent = Move(id=message.id, was=State.SENDING, to=State.SENT, at=at, token=message.token, attempted=True)
    if isinstance(answer, str):
        return sent
    since = message.doubtful_since or cleared.at
    in_doubt = replace(sent, to=State.UNCONFIRMED, reason=Reason.MAIL_UNKNOWN, doubtful_since=since)
    if isinstance(answer, Rejected):
        # A provider that refuses a second copy says nothing about the first.
        failed = replace(sent, to=State.FAILED, reason=Reason.MAIL_REJECTED)
        return failed if ending(message, State.FAILED) is State.FAILED else in_doubt
    retry_after = answer.retry_after if isinstance(answer, Unavailable) else None
    due = next_attempt(at, attempts=message.attempts + 1, retry_after=retry_after, key=message.id)
    if isinstance(answer, Unavailable) and message.doubtful_since is None:
        return replace(sent, to=State.QUEUED, reason=Reason.MAIL_UNAVAILABLE, leaves_at=due)
    if may_resend(since, due, policy):
        return replace(in_doubt, to=State.QUEUED, leaves_at=due)
    return in_doubt
