"""When the queue will have left: the rows that the forecast rests on, for whoever shows it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.rules.allowance import sending_domain
from domain.rules.forecast import Forecast, Load, foresee
from domain.rules.warmup import WINDOW
from domain.warming import SendingDay, SendingDomain

LOOKED_AT = 14
"""Days by which the queue is looked at; what may leave later counts on the day after. Most messages expire in three."""
_DAY = timedelta(days=1)


def foresee_queue(work: UnitOfWork, rulebook: Rulebook, at: datetime) -> Forecast:
    """Of the queue as it stands. Four statements, whatever waits.

    A customer counts in the segment that its message's row names: the one at queueing, or when it was last put off.
    Where it is today follows from all that it owes, and to read that of everybody who waits is a release's work.
    """
    workspace = work.organisation.get()
    zone = rulebook.zones.zone(workspace.zone)
    here = at.astimezone(zone)
    today = here.date()
    ends = [
        datetime.combine(today + number * _DAY, time(0), tzinfo=zone).astimezone(UTC)
        for number in range(1, LOOKED_AT + 1)
    ]
    name = sending_domain(rulebook)
    volume = work.sending.volume(name, around=today)
    domain = volume.domain
    return foresee(
        [
            Load(one.source, today + one.ready * _DAY, today + one.last * _DAY, one.count, one.segment)
            for one in work.oversight.waiting(ends)
        ],
        domain=domain,
        days=days_behind(work, domain, today),
        rulebook=rulebook,
        at=here,
        country=workspace.country,
        of_segments={one.name: volume.of_segment(one.name, today) for one in rulebook.segments.each},
    )


def days_behind(work: UnitOfWork, domain: SendingDomain, today: date) -> dict[date, SendingDay]:
    """The domain's days as far back as judging today needs them."""
    first = min(today, (domain.judged_on or today) + _DAY)
    return dict(work.sending.days(domain.name, since=first - WINDOW * _DAY))
