"""Resident memory of an idle bot beside a bare Bolt app on the same web server.

    python -m bench.memory [--rounds 3] [--database sqlite|postgresql]

Idle: started, its loop has looked for work several times, and Slack has asked for a few cards; then nothing. The
number is what the kernel counts as resident (VmRSS), shared libraries included.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Event

from bench.load import load, name_of
from bench.server import durable_server
from bench.slack.calls import Request, run_load
from bench.slack.office import SECRET, open_office, open_slack, slack_environment
from bench.slack.processes import Process, started
from storage.engine import build_engine
from storage.migrate import upgrade

ACCOUNTS = 100
SETTLED = 1.0
"""Seconds of quiet before the scales are read: five looks of a loop that looks every 0.2 s."""


def measure(*, rounds: int, database: str, folder: Path) -> dict[str, list[int]]:
    """Kilobytes by process, `plixo` and `bare`, one number a round."""
    found: dict[str, list[int]] = {"plixo": [], "bare": []}
    with _database(database, folder) as url, open_slack() as slack:
        engine = build_engine(url, pool_size=2, statement_timeout=0, across=True)
        upgrade(engine)
        load(engine, accounts=ACCOUNTS, invoices=3, keys=True)
        engine.dispose()
        for _ in range(rounds):
            with open_office(slack, folder, database_url=url, tick_seconds=0.2) as office:
                asked = [office.account(name_of(number), expect="INV-") for number in range(10)]
                found["plixo"].append(_weighed(office.bot, asked))
            with started(["bench.slack.bare", "default"], slack_environment(slack)) as bare:
                found["bare"].append(_weighed(bare, [Request("account", one.body, "Hello") for one in asked]))
    return found


def _weighed(process: Process, requests: list[Request]) -> int:
    done = run_load(process.url, requests, secret=SECRET, connections=1, count=len(requests))
    if done.failed:
        raise RuntimeError(f"{done.failed} of {done.answers} answers were wrong.")
    Event().wait(SETTLED)
    return process.resident_kilobytes()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/plixo.db"
    else:
        with durable_server() as server:
            yield server.create("plixo_bench_memory")


def table(found: dict[str, list[int]]) -> str:
    """Medians, and the ratio that is a goal."""
    ours, bare = median(found["plixo"]), median(found["bare"])
    return f"idle bot {ours / 1024:.0f} MB, bare Bolt {bare / 1024:.0f} MB: {ours / bare:.2f} times (goal <= 2)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(table(measure(rounds=asked.rounds, database=asked.database, folder=Path(folder))))


if __name__ == "__main__":
    main()
