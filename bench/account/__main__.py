"""`python -m bench.account`: loads the books, asks the questions, prints the table and keeps the numbers as JSON."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from bench.account.book import NOW, Book
from bench.account.measure import Bench, Times
from bench.account.questions import KINDS, percentile, questions
from bench.server import durable_server
from storage.directory import Directory
from storage.engine import build_engine
from storage.migrate import upgrade

SIZES = (1_000, 100_000, 1_000_000)
P99_GOAL = 60.0
GROWTH_GOAL = 1.5


def main(given: list[str] | None = None) -> int:
    asked = _arguments(given)
    results: dict[str, dict[int, Times]] = {}
    with tempfile.TemporaryDirectory(prefix="plixo-bench-", dir=asked.folder) as folder:
        for database in asked.databases:
            with _database(database, Path(folder)) as url:
                results[database] = measure(url, asked.sizes, each=asked.questions)
    print("\n".join(table(results)))
    if asked.json:
        Path(asked.json).write_text(json.dumps(numbers(results), indent=1) + "\n", encoding="utf-8")
    return 0


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.account", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="accounts in the book, smallest first")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--questions", type=int, default=400, help="of each kind")
    parser.add_argument("--folder", default=None, help="where the SQLite file grows (about 4 GB for a million)")
    parser.add_argument("--json", default=None, help="file for the numbers")
    return parser.parse_args(given)


def measure(url: str, sizes: list[int], *, each: int) -> dict[int, Times]:
    """The same process asks at every size; before each round it has asked a tenth of the questions already."""
    patient, engine = build_engine(url, statement_timeout=0, across=True), build_engine(url)
    upgrade(patient)
    org_id = Directory(patient).create_organisation("Northwind", "Europe/Berlin", "DE", NOW)
    book, bench = Book(patient, org_id), Bench(engine, org_id)
    results = {}
    for size in sizes:
        began = perf_counter()
        book.grow(size)
        print(f"{url.partition(':')[0]}: {size:,} accounts after {perf_counter() - began:.0f} s", file=sys.stderr)
        asked = questions(book.entries, each=each, seed=size)
        bench.run(questions(book.entries, each=max(1, each // 10), seed=-size))
        gc.collect()
        gc.freeze()  # the book's million entries are the bench's own weight, not the bot's
        results[size] = bench.run(asked)
    patient.dispose()
    engine.dispose()
    return results


@contextmanager
def _database(name: str, folder: Path) -> Iterator[str]:
    """The address of a new, empty one."""
    if name == "sqlite":
        yield f"sqlite:///{folder / 'plixo.db'}"
    else:
        with durable_server() as server:
            yield server.create("plixo_bench_account")
            server.drop("plixo_bench_account")


def table(results: dict[str, dict[int, Times]]) -> Iterator[str]:
    """Markdown: a row for each kind, the p50 and p99 in milliseconds at each size, and how the p50 grew."""
    for database, by_size in results.items():
        sizes = list(by_size)
        yield f"\n{database}, server time from the words to the finished card, ms (p50 / p99)\n"
        yield "| question | " + " | ".join(f"{size:,}" for size in sizes) + " | p50 last : first |"
        yield "|---" * (len(sizes) + 2) + "|"
        for kind in (*KINDS, "all"):
            spread = [_spread(by_size[size], kind) for size in sizes]
            cells = " | ".join(f"{p50:.1f} / {p99:.1f}" for p50, p99 in spread)
            yield f"| {kind} | {cells} | {spread[-1][0] / spread[0][0]:.2f} |"
        last = by_size[sizes[-1]]
        yield f"\nAt {sizes[-1]:,}: {last.choices} choices, {last.nothing} without a card. The slowest:"
        for took, question in last.slowest[:5]:
            yield f"  {took:.0f} ms, {question.kind}, {question.scope}: {question.words}"


def _spread(times: Times, kind: str) -> tuple[float, float]:
    values = [one for name, some in times.by_kind.items() if kind in (name, "all") for one in some]
    return percentile(values, 0.5), percentile(values, 0.99)


def numbers(results: dict[str, dict[int, Times]]) -> dict[str, dict[str, dict[str, tuple[float, float]]]]:
    return {
        database: {
            str(size): {kind: _spread(times, kind) for kind in (*KINDS, "all")} for size, times in by_size.items()
        }
        for database, by_size in results.items()
    }


if __name__ == "__main__":
    os.environ.setdefault("TZ", "UTC")
    raise SystemExit(main())
