"""`plixo import`: the importer with a progress bar and a plain report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.world import World
from connectors.receivables import Mapping, import_files, load_mapping
from domain.receivables import ImportReport, Kind
from domain.receivables import Progress as Step
from storage.books import Books


def run_import(
    world: World,
    org_id: int,
    files: list[Path],
    *,
    mapping: Path | None,
    declared: dict[str, str | None],
    rejects: Path,
    by: str,
    out: Console,
) -> list[ImportReport]:
    """Import the files and print what became of each. What is declared wins over the mapping file."""
    told = load_mapping(mapping) if mapping else Mapping()
    kind = declared.get("kind")
    formats = {name: value for name, value in declared.items() if value is not None and name != "kind"}
    told = replace(told, kind=Kind(kind) if kind else told.kind, **formats)  # type: ignore[arg-type]
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=out,
        transient=True,
    ) as bars:
        tasks = {}

        def show(step: Step) -> None:
            if step.file not in tasks:
                tasks[step.file] = bars.add_task(step.file, total=step.bytes_total)
            bars.update(tasks[step.file], completed=step.bytes_done)

        reports = import_files(
            files,
            books=Books(world.engine, org_id=org_id),
            clock=world.clock,
            by=by,
            mapping=told,
            rejects_dir=rejects,
            on_progress=show,
        )
    _print(reports, out)
    return reports


def _print(reports: list[ImportReport], out: Console) -> None:
    table = Table("File", "Holds", "Read", "New", "Changed", "Unchanged", "Rejected")
    for report in reports:
        counts = (report.read, report.added, report.changed, report.unchanged, report.rejected)
        table.add_row(report.file, report.kind or "?", *(f"{count:,}" for count in counts))
    out.print(table)
    for report in reports:
        for problem in report.problems:
            out.print(f"{report.file}: {problem}", markup=False)
        for warning in report.warnings:
            out.print(f"{report.file}: {warning}", markup=False)
        if report.rejects_file:
            out.print(f"{report.file}: the rejected rows and what to mend stand in {report.rejects_file}", markup=False)
