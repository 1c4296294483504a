"""The queue beside its peers, what its length costs, and the release into an SMTP server.

python -m bench.queue [--sizes 10000,200000,1000000] [--rounds 3,3,1] [--bound 60] [--parts race,depth,smtp]
                      [--only ours,pgqueuer] [--results FOLDER]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.queue import contenders as who
from bench.queue.contenders import Ours, contenders
from bench.queue.depth import measure_depth
from bench.queue.plot import draw
from bench.queue.race import Lap, race
from bench.queue.smtp import ROUND_TRIP_MS, find_sink, measure_smtp
from bench.report import RESULTS, Row, save
from bench.server import durable_server
from tests.postgres import Server

PARTS = ("race", "depth", "smtp")
GOALS = {who.APSCHEDULER: 1.5, who.PROCRASTINATE: 25.0, who.PGQUEUER_10: 1.0}
"""How many times as many messages a second ours is to release, at `GOAL_SIZE`."""
GOAL_SIZE = 200_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The command line."""

    sizes: Sequence[int]
    rounds: Sequence[int]
    share: float
    bound: float
    due: int
    senders: Sequence[int]
    parts: Sequence[str]
    only: Sequence[str]
    results: Path

    def wants(self, name: str) -> bool:
        return not self.only or any(part in name for part in self.only)


def run(asked: Asked) -> None:
    """Each part by itself, kept as soon as it is known."""
    with durable_server() as server, ExitStack() as stack:
        if "race" in asked.parts:
            _race(server, stack, asked)
        ours = Ours(server, who.OURS)
        if "depth" in asked.parts:
            rounds = min(asked.rounds[0], 3)
            rows = measure_depth(ours, sizes=asked.sizes, due=asked.due, rounds=rounds, bound=asked.bound)
            about = [
                "An idle beat is one call with nothing due. Statements are what SQLAlchemy sends, BEGIN included.",
                f"Two workers; {asked.due:,} messages are due in every backlog, so that only its length differs. CPU is"
                " that of both workers and of PostgreSQL.",
            ]
            save("queue-depth", "What the length of the queue costs", rows, about=about, folder=asked.results)
        if "smtp" in asked.parts:
            _smtp(server, asked)


def _race(server: Server, stack: ExitStack, asked: Asked) -> None:
    there, about = [], []
    for contender in contenders(server, stack):
        if asked.wants(contender.name):
            if missing := contender.missing():
                about.append(f"Left out: {contender.name}, because {missing} is not installed.")
            else:
                there.append(contender)
    print(*about, sep="\n")
    laps: dict[int, dict[str, list[Lap]]] = {}
    for size, rounds in zip(asked.sizes, asked.rounds, strict=True):
        print(f"{size:,} waiting, {asked.share:.0%} due")
        fit = [contender for contender in there if contender.most is None or size <= contender.most]
        laps[size] = race(fit, size=size, share=asked.share, rounds=rounds, bound=asked.bound)
        # Kept after every size: a long one may be interrupted.
        asked.results.mkdir(parents=True, exist_ok=True)
        drawn = draw(laps, asked.results / "queue.svg")
        rows = [row for size in laps for row in _rows(size, laps[size])]
        save("queue", "The queue beside its peers", rows, about=[*about, *_about(asked), *drawn], folder=asked.results)


def _about(asked: Asked) -> list[str]:
    return [
        "Ours claims, reads the facts, runs every guard, commits the intent, renders the mail and records the answer,"
        " with history, audit and notices; the others run a job that does nothing.",
        "Two worker processes each; APScheduler has one, because its store cannot be shared. All on one PostgreSQL with"
        " fsync, in turns; Celery on a Redis that keeps nothing on disk, up to 200,000 only, because its workers keep"
        " in memory what waits.",
        f"Who was not done after {asked.bound:.0f} s was cut off, and the rate is that of the time until then. That"
        " flatters a queue that passes over what waits: it slows down as it goes on. Slow ones had one round.",
        "CPU is that of the workers and of the server (PostgreSQL or Redis), from “go” to the last message.",
    ]


