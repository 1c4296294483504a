"""Large files in one go and in bounded memory; the long round is a million invoices of a hundred thousand customers."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from domain.receivables import Progress
from storage.tables import invoices
from tests.integration.receivables.conftest import Importer

ROUNDS = [
    pytest.param(2_000, 20_000, id="short"),
    pytest.param(100_000, 1_000_000, id="long", marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
]
MOST_MEMORY = 200
"""Megabytes that an import may add to the process, however long the file is."""


def resident() -> int:
    """Megabytes this process holds now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    raise AssertionError("no VmRSS")


def write_files(folder: Path, *, customers_in_all: int, invoices_in_all: int) -> tuple[Path, Path]:
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


@pytest.mark.parametrize(("customers_in_all", "invoices_in_all"), ROUNDS)
def test_a_large_file(importer: Importer, customers_in_all: int, invoices_in_all: int) -> None:
    customers, bills = write_files(importer.folder, customers_in_all=customers_in_all, invoices_in_all=invoices_in_all)
    began_with, most = resident(), 0

    def watch(progress: Progress) -> None:
        nonlocal most
        most = max(most, resident() - began_with)

    seconds = {}
    for what, path in (("customers", customers), ("invoices", bills), ("invoices again", bills)):
        began = time.perf_counter()
        report = importer(path, on_progress=watch)[0]
        seconds[what] = time.perf_counter() - began
        assert (report.problems, report.rejected) == ((), 0)
        assert report.unchanged == (invoices_in_all if what == "invoices again" else 0)
        print(
            f"\n{what}: {report.read:,} in {seconds[what]:.1f} s, {report.read / seconds[what]:,.0f} rows/s, +{most} MB"
        )
    with importer.engine.connect() as connection:
        count = connection.scalar(select(func.count()).where(invoices.c.org_id == importer.org_id))
    assert count == invoices_in_all
    assert most < MOST_MEMORY
    if importer.engine.dialect.name == "postgresql":
        plain = plain_copy(importer.engine, importer.folder / "plain.copy")
        print(f"plain COPY: {plain:.1f} s; the import takes {seconds['invoices'] / plain:.1f} times that")


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
