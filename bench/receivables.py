"""The import of a large file beside a plain COPY of the same rows, on the same PostgreSQL.

    python -m bench.receivables [--invoices 1000000] [--customers 100000] [--rounds 3]

The import reads CSV as customers send it: recognises, surveys, checks every cell and every reference, and merges; it
may be broken off and repeated. COPY gets rows that are right already, for a table with the same columns, checks,
indexes and references. Each round begins with an empty organisation; the file of customers is not measured.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, text

from bench.report import Row, save
from bench.server import durable_server
from connectors.receivables import import_files
from domain.receivables import ImportReport
from storage.books import Books
from storage.clock import DatabaseClock
from storage.directory import Directory
from storage.engine import build_engine
from storage.migrate import upgrade
from storage.tables import invoices

TIMES = 6
"""The goal: at most so many times as long as COPY."""


@dataclass(frozen=True)
class Round:
    """Seconds: the import of the invoices, the same file once more, and the plain COPY."""

    first: float
    again: float
    copy: float


def write_files(folder: Path, *, customers_in_all: int, invoices_in_all: int) -> tuple[Path, Path]:
    """A file of customers and one of invoices, the same for the same numbers."""
    chance = random.Random(7)
    customers, bills = folder / "customers.csv", folder / "invoices.csv"
    with customers.open("w") as file:
        file.write("Customer ID,Customer Name,Domain,Country,Time Zone,Owner Email\n")
        for n in range(customers_in_all):
            file.write(f"C-{n:06},Company {n} GmbH,company{n}.example,DE,Europe/Berlin,rep{n % 50}@plixo.example\n")
    days = [date(2024, 1, 1) + timedelta(n) for n in range(800)]
    with bills.open("w") as file:
        file.write("Invoice Number,Customer ID,Invoice Date,Due Date,Amount,Balance,Currency,Disputed\n")
        for n in range(invoices_in_all):
            at, cents = chance.randrange(700), chance.randrange(1_000, 9_000_000)
            amount = f"{cents // 100}.{cents % 100:02}"
            file.write(
                f"INV-{n:08},C-{chance.randrange(customers_in_all):06},{days[at]},{days[at + 30]},{amount},"
                f"{amount if n % 5 else '0.00'},EUR,{'Yes' if n % 100 == 0 else 'No'}\n"
            )
    return customers, bills


def plain_copy(engine: Engine, path: Path) -> float:
    """Seconds COPY needs for the same rows into a table with the same columns, checks, indexes and references."""
    names = ", ".join(f'"{column.name}"' for column in invoices.columns)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("CREATE TABLE plain (LIKE invoices INCLUDING ALL)"))
        connection.execute(
            text(
                "ALTER TABLE plain ADD FOREIGN KEY (org_id) REFERENCES organisations (id), "
                "ADD FOREIGN KEY (org_id, account_id) REFERENCES accounts (org_id, id)"
            )
        )
        driver = connection.connection.driver_connection
        assert driver is not None
        with driver.cursor() as cursor:
            with path.open("wb") as file, cursor.copy(f"COPY invoices ({names}) TO STDOUT") as copy:
                for block in copy:
                    file.write(block)
            began = time.perf_counter()
            with path.open("rb") as file, cursor.copy(f"COPY plain ({names}) FROM STDIN") as copy:
                while block := file.read(1 << 16):
                    copy.write(block)
            seconds = time.perf_counter() - began
        connection.execute(text("DROP TABLE plain"))
    return seconds


def measure(engine: Engine, folder: Path, *, rounds: int, customers_in_all: int, invoices_in_all: int) -> list[Round]:
    """The rounds, one after the other, each into an organisation of its own."""
    customers, bills = write_files(folder, customers_in_all=customers_in_all, invoices_in_all=invoices_in_all)
    clock, directory = DatabaseClock(engine), Directory(engine)
    found = []
    for number in range(rounds):
        org_id = directory.create_organisation(f"Round {number}", "Europe/Berlin", "DE", clock.now())

        def carried(path: Path, *, org_id: int = org_id) -> tuple[float, ImportReport]:
            began = time.perf_counter()
            (report,) = import_files(
                [path], books=Books(engine, org_id=org_id), clock=clock, by="bench", mapping=None, rejects_dir=folder
            )
            return time.perf_counter() - began, report

        carried(customers)
        first, report = carried(bills)
        if report.added != invoices_in_all:
            raise RuntimeError(f"Of {invoices_in_all} invoices {report.added} were added.")
        again, report = carried(bills)
        if report.unchanged != invoices_in_all:
            raise RuntimeError(f"Of {invoices_in_all} invoices {report.unchanged} were unchanged the second time.")
        found.append(Round(first, again, plain_copy(engine, folder / "plain.copy")))
        _empty(engine)
    return found


def _empty(engine: Engine) -> None:
    """No round finds the rows of the one before: COPY takes all there are."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("TRUNCATE invoices, dispute_invoices, disputes, pay_links CASCADE"))


def rows(found: list[Round], invoices_in_all: int) -> list[Row]:
    """Seconds of each, and the import beside COPY."""
    copy = [each.copy for each in found]
    lines = []
    for name, seconds in (("import", [r.first for r in found]), ("the same file again", [r.again for r in found])):
        times = median(seconds) / median(copy)
        told = {"rows/s": f"{invoices_in_all / median(seconds):,.0f}"}
        goal, met = (f"at most {TIMES}", times <= TIMES) if name == "import" else ("", None)
        lines.append(Row(name, "s", seconds, beside="COPY", ratio=times, goal=goal, met=met, more=told))
    told = {"rows/s": f"{invoices_in_all / median(copy):,.0f}"}
    return [*lines, Row("plain COPY", "s", copy, more=told)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--invoices", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with durable_server() as server, tempfile.TemporaryDirectory() as folder:
        engine = build_engine(server.create("plixo_bench_import"), pool_size=4, statement_timeout=0, across=True)
        upgrade(engine)
        found = measure(
            engine,
            Path(folder),
            rounds=asked.rounds,
            customers_in_all=asked.customers,
            invoices_in_all=asked.invoices,
        )
        engine.dispose()
    about = [f"{asked.invoices:,} invoices of {asked.customers:,} customers from one CSV file."]
    save("import", "Import beside COPY", rows(found, asked.invoices), about=about)


if __name__ == "__main__":
    main()
