"""The measurement of Autopilot's planner: a short round on both databases, without a look at the time."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.planning import ABOUT, FIRST, PASSES, STEADY, found_firm, measure, rows
from bench.report import save
from storage.engine import build_engine
from storage.migrate import upgrade


@pytest.mark.parametrize("address", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_short_round_plans_everybody_and_then_nobody(
    address: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'book.db'}" if address == "sqlite" else request.getfixturevalue("empty_postgres_url")
    found = measure(url, [20, 60], rounds=2)
    counted = {name: {size: len(each) for size, each in found[name].items()} for name in PASSES}
    assert counted == {FIRST: {20: 4, 60: 2}, STEADY: {20: 4, 60: 2}}
    save("planning", "Planning Autopilot", rows({address: found}), about=ABOUT, folder=tmp_path)
    assert "steady pass" in (tmp_path / "README.md").read_text("utf-8")


def test_a_pass_that_plans_too_few_is_no_result(tmp_path: Path) -> None:
    engine = build_engine(f"sqlite:///{tmp_path / 'book.db'}")
    upgrade(engine)
    firm = found_firm(engine, 10)
    firm.first_pass()
    with pytest.raises(RuntimeError, match="Of 10 customers 0 were planned"):
        firm.first_pass()
    firm.forget()
    with pytest.raises(RuntimeError, match="10 of 10 customers were changed"):
        firm.steady_pass()
    engine.dispose()


def test_the_cost_of_a_customer_is_held_against_the_smallest_organisation() -> None:
    found = {"sqlite": {FIRST: {1_000: [1.0, 1.0], 100_000: [1.1]}, STEADY: {1_000: [0.5], 100_000: [0.7]}}}
    assert [(row.name, row.ratio and round(row.ratio, 2), row.met) for row in rows(found)] == [
        ("sqlite, first pass, 1,000 customers", None, None),
        ("sqlite, first pass, 100,000 customers", 1.1, True),
        ("sqlite, steady pass, 1,000 customers", None, None),
        ("sqlite, steady pass, 100,000 customers", 1.4, False),
    ]
