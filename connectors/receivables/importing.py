"""Carries files into the books: recognised, surveyed, then written batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectors.receivables.batches import Batches
from connectors.receivables.cells import BadCell
from connectors.receivables.header import Plan, recognise
from connectors.receivables.mapping import Mapping as Declared
from connectors.receivables.rejects import Rejects
from connectors.receivables.source import REJECTS_COLUMNS, Refused, Source, open_source, sha256_of
from connectors.receivables.survey import survey
from domain.ports import Clock
from domain.receivables import Books, Entry, ImportReport, Kind, Progress

_BALANCES = frozenset({Kind.OPEN_ITEMS, Kind.INVOICES})
"""Only these say what is owed: a note or a new contact does not make stale books fresh."""

_ORDER = {kind: at for at, kind in enumerate(Kind)}


@dataclass(slots=True)
class _File:
    path: Path
    sha256: str = ""
    source: Source | None = None
    plan: Plan | None = None
    problems: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind | None:
        return self.plan.kind if self.plan else None


def import_files(
    paths: Sequence[Path],
    *,
    books: Books,
    clock: Clock,
    by: str,
    mapping: Declared | None,
    rejects_dir: Path,
    on_progress: Callable[[Progress], None] | None = None,
) -> list[ImportReport]:
    """Import the files, customers before contacts, invoices, payments and notes, whatever their order in `paths`.

    The reports come in the order of work. A file that is refused as a whole changes nothing and does not stop the
    others; rows that are refused stand in `rejects_dir/<file>.rejects.csv`. Importing a file again changes nothing.
    Raises Busy while another import runs or the database does not answer; what was written stays, and the same call
    completes it.
    """
    files = [_opened(Path(path), mapping or Declared(), alone=len(paths) == 1) for path in paths]
    files.sort(key=lambda file: _ORDER[file.kind] if file.kind else len(_ORDER))
    tell = on_progress or (lambda progress: None)
    return [_imported(file, books, clock, by, rejects_dir, tell) for file in files]


def _opened(path: Path, mapping: Declared, *, alone: bool) -> _File:
    file = _File(path)
    try:
        file.sha256 = sha256_of(path)
        if not alone and mapping.columns:
            source = open_source(path, mapping.formats_only())
            # One mapping for several files: what belongs to a file goes to the one that has its columns.
            if not set(mapping.columns.values()) & set(source.header):
                mapping = mapping.formats_only()
        file.source = open_source(path, mapping)
        file.plan = recognise(file.source.header, mapping)
    except Refused as refusal:
        file.problems = refusal.sentences
    except IsADirectoryError:
        file.problems = ("This is a folder: name the files in it.",)
    except FileNotFoundError:
        file.problems = ("There is no such file: check the path.",)
    except PermissionError:
        file.problems = ("The file may not be read: check its permissions.",)
    return file


def _imported(
    file: _File,
    books: Books,
    clock: Clock,
    by: str,
    rejects_dir: Path,
    on_progress: Callable[[Progress], None],
) -> ImportReport:
    started = clock.now()
    kind = file.kind.value if file.kind else "unknown"
    with books.entry(file=str(file.path), kind=kind, sha256=file.sha256, by=by, started_at=started) as entry:
        try:
            if file.source is None or file.plan is None:
                raise Refused(*file.problems)
            report = _written(file.source, file.plan, entry, clock, started, rejects_dir, on_progress)
        except Refused as refusal:
            report = ImportReport(str(file.path), file.kind, started, clock.now(), problems=refusal.sentences)
        entry.finish(report, synced=not report.is_refused and file.kind in _BALANCES)
    return report


def _written(
    source: Source,
    plan: Plan,
    entry: Entry,
    clock: Clock,
    started: datetime,
    rejects_dir: Path,
    on_progress: Callable[[Progress], None],
) -> ImportReport:
    name = str(source.path)

    def tell(step: str) -> Callable[[int], None]:
        return lambda rows: on_progress(Progress(name, step, rows, source.bytes_read(), source.size))

    found = survey(source, plan, tell("checking"))
    header = source.header[: -len(REJECTS_COLUMNS)] if source.is_rejects else source.header
    path = rejects_dir / f"{source.path.name.removesuffix('.rejects.csv').removesuffix('.csv')}.rejects.csv"
    if path.exists() and path.samefile(source.path):
        path = path.with_name(f"{path.name.removesuffix('.csv')}.again.csv")
    try:
        with Rejects(path, header) as rejects:
            batches = Batches(source, plan, found, entry, rejects)
            batches.run(tell("importing"))
    except BadCell as error:  # a constant or the default currency: wrong for every row
        raise Refused(f"{error.field}: {error.sentence}") from error
    if rejects.is_empty:
        path.unlink(missing_ok=True)
    return ImportReport(
        file=name,
        kind=plan.kind,
        started_at=started,
        finished_at=clock.now(),
        read=batches.read,
        added=batches.added,
        changed=batches.changed,
        unchanged=batches.read - batches.added - batches.changed - batches.rejected,
        rejected=batches.rejected,
        partly=batches.partly,
        rejects_file=None if rejects.is_empty else str(path),
        warnings=batches.risks.warnings(),
        notes=(f"{source.encoding}, columns apart by {source.delimiter!r}", *found.notes, *_left_out(plan)),
    )


def _left_out(plan: Plan) -> list[str]:
    """Columns nobody asked for are named, so that a misspelt one is seen."""
    taken = set(plan.columns.values())
    free = [name for at, name in enumerate(plan.header) if at not in taken and name and name not in REJECTS_COLUMNS]
    return [f"not imported: {', '.join(free)}"] if free else []
