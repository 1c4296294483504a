"""Processes that are measured: started with a line to wait for, ended by their own handle, weighed by the kernel."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """`port` is what its first line ended with."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/slack/events"

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def resident_kilobytes(self) -> int:
        """What it holds in memory now: RSS, with the pages of shared libraries."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        if found is None:
            raise RuntimeError("The kernel does not tell how much memory a process holds.")
        return int(found[1])


@contextmanager
def started(words: list[str], environment: Mapping[str, str], *, folder: Path | None = None) -> Iterator[Process]:
    """`python -m words…` until the end of the block; its first line tells the port. Says what it wrote if it fails."""
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=folder or HERE,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(HERE), "COLUMNS": "200", **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        port = re.search(r"(\d+)\D*$", said) if process.poll() is None else None
        if port is None:
            raise RuntimeError(f"{' '.join(words)} did not start: {said}")
        yield Process(process.pid, int(port[1]))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
