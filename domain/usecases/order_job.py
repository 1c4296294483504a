"""Tell a job to stand still for a while, to go on, or to run now: by a person in Slack, or at the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from typing import assert_never

from domain.errors import InvalidValue
from domain.jobs import LONGEST_PAUSE, JobBoard, JobKind, JobOrder, JobOrdered, JobStory, Order, Pause
from domain.maintenance import TWICE_WITHIN
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.usecases._asker import asker
from domain.values import Actor, Capability


def see_jobs(
    known: Mapping[str, JobKind], *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> JobBoard | Refused:
    """`known`: every job there is."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_OPERATIONS, doing="operations", subject="organisation")
        return person if isinstance(person, Refused) else board_of(work, known, at)


def order_job(
    order: JobOrder,
    known: Mapping[str, JobKind],
    *,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> JobOrdered | Refused:
    """Raises InvalidValue, with a sentence for whoever typed it.

    An order that is given twice is one: a double click, or Slack's retry. A run is one until it begins: asked for again
    after that, it takes place again.
    """
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.OPERATE, doing="job.order", subject="organisation")
        if isinstance(person, Refused):
            return person
        return _obey(work, order, known, by=person.name, actor_id=person.id, at=at)


def order_job_by(
    order: JobOrder, known: Mapping[str, JobKind], *, by: str, uow: UnitOfWorkFactory, clock: Clock
) -> JobOrdered:
    """For whoever may use the command line; `by` is their login name. Raises InvalidValue."""
    with uow() as work:
        return _obey(work, order, known, by=by, actor_id=None, at=clock.now())


def board_of(work: UnitOfWork, known: Mapping[str, JobKind], at: datetime) -> JobBoard:
    """Every job as it stands, in the order in which they are known."""
    told, looked = {story.job: story for story in work.jobs.stories()}, work.jobs.looked()
    stories = (replace(told.get(job, JobStory(job)), looked_at=looked.get(job)) for job in known)
    maintenance = work.organisation.get().maintenance_at(at)
    held_until = maintenance.until if maintenance else None
    return JobBoard(tuple(zip(stories, known.values(), strict=True)), at, held_until)


def _obey(
    work: UnitOfWork, order: JobOrder, known: Mapping[str, JobKind], *, by: str, actor_id: int | None, at: datetime
) -> JobOrdered:
    if order.job not in known:
        raise InvalidValue(_unknown(order.job, known))
    work.organisation.take()
    told = {story.job: story for story in work.jobs.stories()}.get(order.job, JobStory(order.job))
    was = told.pause_at(at)

    def done(action: str = "", **after: object) -> JobOrdered:
        if action:
            subject, before = f"job:{order.job}", _facts(was) if was else {}
            work.audit.record(action, at=at, actor_id=actor_id, subject=subject, before=before, after=after)
        return JobOrdered(board_of(work, known, at), order, was, is_new=bool(action))

    match order.do:
        case Order.PAUSE:
            pause = _pause(order, by=by, at=at)
            if was is not None and _is_the_same(was, pause):
                return done()
            work.jobs.pause(order.job, pause)
            return done("job.paused", **_facts(pause))
        case Order.RESUME:
            if was is None:
                return done()
            work.jobs.resume(order.job)
            return done("job.resumed", by=by)
        case Order.RUN:
            if was is not None:
                raise InvalidValue(f"“{order.job}” is paused: resume it first.")
            if told.asked_at is not None:
                return done()
            work.jobs.ask(order.job, by=by[:320], at=at)
            return done("job.asked", by=by)
        case _:
            assert_never(order.do)


def _facts(pause: Pause) -> dict[str, object]:
    return {"until": pause.until.isoformat(), "reason": pause.because, "by": pause.by}


def _is_the_same(was: Pause, now: Pause) -> bool:
    """Given twice: the first of them counts."""
    apart = now.since - was.since
    return apart < TWICE_WITHIN and replace(now, since=was.since, until=now.until - apart) == was


def _unknown(job: str, known: Mapping[str, JobKind]) -> str:
    meant = get_close_matches(job, known, n=1)
    near = f" Did you mean “{meant[0]}”?" if meant else ""
    return f"There is no job “{job[:40]}”.{near} There are: {', '.join(known)}."


def _pause(order: JobOrder, *, by: str, at: datetime) -> Pause:
    if not order.because.strip():
        raise InvalidValue("Say why, in quotation marks: whoever wonders tomorrow reads it.")
    if order.lasts is None:
        raise InvalidValue("Say for how long, such as 30m or 2h: a pause ends by itself.")
    if order.lasts > LONGEST_PAUSE:
        raise InvalidValue(f"A pause lasts {LONGEST_PAUSE.days} days at most. Pause again when it takes longer.")
    return Pause(since=at, until=at + order.lasts, because=order.because.strip()[:500], by=by[:320])
