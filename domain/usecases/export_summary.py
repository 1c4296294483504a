"""Take the receivables summary out: who did is in the log in the transaction that reads it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.accounts import ageing_by_currency
from domain.homing import MOST_COUNTED
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.rules.keeping import RATED_OVER, kept_rate
from domain.rules.summing import disputed_by_clock, invoices_by_bucket, largest_of
from domain.summary import Summary
from domain.usecases._asker import asker
from domain.usecases._exporting import was_answered
from domain.usecases._sending_now import sending_now
from domain.values import Actor, Capability

CUSTOMERS = 20
"""Customers that are named, of all currencies together (decided: a summary is read, not searched)."""
HOLDS = 10
"""Legal holds that are named."""
DAYS = 30
"""Days whose mails are counted by what became of them."""


def export_summary(
    *, origin: str, zone: ZoneInfo, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Summary | Refused | None:
    """For a person in Slack, by the day in their `zone`. None when the command `origin` has been answered already."""
    at = clock.now()
    with uow() as work:
        work.hold_still()
        asking = asker(work, actor, at, needs=Capability.EXPORT, doing="summary.export", subject="summary")
        if isinstance(asking, Refused):
            return asking
        if was_answered(work, "summary.exported", origin, asking.id, at):
            return None
        summary = _read(work, rulebook, at, zone, taken_by=asking.name)
        _record(work, summary, zone, actor_id=asking.id, how={"origin": origin, "to": "slack"})
        return summary


def export_summary_to_file(
    *, by: str, zone: ZoneInfo, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Summary:
    """For whoever may use the command line, and with it the database. `by` is their login name."""
    at = clock.now()
    with uow() as work:
        work.hold_still()
        summary = _read(work, rulebook, at, zone, taken_by=by)
        _record(work, summary, zone, actor_id=None, how={"by": by, "to": "file"})
        return summary


def _record(
    work: UnitOfWork, summary: Summary, zone: ZoneInfo, *, actor_id: int | None, how: dict[str, object]
) -> None:
    work.audit.record(
        "summary.exported",
        at=summary.at,
        actor_id=actor_id,
        subject="summary",
        after={"day": summary.today.isoformat(), "zone": str(zone), **how},
    )


def _read(work: UnitOfWork, rulebook: Rulebook, at: datetime, zone: ZoneInfo, *, taken_by: str) -> Summary:
    """As of one instant, in a fixed number of statements, whatever the book. The unit of work holds still."""
    today = at.astimezone(zone).date()
    dues = work.totals.dues()
    ageing = ageing_by_currency(dues, today=today)
    disputes = work.home.disputes(limit=MOST_COUNTED)
    return Summary(
        at=at,
        today=today,
        organisation=work.organisation.get().name,
        taken_by=taken_by,
        synced=work.totals.synced(),
        ageing=ageing,
        invoices=invoices_by_bucket(dues, today=today),
        largest=largest_of(
            work.totals.largest(today=today, limit=CUSTOMERS),
            [one.total.currency for one in ageing],
            limit=CUSTOMERS,
        ),
        promises=tuple(work.totals.promises(today=today)),
        kept=kept_rate(work.keeping.tally(since=at - RATED_OVER)),
        disputes=disputed_by_clock((line.dispute for line in disputes.items), at=at),
        all_disputes=disputes.total < MOST_COUNTED,
        holds=work.office.legal_holds(limit=HOLDS),
        endings=work.totals.endings(since=at - timedelta(days=DAYS)),
        days=DAYS,
        waiting=work.house.queue(at).counts,
        sending=sending_now(work, rulebook, at),
    )
