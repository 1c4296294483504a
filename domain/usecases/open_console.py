"""The console: for those who look after the house, and for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.console import Console
from domain.jobs import JobKind
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.readiness import Row, overlaid, worst_first
from domain.usecases._asker import asker
from domain.usecases._house import own_rows
from domain.usecases._sending_now import sending_now
from domain.usecases.order_job import board_of
from domain.values import Actor, Capability


def open_console(
    live: Sequence[Row],
    jobs: Mapping[str, JobKind],
    *,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> Console | Refused:
    """`live` rows were looked at just now; what the watch alone looks at stands as it last saw it.

    All the rest is of one instant: no number on the page contradicts another.
    """
    at = clock.now()
    with uow() as work:
        work.hold_still()
        person = asker(work, actor, at, needs=Capability.VIEW_OPERATIONS, doing="operations", subject="organisation")
        return person if isinstance(person, Refused) else console_of(work, live, jobs, rulebook=rulebook, at=at)


def console_of(
    work: UnitOfWork, live: Sequence[Row], jobs: Mapping[str, JobKind], *, rulebook: Rulebook | None, at: datetime
) -> Console:
    """For whoever may use the command line; without a rulebook for a policy that cannot be read.

    The unit of work holds still (`work.hold_still`).
    """
    alarms = work.house.alarms()
    sending = sending_now(work, rulebook, at) if rulebook is not None else None
    rows = overlaid([alarm.row for alarm in alarms], [*live, *own_rows(work, rulebook, sending, at)])
    return Console(
        at=at,
        workspace=work.organisation.get(),
        rows=tuple(worst_first(rows)),
        queue=work.house.queue(at),
        sending=sending,
        jobs=board_of(work, jobs, at),
        hours=tuple(work.house.hours(at)),
        looked_at=max((alarm.seen_at for alarm in alarms), default=None),
    )
