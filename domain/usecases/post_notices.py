"""Post what Slack has to say: alerts for A/R and messages for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from domain.errors import InvalidValue, Rejected, Unavailable, Unknown
from domain.notices import Notice, NoticeKind, Telling
from domain.ports import Announcer, Clock, UnitOfWork, UnitOfWorkFactory
from domain.rules.retry import next_attempt
from domain.values import Role

LEASE = timedelta(minutes=2)
OLD, MANY = timedelta(minutes=30), 20
"""An alert that old is no news; so many of them would scroll away what A/R still has to do (decided)."""
MOST = 500
"""Alerts in one digest; what is left is in the next one."""


def post_notices(
    *,
    uow: UnitOfWorkFactory,
    clock: Clock,
    announcer: Announcer,
    limit: int = 20,
    keep_going: Callable[[], bool] = lambda: True,
) -> int:
    """Returns how many were posted or edited.

    At least once: when Slack's answer is lost the post may stand twice, never not at all. A channel that cannot be
    posted to (archived, bot removed) falls back to the Controllers' direct messages. When Slack says wait, or
    nothing, the rest of the batch waits too. When it takes posts again, many old alerts become one digest. What its
    recipient muted is not posted, unless it stands in Slack already: then it is kept up to date.
    """
    at = clock.now()
    with uow() as work:
        notices = work.notices.claim(at=at, lease_until=at + LEASE, limit=limit)
        muted = work.mutes.set_aside(notices, at=at)
    posted = 0
    is_summed_up = False
    busy_until = None
    for notice in notices:
        if notice.key in muted:
            continue
        if busy_until is not None or not keep_going():
            with uow() as work:
                work.notices.postpone(notice, until=busy_until or at, error="")
            continue
        try:
            channel, ts = announcer.post(notice)
        except Rejected as error:
            _give_up(notice, error, uow=uow, clock=clock)
        except InvalidValue:
            # Something stored about it cannot be read; the others are posted.
            _give_up(notice, Rejected("It cannot be put into words.", code="unreadable"), uow=uow, clock=clock)
        except (Unavailable, Unknown) as error:
            retry_after = error.retry_after if isinstance(error, Unavailable) else None
            tried = replace(notice, attempts=notice.attempts + 1)
            until = next_attempt(clock.now(), attempts=tried.attempts, retry_after=retry_after, key=notice.key)
            with uow() as work:
                work.notices.postpone(tried, until=until, error=error.code or type(error).__name__)
            # Whether Slack says wait or says nothing: the rest would only wait behind it, past the lease.
            busy_until = until
        else:
            posted += 1
            with uow() as work:
                work.notices.posted(notice, channel=channel, ts=ts, at=clock.now())
                if not is_summed_up:
                    is_summed_up = True
                    _sum_up(work, at)
    return posted


def _sum_up(work: UnitOfWork, at: datetime) -> None:
    """Slack takes posts again: of many old alerts those are one post about which nobody can do anything any more."""
    digest = work.notices.fold(raised_by=at - OLD, at=at, least=MANY, limit=MOST)
    if digest is not None:
        work.notices.raise_all([Telling(f"digest:{at.isoformat()}", NoticeKind.AR_DIGEST, digest.subject, None, at)])


def _give_up(notice: Notice, error: Rejected, *, uow: UnitOfWorkFactory, clock: Clock) -> None:
    at = clock.now()
    with uow() as work:
        work.notices.give_up(notice, error=error.code, at=at)
        if notice.recipient is None:
            work.notices.raise_all(
                Telling(f"{notice.key}:for:{one.id}", notice.kind, notice.subject, one.id, at)
                for one in work.people.holding({Role.CONTROLLER}, at)
            )
