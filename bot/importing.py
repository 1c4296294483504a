"""`plixo import`: the importer with a progress bar and a plain report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from bot.world import World
from connectors.receivables import ImportReport


def run_import(
    world: World,
    org_id: int,
    files: list[Path],
    *,
    mapping: Path | None,
    declared: Mapping[str, str | None],
    rejects: Path,
    by: str,
    out: Console,
) -> list[ImportReport]:
    """Import the files and print what became of each."""
    raise SystemExit(1)
