"""Acknowledgements while everything is slow: 10,000 due messages drain, the database is far, Slack answers 429.

    python -m bench.slack.acks [--rounds 3] [--messages 10000] [--line 0.02] [--count 300]

One `plixo serve` with its loop, on PostgreSQL behind a line whose round trip takes 20 ms, mail into a Maildir. Rita
types `/account`, presses Refresh and sends a Nudge window, for eight accounts, eight of her at a time with a breath
between two requests.
The Web API is the one of sandbox/, which refuses every call with 429 and Retry-After once the bot has started; the
response URLs of the recorded clicks are used up, so they refuse as well.
"""

from __future__ import annotations

import argparse
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, func, select, text

from bench.load import load, name_of
from bench.report import Row, save
from bench.server import durable_server
from bench.slack.calls import Load, run_load
from bench.slack.office import SECRET, open_office, open_slack
from bench.slack.slow_line import slow_line
from storage.engine import build_engine
from storage.migrate import upgrade
from storage.tables import messages
from tests.postgres import Server

PEOPLE = 8
PAUSE = 0.1
"""Seconds between an answer and the same person's next request: about 50 requests a second in all, an hour's limit of
Slack's for events in ten minutes."""
GOAL = 500.0
"""Milliseconds."""
MANY = 1_000_000
BESIDE = 20
"""Accounts without a queued message, for the Nudge window."""


@dataclass(frozen=True)
class Round:
    """`drained` messages left the queue while the acknowledgements were counted."""

    acks: Load
    drained: int


def measure(server: Server, folder: Path, *, rounds: int, queued: int, line: float, count: int) -> list[Round]:
    """Each round with a database, a Slack and a bot of its own."""
    return [_round(server, folder / str(n), number=n, queued=queued, line=line, count=count) for n in range(rounds)]


def _round(server: Server, folder: Path, *, number: int, queued: int, line: float, count: int) -> Round:
    folder.mkdir()
    url = server.create(name := f"plixo_bench_acks_{number}")
    engine = build_engine(url, pool_size=2, statement_timeout=0, across=True)
    upgrade(engine)
    load(engine, accounts=queued + BESIDE, invoices=3, due=1.0, keys=True)
    _hold_back(engine)
    with ExitStack() as stack:
        stack.callback(server.drop, name)
        stack.callback(engine.dispose)
        slack = stack.enter_context(open_slack())
        office = stack.enter_context(
            open_office(
                slack,
                folder,
                database_url=stack.enter_context(slow_line(url, seconds=line)),
                tick_seconds=0.2,
                daily_cap=MANY,
                warm_up_ramp="none",
                open_days="mon,tue,wed,thu,fri,sat,sun",
                quiet_hours="03:00-03:01",
                keep_holidays="false",
            )
        )
        requests = []
        for person in range(PEOPLE):
            account = office.account(name_of(queued + person), expect="INV-")
            requests += [account, office.refresh(), office.queue()]
        slack.fail(method="*", status=429, retry_after=5, times=100 * count)
        _let_go(engine)
        before = _waiting(engine)
        acks = run_load(
            office.bot.url, requests, secret=SECRET, connections=PEOPLE, count=count, seconds=120, pause=PAUSE
        )
        return Round(acks, before - _waiting(engine))


def _hold_back(engine: Engine) -> None:
    """What is due waits until the requests are recorded; the last accounts have nothing queued."""
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM notices; DELETE FROM message_events"))
        connection.execute(
            text("DELETE FROM messages WHERE account_id > (SELECT max(id) FROM accounts) - :beside"), {"beside": BESIDE}
        )
        connection.execute(text("UPDATE messages SET leaves_at = leaves_at + interval '1 day'"))


def _let_go(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE messages SET leaves_at = leaves_at - interval '1 day' WHERE origin LIKE 'bench-%'")
        )


def _waiting(engine: Engine) -> int:
    with engine.begin() as connection:
        return connection.scalar(select(func.count()).where(messages.c.state == "queued")) or 0


def rows(found: list[Round]) -> list[Row]:
    """p50 and p99 of each kind of request, and of all of them the goal."""
    first = found[0].acks
    drained = f"{sum(each.drained for each in found) / sum(each.acks.seconds for each in found):.0f}"
    told = {"mails a second meanwhile": drained, "wrong": str(sum(each.acks.failed for each in found))}
    each_kind = [
        Row(f"{name}, {word}", "ms", [each.acks.percentile(share, name) for each in found])
        for name in first.took
        for word, share in (("p50", 0.5), ("p99", 0.99))
    ]
    p99 = [each.acks.percentile(0.99) for each in found]
    met = median(p99) < GOAL and not any(each.acks.failed for each in found)
    return [*each_kind, Row("all, p99", "ms", p99, goal=f"under {GOAL:.0f} ms", met=met, more=told)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--line", type=float, default=0.02, help="seconds that a round trip to the database takes")
    parser.add_argument("--count", type=int, default=900, help="requests in a round")
    asked = parser.parse_args()
    with durable_server() as server, tempfile.TemporaryDirectory() as folder:
        found = measure(
            server, Path(folder), rounds=asked.rounds, queued=asked.messages, line=asked.line, count=asked.count
        )
    about = [
        f"{asked.messages:,} messages are due; a round trip to the database takes {asked.line * 1000:.0f} ms.",
        "Slack's Web API (of sandbox/) answers every call 429.",
    ]
    save("slack-acks", "Acknowledgements while everything is slow", rows(found), about=about)


if __name__ == "__main__":
    main()
