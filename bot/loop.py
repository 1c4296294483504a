"""The heartbeat: APScheduler beats, the rows say what is due.

Three fixed jobs in memory, each of which looks at the rows and comes back. A beat that is lost costs nothing: any
replica's next one finds the same rows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor as JobThreads
from apscheduler.schedulers.background import BackgroundScheduler

from bot.chores import Rota
from bot.handover import HandOver
from bot.world import World
from connectors.mail.relay import longest_send
from domain.errors import Busy
from domain.ports import Announcer
from domain.usecases.fence_due import Cleared, fence_due
from domain.usecases.post_notices import post_notices
from domain.usecases.record_answers import Answer, record_answers
from domain.usecases.released import Released
from domain.usecases.rescue import rescue
from handlers.errors import describe
from storage.clock import elapsed

log = logging.getLogger(__name__)

HEARTBEAT = timedelta(seconds=30)
JOBS = ("release", "notices", "chores")
PATIENCE = 0.5
"""Seconds to wait for an answer before looking again whether to stop."""
LOOK_AGAIN = 1.0
"""Seconds after which a busy loop looks who else has work."""
LAST_WORDS = 5.0
"""Seconds in which hand-overs that were cut say how far they got."""


class Heart(BackgroundScheduler):  # type: ignore[misc]  # APScheduler has no types
    """Beats on when the host's clock is set back; by itself APScheduler would be silent until it has caught up."""

    def __init__(self, *, every: timedelta, **options: Any) -> None:
        super().__init__(**options)
        self._every = every

    def _process_jobs(self) -> float | None:
        now = datetime.now(UTC)
        for job in self.get_jobs():
            if job.next_run_time > now + self._every:
                job.modify(next_run_time=now)
        wait: float | None = super()._process_jobs()
        return None if wait is None else min(wait, self._every.total_seconds())


