"""The daily digest: raised once for each person and day, whatever number of replicas look, and only with something
to say."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.errors import InvalidValue
from domain.morning import DigestLook
from domain.notices import NoticeKind, Telling
from domain.policy import Rulebook, Workspace
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.rules.morning import Dawn, dawn_at, morning_of
from domain.usecases._duties import shares_of

PAGE = 5_000
"""People that are looked at in one transaction: a handful of statements each."""
LATE_WITHIN = timedelta(hours=24)
"""An answer due within a day counts as one to give today."""


def raise_mornings(*, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> int:
    """Returns how many digests were raised. Called every minute or so; a morning that was done is one statement.

    Whoever is looked at is marked in the same transaction, so a crash in between does nothing, and nobody is told
    twice: not by two replicas, not after a restart, not when the clock shows the hour a second time.
    """
    if rulebook.policy.digest_at is None:
        return 0
    at = clock.now()
    raised = 0
    for dawn, zones in _dawns(uow, at, rulebook).items():
        taken = PAGE
        while taken == PAGE:
            with uow() as work:
                ids = work.mornings.take(dawn.day, zones=zones, limit=PAGE)
                taken = len(ids)
                if ids:
                    raised += _raise(work, ids, dawn, at)
    return raised


def _dawns(uow: UnitOfWorkFactory, at: datetime, rulebook: Rulebook) -> dict[Dawn, list[str | None]]:
    """Zones where a digest is due and somebody has not been looked at, by the digest."""
    due: dict[Dawn, list[str | None]] = {}
    with uow() as work:
        taken, workspace = work.mornings.zones(), work.organisation.get()
    for name, day in taken.items():
        zone = zone_of_reader(name, workspace, rulebook)
        dawn = dawn_at(at, zone=zone, country=workspace.country, policy=rulebook.policy, holidays=rulebook.holidays)
        if dawn is not None and (day is None or day < dawn.day):
            due.setdefault(dawn, []).append(name)
    return due


def zone_of_reader(name: str | None, workspace: Workspace, rulebook: Rulebook) -> ZoneInfo:
    """A person's own zone; the workspace's where there is none, or one that does not exist."""
    try:
        return rulebook.zones.zone(name or workspace.zone)
    except InvalidValue:
        return rulebook.zones.zone(workspace.zone)


def _raise(work: UnitOfWork, ids: list[int], dawn: Dawn, at: datetime) -> int:
    people = work.people.by_ids(ids, at)
    look = DigestLook(dawn.since, dawn.until, dawn.day, at, late_by=dawn.until + LATE_WITHIN)
    of_all = work.mornings.of_all(look)
    of_each = work.mornings.of_each(list(people.values()), look, shares=shares_of(work, people.values(), at))
    tellings = []
    for id, person in people.items():
        own = of_each.get(id)
        morning = morning_of(person, of_all=of_all.counts, of_own=own.counts if own else {})
        if morning is not None:
            key = f"digest:{id}:{dawn.day.isoformat()}"
            tellings.append(Telling(key, NoticeKind.DAILY_DIGEST, subject=morning.subject, recipient=id, at=at))
    work.notices.raise_all(tellings)
    return len(tellings)
