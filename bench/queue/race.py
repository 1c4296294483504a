"""One round of one contender, and rounds of all of them in turn."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.queue.contenders import OURS, OURS_64, Contender, Ready
from bench.queue.processes import cpu_seconds, resident_mb
from bench.queue.tally import Tally

_LOOK = 0.01
"""Seconds between two looks at the tally."""
OURS_BOUND = 10
"""Ours is to finish, so that its rows can be counted: only a hang is cut off, after so many bounds."""
ONCE_IS_ENOUGH = 0.25
"""Whose round takes more than this part of the bound is not asked again: what is so slow moves little."""


@dataclass(frozen=True, slots=True)
class Lap:
    """What one round came to. `is_whole`: everything due was done before the bound."""

    done: int
    seconds: float
    worker_cpu: float
    server_cpu: float | None
    worker_mb: float
    is_whole: bool

    @property
    def rate(self) -> float:
        return self.done / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU per message of workers and servers together, milliseconds."""
        return 1000 * (self.worker_cpu + (self.server_cpu or 0.0)) / max(self.done, 1)


def run_lap(contender: Contender, *, due: int, bound: float) -> Lap:
    """From “go” until the last due message is done, or the bound. Raises RuntimeError when the rows say otherwise."""
    with tempfile.TemporaryDirectory(prefix="plixo-bench-") as folder:
        path = Path(folder) / "tally"
        tally = Tally.create(path)
        with contender.ready(path) as ready:
            return _time(contender.name, ready, tally, due=due, bound=bound)


def _time(name: str, ready: Ready, tally: Tally, *, due: int, bound: float) -> Lap:
    workers = [worker.pid for worker in ready.workers]
    before = cpu_seconds(workers), cpu_seconds(ready.servers)
    began = time.monotonic()
    for worker in ready.workers:
        worker.go()
    while time.monotonic() - began < bound:
        if all(worker.is_done for worker in ready.workers) if ready.says_done else tally.total() >= due:
            break
        time.sleep(_LOOK)
    seconds, done = time.monotonic() - began, tally.total()
    after = cpu_seconds(workers), cpu_seconds(ready.servers)
    lap = Lap(
        done=done,
        seconds=seconds,
        worker_cpu=after[0] - before[0],
        server_cpu=after[1] - before[1] if ready.servers else None,
        worker_mb=resident_mb(workers) / len(workers),
        is_whole=done >= due,
    )
    if seconds < bound and ready.sent is not None and (recorded := ready.sent()) != due:
        raise RuntimeError(f"{name} was to send {due} messages, and its rows say {recorded}.")
    return lap


def race(
    contenders: Sequence[Contender],
    *,
    size: int,
    share: float,
    rounds: int,
    bound: float,
    say: Callable[[str], None] = print,
) -> dict[str, list[Lap]]:
    """Every contender's backlog is filled, then they take turns, so that the machine's moods fall on all of them."""
    due = int(size * share)
    laps: dict[str, list[Lap]] = {}
    try:
        for contender in contenders:
            began = time.monotonic()
            contender.fill(size, share)
            say(f"  {contender.name}: {size:,} filled in {time.monotonic() - began:.0f} s")
        for _ in range(rounds):
            for contender in contenders:
                is_ours = contender.name in (OURS, OURS_64)
                done = laps.setdefault(contender.name, [])
                if done and not is_ours and done[-1].seconds > ONCE_IS_ENOUGH * bound:
                    continue
                lap = run_lap(contender, due=due, bound=OURS_BOUND * bound if is_ours else bound)
                done.append(lap)
                cut = "" if lap.is_whole else f" (cut off at {lap.done:,} of {due:,})"
                say(f"  {contender.name}: {lap.rate:,.0f}/s, {lap.cpu_ms:.2f} ms CPU each{cut}")
    finally:
        for contender in contenders:
            contender.empty()
    return laps
