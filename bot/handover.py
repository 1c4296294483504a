"""Hands fenced mails over, several at once, so that a slow one holds up nobody but itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from time import monotonic

from domain.errors import Rejected, Unavailable, Unknown
from domain.ports import Mailer
from domain.usecases.cleared import Cleared
from domain.usecases.record_answers import Answer
from handlers.errors import describe
from storage.clock import elapsed

log = logging.getLogger(__name__)

LINGER = 0.02
"""Seconds in which the neighbours of an answer are waited for, so that they are recorded in one transaction."""

Answers = dict[int, list[tuple[Cleared, Answer]]]
"""What came back, by organisation."""


class HandOver:
    """`places` mails under way at the most. Putting and collecting is one thread's work, carrying is many threads'."""

    def __init__(self, mailer: Mailer, *, places: int, keep_for: float, elapsed: Callable[[], float] = elapsed) -> None:
        """`keep_for`: seconds for which an answer that cannot be recorded is kept; then its lease has ended anyway."""
        self._mailer = mailer
        self._places = places
        self._keep_for = keep_for
        self._elapsed = elapsed
        self._kept_since: dict[str, float] = {}
        self._later: list[tuple[int, Cleared, Answer]] = []
        self._carriers = ThreadPoolExecutor(places, thread_name_prefix="carrier")
        self._answered: SimpleQueue[tuple[int, Cleared, Answer]] = SimpleQueue()
        self.under_way = 0

    @property
    def free(self) -> int:
        return self._places - self.under_way

    @property
    def awaited(self) -> int:
        """Answers that may still come, or be collected, in this beat."""
        return self.under_way - len(self._later)

    def put(self, org_id: int, mails: Sequence[Cleared], *, start_by: float) -> None:
        """Begin to hand over; there must be as many free places.

        What has not begun at `start_by` (`elapsed`) goes back to the queue: a worker that slept on longer may find that
        somebody has already settled its messages.
        """
        for cleared in mails:
            self.under_way += 1
            self._carriers.submit(self._carry, org_id, cleared, start_by)

    def collect(self, *, patience: float) -> Answers:
        """Answers that are there. Waits up to `patience` seconds for the first, and a moment for its neighbours."""
        answers: Answers = {}
        until = monotonic() + patience
        while self.awaited:
            try:
                org_id, cleared, answer = self._answered.get(timeout=max(0.0, until - monotonic()))
            except Empty:
                break
            if not answers:
                until = min(until, monotonic() + LINGER) if patience else until
            self.under_way -= 1
            answers.setdefault(org_id, []).append((cleared, answer))
        return answers

    def keep(self, org_id: int, answers: Sequence[tuple[Cleared, Answer]]) -> None:
        """Take back answers that could not be recorded; they keep their places until they are offered again."""
        for cleared, answer in answers:
            since = self._kept_since.setdefault(cleared.message.id, monotonic())
            if monotonic() - since < self._keep_for:
                self.under_way += 1
                self._later.append((org_id, cleared, answer))
            else:
                log.error("an answer could not be recorded", extra={"nudge": cleared.message.id, "org": org_id})

    def offer_again(self) -> None:
        """What was kept is collected once more."""
        later, self._later = self._later, []
        for answered in later:
            self._answered.put(answered)

    def settle(self, answers: Sequence[tuple[Cleared, Answer]]) -> None:
        """They are recorded."""
        for cleared, _ in answers:
            self._kept_since.pop(cleared.message.id, None)

    def cut(self) -> None:
        """End what is under way; its answers say how far each got."""
        self._mailer.cut()

    def close(self) -> None:
        self._carriers.shutdown(wait=True, cancel_futures=True)

    def _carry(self, org_id: int, cleared: Cleared, start_by: float) -> None:
        answer: Answer
        try:
            if self._elapsed() > start_by:
                raise Unavailable("This worker was held up for too long.", code="late")
            answer = self._mailer.send(cleared.mail)
        except (Rejected, Unavailable, Unknown) as error:
            answer = error
        except Exception as error:  # noqa: BLE001 - a fault of ours must not take the place away for ever
            log.error("carrying failed: %s", describe(error))
            answer = Unknown("The carrier failed.", code=type(error).__name__)
        self._answered.put((org_id, cleared, answer))
