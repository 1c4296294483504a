"""Hold, resume, cancel a queued message, or settle one of which nobody knows whether it arrived."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from domain.messages import WHY_AT_MOST, State
from domain.outcomes import HoldBegun, NudgeChanged, NudgeStory, Refused
from domain.policy import Rulebook
from domain.ports import Clock, Move, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.reporting import Field, Problem, Unacceptable
from domain.rules.access import may, may_hold, needs_why
from domain.rules.doubt import ending
from domain.rules.nudging import opening_after, placed, segment_of, zone_of
from domain.rules.quiet_hours import NeverOpen, spread
from domain.rules.reporting import said
from domain.rules.wording import leads_elsewhere
from domain.timeline import Source
from domain.usecases._arrivals import log_arrival
from domain.usecases._asker import asker, audit_refusal
from domain.usecases.telling import tellings
from domain.values import Actor, Capability, Person, Role

SAY_WHY = "Say why: whoever queued it reads this."
SAY_WHY_OF_A_STEP = "Say why: A/R reads this in its channel."
NO_WAY_THERE = "A/R reads this in its channel: leave links and e-mail addresses out of it."

_No = TypeVar("_No", bound=Refused | Unacceptable)


def hold_nudge(
    message_id: str, *, why: str = "", actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> NudgeChanged | Unacceptable | Refused:
    """Keep it back until somebody resumes or cancels it, or it expires. `why` is needed for somebody else's nudge.

    A whole channel reads it, so it holds no link and no e-mail address.
    """
    at, why = clock.now(), why.strip()

    def step(work: UnitOfWork, story: NudgeStory, person: Person) -> Move | Unacceptable | Refused:
        move = _step(story, State.HELD, Reason.HELD_BY_PERSON, at, person)
        if isinstance(move, Refused):
            return move
        is_asked = why or needs_why(person, story.message.requested_by)
        ask = SAY_WHY if story.message.source is Source.NUDGE else SAY_WHY_OF_A_STEP
        problems = said(why, Field.WHY, ask, longest=WHY_AT_MOST) if is_asked else []
        if leads_elsewhere(why):
            problems.append(Problem(Field.WHY, NO_WAY_THERE))
        if problems:
            return Unacceptable(tuple(problems))
        return replace(move, why=why or None)

    return _change(message_id, "held", step, at=at, actor=actor, uow=uow, rulebook=rulebook)


def begin_hold(
    message_id: str, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> HoldBegun | Refused:
    """Whether they may: asked when the button is clicked, before the reason is. Decides nothing."""
    at = clock.now()
    with uow() as work:
        found = _found(work, message_id, "held", at=at, actor=actor)
        if isinstance(found, Refused):
            return found
        person, story = found
        allowed = may_hold(person, story.message.requested_by)
        no = Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER)
        move = _step(story, State.HELD, Reason.HELD_BY_PERSON, at, person) if allowed else no
        if isinstance(move, Refused):
            return _refuse(work, move, story, "held", actor=actor, at=at)
        return HoldBegun(
            placed(story, work.organisation.get(), rulebook), needs_why=needs_why(person, story.message.requested_by)
        )


def cancel_nudge(
    message_id: str, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> NudgeChanged | Refused:
    """Never send it. The invoice can be nudged again."""
    at = clock.now()

    def step(work: UnitOfWork, story: NudgeStory, person: Person) -> Move | Refused:
        return _step(story, State.CANCELLED, Reason.CANCELLED_BY_PERSON, at, person)

    return _change(message_id, "cancelled", step, at=at, actor=actor, uow=uow, rulebook=rulebook)


def resume_nudge(
    message_id: str, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> NudgeChanged | Refused:
    """Back into the queue, for the customer's next open hours; the guards run again when it is due."""
    at = clock.now()

    def step(work: UnitOfWork, story: NudgeStory, person: Person) -> Move | Refused:
        if story.message.state is not State.HELD:
            return _no(story)
        due = _next_due(work, story, at, rulebook)
        if isinstance(due, Refused):
            return due
        # Resuming is asking again: what could not leave before its time ran out gets a new one.
        is_late = due >= story.message.expires_at
        return Move(
            id=story.message.id,
            was=State.HELD,
            to=State.QUEUED,
            at=at,
            leaves_at=due,
            expires_at=due + rulebook.policy.expiry if is_late else None,
            actor_id=person.id,
        )

    return _change(message_id, "resumed", step, at=at, actor=actor, uow=uow, rulebook=rulebook)


