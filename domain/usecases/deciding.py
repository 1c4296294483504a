"""The release's decision: the facts read again, the same guards, and the fence; one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.errors import InvalidValue
from domain.facts import AccountFacts, newest
from domain.mail import Mail
from domain.messages import Message, State, message_id
from domain.outcomes import Refused
from domain.policy import Rulebook, Workspace
from domain.ports import Move, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.guards import Wait
from domain.rules.nudging import day_of, opening_after, plan_nudge, write_mail, zone_of
from domain.rules.quiet_hours import NeverOpen, spread
from domain.templates import TemplateState
from domain.usecases.released import Released
from domain.usecases.telling import report

SENDING_LEASE = timedelta(minutes=15)
"""Longer than any answer to the final dot may take: RFC 5321 asks clients to wait ten minutes for it."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """Fenced, and ready to be handed over. `day` is the one whose quota it took."""

    message: Message
    mail: Mail
    invoice_number: str
    day: date


def decide_each(
    messages: Sequence[Message], *, uow: UnitOfWorkFactory, at: datetime, rulebook: Rulebook, done: Released
) -> list[Cleared]:
    """Decide them together; when something stored about one of them cannot be read, only that one is set aside."""
    try:
        return _decide(messages, uow=uow, at=at, rulebook=rulebook, done=done)
    except InvalidValue:
        if len(messages) == 1:
            _set_aside(messages[0], uow=uow, at=at, rulebook=rulebook, done=done)
            return []
    apart = (decide_each([message], uow=uow, at=at, rulebook=rulebook, done=done) for message in newest(messages))
    return [cleared for each in apart for cleared in each]


def _set_aside(message: Message, *, uow: UnitOfWorkFactory, at: datetime, rulebook: Rulebook, done: Released) -> None:
    """It fails for good, and the others leave. Raises InvalidValue when it is the workspace that cannot be read."""
    with uow() as work:
        day_of(at, work.organisation.get(), rulebook)
        moves = [_move(message, State.FAILED, at, Reason.UNREADABLE)]
        report(work, [message], moves, work.messages.move(moves), at=at, done=done)


def _decide(
    messages: Sequence[Message], *, uow: UnitOfWorkFactory, at: datetime, rulebook: Rulebook, done: Released
) -> list[Cleared]:
    """Read the facts again, run the same guards, and fence what may leave; one transaction."""
    with uow() as work:
        workspace = work.organisation.get()
        day = day_of(at, workspace, rulebook)
        facts = work.accounts.facts(
            {m.account_id for m in messages}, at=at, invoice_ids={m.invoice_id for m in messages}, lock=True
        )
        used = work.quota.used(day.date())
        people = {user: work.people.by_id(user, at) for user in {m.requested_by for m in messages}}
        texts = {text: work.templates.get(*text) for text in {_text_of(m) for m in messages}}
        moves: list[Move] = []
        ready: dict[str, Cleared] = {}
        taken: set[tuple[int, int]] = set()
        for message in newest(messages):
            # Nothing is replayed in bulk: of several to the same contact the newest survives.
            if (message.account_id, message.contact_id) in taken:
                moves.append(_move(message, State.CANCELLED, at, Reason.SUPERSEDED))
                continue
            person = people[message.requested_by]
            known = facts.get(message.account_id)
            template = texts[_text_of(message)]
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
            ready[message.id] = Cleared(message, mail, plan.invoice.number, day.date())
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
        lost = [key for key in ready if key not in moved]
        for key in lost:
            del ready[key]
        if lost:
            work.quota.give_back(day.date(), len(lost))
        report(work, messages, moves, moved, at=at, done=done)
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


def _text_of(message: Message) -> tuple[str, int]:
    return message.template_key, message.template_version
