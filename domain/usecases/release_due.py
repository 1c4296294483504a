"""Release what is due: claim, decide, send, record. Every replica runs it; there is no leader.

One call handles one organisation. A message is fenced (`sending`, committed) in the transaction that ran its guards,
then handed over outside any transaction, then recorded under the claim's token. At most `chunk` messages are between
fence and record at any moment, so at most that many can be left unconfirmed by a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from domain.accounts import Communication, Source
from domain.errors import Busy, InvalidValue, Rejected, Unavailable, Unknown
from domain.facts import AccountFacts, newest
from domain.mail import Mail
from domain.messages import Message, State, may_follow, message_id
from domain.outcomes import Refused
from domain.policy import Rulebook, Workspace
from domain.ports import Clock, Mailer, Move, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.guards import Wait
from domain.rules.nudging import day_of, opening_after, plan_nudge, write_mail, zone_of
from domain.rules.quiet_hours import NeverOpen, spread
from domain.rules.retry import next_attempt
from domain.templates import TemplateState
from domain.usecases.telling import tell

CLAIM_LEASE = timedelta(seconds=60)
SENDING_LEASE = timedelta(minutes=15)
"""Longer than any answer to the final dot may take: RFC 5321 asks clients to wait ten minutes for it."""
RECORD_TRIES = 3
"""How often an answer is offered to a busy database before it is left to a person (decided)."""

Delivery = str | Rejected | Unavailable | Unknown
Pool = Callable[[Callable[[Mail], Delivery], Sequence[Mail]], Iterable[Delivery]]


@dataclass(slots=True)
class Released:
    """What one call did, for logs and metrics."""

    claimed: int = 0
    sent: int = 0
    deferred: int = 0
    refused: int = 0
    failed: int = 0
    unconfirmed: int = 0
    lost_claims: int = 0
    reasons: dict[Reason, int] = field(default_factory=dict)

    def add(self, other: Released) -> None:
        for name in ("claimed", "sent", "deferred", "refused", "failed", "unconfirmed", "lost_claims"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for reason, count in other.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + count

    def because(self, reason: Reason) -> None:
        self.reasons[reason] = self.reasons.get(reason, 0) + 1


@dataclass(frozen=True, slots=True)
class _Cleared:
    """Fenced, and ready to be handed over. `day` is the one whose quota it took."""

    message: Message
    mail: Mail
    invoice_number: str
    day: date


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
        cleared = _decide_each(part, uow=uow, at=clock.now(), rulebook=rulebook, done=done)
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


def _decide_each(
    messages: Sequence[Message], *, uow: UnitOfWorkFactory, at: datetime, rulebook: Rulebook, done: Released
) -> list[_Cleared]:
    """Decide them together; when something stored about one of them cannot be read, only that one is set aside."""
    try:
        return _decide(messages, uow=uow, at=at, rulebook=rulebook, done=done)
    except InvalidValue:
        if len(messages) == 1:
            _set_aside(messages[0], uow=uow, at=at, rulebook=rulebook, done=done)
            return []
    apart = (_decide_each([message], uow=uow, at=at, rulebook=rulebook, done=done) for message in newest(messages))
    return [cleared for each in apart for cleared in each]


def _set_aside(message: Message, *, uow: UnitOfWorkFactory, at: datetime, rulebook: Rulebook, done: Released) -> None:
    """It fails for good, and the others leave. Raises InvalidValue when it is the workspace that cannot be read."""
    with uow() as work:
        day_of(at, work.organisation.get(), rulebook)
        moves = [_move(message, State.FAILED, at, Reason.NO_ELIGIBLE_INVOICE)]
        moved = work.messages.move(moves)
        done.lost_claims += len(moves) - len(moved)
        _tell_all(work, [message], [m for m in moves if m.id in moved], at, done)


def _decide(
    messages: Sequence[Message], *, uow: UnitOfWorkFactory, at: datetime, rulebook: Rulebook, done: Released
) -> list[_Cleared]:
    """Read the facts again, run the same guards, and fence what may leave; one transaction."""
    with uow() as work:
        workspace = work.organisation.get()
        day = day_of(at, workspace, rulebook)
        facts = work.accounts.facts(
            {m.account_id for m in messages}, at=at, invoice_ids={m.invoice_id for m in messages}, lock=True
        )
        used = work.quota.used(day.date())
        people = {user: work.people.by_id(user, at) for user in {m.requested_by for m in messages}}
        moves: list[Move] = []
        ready: dict[str, _Cleared] = {}
        taken: set[tuple[int, int]] = set()
        for message in newest(messages):
            # Nothing is replayed in bulk: of several to the same contact the newest survives.
            if (message.account_id, message.contact_id) in taken:
                moves.append(_move(message, State.CANCELLED, at, Reason.SUPERSEDED))
                continue
            person = people[message.requested_by]
            known = facts.get(message.account_id)
            template = work.templates.get(message.template_key, message.template_version)
            if person is None or known is None:
                moves.append(_move(message, State.REFUSED, at, Reason.REQUESTER_GONE))
                continue
            if template is None or template.state is not TemplateState.APPROVED:
                moves.append(_move(message, State.REFUSED, at, Reason.NO_TEMPLATE))
                continue
            plan = plan_nudge(
                workspace=workspace,
                person=person,
                facts=known,
                rulebook=rulebook,
                at=at,
                sent_today=used + len(ready),
                contact_id=message.contact_id,
                invoice_id=message.invoice_id,
                message_id=message.id,
            )
            if isinstance(plan, Refused):
                moves.append(_move(message, State.REFUSED, at, plan.reason))
                continue
            if isinstance(plan, Wait):
                moves.append(_defer(message, plan, at, facts=known, workspace=workspace, rulebook=rulebook))
                continue
            mail = write_mail(
                template,
                facts=known,
                invoice=plan.invoice,
                contact=plan.contact,
                person=person,
                rulebook=rulebook,
                zone=plan.departure.zone,
                leaves_at=at,
                message_id=message_id(message, domain=rulebook.policy.sender.address.rpartition("@")[2]),
            )
            if isinstance(mail, Refused):
                moves.append(_move(message, State.REFUSED, at, mail.reason))
                continue
            taken.add((message.account_id, message.contact_id))
            ready[message.id] = _Cleared(message, mail, plan.invoice.number, day.date())
        granted = work.quota.take(day.date(), want=len(ready), cap=rulebook.policy.daily_cap) if ready else 0
        for position, cleared in enumerate(list(ready.values())):
            if position < granted:
                moves.append(_move(cleared.message, State.SENDING, at, None, lease_until=at + SENDING_LEASE))
            else:
                del ready[cleared.message.id]
                full = Wait(Reason.DAILY_CAP, day + timedelta(days=1))
                known = facts[cleared.message.account_id]
                moves.append(_defer(cleared.message, full, at, facts=known, workspace=workspace, rulebook=rulebook))
        moved = work.messages.move(moves)
        done.lost_claims += len(moves) - len(moved)
        lost = [key for key in ready if key not in moved]
        for key in lost:
            del ready[key]
        if lost:
            work.quota.give_back(day.date(), len(lost))
        _tell_all(work, messages, [m for m in moves if m.id in moved], at, done)
        return list(ready.values())


def _move(
    message: Message, to: State, at: datetime, reason: Reason | None, *, lease_until: datetime | None = None
) -> Move:
    return Move(
        id=message.id, was=message.state, to=to, at=at, reason=reason, token=message.token, lease_until=lease_until
    )


def _defer(
    message: Message, wait: Wait, at: datetime, *, facts: AccountFacts, workspace: Workspace, rulebook: Rulebook
) -> Move:
    """Back into the queue for the customer's first open hours from `wait.until` on; not an attempt."""
    zone = zone_of(facts.account, facts.contact(message.contact_id), workspace, rulebook)
    try:
        opening = opening_after(wait.until, zone, facts, rulebook)
    except NeverOpen:
        return _move(message, State.REFUSED, at, Reason.NO_OPENING)
    due = spread(opening, key=message.id, over=rulebook.policy.spread)
    if due >= message.expires_at:
        return _move(message, State.EXPIRED, at, wait.reason)
    return Move(
        id=message.id,
        was=message.state,
        to=State.QUEUED,
        at=at,
        reason=wait.reason,
        token=message.token,
        leaves_at=due,
    )


