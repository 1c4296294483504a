"""Keep how each row of the console stands, and tell the Controllers when one turns red, once, and when it is well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.console import Alarm
from domain.notices import NoticeKind, Telling
from domain.ports import Clock, UnitOfWorkFactory
from domain.readiness import Level, Row
from domain.values import Role

CONFIRMED_AFTER = timedelta(minutes=1)
"""A row that is red, or well again, at one look only is told to nobody: it may be a restart (decided)."""
FORGOTTEN_AFTER = timedelta(days=7)
"""A row that was told and that nobody could look at for so long is none any more (decided: longer than a weekend)."""


def watch_house(rows: Sequence[Row], *, uow: UnitOfWorkFactory, clock: Clock) -> int:
    """How many rows were told of. Two replicas that look at once tell it once.

    Of what nobody can know nothing new is kept, and nobody hears of it. What was told as red stays so until it is seen
    to be well: that nobody could look at it meanwhile mends nothing, and is no reason to tell it again.
    """
    at, rows = clock.now(), [row for row in rows if row.level is not Level.WHITE]
    with uow() as work:
        known = {alarm.row.name: alarm for alarm in work.house.alarms(lock=True)}
        now = [_seen(row, known.get(row.name), at) for row in rows]
        told = [alarm for alarm in now if alarm.told_at == at or _is_well(alarm, known.get(alarm.row.name))]
        work.house.keep(now)
        unseen = known.keys() - {row.name for row in rows}
        work.house.forget(name for name in unseen if not _is_awaited(known[name], at))
        if told:
            controllers = work.people.holding({Role.CONTROLLER}, at)
            work.notices.raise_all(
                Telling(f"alarm:{alarm.row.name}:{at.timestamp():.0f}:{one.id}", NoticeKind.ALARM, subject, one.id, at)
                for alarm in told
                for one in controllers
                for subject in [alarm.row.name]
            )
        return len(told)


def _seen(row: Row, before: Alarm | None, at: datetime) -> Alarm:
    """`told_at` is set when it is told that it is red, and taken away when it is told that it is well."""
    if before is None:
        return Alarm(row, since=at, seen_at=at)
    if before.row.level is not row.level:
        # Amber and green are both well: between them nothing begins anew but the colour.
        return Alarm(row, since=at, seen_at=at, told_at=before.told_at)
    is_confirmed = at - before.since >= CONFIRMED_AFTER
    told_at = before.told_at
    if is_confirmed and row.level is Level.RED and told_at is None:
        told_at = at
    elif is_confirmed and row.level is not Level.RED:
        told_at = None
    return replace(before, row=row, seen_at=at, told_at=told_at)


def _is_awaited(unseen: Alarm, at: datetime) -> bool:
    """Whether somebody waits to hear that it is well."""
    return unseen.told_at is not None and at - unseen.seen_at < FORGOTTEN_AFTER


def _is_well(now: Alarm, before: Alarm | None) -> bool:
    return before is not None and before.told_at is not None and now.told_at is None
