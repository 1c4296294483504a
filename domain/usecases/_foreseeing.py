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
    """Of the queue as it stands. Four statements, whatever waits."""
    workspace = work.organisation.get()
    zone = rulebook.zones.zone(workspace.zone)
    here = at.astimezone(zone)
    today = here.date()
    ends = [
        datetime.combine(today + number * _DAY, time(0), tzinfo=zone).astimezone(UTC)
        for number in range(1, LOOKED_AT + 1)
    ]
    name = sending_domain(rulebook)
    domain = work.sending.volume(name, around=today).domain
    return foresee(
        [
            Load(waiting.source, today + waiting.ready * _DAY, today + waiting.last * _DAY, waiting.count)
            for waiting in work.oversight.waiting(ends)
        ],
        domain=domain,
        days=days_behind(work, domain, today),
        policy=rulebook.policy,
        at=here,
        holidays=rulebook.holidays,
        country=workspace.country,
    )


def days_behind(work: UnitOfWork, domain: SendingDomain, today: date) -> dict[date, SendingDay]:
    """The domain's days as far back as judging today needs them."""
    first = min(today, (domain.judged_on or today) + _DAY)
    return dict(work.sending.days(domain.name, since=first - WINDOW * _DAY))
