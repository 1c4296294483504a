"""Decide open promises by what the books show: kept, partially kept, broken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.audit import Entry
from domain.keeping import Decision, OpenPromise
from domain.notices import NoticeKind, Telling
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.rules.business_days import calendar_of
from domain.rules.keeping import decide

AT_ONCE = 500
"""Promises looked at in one transaction; locks on them are held for a moment only."""


def decide_promises(*, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> int:
    """Returns how many promises of one organisation were decided.

    Every open promise is looked at, in sets. Deciding is conditional on the promise being open, so it may run twice and
    on several replicas at once: each promise is decided, told and audited once.
    """
    after = decided = 0
    while True:
        at = clock.now()
        with uow() as work:
            some = work.keeping.undecided(after=after, limit=AT_ONCE)
            if not some:
                return decided
            workspace = work.organisation.get()
            verdicts: dict[int, Decision] = {}
            for promise in some:
                calendar = calendar_of(promise.account, workspace, rulebook)
                if (verdict := decide(promise, calendar=calendar, at=at)) is not None:
                    verdicts[promise.id] = verdict
            closed = work.keeping.close(verdicts.values())
            done = [(promise, verdicts[promise.id]) for promise in some if promise.id in closed]
            work.audit.record_all(_entry(promise, verdict) for promise, verdict in done)
            work.notices.raise_all(
                telling for promise, verdict in done for telling in _tellings(promise, at=verdict.at)
            )
        decided += len(done)
        after = some[-1].id


def _entry(promise: OpenPromise, decision: Decision) -> Entry:
    after: dict[str, object] = {"state": decision.to.value}
    if decision.paid is not None:
        after |= {"paid": decision.paid.minor, "currency": decision.paid.currency}
    return Entry(
        f"promise.{decision.to.value}",
        at=decision.at,
        actor_id=None,
        subject=f"promise:{promise.id}",
        account_id=promise.account.id,
        before={"state": "open"},
        after=after,
    )


def _tellings(promise: OpenPromise, *, at: datetime) -> Iterator[Telling]:
    """Whoever reported it, and whoever recorded it; one message for one who did both."""
    for person in dict.fromkeys([promise.reported_by, promise.recorded_by]):
        if person is not None:
            key = f"promise:{promise.id}:decided:{person}"
            yield Telling(key, NoticeKind.PROMISE_DECIDED, subject=str(promise.id), recipient=person, at=at)
