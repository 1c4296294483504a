"""The release, over all organisations in turn: what is due is fenced, handed over and recorded."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from time import monotonic

from bot.handover import HandOver
from bot.ledger import Ledger, did
from bot.world import World
from connectors.mail.relay import longest_send
from domain.errors import Busy
from domain.jobs import RELEASE
from domain.usecases.cleared import Cleared
from domain.usecases.fence_due import fence_due
from domain.usecases.record_answers import Answer, record_answers
from domain.usecases.released import Released
from domain.usecases.rescue import rescue
from storage.clock import elapsed

log = logging.getLogger(__name__)

PATIENCE = 0.5
"""Seconds to wait for an answer before looking again whether to stop."""
LOOK_AGAIN = 1.0
"""Seconds after which a busy release looks who else has work, and whose was paused meanwhile."""
LAST_WORDS = 5.0
"""Seconds in which hand-overs that were cut say how far they got."""
START_WITHIN = 5.0
"""Seconds. A hand-over that has not begun by then is decided anew: maintenance or a pause may have begun instead."""


class Releasing:
    """One thread's work. `alive` is called when a long beat got on."""

    def __init__(self, world: World, *, ledger: Ledger, stopping: Event, alive: Callable[[], object]) -> None:
        settings = world.settings
        self._world = world
        self._ledger = ledger
        self._stopping = stopping
        self._alive = alive
        self._sending_lease = timedelta(seconds=settings.sending_lease_seconds)
        self._claim_lease = timedelta(seconds=settings.claim_lease_seconds)
        # What was decided longer ago is decided anew; and no hand-over outlives its lease.
        longest = longest_send(settings.smtp_seconds, settings.smtp_dot_seconds)
        left = settings.sending_lease_seconds - longest
        self._start_within = min(START_WITHIN, settings.claim_lease_seconds, left)
        self._hand_over = HandOver(world.mailer, places=settings.senders, keep_for=settings.sending_lease_seconds)
        self._took: Counter[int] = Counter()

    def release(self) -> Released:
        """One beat: every organisation with due messages in turn, as many at a time as can be handed over at once.

        Each round gives each organisation one turn, so that one with a hundred thousand due leaves room for one with
        three; who has work is looked up again every second. The beat ends when nothing is due, or others are at it; a
        slow hand-over is recorded by a later beat.
        """
        total = Released()
        failures: list[Exception] = []
        claimed = -1
        began = None
        self._hand_over.offer_again()
        goes_on = self._record(total, failures, patience=0)
        while goes_on and not self._stopping.is_set() and total.claimed != claimed:
            claimed = total.claimed
            at = self._world.clock.now()
            began = began or at
            waiting = self._with_due(at, total, failures)
            look_again = monotonic() + LOOK_AGAIN
            while goes_on and waiting and not self._stopping.is_set() and monotonic() < look_again:
                waiting = [org_id for org_id in waiting if self._fence(org_id, at, total, failures)]
                goes_on = self._record(total, failures, patience=PATIENCE)
            if total.claimed != claimed:
                self._alive()
        if self._took and began is not None:
            took, self._took = self._took, Counter()
            for run in did(took.items(), RELEASE, began=began, at=self._world.clock.now()):
                self._ledger.ran(run)
        if failures:
            self._alive()  # one organisation's trouble is not this worker's end
            raise failures[0]
        return total

    @property
    def is_handing_over(self) -> bool:
        """Whether a later beat has mails of this worker to record."""
        return bool(self._hand_over.under_way)

    def end(self, *, grace: float) -> None:
        """Mails that are under way may end until `grace` (monotonic); what is left then is cut and recorded."""
        self._record_until(grace)
        if self._hand_over.under_way:
            log.warning("stopping: %s hand-overs are cut after the grace", self._hand_over.under_way)
            self._hand_over.cut()
            self._record_until(monotonic() + LAST_WORDS)
        self._hand_over.close()

    def _with_due(self, at: datetime, total: Released, failures: list[Exception]) -> list[int]:
        """Organisations with due messages; what nobody holds any more is tidied up on the way."""
        world = self._world
        waiting = world.directory.with_due_work(at)
        for work in waiting:
            if work.has_overdue:
                with self._ledger.apart(failures, work.org_id, RELEASE, at=at):
                    total.add(rescue(uow=world.uow_for(work.org_id), clock=world.clock, rulebook=world.rulebook))
        return [work.org_id for work in waiting if work.has_due]

    def _fence(self, org_id: int, at: datetime, total: Released, failures: list[Exception]) -> bool:
        """One turn of one organisation; whether it may have more. What fails there is nobody else's trouble.

        `at`: when it was looked up who has work.
        """
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
        with self._ledger.apart(failures, org_id, RELEASE, at=at):
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
            self._took.update({org_id: claimed} if claimed else {})
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
