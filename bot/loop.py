"""The heartbeat: APScheduler beats, the rows say what is due.

Three fixed jobs in memory, each of which looks at the rows and comes back. A beat that is lost costs nothing: any
replica's next one finds the same rows. So it is with what people told a job: that it is paused, or to run now.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, timedelta
from threading import Event
from time import monotonic

from apscheduler.executors.pool import ThreadPoolExecutor as JobThreads

from bot.chores import Chore, Rota, who_is_due
from bot.heart import Heart
from bot.ledger import Ledger, did
from bot.releasing import Releasing
from bot.world import World
from domain.errors import Busy
from domain.jobs import BEATS, CHORES_TASK, NOTICES, RELEASE, Mark, Outcome, Run
from domain.ports import Announcer
from domain.usecases.post_notices import post_notices
from domain.usecases.released import Released
from handlers.errors import describe

log = logging.getLogger(__name__)


class Loop:
    """Releases, posts and looks after things until it is stopped."""

    def __init__(self, world: World, announcer_for: Callable[[int], Announcer]) -> None:
        self._world = world
        self._announcer_for = announcer_for
        self._stopping = Event()
        self._ledger = Ledger(rounds=world.rounds, directory=world.directory, worker=world.worker)
        self._releasing = Releasing(
            world, ledger=self._ledger, stopping=self._stopping, alive=lambda: self._alive(RELEASE)
        )
        self._rota = Rota()
        self._scheduler = Heart(
            every=timedelta(seconds=world.settings.tick_seconds),
            timezone=UTC,
            executors={"default": JobThreads(len(BEATS))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        seconds = self._world.settings.tick_seconds
        self._first_beat()
        for name, job in zip(BEATS, (self.release, self.notices, self.chores), strict=True):
            self._scheduler.add_job(self._beat, "interval", seconds=seconds, args=[name, job], id=name)
        self._scheduler.start()

    def stop(self) -> None:
        """No new claims. Mails that are under way may end within the grace; what is left then is cut and recorded."""
        grace = monotonic() + self._world.settings.grace_seconds
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self._releasing.end(grace=grace)

    def wake(self) -> None:
        """Look at the rows now: a clock was moved."""
        self.forget()
        self._first_beat()
        self._scheduler.hurry()

    def forget(self) -> None:
        """The next beat looks after everything, whenever it was last done."""
        self._ledger.forget()
        self._rota.forget()

    def release(self) -> Released:
        """One beat of what is due; see `Releasing`."""
        return self._releasing.release()

    @property
    def is_handing_over(self) -> bool:
        """Whether mails that a beat left under way are still to be recorded."""
        return self._releasing.is_handing_over

    def notices(self) -> int:
        """One beat of posting to Slack."""
        world = self._world
        failures: list[Exception] = []
        posted: dict[int, int] = {}
        began = world.clock.now()
        for org_id in world.directory.with_due_notices(began):
            with self._ledger.apart(failures, org_id, NOTICES, at=began):
                posted[org_id] = post_notices(
                    uow=world.uow_for(org_id),
                    clock=world.clock,
                    announcer=self._announcer_for(org_id),
                    keep_going=lambda: not self._stopping.is_set(),
                )
        for run in did(posted.items(), NOTICES, began=began, at=world.clock.now()) if posted else ():
            self._ledger.ran(run)
        if failures:
            self._alive(NOTICES)
            raise failures[0]
        return sum(posted.values())

    def chores(self) -> None:
        """One beat of what is looked after now and then; what fails for one organisation is nobody else's trouble.

        A few statements say which organisations have something to do. A run that somebody asked for comes first; what
        failed is tried again when its time comes, and so is a slice.
        """
        world = self._world
        failures: list[Exception] = []
        at = world.clock.now()
        marks = world.rounds.marks(at)
        due = list(self._rota.due())
        orders = self._orders(marks)
        resting = [chore for chore in self._rota.chores if chore.rest is not None and chore not in due]
        found = who_is_due(world, due, at, resting=resting)
        for chore in dict.fromkeys([*(chore for chore, _ in orders), *due, *resting]):
            marked = [mark for mark in marks if mark.job == chore.name and (mark.is_served or not chore.in_slack)]
            asked = {mark.org_id for wanted, mark in orders if wanted is chore and mark in marked}
            failed = {mark.org_id for mark in marked if mark.has_failed}
            paused = {mark.org_id for mark in marks if mark.job == chore.name and mark.is_paused}
            again, left = (failed, paused) if chore in due else (set(), paused | failed)
            for org_id in sorted(asked | ((again | set(found.get(chore.name, ()))) - left)):
                if self._stopping.is_set():
                    return
                with self._ledger.apart(failures, org_id, chore.name, at=at):
                    began = world.clock.now()
                    do = chore.by_order if chore.by_order and org_id in asked else chore.do
                    count = do(world, org_id)
                    done = Run(org_id, chore.name, began, world.clock.now(), Outcome.DONE, count)
                    self._ledger.ran(done, was_marked=org_id in asked | again)
        self._alive(*(chore.name for chore in due))
        if failures:
            self._alive(CHORES_TASK)
            raise failures[0]

    def _orders(self, marks: list[Mark]) -> list[tuple[Chore, Mark]]:
        """Runs that were asked for and that this replica takes. The other two jobs just beat now."""
        by_name = {chore.name: chore for chore in self._rota.chores}
        taken = []
        for mark in marks:
            if mark.asked_at is None or mark.is_paused or not self._world.rounds.take(mark):
                continue
            if mark.job in by_name:
                taken.append((by_name[mark.job], mark))
            elif self._scheduler.running:
                self._scheduler.hurry()
        return taken

    def _first_beat(self) -> None:
        """The first run of the chores may take a while; until it has ended, the console would call them dead."""
        self._end("the first heartbeat", lambda: self._alive(*BEATS))

    def _beat(self, name: str, job: Callable[[], object]) -> None:
        """The loop's edge: whatever happens in one beat, the next one comes."""
        with self._world.metrics.beat(name, every=self._world.settings.tick_seconds) as beat:
            beat.outcome = self._end(name, job)
        if beat.outcome == "done":
            self._end(name, lambda: self._alive(name))
        self._end(name, self._ledger.write)

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

    def _alive(self, *names: str) -> None:
        """Say so in the database, now and then."""
        world = self._world
        if self._ledger.alive(names, world.clock.now):
            world.signs.write(world.directory, worker=world.worker, at=world.clock.now())