def _rows(size: int, laps: dict[str, list[Lap]]) -> list[Row]:
    rows = []
    for name, each in laps.items():
        more = {
            "CPU ms each": f"{median(lap.cpu_ms for lap in each):.2f}",
            "workers + server": " + ".join(
                f"{median(1000 * used / max(lap.done, 1) for lap, used in shares):.2f}"
                for shares in ([(lap, lap.worker_cpu) for lap in each], [(lap, lap.server_cpu or 0.0) for lap in each])
            ),
            "MB a worker": f"{max(lap.worker_mb for lap in each):.0f}",
            "done": "all" if all(lap.is_whole for lap in each) else f"{min(lap.done for lap in each):,}, cut off",
        }
        rows.append(Row(f"{name}, {size:,}", "messages/s", [lap.rate for lap in each], more=more))
    if who.OURS in laps:
        for name, each in laps.items():
            if name not in (who.OURS, who.OURS_64):
                rows.append(_beside(name, size, laps[who.OURS], each))
    return rows


def _beside(name: str, size: int, ours: list[Lap], theirs: list[Lap]) -> Row:
    """Round by round, because they took turns; who had fewer rounds is represented by the median of them."""
    same = len(ours) == len(theirs)
    usual = median(lap.rate for lap in theirs)
    ratios = [mine.rate / (theirs[turn].rate if same else usual) for turn, mine in enumerate(ours)]
    least = GOALS.get(name) if size == GOAL_SIZE else None
    title = f"ours beside {name}, {size:,}"
    if least is None:
        return Row(title, "×", ratios)
    return Row(title, "×", ratios, goal=f"at least {least:g}", met=median(ratios) >= least)


def _smtp(server: Server, asked: Asked) -> None:
    program = find_sink()
    if program is None:
        print("Left out: SMTP, because smtp-sink (Debian's postfix) is not installed.")
        return
    rows = measure_smtp(
        server, program, senders=asked.senders, due=asked.due, rounds=min(asked.rounds[0], 3), bound=asked.bound
    )
    about = [
        "Into Postfix's smtp-sink, which accepts everything at once, on the same machine; then behind a round trip of"
        f" {ROUND_TRIP_MS:.0f} ms, as to a mail server elsewhere. Two processes on both sides.",
        "Ours does the whole guarded release. Bare: one reused smtplib connection for each thread, a mail of the same"
        " size rendered before, no database.",
    ]
    save("queue-smtp", "Into an SMTP server", rows, about=about, folder=asked.results)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="10000,200000,1000000", help="backlogs")
    parser.add_argument("--rounds", default="3,3,1", help="rounds at each size")
    parser.add_argument("--share", type=float, default=0.1, help="share of the backlog that is due")
    parser.add_argument("--bound", type=float, default=240, help="seconds after which another queue's round is cut off")
    parser.add_argument("--due", type=int, default=5_000, help="messages due in the parts depth and smtp")
    parser.add_argument("--senders", default="1,4,16", help="connections of each process, in the part smtp")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--only", default="", help="beginnings of the names of contenders, by comma")
    parser.add_argument("--results", type=Path, default=RESULTS)
    given = parser.parse_args()
    sizes, rounds, senders = (
        [int(number) for number in text.split(",")] for text in (given.sizes, given.rounds, given.senders)
    )
    if len(sizes) != len(rounds):
        parser.error("Give as many rounds as sizes.")
    run(
        Asked(
            sizes=sizes,
            rounds=rounds,
            share=given.share,
            bound=given.bound,
            due=given.due,
            senders=senders,
            parts=given.parts.split(","),
            only=[name for name in given.only.split(",") if name],
            results=given.results,
        )
    )


if __name__ == "__main__":
    main()
