"""Workers as real processes: started, killed, stopped, and started again as a supervisor would."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Event
from time import monotonic

from tests.chaos import launch
from tests.chaos.cable import Cable
from tests.chaos.launch import DATABASE_STEPS
from tests.chaos.mail_steps import MailTap, Trap

ROOT = Path(__file__).parents[2]
READY = "releases what is due"
_NURSERY = get_context("forkserver")
_NURSERY.set_forkserver_preload(["pytest", "tests.chaos.launch"])
_PAUSE = Event()


@dataclass(frozen=True)
class Step:
    """A named step of the release at which a worker is killed or stopped, the `count`-th time it comes there."""

    name: str
    signal: signal.Signals
    count: int = 1

    def __str__(self) -> str:
        return f"{self.signal.name} at “{self.name}” ({self.count})"


@dataclass
class Worker:
    """One place for a worker: its lines, its clock and its log stay, its processes come and go."""

    number: int
    folder: Path
    environment: dict[str, str]
    mail: Cable
    database: Cable | None
    trap: Trap = field(default_factory=lambda: Trap("", 1, signal.SIGKILL))
    process: ForkServerProcess | None = None
    step: Step | None = None
    pages: int | None = None
    skew: float = 0.0

    def start(self, step: Step | None = None) -> None:
        """A new process. `step` is where it will be struck."""
        self.step = step
        environment = dict(self.environment, CHAOS_CLOCK=str(self.clock))
        if step is not None and step.name in DATABASE_STEPS:
            environment["CHAOS_STEP"] = f"{step.name}:{step.count}:{step.signal.name.removeprefix('SIG')}"
        if self.pages is not None:
            environment["CHAOS_PAGES"] = str(self.pages)
        is_mail_step = step is not None and step.name not in DATABASE_STEPS
        self.trap = Trap(step.name, step.count, step.signal) if step and is_mail_step else Trap("", 1, signal.SIGKILL)
        self.process = _NURSERY.Process(
            target=launch.main,
            args=("worker",),
            kwargs={"folder": self.folder, "log": self.log, "environment": environment},
        )
        self.process.start()
        self.trap.pid = self.process.pid

    @property
    def clock(self) -> Path:
        return self.folder / f"clock-{self.number}"

    @property
    def log(self) -> Path:
        return self.folder / f"worker-{self.number}.log"

    @property
    def name(self) -> str:
        """As the product's rows know the process."""
        return f"{socket.gethostname()}:{self.pid}"

    @property
    def running(self) -> ForkServerProcess:
        assert self.process is not None
        return self.process

    @property
    def pid(self) -> int:
        assert self.running.pid is not None
        return self.running.pid

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.is_alive()

    @property
    def is_stopped(self) -> bool:
        with suppress(OSError, IndexError):
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
        return False

    @property
    def is_ready(self) -> bool:
        return f":{self.pid} {READY}" in self.log.read_text() if self.log.exists() else False

    def tap(self) -> MailTap:
        return MailTap(self.trap)

    def send(self, number: signal.Signals) -> None:
        if self.is_alive:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self.running.join()

    def set_clock(self, seconds: float) -> None:
        """Whole at any moment, for the process reads it whenever it likes."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(seconds + self.skew))
        fresh.replace(self.clock)


@dataclass
class Fleet:
    """All workers of a round, and what happened to them. `orphans` asks how many messages a dead one was sending."""

    workers: list[Worker]
    steps: deque[Step]
    orphans: Callable[[str], int | None]
    kills: int = 0
    stops: int = 0
    struck: list[Step] = field(default_factory=list)
    most_orphans: int = 0
    gave_up: list[str] = field(default_factory=list)
    _since: dict[int, float] = field(default_factory=dict)
    _expected: set[int] = field(default_factory=set)

    def start(self) -> None:
        for worker in self.workers:
            worker.start(self._next_step())

    def kill(self, worker: Worker) -> None:
        if worker.is_alive:
            self._expected.add(worker.pid)
            worker.kill()

    def stop(self, worker: Worker) -> None:
        if worker.is_alive and not worker.is_stopped:
            self.stops += 1
            worker.send(signal.SIGSTOP)

    def look(self, *, longest_stop: float) -> None:
        """Count who died and start them again; wake who was stopped at a step `longest_stop` seconds ago.

        Who was woken has a second to go on with what it was doing, then it makes room for the next step.
        """
        assert len(self.gave_up) < 5, self.logs()[-4000:]
        for worker in self.workers:
            if not worker.is_alive:
                self._bury(worker)
                worker.start(self._next_step())
                continue
            pid = worker.pid
            if worker.step is not None and worker.step.signal is signal.SIGSTOP and worker.is_stopped:
                if monotonic() - self._since.setdefault(pid, monotonic()) > longest_stop:
                    self._wake(worker)
                    self._since[pid] = monotonic()
            elif worker.step is None and self.steps and monotonic() - self._since.get(pid, 0.0) > 1:
                self.kill(worker)

    def calm(self) -> None:
        """Everybody is awake, and nobody is to be struck any more."""
        for worker in self.workers:
            if worker.step is not None and worker.step.signal is signal.SIGSTOP and worker.is_stopped:
                self._wake(worker)
            worker.send(signal.SIGCONT)

    def end(self) -> None:
        for worker in self.workers:
            if worker.process is not None:
                worker.kill()
            worker.mail.close()
            if worker.database is not None:
                worker.database.close()

    def waiting(self) -> list[str]:
        """Steps nobody was struck at so far."""
        return [str(step) for step in (*self.steps, *(worker.step for worker in self.workers)) if step is not None]

    def logs(self) -> str:
        """What the workers said, without the scheduler's word for each beat that a slow one made superfluous."""
        said = "\n".join(worker.log.read_text() for worker in self.workers if worker.log.exists())
        return "\n".join(line for line in said.splitlines() if "maximum number of running instances" not in line)

    def _next_step(self) -> Step | None:
        return self.steps.popleft() if self.steps else None

    def _wake(self, worker: Worker) -> None:
        self.stops += 1
        self._strike(worker)
        worker.send(signal.SIGCONT)

    def _strike(self, worker: Worker) -> None:
        assert worker.step is not None
        self.struck.append(worker.step)
        worker.step = None

    def _bury(self, worker: Worker) -> None:
        code, pid = worker.running.exitcode, worker.pid
        if code == -signal.SIGKILL:
            self.kills += 1
            if pid in self._expected:
                if worker.step is not None:
                    self.steps.append(worker.step)  # killed before it came so far; the next one is to come there
            elif worker.step is not None:
                self._strike(worker)
            else:
                self.gave_up.append(f"{worker.name} was killed by nobody")
            self.most_orphans = max(self.most_orphans, self.orphans(worker.name) or 0)
        else:
            # Without a database no worker starts, which it says; that is no fault: it is started again.
            if worker.is_ready or code != 1 or "Traceback" in worker.log.read_text():
                self.gave_up.append(f"{worker.name} ended by itself with {code}")
            if worker.step is not None:
                self.steps.append(worker.step)


