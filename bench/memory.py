"""Resident memory of an idle bot beside a bare Bolt app on the same web server.

    python -m bench.memory [--rounds 3] [--database sqlite|postgresql]

Idle: started, and its loop has looked for work several times; nobody has asked for anything. The number is what the
kernel counts as resident (VmRSS), shared libraries included.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Event

from bench.load import load, name_of
from bench.report import Row, save
from bench.server import durable_server
from bench.slack.calls import Request, run_load
from bench.slack.office import SECRET, open_office, open_slack, slack_environment
from bench.slack.processes import Process, started
from storage.engine import build_engine
from storage.migrate import upgrade

TIMES = 2
"""The goal: at most so many times as much as bare Bolt."""
ACCOUNTS = 100
SETTLED = 1.0
"""Seconds of quiet before the scales are read: five looks of a loop that looks every 0.2 s."""


def measure(*, rounds: int, database: str, folder: Path) -> dict[str, list[int]]:
    """Kilobytes by process (`plixo`, `bare`) and moment (`idle`, `after ten answers`), one number a round."""
    found: dict[str, list[int]] = defaultdict(list)
    with _database(database, folder) as url, open_slack() as slack:
        engine = build_engine(url, pool_size=2, statement_timeout=0, across=True)
        upgrade(engine)
        load(engine, accounts=ACCOUNTS, invoices=3, keys=True)
        engine.dispose()
        for _ in range(rounds):
            with open_office(slack, folder, database_url=url, tick_seconds=0.2) as office:
                found["plixo, idle"].append(_weighed(office.bot))
                asked = [office.account(name_of(number), expect="INV-") for number in range(10)]
                found["plixo, after ten answers"].append(_weighed(office.bot))
            with started(["bench.slack.bare", "default"], slack_environment(slack)) as bare:
                found["bare, idle"].append(_weighed(bare))
                hello = [Request("account", one.body, "Hello") for one in asked]
                if run_load(bare.url, hello, secret=SECRET, connections=1, count=len(hello)).failed:
                    raise RuntimeError("Bare Bolt does not say hello.")
                found["bare, after ten answers"].append(_weighed(bare))
    return found


def _weighed(process: Process) -> int:
    Event().wait(SETTLED)
    return process.resident_kilobytes()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/plixo.db"
    else:
        with durable_server() as server:
            yield server.create("plixo_bench_memory")


def rows(found: dict[str, list[int]]) -> list[Row]:
    """Megabytes of both, idle and after the first answers."""
    lines = []
    for when, goal in (("idle", f"at most {TIMES}"), ("after ten answers", "")):
        ours, bare = ([kilobytes / 1024 for kilobytes in found[f"{who}, {when}"]] for who in ("plixo", "bare"))
        times = median(ours) / median(bare)
        met = times <= TIMES if goal else None
        lines.append(Row(f"our bot, {when}", "MB", ours, beside="bare Bolt", ratio=times, goal=goal, met=met))
        lines.append(Row(f"bare Bolt, {when}", "MB", bare))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(rounds=asked.rounds, database=asked.database, folder=Path(folder))
    about = [f"VmRSS, shared libraries included; the bot's database is {asked.database}."]
    save("memory", "Resident memory beside bare Bolt", rows(found), about=about)


if __name__ == "__main__":
    main()
