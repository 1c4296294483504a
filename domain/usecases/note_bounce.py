"""A mail came back, or its reader reported it: the queue, the contact and A/R learn of it, once."""

from __future__ import annotations

from datetime import datetime

from domain.accounts import SuppressionReason, Undeliverable
from domain.bounces import Bounce, Noted, Verdict
from domain.messages import State
from domain.notices import NoticeKind, Telling
from domain.outcomes import NudgeStory
from domain.policy import Rulebook
from domain.ports import Clock, Move, UnitOfWorkFactory
from domain.reasons import Reason
from domain.timeline import Source
from domain.usecases._arrivals import log_arrival
from domain.usecases._warming import count_report
from domain.usecases.telling import tellings

_REASONS = {Verdict.RETURNED: Reason.MAIL_RETURNED, Verdict.COMPLAINED: Reason.MAIL_UNWANTED}
_IN_DOUBT = frozenset({State.SENDING, State.UNCONFIRMED})


def note_bounce(bounce: Bounce, *, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> Noted:
    """Note one report; the same one again changes nothing.

    What was sent stays sent, with the reason. What was in doubt is not any more: what came back failed, what was
    complained of has arrived. What somebody settled otherwise, cancelled or has yet to send again stays where it is,
    with the report in its history. An address that does not exist, or whose reader complained, is not written to again.
    It counts on the day on which the mail left, and may hold or stop the domain at once.
    """
    at = clock.now()
    with uow() as work:
        story = next(iter(work.messages.stories([bounce.nudge_id])), None)
        if story is None:
            return Noted.UNKNOWN
        reason = _REASONS[bounce.verdict]
        move = Move(
            id=story.message.id,
            was=story.message.state,
            to=State.FAILED if bounce.verdict is Verdict.RETURNED else State.SENT,
            at=at,
            reason=reason,
        )
        is_settled = move.was in _IN_DOUBT and bool(work.messages.move([move]))
        if not is_settled and not work.oversight.came_back(bounce.nudge_id, reason=reason, at=at):
            return Noted.KNOWN
        if (unfit := _unfit(bounce, story)) is not None:
            work.accounts.suppress([unfit], at=at)
        if is_settled and move.to is State.SENT:
            log_arrival(work, story, at)
        work.audit.record(
            f"{story.message.source}.{bounce.verdict.value}",
            at=at,
            actor_id=None,
            subject=story.message.subject,
            account_id=story.account.id,
            reason=reason,
            before={"state": move.was.value},
            after={
                "state": (move.to if is_settled else move.was).value,
                "detail": bounce.detail,
                "suppressed": unfit is not None,
            },
        )
        changed = [*tellings(story.message, move)] if is_settled or move.was is State.SENT else []
        work.notices.raise_all([*changed, *_news(story, at)])
        count_report(work, bounce, rulebook=rulebook, at=at)
        return Noted.NEW


def _unfit(bounce: Bounce, story: NudgeStory) -> Undeliverable | None:
    """The contact that is not to be written to again. A contact with another address by now is somebody else's case."""
    if bounce.verdict is Verdict.COMPLAINED:
        return Undeliverable(story.contact.id, SuppressionReason.OPTED_OUT, bounce.detail)
    if bounce.is_bad_address and story.contact.email.lower() in bounce.addresses:
        return Undeliverable(story.contact.id, SuppressionReason.INVALID, bounce.detail)
    return None


def _news(story: NudgeStory, at: datetime) -> list[Telling]:
    """New posts to A/R, and to the rep of a nudge: an edit of what was said days ago would not be seen."""
    message = story.message
    key = f"{message.subject}:returned"
    told = [Telling(key, NoticeKind.AR_ALERT, subject=message.id, recipient=None, at=at)]
    if message.source is Source.NUDGE:
        rep = message.requested_by
        told.append(Telling(f"{key}:rep", NoticeKind.REP_OUTCOME, subject=message.id, recipient=rep, at=at))
    return told
