"""Planning Autopilot for a thousand customers beside a hundred thousand, in pairs, on both databases.

    python -m bench.planning [--sizes 1000 100000] [--rounds 3] [--databases postgresql sqlite]

Two passes of the product's own planner over organisations of each size in one database: the first, which judges the
segments and begins a sequence for everybody, and a steady one, which finds nothing to change.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import Engine, delete, func, select

from bench import bulk
from bench.load import load
from bench.report import RESULTS, Row, save
from bench.server import durable_server
from bot.serve import settle
from connectors.calendars import PublicHolidays, TzdataZones
from domain.policies import DocumentKind
from domain.policy import Policy, Rulebook
from domain.usecases.plan_autopilot import plan_autopilot
from storage import tables
from storage.engine import build_engine
from storage.migrate import upgrade
from storage.unit_of_work import build_unit_of_work

GOAL = 1.2
"""Cost of a customer in the largest organisation, in those of one in the smallest."""
MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LATER = timedelta(minutes=15)
SEGMENTS = "- name: All\n  mode: autopilot\n  cadence: Standard\n"
DAYS = (3, 14, 30, 45, 60, 90)
CADENCES = "- name: Standard\n  steps:\n" + "".join(
    f"    - {{day: {day}, template: friendly, tone: Neutral}}\n" for day in DAYS
)
FIRST, STEADY = "first pass", "steady pass"
PASSES = (FIRST, STEADY)
OF_AUTOPILOT = (tables.autopilot_steps, tables.sequences, tables.segment_standings)

Found = Mapping[str, Mapping[int, list[float]]]
"""Milliseconds a customer, one number a round, by pass and size."""


@dataclass
class StillClock:
    """A clock that stands where it was put."""

    at: datetime = MORNING

    def now(self) -> datetime:
        return self.at


@dataclass
class Firm:
    """One organisation of `size` customers, each with an invoice that is 20 to 79 days late."""

    engine: Engine
    size: int
    org_id: int
    clock: StillClock = field(default_factory=StillClock)

    def first_pass(self) -> float:
        """Seconds. Whoever is chased has a sequence and its next step afterwards, or it is no result."""
        self.clock.at = MORNING
        seconds, changed = self._plan()
        with self.engine.connect() as connection:
            planned = connection.scalar(
                select(func.count()).where(
                    tables.autopilot_steps.c.org_id == self.org_id, tables.autopilot_steps.c.state == "scheduled"
                )
            )
        if (changed, planned) != (self.size, self.size):
            raise RuntimeError(f"Of {self.size} customers {changed} were planned, and {planned} steps stand there.")
        return seconds

    def steady_pass(self) -> float:
        """Seconds of a look a quarter of an hour later, which may change nothing."""
        self.clock.at = MORNING + LATER
        seconds, changed = self._plan()
        if changed:
            raise RuntimeError(f"Nothing had happened, and {changed} of {self.size} customers were changed.")
        return seconds

    def forget(self) -> None:
        """As if Autopilot had never run; the audit log keeps what it has."""
        with self.engine.begin() as connection:
            for table in OF_AUTOPILOT:
                connection.execute(delete(table).where(table.c.org_id == self.org_id))

    def _plan(self) -> tuple[float, int]:
        rulebook = Rulebook(policy=Policy(), zones=TzdataZones(), holidays=PublicHolidays())
        uow = build_unit_of_work(self.engine, org_id=self.org_id)
        gc.collect()
        began = perf_counter()
        changed = plan_autopilot(uow=uow, clock=self.clock, rulebook=rulebook)
        return perf_counter() - began, changed


def found_firm(engine: Engine, size: int) -> Firm:
    loaded = load(engine, accounts=size, at=MORNING)
    with build_unit_of_work(engine, org_id=loaded.org_id)() as work:
        for kind, text in ((DocumentKind.SEGMENTS, SEGMENTS), (DocumentKind.CADENCES, CADENCES)):
            work.library.add_document(kind, text, by="carl@northwind.example", at=MORNING, is_published=True)
    return Firm(engine, size, loaded.org_id)


def measure(url: str, sizes: Sequence[int], *, rounds: int, say: Callable[[str], None] = print) -> Found:
    """Each round asks every size for both passes, the smallest once more at its end, so that a mood falls on all."""
    engine = build_engine(url, statement_timeout=0, across=True)
    upgrade(engine)
    firms = [found_firm(engine, size) for size in sizes]
    found: dict[str, dict[int, list[float]]] = {name: defaultdict(list) for name in PASSES}
    firms[0].first_pass()  # what a process reads once, zones and holidays among it
    settle()  # as the worker that plans does
    for number in range(rounds):
        for firm in (*firms, firms[0]):
            firm.forget()
            _vacuum(engine)
            for name, run in ((FIRST, firm.first_pass), (STEADY, firm.steady_pass)):
                seconds = run()
                found[name][firm.size].append(seconds * 1000 / firm.size)
                say(f"{engine.dialect.name}, round {number + 1}, {name}, {firm.size:,} customers: {seconds:.1f} s")
    engine.dispose()
    return found


def _vacuum(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.detach()
        bulk.loosen(connection)
        bulk.settle(connection)


def rows(found: Mapping[str, Found]) -> list[Row]:
    """Of each database and pass: milliseconds a customer at each size, the largest beside the smallest."""
    lines = []
    for database, passes in found.items():
        for name, by_size in passes.items():
            smallest, largest = min(by_size), max(by_size)
            for size, each in sorted(by_size.items()):
                what = f"{database}, {name}, {size:,} customers"
                more = {"seconds a pass": f"{median(each) * size / 1000:.1f}"}
                if size != largest or largest == smallest:
                    lines.append(Row(what, "ms a customer", each, more=more))
                    continue
                ratio = median(each) / median(by_size[smallest])
                lines.append(
                    Row(
                        what,
                        "ms a customer",
                        each,
                        beside=f"{smallest:,}",
                        ratio=ratio,
                        goal=f"at most {GOAL}",
                        met=ratio <= GOAL,
                        more=more,
                    )
                )
    return lines


ABOUT = (
    "The first pass judges the segments and begins a sequence with its next step for every customer; the steady one,"
    " a quarter of an hour later, reads everybody and changes nothing.",
    "One organisation of each size in one database, one process; every round asks all sizes, the smallest twice.",
)


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/plixo.db"
    else:
        with durable_server() as server:
            yield server.create("plixo_bench_planning")


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench.planning", description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000], help="smallest first")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--databases", nargs="+", default=["postgresql", "sqlite"])
    parser.add_argument("--results", type=Path, default=RESULTS)
    asked = parser.parse_args()
    found = {}
    with tempfile.TemporaryDirectory(prefix="plixo-bench-") as folder:
        for database in asked.databases:
            with _database(database, Path(folder)) as url:
                found[database] = measure(url, asked.sizes, rounds=asked.rounds)
    save("planning", "Planning Autopilot", rows(found), about=ABOUT, folder=asked.results)


if __name__ == "__main__":
    main()
