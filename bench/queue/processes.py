"""Worker processes of a bench, and what they and their servers cost in CPU time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")


class Worker:
    """A process that says “ready”, waits for “go” and, when it can tell, says “done” and waits to be let go."""

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self.module = module
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by stop()
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd=HERE,
            env={**os.environ, **(environment or {})},
        )
        self._said: dict[str, threading.Event] = defaultdict(threading.Event)
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def await_ready(self, seconds: float = 120) -> None:
        if not self._said["ready"].wait(seconds) or self._process.poll() is not None:
            self._errors.seek(0)
            raise RuntimeError(f"{self.module} did not get ready: {self._errors.read()[-2000:]}")

    def go(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    @property
    def is_done(self) -> bool:
        return self._said["done"].is_set()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(timeout=10)
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                stream.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said[line.strip()].set()
        self._said["ready"].set()
        self._said["done"].set()


def report_ready_and_wait() -> None:
    """The worker's side: everything is built, the first statement has run."""
    print("ready", flush=True)
    sys.stdin.readline()


def report_done_and_wait() -> None:
    """Nothing is left to do; alive until let go, so that what it cost can be read."""
    print("done", flush=True)
    sys.stdin.readline()


def cpu_seconds(roots: Iterable[int]) -> float:
    """User and system time of processes and of all their children, alive or waited for."""
    children, used = _processes()
    seen: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in seen and pid in used:
            seen.add(pid)
            waiting += children.get(pid, ())
    return sum(used[pid] for pid in seen)


def resident_mb(roots: Iterable[int]) -> float:
    """Resident memory of processes and their children now, in MB; shared pages count for each."""
    children, used = _processes()
    total, waiting = 0.0, list(roots)
    while waiting:
        pid = waiting.pop()
        if pid in used:
            waiting += children.get(pid, ())
            try:
                pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            except OSError:
                continue
            total += pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return total


def _processes() -> tuple[dict[int, list[int]], dict[int, float]]:
    children: dict[int, list[int]] = defaultdict(list)
    used: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        children[int(fields[1])].append(pid)
        # utime, stime, and those of children that were waited for
        used[pid] = sum(int(ticks) for ticks in fields[11:15]) / _TICKS
    return children, used