def _hand_over(mailer: Mailer, mail: Mail) -> Delivery:
    try:
        return mailer.send(mail)
    except (Rejected, Unavailable, Unknown) as error:
        return error


def _record(
    cleared: Sequence[_Cleared], answers: Sequence[Delivery], *, uow: UnitOfWorkFactory, at: datetime, done: Released
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
        done.lost_claims += len(moves) - len(moved)
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
        _tell_all(work, [c.message for c in cleared], settled, at, done)


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


def _tell_all(
    work: UnitOfWork, messages: Sequence[Message], moves: Iterable[Move], at: datetime, done: Released
) -> None:
    """Audit and notices of what changed, and the counts."""
    by_id = {message.id: message for message in messages}
    for move in moves:
        if move.reason is not None:
            done.because(move.reason)
        match move.to:
            case State.SENDING:
                continue
            case State.QUEUED:
                done.deferred += 1
            case State.SENT:
                done.sent += 1
            case State.FAILED:
                done.failed += 1
            case State.UNCONFIRMED:
                done.unconfirmed += 1
            case _:
                done.refused += 1
        message = by_id[move.id]
        work.audit.record(
            f"nudge.{'deferred' if move.to is State.QUEUED else move.to.value}",
            at=at,
            actor_id=None,
            subject=f"nudge:{move.id}",
            account_id=message.account_id,
            reason=move.reason,
            before={"state": move.was.value},
            after={"state": move.to.value},
        )
        tell(work, replace(message, state=move.was), to=move.to, at=at, by=None)
