"""An importer for one organisation, and ways to look at what it left behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, select

from connectors.receivables import Mapping, import_files
from domain.receivables import ImportReport, Progress
from storage.books import Books
from storage.tables import metadata

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    at: datetime = START

    def now(self) -> datetime:
        return self.at


@dataclass
class Importer:
    engine: Engine
    org_id: int
    folder: Path
    clock: Clock = field(default_factory=Clock)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def __call__(
        self, *paths: Path, mapping: Mapping | None = None, on_progress: Callable[[Progress], None] | None = None
    ) -> list[ImportReport]:
        """Each import is an hour after the one before."""
        self.clock.at += timedelta(hours=1)
        return import_files(
            paths,
            books=Books(self.engine, org_id=self.org_id),
            clock=self.clock,
            by="ada@plixo.example",
            mapping=mapping,
            rejects_dir=self.folder / "rejects",
            on_progress=on_progress,
        )

    def text(self, text: str, *, name: str = "file.csv", mapping: Mapping | None = None) -> ImportReport:
        return self(self.write(name, text), mapping=mapping)[0]

    def rows(self, table: Table) -> list[dict[str, object]]:
        with self.engine.connect() as connection:
            found = connection.execute(select(table).where(table.c.org_id == self.org_id).order_by(table.c.id))
            rows = [dict(row) for row in found.mappings()]
        return sorted(rows, key=lambda row: str(row.get("external_id") or row.get("number") or ""))

    def dump(self) -> dict[str, list[dict[str, object]]]:
        """Everything but the runs and the time of the last sync."""
        tables = [table for table in metadata.sorted_tables if {"org_id", "id"} <= {*table.c.keys()}]
        return {
            table.name: [{key: value for key, value in row.items() if key != "synced_at"} for row in self.rows(table)]
            for table in tables
            if table.name != "imports"
        }

    def rejects(self, report: ImportReport) -> str:
        assert report.rejects_file is not None
        return Path(report.rejects_file).read_text("utf-8-sig")


@pytest.fixture
def importer(database: Engine, organisation: int, tmp_path: Path) -> Importer:
    return Importer(database, organisation, tmp_path)
