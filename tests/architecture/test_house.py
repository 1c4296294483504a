"""The house holds what its documents say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings, variable_of
from domain import ports
from domain.commitments import DISPUTE_TRANSITIONS, PROMISE_TRANSITIONS
from domain.messages import TRANSITIONS, State

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "domain", "storage", "connectors", "sandbox")


def test_the_drawn_states_are_the_real_ones() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+):", (ROOT / "docs/nudge.md").read_text(), re.MULTILINE)
    assert {(State(a), State(b)) for a, b in drawn} == {(a, b) for a, after in TRANSITIONS.items() for b in after}


@pytest.mark.parametrize(
    ("heading", "drawn"), [("A promise:", PROMISE_TRANSITIONS), ("A dispute:", DISPUTE_TRANSITIONS)]
)
def test_the_drawn_states_of_the_record_are_the_real_ones(heading: str, drawn: dict[str, frozenset[str]]) -> None:
    page = (ROOT / "docs/promises-and-disputes.md").read_text()
    picture = page.split(heading, 1)[1].split("```")[1]
    steps = re.findall(r"^    (\w+) --> (\w+):", picture, re.MULTILINE)
    assert set(steps) == {(a, b) for a, after in drawn.items() for b in after}


def test_importing_does_nothing() -> None:
    """No engine, client, settings or scheduler at import: an empty environment is enough."""
    code = "import bot.cli, handlers.registry, domain, storage.unit_of_work, connectors.mail, sandbox.server"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_every_setting_stands_in_the_readme(field: str) -> None:
    assert f"`{variable_of(field)}`" in (ROOT / "README.md").read_text()


def test_ports_have_at_most_seven_methods() -> None:
    for name, port in vars(ports).items():
        if getattr(port, "_is_protocol", False) and isinstance(port, type):
            methods = [m for m in vars(port) if not m.startswith("_") and callable(getattr(port, m))]
            assert len(methods) <= 7, name


def test_the_clock_is_read_in_one_place() -> None:
    reading = re.compile(r"datetime\.(now|utcnow)\(|date\.today\(|time\.time\(")
    allowed = {Path("storage/clock.py")}
    for room in ("domain", "storage", "handlers", "connectors"):
        for path in (ROOT / room).rglob("*.py"):
            if path.relative_to(ROOT) not in allowed:
                assert not reading.search(path.read_text()), path


def test_no_file_names_a_registry_or_a_build_machine() -> None:
    """Installations are pinned by version and hash; where from is the installer's own affair."""
    hosts = re.compile(r"py" r"pi\.org|python" r"hosted|npm" r"js\.|deb\." r"debian|security\." r"debian")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in listed:
        path = ROOT / name
        if path.suffix not in (".png", ".gif") and path.is_file():
            assert not hosts.search(path.read_text(errors="replace")), name
