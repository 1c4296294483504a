"""Tell a job to stand still for a while, to go on, or to run now: by a person in Slack, or at the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from domain.errors import InvalidValue
from domain.jobs import LONGEST_PAUSE, JobBoard, JobKind, JobOrder, JobStory, Order, Pause
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
) -> JobBoard | Refused:
    """Raises InvalidValue, with a sentence for whoever typed it."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.OPERATE, doing="job.order", subject="organisation")
        if isinstance(person, Refused):
            return person
        return _obey(work, order, known, by=person.name, actor_id=person.id, at=at)


def order_job_by(
    order: JobOrder, known: Mapping[str, JobKind], *, by: str, uow: UnitOfWorkFactory, clock: Clock
) -> JobBoard:
    """For whoever may use the command line; `by` is their login name. Raises InvalidValue."""
    with uow() as work:
        return _obey(work, order, known, by=by, actor_id=None, at=clock.now())


def board_of(work: UnitOfWork, known: Mapping[str, JobKind], at: datetime) -> JobBoard:
    """Every job as it stands, in the order in which they are known."""
    told, looked = {story.job: story for story in work.jobs.stories()}, work.jobs.looked()
    stories = (replace(told.get(job, JobStory(job)), looked_at=looked.get(job)) for job in known)
    return JobBoard(tuple(zip(stories, known.values(), strict=True)), at)


def _obey(
    work: UnitOfWork, order: JobOrder, known: Mapping[str, JobKind], *, by: str, actor_id: int | None, at: datetime
) -> JobBoard:
    if order.job not in known:
        raise InvalidValue(f"There is no job “{order.job[:40]}”. There are: {', '.join(known)}.")
    told = {story.job: story for story in work.jobs.stories()}.get(order.job, JobStory(order.job))
    paused = told.pause_at(at)
    before = {"until": paused.until.isoformat(), "reason": paused.because, "by": paused.by} if paused else {}

    def record(action: str, after: dict[str, object]) -> None:
        work.audit.record(action, at=at, actor_id=actor_id, subject=f"job:{order.job}", before=before, after=after)

    match order.do:
        case Order.PAUSE:
            pause = _pause(order, by=by, at=at)
            work.jobs.pause(order.job, pause)
            record("job.paused", {"until": pause.until.isoformat(), "reason": pause.because, "by": by})
        case Order.RESUME if paused is not None:
            work.jobs.resume(order.job)
            record("job.resumed", {"by": by})
        case Order.RUN if paused is not None:
            raise InvalidValue(f"“{order.job}” is paused: resume it first.")
        case Order.RUN:
            work.jobs.ask(order.job, by=by[:320], at=at)
            record("job.asked", {"by": by})
    return board_of(work, known, at)


def _pause(order: JobOrder, *, by: str, at: datetime) -> Pause:
    if not order.because.strip():
        raise InvalidValue("Say why, in quotation marks: whoever wonders tomorrow reads it.")
    if order.lasts is None:
        raise InvalidValue("Say for how long, such as 30m or 2h: a pause ends by itself.")
    if order.lasts > LONGEST_PAUSE:
        raise InvalidValue(f"A pause lasts {LONGEST_PAUSE.days} days at most. Pause again when it takes longer.")
    return Pause(since=at, until=at + order.lasts, because=order.because.strip()[:500], by=by[:320])