@contextmanager
def plixo(*words: str, folder: Path, environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """The command as anybody would run it, and its log; it is gone at the end."""
    handle, name = tempfile.mkstemp(prefix=f"{words[0]}-", suffix=".log", dir=folder)
    with os.fdopen(handle, "wb") as log:
        command = [sys.executable, "-W", "error", "-m", "bot.cli", *words]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        yield process, Path(name)
    finally:
        process.kill()
        process.wait()


def wait_until(condition: Callable[[], object], *, seconds: float, why: Callable[[], str] = lambda: "") -> None:
    """Look again and again until it is so. Raises AssertionError with `why` when it never is."""
    until = monotonic() + seconds
    while not condition():
        assert monotonic() < until, why()
        _PAUSE.wait(0.02)


def environment_of(settings: dict[str, str]) -> dict[str, str]:
    """Nothing of the surroundings but what a process needs."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "200", **settings}


def all_steps(counts: Iterable[int]) -> list[Step]:
    """Each named step, struck by each signal."""
    from tests.chaos.mail_steps import MAIL_STEPS

    number = iter(counts)
    return [
        Step(name, sign, next(number))
        for sign in (signal.SIGKILL, signal.SIGSTOP)
        for name in (*DATABASE_STEPS, *MAIL_STEPS)
    ]
