"""The state machine is worth something: it finds each bug that was made on purpose, by itself and every time."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from tests.integration.release import mutants
from tests.integration.release.machine.house import House
from tests.integration.release.machine.workers import Workers

# The same examples every time, and no effort to make the failure small.
SEARCH = settings(
    max_examples=400,
    stateful_step_count=30,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mutant", mutants.ALL)
def test_the_state_machine_finds(mutant: mutants.Mutant, sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(sqlite)
    mutant(monkeypatch)
    with pytest.raises((AssertionError, ValueError)):
        run_state_machine_as_test(lambda: Workers(house), settings=SEARCH)
