"""What a bench found out: rows, kept as JSON for each part, and one Markdown page of all parts.

    save("queue", "The queue beside its peers", [Row("ours at 200,000", "messages/s", [900.0, 950.0])], about=[...])

A row's number is the median of its rounds. Absolute numbers move with the machine: compare ratios.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("sqlalchemy", "psycopg", "slack-bolt", "pgqueuer", "procrastinate", "apscheduler", "celery")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing measured in `rounds`, in `unit`; perhaps held against something, perhaps with a goal.

    `ratio` is to what `beside` names. `goal` is said in words, `met` is None when there is none. `more` holds further
    numbers by their column, such as CPU per message.
    """

    name: str
    unit: str
    rounds: Sequence[float]
    beside: str = ""
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None
    more: dict[str, str] = field(default_factory=dict)

    @property
    def median(self) -> float:
        return median(self.rounds)

    @property
    def spread(self) -> str:
        return "" if len(self.rounds) < 2 else f"{number(min(self.rounds))} – {number(max(self.rounds))}"


def save(part: str, title: str, rows: Sequence[Row], *, about: Sequence[str] = (), folder: Path = RESULTS) -> None:
    """Keep a part's rows as `<part>.json`, print them, and write the page of all parts again."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {"title": title, "machine": machine(), "about": list(about), "rows": [asdict(row) for row in rows]}
    (folder / f"{part}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(_section(part, kept, folder))
    pages = [_section(path.stem, json.loads(path.read_text(encoding="utf-8")), folder) for path in _parts(folder)]
    head = "# Results\n\nWritten by `make bench`; [how to read them](../README.md). Compare ratios, not numbers.\n\n"
    (folder / "README.md").write_text(head + "\n".join(pages), encoding="utf-8")


def rows_of(part: str, *, folder: Path = RESULTS) -> list[Row]:
    """The rows a part kept last; none when it never ran."""
    path = folder / f"{part}.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"rows": []}
    return [Row(**row) for row in kept["rows"]]


def number(value: float) -> str:
    """Three digits that count: 1,234 · 56.7 · 0.89."""
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 4
    return f"{value:,.{digits}f}"


def machine() -> str:
    """What the numbers were taken on, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    found = [f"{name} {version(name)}" for name in PACKAGES if _is_installed(name)]
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, {', '.join(found)}"
    )


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def _parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def _section(part: str, kept: dict[str, Any], folder: Path) -> str:
    rows = [Row(**row) for row in kept["rows"]]
    further = list(dict.fromkeys(column for row in rows for column in row.more))
    columns = ["what", "median", "spread", *further]
    compares, has_goals = any(row.ratio is not None for row in rows), any(row.goal for row in rows)
    columns += ["ratio"] * compares + ["goal"] * has_goals
    lines = [f"## {kept['title']}", "", kept["machine"] + ".", "", _line(columns), _line(["---"] * len(columns))]
    for row in rows:
        cells = [row.name, f"{number(row.median)} {row.unit}", row.spread, *(row.more.get(c, "") for c in further)]
        if compares:
            cells.append("" if row.ratio is None else f"{number(row.ratio)} × {row.beside}")
        if has_goals:
            verdict = {None: "", True: ": met", False: ": **missed**"}[row.met]
            cells.append(f"{row.goal}{verdict}")
        lines.append(_line(cells))
    lines += ["", *(f"- {sentence}" for sentence in kept["about"])]
    if (folder / f"{part}.svg").exists():
        lines += ["", f"![{kept['title']}]({part}.svg)"]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
