"""`/account <words>` on both databases, at a thousand, a hundred thousand and a million accounts: the time to the card.

    python -m bench.account --sizes 1000 100000 --databases postgresql --questions 100

The million takes some ten minutes to load into each database, and 4 GB on SQLite, 15 GB with its log on PostgreSQL.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from bench.account.book import NOW, Book
from bench.account.measure import Bench, Times
from bench.account.questions import KINDS, LIST, LONGEST, large, percentile, questions
from bench.report import RESULTS, Row, number, save
from bench.server import durable_server
from storage.directory import Directory
from storage.engine import build_engine
from storage.migrate import upgrade

SIZES = (1_000, 100_000, 1_000_000)
P99_GOAL = 60.0
"""Milliseconds, at the largest size."""
GROWTH_GOAL = 1.5
"""The p50 at the largest size, in p50s at the smallest."""
LONG = 20_000
ALL = "all"

Results = dict[str, dict[int, Times]]


def main(given: list[str] | None = None) -> int:
    asked = _arguments(given)
    results: Results = {}
    with tempfile.TemporaryDirectory(prefix="plixo-bench-", dir=asked.folder) as folder:
        for database in asked.databases:
            with _database(database, Path(folder)) as url:
                results[database] = measure(url, asked.sizes, each=asked.questions)
    save("account", "/account by name", rows(results), about=about(results), folder=asked.results)
    return 0


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.account", description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="accounts in the book, smallest first")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--questions", type=int, default=400, help="of each kind")
    parser.add_argument("--folder", type=Path, help="where the SQLite file grows")
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args(given)


def measure(url: str, sizes: Sequence[int], *, each: int, long: int = LONG) -> dict[int, Times]:
    """The same process asks at every size; before each round it has asked a tenth of the questions already."""
    patient, engine = build_engine(url, statement_timeout=0, across=True), build_engine(url)
    upgrade(patient)
    org_id = Directory(patient).create_organisation("Northwind", "Europe/Berlin", "DE", NOW)
    book, bench = Book(patient, org_id), Bench(engine, org_id)
    results = {}
    for size in sizes:
        began = perf_counter()
        book.grow(size)
        print(f"{url.partition(':')[0]}: {size:,} accounts in {perf_counter() - began:.0f} s", file=sys.stderr)
        results[size] = _ask(bench, book, size, each)
    book.fatten(book.entries[0], long)
    bench.run(large(book.entries[0], each=3))
    results[sizes[-1]].by_kind |= bench.run(large(book.entries[0], each=max(1, each // 10))).by_kind
    patient.dispose()
    engine.dispose()
    return results


def _ask(bench: Bench, book: Book, size: int, each: int) -> Times:
    asked = questions(book.entries, each=each, seed=size)
    bench.run(questions(book.entries, each=max(1, each // 10), seed=-size))
    gc.collect()
    gc.freeze()  # the book's entries are the bench's own weight, not the bot's
    times = bench.run(asked)
    gc.unfreeze()
    return times


@contextmanager
def _database(name: str, folder: Path) -> Iterator[str]:
    """The address of a new, empty one."""
    if name == "sqlite":
        yield f"sqlite:///{folder / 'plixo.db'}"
    else:
        with durable_server() as server:
            yield server.create("plixo_bench_account")
            server.drop("plixo_bench_account")


def rows(results: Results) -> list[Row]:
    """For each database and kind of question the p50 at the largest size, beside that at the smallest."""
    lines = []
    for database, by_size in results.items():
        first, last = min(by_size), max(by_size)
        for kind in (*KINDS, ALL):
            told = {f"{size:,}": _both(by_size[size], kind) for size in by_size}
            p50, p99 = (_spread(by_size[last], kind, share) for share in (0.5, 0.99))
            growth = p50 / _spread(by_size[first], kind, 0.5)
            lines.append(
                Row(
                    f"{database}: {kind}",
                    "ms",
                    [p50],
                    beside=f"at {first:,}",
                    ratio=growth,
                    goal=f"p99 under {P99_GOAL:.0f}, p50 at most {GROWTH_GOAL} ×",
                    met=p99 < P99_GOAL and growth <= GROWTH_GOAL,
                    more=told,
                )
            )
        for kind in (LIST, LONGEST):
            told = {f"{last:,}": _both(by_size[last], kind)}
            lines.append(Row(f"{database}: {kind}", "ms", [_spread(by_size[last], kind, 0.5)], more=told))
    return lines


def about(results: Results) -> list[str]:
    said = [
        "Milliseconds from the words to the finished blocks, p50 / p99, in one process: listener, use case, "
        "statements, presenter, view. Where several accounts fit, the choice and the click on its first line count "
        "together. Half of the questions come from people who see only their own accounts.",
    ]
    for database, by_size in results.items():
        for size, times in by_size.items():
            asked = sum(len(times.by_kind[kind]) for kind in KINDS)
            took, question = times.slowest[0]
            said.append(
                f"{database}, {size:,}: of {asked:,} questions {times.choices:,} led to a choice and {times.nothing} to"
                f" no card; the slowest took {number(took)} ms ({question.kind}: {question.words})."
            )
    return said


def _both(times: Times, kind: str) -> str:
    return f"{number(_spread(times, kind, 0.5))} / {number(_spread(times, kind, 0.99))}"


def _spread(times: Times, kind: str, share: float) -> float:
    asked = [kind] if kind != ALL else list(KINDS)
    return percentile([took for one in asked for took in times.by_kind[one]], share)


if __name__ == "__main__":
    raise SystemExit(main())