def resolve_unconfirmed(
    message_id: str, *, arrived: bool, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> NudgeChanged | Refused:
    """A person found out: it arrived, or it did not and is to be sent again under the guards."""
    at = clock.now()

    def step(work: UnitOfWork, story: NudgeStory, person: Person) -> Move | Refused:
        if story.message.state is not State.UNCONFIRMED:
            return _no(story)
        if arrived:
            return Move(id=story.message.id, was=State.UNCONFIRMED, to=State.SENT, at=at, actor_id=person.id)
        due = _next_due(work, story, at, rulebook)
        return (
            due
            if isinstance(due, Refused)
            else Move(
                id=story.message.id,
                was=State.UNCONFIRMED,
                to=State.QUEUED,
                at=at,
                leaves_at=due,
                expires_at=due + rulebook.policy.expiry,
                actor_id=person.id,
            )
        )

    word = "confirmed" if arrived else "requeued"
    return _change(
        message_id, word, step, at=at, actor=actor, uow=uow, rulebook=rulebook, needs=Capability.RESOLVE_UNCONFIRMED
    )


def _step(story: NudgeStory, to: State, reason: Reason, at: datetime, person: Person) -> Move | Refused:
    """Held and cancelled are reached from wherever it still waits; claimed ones are a breath from leaving.

    One that may have left before cannot be taken back: cancelling it asks whether it arrived.
    """
    if story.message.state not in (State.QUEUED, State.CLAIMED, State.HELD) or story.message.state is to:
        return _no(story)
    if to is State.CANCELLED and ending(story.message, to) is not to:
        to, reason = State.UNCONFIRMED, Reason.MAIL_UNKNOWN
    return Move(id=story.message.id, was=story.message.state, to=to, at=at, reason=reason, actor_id=person.id)


def _no(story: NudgeStory) -> Refused:
    """Too late once it is on its way; otherwise somebody has already done something with it."""
    late = story.message.state in (State.SENDING, State.SENT, State.UNCONFIRMED)
    return Refused(
        Reason.TOO_LATE if late else Reason.ALREADY_DONE,
        subject=story.message.state.value,
        at=story.message.sent_at or story.message.changed_at,
    )


def _next_due(work: UnitOfWork, story: NudgeStory, at: datetime, rulebook: Rulebook) -> datetime | Refused:
    facts = work.accounts.facts([story.account.id], at=at)[story.account.id]
    workspace = work.organisation.get()
    zone = zone_of(facts.account, facts.contact(story.contact.id), workspace, rulebook)
    segment = segment_of(facts, workspace, rulebook, at=at)
    try:
        opening = opening_after(at, zone, facts, segment, rulebook)
    except NeverOpen:
        return Refused(Reason.NO_OPENING)
    return at if opening.at <= at else spread(opening, key=story.message.id, over=rulebook.policy.spread)


def _found(
    work: UnitOfWork, message_id: str, word: str, *, at: datetime, actor: Actor
) -> tuple[Person, NudgeStory] | Refused:
    """Who asks, and what it is about."""
    action, subject = f"nudge.{word}", f"nudge:{message_id}"
    person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing=action, subject=subject)
    if isinstance(person, Refused):
        return person
    found = work.messages.stories([message_id])
    if not found:
        gone = Refused(Reason.MESSAGE_GONE)
        return audit_refusal(work, f"{action}.refused", gone, actor=actor, at=at, subject=subject)
    return person, found[0]


def _refuse(work: UnitOfWork, refusal: Refused, story: NudgeStory, word: str, *, actor: Actor, at: datetime) -> Refused:
    return audit_refusal(
        work,
        f"{story.message.source}.{word}.refused",
        refusal,
        actor=actor,
        at=at,
        subject=story.message.subject,
        account_id=story.account.id,
    )


def _change(
    message_id: str,
    word: str,
    step: Callable[[UnitOfWork, NudgeStory, Person], Move | _No | Refused],
    *,
    at: datetime,
    actor: Actor,
    uow: UnitOfWorkFactory,
    rulebook: Rulebook,
    needs: Capability | None = None,
) -> NudgeChanged | _No | Refused:
    """`word` says in the audit log what became of it."""
    with uow() as work:
        asked = _found(work, message_id, word, at=at, actor=actor)
        if isinstance(asked, Refused):
            return asked
        person, story = asked
        allowed = may(person, needs) if needs else may_hold(person, story.message.requested_by)
        move = step(work, story, person) if allowed else Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER)
        if isinstance(move, Refused):
            return _refuse(work, move, story, word, actor=actor, at=at)
        if not isinstance(move, Move):
            return move
        if not work.messages.move([move]):
            now = work.messages.stories([message_id])
            return _refuse(work, _no(now[0] if now else story), story, word, actor=actor, at=at)
        work.audit.record(
            f"{story.message.source}.{word}",
            at=at,
            actor_id=person.id,
            subject=story.message.subject,
            account_id=story.account.id,
            reason=move.reason,
            before={"state": move.was.value},
            after=move.facts(),
        )
        if move.was is State.UNCONFIRMED and move.to is State.SENT:
            log_arrival(work, story, at)
        work.notices.raise_all(tellings(story.message, move))
        after = placed(work.messages.stories([message_id])[0], work.organisation.get(), rulebook)
        return NudgeChanged(story=after, was=move.was)
