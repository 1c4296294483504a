"""The heartbeat: APScheduler beats, the rows say what is due.

Two fixed jobs in memory, each of which looks at the rows and comes back. A beat that is lost costs nothing: any
replica's next one finds the same rows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

from apscheduler.executors.pool import ThreadPoolExecutor as JobThreads
from apscheduler.schedulers.background import BackgroundScheduler

from bot.world import World
from domain.errors import Busy
from domain.ports import Announcer
from domain.usecases.post_notices import post_notices
from domain.usecases.release_due import release_due
from domain.usecases.released import Released
from domain.usecases.rescue import rescue
from handlers.errors import describe

log = logging.getLogger(__name__)

BATCH = 50
ROUNDS = 20
"""Batches per organisation and beat: one with a hundred thousand due leaves room for one with three."""
SENDERS = 8
"""Mails handed over at once, and so the most that a crash can leave unconfirmed."""
HEARTBEAT = timedelta(seconds=30)
JOBS = ("release", "notices")


class Loop:
    """Releases, posts and rescues until it is stopped."""

    def __init__(self, world: World, announcer_for: Callable[[int], Announcer]) -> None:
        self._world = world
        self._announcer_for = announcer_for
        self._stopping = Event()
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")
        self._beaten: dict[str, datetime] = {}
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": JobThreads(len(JOBS))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        seconds = self._world.settings.tick_seconds
        for name, job in (("release", self.release), ("notices", self.notices)):
            self._scheduler.add_job(self._beat, "interval", seconds=seconds, args=[name, job], id=name)
        self._scheduler.start()

    def stop(self) -> None:
        """No new claims; what is being handed over is finished first."""
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self._senders.shutdown(wait=True)

    def wake(self) -> None:
        """Look at the rows now: a clock was moved."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))

    def release(self) -> Released:
        """One beat: tidy up first, then every organisation with due messages in turn, a batch at a time."""
        world, total = self._world, Released()
        waiting = world.directory.with_due_work(world.clock.now())
        for org_id in waiting:
            rescue(uow=world.uow_for(org_id), clock=world.clock)
        for _ in range(ROUNDS):
            if not waiting or self._stopping.is_set():
                break
            waiting = [org_id for org_id in waiting if self._release_batch(org_id, total) == BATCH]
        return total

    def _release_batch(self, org_id: int, total: Released) -> int:
        world = self._world
        done = release_due(
            uow=world.uow_for(org_id),
            clock=world.clock,
            rulebook=world.rulebook,
            mailer=world.mailer,
            worker=world.worker,
            limit=BATCH,
            chunk=SENDERS,
            pool=self._senders.map,
            keep_going=lambda: not self._stopping.is_set(),
        )
        if done.claimed:
            log.info(
                "released org=%s claimed=%s sent=%s deferred=%s refused=%s failed=%s unconfirmed=%s lost=%s",
                org_id,
                done.claimed,
                done.sent,
                done.deferred,
                done.refused,
                done.failed,
                done.unconfirmed,
                done.lost_claims,
            )
        total.add(done)
        return done.claimed

    def notices(self) -> int:
        """One beat of posting to Slack."""
        world = self._world
        posted = 0
        for org_id in world.directory.with_due_notices(world.clock.now()):
            posted += post_notices(
                uow=world.uow_for(org_id),
                clock=world.clock,
                announcer=self._announcer_for(org_id),
                keep_going=lambda: not self._stopping.is_set(),
            )
        return posted

    def _beat(self, name: str, job: Callable[[], object]) -> None:
        """The loop's edge: whatever happens in one beat, the next one comes."""
        try:
            job()
            at = self._world.clock.now()
            last = self._beaten.get(name)
            if last is None or abs(at - last) >= HEARTBEAT:
                self._world.directory.beat(name, self._world.worker, at)
                self._beaten[name] = at
        except Busy as error:
            log.warning("%s: the database is busy (%s)", name, type(error.__cause__).__name__)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next beat comes; the words may hold a secret
            log.error("%s failed: %s", name, describe(error))
