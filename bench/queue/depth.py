"""What the length of the queue costs: CPU for the same messages, and an idle beat, above backlogs of different size."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from bench.queue.contenders import Ours
from bench.queue.ours import loop_over, settings_for
from bench.queue.race import run_lap
from bench.report import Row

BEATS = 50
STATEMENTS, BEAT_MS, GROWTH = 2, 5.0, 1.2
"""The goals."""


def measure_depth(
    ours: Ours, *, sizes: Sequence[int], due: int, rounds: int, bound: float, say: Callable[[str], None] = print
) -> list[Row]:
    """Rows for an idle beat at each size, for `due` messages released there, and for how their cost grows."""
    idle: list[Row] = []
    cost: dict[int, list[float]] = {}
    for size in sizes:
        ours.fill(size, 0.0)
        say(f"  {size:,} filled")
        for name in ("release", "notices"):
            milliseconds, statements = idle_beats(ours.template_url, name)
            idle.append(
                Row(
                    f"idle beat of {name}, {size:,} waiting",
                    "ms",
                    milliseconds,
                    more={"statements": str(statements)},
                    goal=f"at most {STATEMENTS} statements and {BEAT_MS:.0f} ms",
                    met=statements <= STATEMENTS and median(milliseconds) <= BEAT_MS,
                )
            )
            say(f"  {idle[-1].name}: {idle[-1].median:.2f} ms, {statements} statements")
        make_due(ours.template_url, due)
        for _ in range(rounds):
            lap = run_lap(ours, due=due, bound=bound)
            cost.setdefault(size, []).append(lap.cpu_ms)
            say(f"  {due:,} due of {size:,}: {lap.cpu_ms:.2f} ms CPU each, {lap.rate:,.0f}/s")
        ours.empty()
    rows = [Row(f"{due:,} due of {size:,}", "ms CPU each", each) for size, each in cost.items()]
    if len(sizes) > 1:
        first, last = sizes[0], sizes[-1]
        growth = [after / before for before, after in zip(cost[first], cost[last], strict=True)]
        goal = f"at most {GROWTH}"
        rows.append(
            Row(f"{last:,} beside {first:,}", "times the cost", growth, goal=goal, met=median(growth) <= GROWTH)
        )
    return idle + rows


def idle_beats(url: str, name: str) -> tuple[list[float], int]:
    """Milliseconds of each of some beats with nothing to do, and the most statements that one of them sent."""
    sent = 0

    def count(*_: Any) -> None:
        nonlocal sent
        sent += 1

    milliseconds, most = [], 0
    with loop_over(settings_for(url)) as (_, loop):
        beat = getattr(loop, name)
        for _ in range(5):
            beat()  # connections are made, statements prepared
        event.listen(Engine, "before_cursor_execute", count)
        try:
            for _ in range(BEATS):
                sent, began = 0, time.perf_counter()
                beat()
                milliseconds.append(1000 * (time.perf_counter() - began))
                most = max(most, sent)
        finally:
            event.remove(Engine, "before_cursor_execute", count)
    return milliseconds, most


def make_due(url: str, count: int) -> None:
    """So many of the waiting messages are due now. Their ids are random: they lie all over the books."""
    asked = (
        "UPDATE messages SET leaves_at = now() - interval '1 minute'"
        " WHERE id IN (SELECT id FROM messages ORDER BY id LIMIT %s)"
    )
    with psycopg.connect(url, autocommit=True, options="-c plixo.org=*") as connection:
        connection.execute(asked, [count])
        connection.execute("VACUUM ANALYZE messages")
