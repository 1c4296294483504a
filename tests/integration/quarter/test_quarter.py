"""A quarter of a house: whatever customers, reps and A/R do, the product's promises hold, and nudges change no plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.integration.quarter import mutants
from tests.integration.quarter.play import play
from tests.integration.quarter.script import Industry, Script, write_script
from tests.integration.quarter.verdict import everything_holds, it_was_worth_playing, nudges_changed_nothing
from tests.integration.quarter.volume import Limits, counted_days

OF_FIVE_WEEKS = Limits(day=5, hour=2, segments={Industry.RETAIL: 4}, stages=((3, 3), (3, 4)))
A_QUARTER = Limits(day=32, hour=8, segments={Industry.RETAIL: 20, Industry.BUILDING: 7}, stages=((7, 10), (3, 20)))


def five_weeks() -> Script:
    return write_script(seed=3, accounts=50, days=36)


def judge(script: Script, twins: tuple[Engine, Engine], folder: Path, limits: Limits) -> None:
    """Without its nudges the script is played on the ramp that they helped to earn: mails make a ramp grow, whoever
    sends them, and that gives steps more room. Nothing else of them is to be seen.
    """
    played = play(script, twins[0], folder, limits)
    everything_holds(script, played, limits)
    counted = counted_days(played.sent, limits, script)
    nudges_changed_nothing(played, play(script.without_nudges(), twins[1], folder, limits, counted=counted))
    it_was_worth_playing(script, played, limits)


def test_in_five_weeks_every_promise_holds_and_no_nudge_moves_a_step(
    twin_files: tuple[Engine, Engine], tmp_path: Path
) -> None:
    judge(five_weeks(), twin_files, tmp_path, OF_FIVE_WEEKS)


@pytest.mark.slow
@pytest.mark.postgres
def test_so_they_do_on_postgresql(twin_servers: tuple[Engine, Engine], tmp_path: Path) -> None:
    judge(five_weeks(), twin_servers, tmp_path, OF_FIVE_WEEKS)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_so_they_do_in_a_quarter_of_five_hundred_customers(twins: tuple[Engine, Engine], tmp_path: Path) -> None:
    judge(write_script(seed=1, accounts=500, days=90), twins, tmp_path, A_QUARTER)


@pytest.mark.slow
@pytest.mark.parametrize(("mutant", "found_by"), mutants.ALL)
def test_five_weeks_find(
    mutant: mutants.Mutant,
    found_by: str | None,
    twin_files: tuple[Engine, Engine],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mutant(monkeypatch)
    with pytest.raises(AssertionError, match=found_by):
        judge(five_weeks(), twin_files, tmp_path, OF_FIVE_WEEKS)