@contextmanager
def _apart(failures: list[Exception]) -> Iterator[None]:
    """What fails in one organisation's turn is remembered for the end of the beat, and the others have theirs."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - raised again at the end of the beat
        failures.append(error)


class Loop:
    """Releases, posts and rescues until it is stopped."""

    def __init__(self, world: World, announcer_for: Callable[[int], Announcer]) -> None:
        settings = world.settings
        self._world = world
        self._announcer_for = announcer_for
        self._stopping = Event()
        self._sending_lease = timedelta(seconds=settings.sending_lease_seconds)
        self._claim_lease = timedelta(seconds=settings.claim_lease_seconds)
        # What was decided longer ago is decided anew; and no hand-over outlives its lease.
        longest = longest_send(settings.smtp_seconds, settings.smtp_dot_seconds)
        self._start_within = min(settings.claim_lease_seconds, settings.sending_lease_seconds - longest)
        self._hand_over = HandOver(world.mailer, places=settings.senders, keep_for=settings.sending_lease_seconds)
        self._rota = Rota()
        self._beaten: dict[str, float] = {}
        self._scheduler = Heart(
            every=timedelta(seconds=settings.tick_seconds),
            timezone=UTC,
            executors={"default": JobThreads(len(JOBS))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        seconds = self._world.settings.tick_seconds
        for name, job in (("release", self.release), ("notices", self.notices), ("chores", self.chores)):
            self._scheduler.add_job(self._beat, "interval", seconds=seconds, args=[name, job], id=name)
        self._scheduler.start()

    def stop(self) -> None:
        """No new claims. Mails that are under way may end within the grace; what is left then is cut and recorded."""
        grace = monotonic() + self._world.settings.grace_seconds
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self._record_until(grace)
        if self._hand_over.under_way:
            log.warning("stopping: %s hand-overs are cut after the grace", self._hand_over.under_way)
            self._hand_over.cut()
            self._record_until(monotonic() + LAST_WORDS)
        self._hand_over.close()

    def wake(self) -> None:
        """Look at the rows now: a clock was moved."""
        self._beaten.clear()
        self._rota.forget()
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))

    def release(self) -> Released:
        """One beat: every organisation with due messages in turn, as many at a time as can be handed over at once.

        Each round gives each organisation one turn, so that one with a hundred thousand due leaves room for one with
        three; who has work is looked up again every second. The beat ends when nothing is due, or others are at it; a
        slow hand-over is recorded by a later beat.
        """
        total = Released()
        failures: list[Exception] = []
        claimed = -1
        self._hand_over.offer_again()
        goes_on = self._record(total, failures, patience=0)
        while goes_on and not self._stopping.is_set() and total.claimed != claimed:
            claimed = total.claimed
            waiting = self._with_due(total, failures)
            look_again = monotonic() + LOOK_AGAIN
            while goes_on and waiting and not self._stopping.is_set() and monotonic() < look_again:
                waiting = [org_id for org_id in waiting if self._fence(org_id, total, failures)]
                goes_on = self._record(total, failures, patience=PATIENCE)
            if total.claimed != claimed:
                self._alive("release")
        if failures:
            self._alive("release")  # one organisation's trouble is not this worker's end
            raise failures[0]
        return total

    def _with_due(self, total: Released, failures: list[Exception]) -> list[int]:
        """Organisations with due messages; what nobody holds any more is tidied up on the way."""
        world = self._world
        waiting = world.directory.with_due_work(world.clock.now())
        for work in waiting:
            if work.has_overdue:
                with _apart(failures):
                    total.add(rescue(uow=world.uow_for(work.org_id), clock=world.clock, rulebook=world.rulebook))
        return [work.org_id for work in waiting if work.has_due]

    def _fence(self, org_id: int, total: Released, failures: list[Exception]) -> bool:
        """One turn of one organisation; whether it may have more. What fails there is nobody else's trouble."""
        world = self._world
        while 2 * self._hand_over.free < world.settings.senders and self._hand_over.awaited:
            if self._stopping.is_set() or not self._record(total, failures, patience=PATIENCE):
                return False
        room = self._hand_over.free
        if self._stopping.is_set() or not room:
            return False
        # Before the fence and its clock: whatever holds this worker up from here on counts.
        start_by = elapsed() + self._start_within
        claimed = 0
        with _apart(failures):
            fenced = fence_due(
                uow=world.uow_for(org_id),
                clock=world.clock,
                rulebook=world.rulebook_for(org_id),
                worker=world.worker,
                limit=room,
                claim_lease=self._claim_lease,
                sending_lease=self._sending_lease,
            )
            self._hand_over.put(org_id, fenced.cleared, start_by=start_by)
            total.add(fenced.done)
            claimed = fenced.done.claimed
        return claimed == room

    def _record(self, total: Released, failures: list[Exception], *, patience: float) -> bool:
        """Record what came back; what the database does not take is kept for a later beat. False: it was busy."""
        before = len(failures)
        for org_id, answers in self._hand_over.collect(patience=patience).items():
            self._record_of(org_id, answers, total, failures)
        return not any(isinstance(failure, Busy) for failure in failures[before:])

    def _record_of(
        self, org_id: int, answers: list[tuple[Cleared, Answer]], total: Released, failures: list[Exception]
    ) -> None:
        """All at once; when that fails and not for being busy, each by itself, so that one spoils no other."""
        world = self._world
        try:
            # The installation's: whatever the policy says by now, or cannot say, what has happened is recorded.
            total.add(record_answers(answers, uow=world.uow_for(org_id), clock=world.clock, rulebook=world.rulebook))
        except Exception as error:  # noqa: BLE001 - a disk that is full, a fault of ours: no answer may be lost for it
            if len(answers) > 1 and not isinstance(error, Busy):
                for answer in answers:
                    self._record_of(org_id, [answer], total, failures)
                return
            failures.append(error)
            self._hand_over.keep(org_id, answers)
        else:
            self._hand_over.settle(answers)

    def _record_until(self, until: float) -> None:
        """Until nothing is under way, or the time is over; a database that is busy is asked again."""
        pause = Event()
        while self._hand_over.under_way and monotonic() < until:
            left = max(0.0, until - monotonic())
            self._hand_over.offer_again()
            failures: list[Exception] = []
            self._record(Released(), failures, patience=min(PATIENCE, left))
            if failures:
                pause.wait(min(PATIENCE, left))

    def notices(self) -> int:
        """One beat of posting to Slack."""
        world = self._world
        posted = 0
        failures: list[Exception] = []
        for org_id in world.directory.with_due_notices(world.clock.now()):
            with _apart(failures):
                posted += post_notices(
                    uow=world.uow_for(org_id),
                    clock=world.clock,
                    announcer=self._announcer_for(org_id),
                    keep_going=lambda: not self._stopping.is_set(),
                )
        if failures:
            self._alive("notices")
            raise failures[0]
        return posted

    def chores(self) -> None:
        """One beat of what is looked after now and then; what fails for one organisation is nobody else's trouble."""
        world = self._world
        failures: list[Exception] = []
        due = list(self._rota.due())
        for workspace in world.directory.organisations() if due else []:
            for chore in due:
                if self._stopping.is_set():
                    return
                with _apart(failures):
                    chore.do(world, workspace.org_id)
        if failures:
            self._alive("chores")
            raise failures[0]

    def _beat(self, name: str, job: Callable[[], object]) -> None:
        """The loop's edge: whatever happens in one beat, the next one comes."""
        with self._world.metrics.beat(name, every=self._world.settings.tick_seconds) as beat:
            beat.outcome = self._end(name, job)
        if beat.outcome == "done":
            self._end(name, lambda: self._alive(name))

    def _end(self, name: str, job: Callable[[], object]) -> str:
        """How it ended: `done`, `busy` or `failed`."""
        try:
            job()
        except Busy as error:
            log.warning("%s: the database is busy (%s)", name, type(error.__cause__).__name__)
            return "busy"
        except Exception as error:  # noqa: BLE001 - whatever it is, the next beat comes; the words may hold a secret
            log.error("%s failed: %s", name, describe(error))
            return "failed"
        return "done"

    def _alive(self, name: str) -> None:
        """Say so in the database, now and then."""
        if monotonic() - self._beaten.get(name, float("-inf")) >= HEARTBEAT.total_seconds():
            world, at = self._world, self._world.clock.now()
            world.directory.beat(name, world.worker, at)
            self._beaten[name] = monotonic()
            world.signs.write(world.directory, worker=world.worker, at=at)
