"""Short rounds in `make test`, long ones in `make chaos`: nothing leaves twice, nothing is lost without a word."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from tests.chaos.fleet import all_steps
from tests.chaos.plan import Plan
from tests.chaos.rounds import run
from tests.chaos.schedule import Kind, draw_schedule
from tests.postgres import OwnServer

DEATHS: tuple[Kind, ...] = ("kill", "kill", "kill", "stop")
DATABASE: tuple[Kind, ...] = ("crash", "hang", "lock", "full", "line")
OUTSIDE: tuple[Kind, ...] = ("mail", "mail", "slack", "clock")
LONG = (pytest.mark.slow, pytest.mark.chaos)
SEED = int(os.environ.get("CHAOS_SEED", "0")) or None


def make(
    name: str,
    kinds: tuple[Kind, ...],
    *,
    seed: int,
    messages: int,
    seconds: float,
    pause: float,
    server: OwnServer | None,
    steps: bool = False,
    **more: object,
) -> Plan:
    seed = SEED or seed
    random = Random(seed)
    struck = all_steps(random.randint(1, 2) for _ in range(16)) if steps else []
    random.shuffle(struck)
    if server is None:
        kinds = tuple(kind for kind in kinds if kind != "hang")
    acts = draw_schedule(seed, seconds=seconds, pause=pause, workers=3, kinds=kinds) if kinds else []
    pace = 4.0 if steps else messages / seconds
    return Plan(name, seed, messages, pace, acts, struck, **more)  # type: ignore[arg-type]


def test_struck_at_every_step(server: OwnServer | None, tmp_path: Path) -> None:
    plan = make("each step", (), seed=1, messages=120, seconds=20, pause=1, workers=4, steps=True, server=server)
    outcome = run(plan, tmp_path, server)
    assert not outcome.problems


@pytest.mark.parametrize(
    ("kinds", "deduplicates"),
    [
        pytest.param(DEATHS, False, id="deaths", marks=LONG),
        pytest.param(DATABASE, False, id="database", marks=LONG),
        pytest.param(OUTSIDE, False, id="outside", marks=LONG),
        pytest.param((*DEATHS, *DATABASE, *OUTSIDE), True, id="everything, and a provider that drops copies"),
    ],
)
def test_a_short_round(server: OwnServer | None, kinds: tuple[Kind, ...], deduplicates: bool, tmp_path: Path) -> None:
    plan = make("short", kinds, seed=1, messages=50, seconds=5, pause=0.25, deduplicates=deduplicates, server=server)
    outcome = run(plan, tmp_path, server)
    assert not outcome.problems


@pytest.mark.slow
@pytest.mark.chaos
@pytest.mark.timeout(900)
@pytest.mark.parametrize("deduplicates", [False, True], ids=["a person decides", "the provider drops copies"])
@pytest.mark.parametrize("kinds", [(*DEATHS, *OUTSIDE), (*DEATHS, *DATABASE, *OUTSIDE)], ids=["", "and crashes"])
def test_a_long_round(server: OwnServer | None, kinds: tuple[Kind, ...], deduplicates: bool, tmp_path: Path) -> None:
    name = f"{'postgres' if server else 'sqlite'}{' crashes' if 'crash' in kinds else ''}"
    plan = make(name, kinds, seed=1, messages=500, seconds=75, pause=0.5, deduplicates=deduplicates, server=server)
    outcome = run(plan, tmp_path, server)
    assert not outcome.problems
