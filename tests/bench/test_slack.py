"""The measurements of Slack's side, of the import and of memory: a short round of each, without a look at the time."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import memory, receivables
from bench.report import Row, save
from bench.slack import acks, round_trip
from bench.slack.calls import Load, Request, run_load
from storage.engine import build_engine
from storage.migrate import upgrade
from tests.postgres import Server


@pytest.mark.postgres
def test_the_round_trip_beside_bare_bolt(postgres_server: Server, tmp_path: Path) -> None:
    found = round_trip.measure(postgres_server, rounds=1, accounts=20, count=40, folder=tmp_path)
    assert set(found) == {"plixo", "default", "before"}
    assert_kept(round_trip.rows(found), tmp_path, "at 32 connections")


@pytest.mark.postgres
def test_acknowledgements_while_everything_is_slow(postgres_server: Server, tmp_path: Path) -> None:
    (found,) = acks.measure(postgres_server, tmp_path, rounds=1, queued=40, line=0.002, count=24)
    assert found.acks.failed == 0
    assert found.acks.answers == 24
    assert all(found.acks.took[name] for name in ("account", "button", "modal"))
    assert_kept(acks.rows([found]), tmp_path, "all, p99")


def test_memory_beside_bare_bolt(tmp_path: Path) -> None:
    found = memory.measure(rounds=1, database="sqlite", folder=tmp_path)
    assert all(kilobytes > 10_000 for (kilobytes,) in found.values())
    assert_kept(memory.rows(found), tmp_path, "our bot, idle")


@pytest.mark.postgres
def test_the_import_beside_copy(empty_postgres_url: str, tmp_path: Path) -> None:
    engine = build_engine(empty_postgres_url, across=True)
    upgrade(engine)
    found = receivables.measure(engine, tmp_path, rounds=2, customers_in_all=20, invoices_in_all=200)
    assert len(found) == 2
    assert_kept(receivables.rows(found, 200), tmp_path, "plain COPY")
    engine.dispose()


def test_only_this_machine_is_put_under_load() -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"):
        run_load("http://slack.example/events", [Request("x", "y")], secret="s", connections=1, count=1)


def test_percentiles_are_by_the_nearest_rank() -> None:
    load = Load(seconds=2.0, took={"a": [float(n) for n in range(1, 101)], "b": [500.0]})
    assert (load.percentile(0.5, "a"), load.percentile(0.99, "a"), load.percentile(0.99)) == (51.0, 100.0, 100.0)
    assert load.rate == 50.5


def assert_kept(rows: list[Row], folder: Path, line: str) -> None:
    save("part", "A part", rows, folder=folder)
    assert line in (folder / "README.md").read_text("utf-8")
