"""`/account` as Slack sends it, signed, beside a bare Bolt app that says hello, on the same web server.

    python -m bench.slack.round_trip [--rounds 5] [--accounts 1000] [--count 1000]

Ours opens its books for every request: who asks, what they may see, the search, the card with three invoices. The
peers read nothing. Rounds are interleaved; the numbers are medians of the rounds, the ratios are of those medians.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.load import load, name_of
from bench.report import Row, save
from bench.server import durable_server
from bench.slack import bare
from bench.slack.calls import Load, Request, run_load
from bench.slack.office import SECRET, open_office, open_slack, slack_environment
from bench.slack.processes import Process, started
from storage.engine import build_engine
from storage.migrate import upgrade
from tests.postgres import Server

NAMES = {"default": "bare Bolt", "before": "bare Bolt, process_before_response"}
SHARE = 0.2
"""The goal: so much of bare Bolt's answers a second."""
MANY = 32
"""Connections of the loaded rounds; Slack keeps several open to a busy app."""


@dataclass
class Rounds:
    """What one server did: milliseconds at one connection, answers a second at many, CPU milliseconds an answer."""

    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def measure(server: Server, *, rounds: int, accounts: int, count: int, folder: Path) -> dict[str, Rounds]:
    """Results by server: `plixo`, `default`, `before`."""
    with ExitStack() as stack:
        url = server.create("plixo_bench_slack")
        stack.callback(server.drop, "plixo_bench_slack")
        engine = build_engine(url, pool_size=2, statement_timeout=0, across=True)
        upgrade(engine)
        load(engine, accounts=accounts, invoices=3, keys=True)
        engine.dispose()
        slack = stack.enter_context(open_slack())
        office = stack.enter_context(open_office(slack, folder, database_url=url))
        ours = [office.account(name_of(number), expect="INV-") for number in range(0, accounts, max(1, accounts // 50))]
        hello = [Request("account", request.body, "Hello") for request in ours]
        servers: dict[str, tuple[Process, list[Request]]] = {"plixo": (office.bot, ours)}
        for mode in bare.MODES:
            peer = stack.enter_context(started(["bench.slack.bare", mode], slack_environment(slack)))
            servers[mode] = (peer, hello)
        found = {name: Rounds() for name in servers}
        for process, requests in servers.values():
            # Every connection to the database has prepared its statements by then, and plans them no more.
            _call(process, requests, connections=MANY, count=count)
        for _ in range(rounds):
            for name, (process, requests) in servers.items():
                one = _call(process, requests, connections=1, count=count // 4)
                found[name].p50.append(one.percentile(0.5))
                found[name].p99.append(one.percentile(0.99))
                before = process.cpu_seconds()
                many = _call(process, requests, connections=MANY, count=count)
                found[name].cpu.append((process.cpu_seconds() - before) * 1000 / many.answers)
                found[name].rate.append(many.rate)
        return found


def _call(process: Process, requests: list[Request], *, connections: int, count: int) -> Load:
    done = run_load(process.url, requests, secret=SECRET, connections=connections, count=count)
    if done.failed:
        raise RuntimeError(f"{done.failed} of {done.answers} answers were wrong.")
    return done


def rows(found: Mapping[str, Rounds]) -> list[Row]:
    """Each server's numbers, ours beside the peers' with the two goals."""
    ours, default = found["plixo"], found["default"]
    times = median(ours.p50) / median(default.p50)
    lines = [
        Row(
            "ours, p50 at 1 connection",
            "ms",
            ours.p50,
            beside=NAMES["default"],
            ratio=times,
            goal="at most 1",
            met=times <= 1,
            more={"p99 ms": f"{median(ours.p99):.1f}"},
        )
    ]
    for mode in bare.MODES:
        p99 = {"p99 ms": f"{median(found[mode].p99):.1f}"}
        lines.append(Row(f"{NAMES[mode]}, p50 at 1 connection", "ms", found[mode].p50, more=p99))
    for mode in bare.MODES:
        share, cpu = median(ours.rate) / median(found[mode].rate), {"CPU ms": f"{median(ours.cpu):.2f}"}
        lines.append(
            Row(
                f"ours, at {MANY} connections",
                "answers/s",
                ours.rate,
                beside=NAMES[mode],
                ratio=share,
                goal=f"at least {SHARE}",
                met=share >= SHARE,
                more=cpu,
            )
        )
    for mode in bare.MODES:
        cpu = {"CPU ms": f"{median(found[mode].cpu):.2f}"}
        lines.append(Row(f"{NAMES[mode]}, at {MANY} connections", "answers/s", found[mode].rate, more=cpu))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--count", type=int, default=1000, help="requests at many connections; a quarter at one")
    asked = parser.parse_args()
    with durable_server() as server, tempfile.TemporaryDirectory() as folder:
        found = measure(server, rounds=asked.rounds, accounts=asked.accounts, count=asked.count, folder=Path(folder))
    about = [
        f"`/account <name>` of a rep who owns {asked.accounts:,} accounts with three invoices each, as Slack signs it.",
        "The peers answer hello and open no books. CPU ms is the server process's own, for one answer under load.",
    ]
    save("slack-round-trip", "A signed round trip beside bare Bolt", rows(found), about=about)


if __name__ == "__main__":
    main()
