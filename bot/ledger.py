"""What became of the jobs' runs: told to the database once for a run that did something, not once for each beat."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from domain.errors import Busy
from domain.jobs import Outcome, Run
from storage.directory import Directory
from storage.rounds import Rounds

HEARTBEAT = timedelta(seconds=30)
"""How often it is written that a job looked, and that one which fails is failing still."""


class Ledger:
    """Of one process. Safe for threads: the three beats share it. Raises Busy when it writes, and keeps the rest."""

    def __init__(self, *, rounds: Rounds, directory: Directory, worker: str) -> None:
        self._rounds = rounds
        self._directory = directory
        self._worker = worker
        self._beaten: dict[str, float] = {}
        self._failed: dict[tuple[int, str], float] = {}
        self._runs: dict[tuple[int, str], Run] = {}
        self._lock = Lock()

    def ran(self, run: Run, *, was_marked: bool = False) -> None:
        """Keep what is worth telling: something was done, it failed, or it was asked for or had failed before."""
        key = (run.org_id, run.job)
        with self._lock:
            if run.outcome is Outcome.FAILED:
                if _is_fresh(self._failed.get(key)) and not was_marked:
                    return
                self._failed[key] = monotonic()
            elif not (run.did or was_marked or self._failed.pop(key, 0.0)):
                return
            self._runs[key] = run

    @contextmanager
    def apart(self, failures: list[Exception], org_id: int, job: str, *, at: datetime) -> Iterator[None]:
        """What fails in one organisation's turn is remembered for the end of the beat, and the others have theirs.

        `at`: since when it ran, or nearly. That the database is busy is nobody's failure.
        """
        try:
            yield
        except Exception as error:  # noqa: BLE001 - raised again at the end of the beat
            failures.append(error)
            if not isinstance(error, Busy):
                # The kind only: its words may hold what nobody else should read.
                self.ran(Run(org_id, job, at, at, Outcome.FAILED, error=type(error).__name__[:64]))

    def write(self) -> None:
        """What was kept since the last time."""
        with self._lock:
            runs, self._runs = self._runs, {}
        try:
            self._rounds.write(runs.values())
        except Exception:
            with self._lock:
                self._runs = runs | self._runs
            raise

    def alive(self, jobs: Iterable[str], at: Callable[[], datetime]) -> bool:
        """They looked; written now and then. Whether it was written."""
        due = [job for job in jobs if not _is_fresh(self._beaten.get(job))]
        if due:
            self._directory.beat_all(due, self._worker, at())
            self._beaten |= dict.fromkeys(due, monotonic())
        return bool(due)

    def forget(self) -> None:
        """Everything is to be told anew: a clock was moved."""
        self._beaten.clear()


def did(counts: Collection[tuple[int, int]], job: str, *, began: datetime, at: datetime) -> list[Run]:
    """One run of a job that goes from organisation to organisation: how much it did for each."""
    return [Run(org_id, job, began, at, Outcome.DONE, count) for org_id, count in counts]


def _is_fresh(since: float | None) -> bool:
    return since is not None and monotonic() - since < HEARTBEAT.total_seconds()
