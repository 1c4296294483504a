"""A quarter of a house: whatever customers, reps and A/R do, the product's promises hold, and nudges change no plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.integration.quarter import mutants
from tests.integration.quarter.play import play
from tests.integration.quarter.script import Script, write_script
from tests.integration.quarter.verdict import everything_holds, it_was_worth_playing, nudges_changed_nothing


def five_weeks(**changes: Any) -> Script:
    return write_script(**{"seed": 3, "accounts": 50, "days": 36} | changes)


def judge(script: Script, twins: tuple[Engine, Engine], folder: Path, *, cap: int) -> None:
    played = play(script, twins[0], folder, daily_cap=cap)
    everything_holds(script, played, cap=cap)
    nudges_changed_nothing(played, play(script.without_nudges(), twins[1], folder, daily_cap=cap))
    it_was_worth_playing(script, played, cap=cap)


def test_in_five_weeks_every_promise_holds_and_no_nudge_moves_a_step(
    twin_files: tuple[Engine, Engine], tmp_path: Path
) -> None:
    judge(five_weeks(), twin_files, tmp_path, cap=8)


@pytest.mark.slow
@pytest.mark.postgres
def test_so_they_do_on_postgresql(twin_servers: tuple[Engine, Engine], tmp_path: Path) -> None:
    judge(five_weeks(), twin_servers, tmp_path, cap=8)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_so_they_do_in_a_quarter_of_five_hundred_customers(twins: tuple[Engine, Engine], tmp_path: Path) -> None:
    judge(write_script(seed=1, accounts=500, days=90), twins, tmp_path, cap=40)


@pytest.mark.slow
@pytest.mark.parametrize("mutant", mutants.ALL)
def test_five_weeks_find(
    mutant: mutants.Mutant, twin_files: tuple[Engine, Engine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)
    with pytest.raises(AssertionError):
        judge(five_weeks(), twin_files, tmp_path, cap=8)
