"""Large files in one go and in bounded memory; the long round is a million invoices of a hundred thousand customers."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench.receivables import plain_copy, write_files
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
