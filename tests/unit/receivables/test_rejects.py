"""The CSV we write runs nothing in a spreadsheet, and reads back as it was."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from connectors.receivables.rejects import Rejects, guarded, unguarded

CELLS = st.text(
    st.one_of(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), st.sampled_from("=+-@'\t\r\n \",")),
    max_size=20,
)


@given(CELLS)
def test_a_guarded_cell_begins_no_formula_and_reads_back(cell: str) -> None:
    safe = guarded(cell)
    assert not safe.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert unguarded(safe) == cell


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_a_rejects_file_reads_back(tmp_path_factory: object, rows: list[list[str]]) -> None:
    path = Path(tmp_path_factory.mktemp("rejects")) / "x.csv"  # type: ignore[attr-defined]
    with Rejects(path, ["a", "b", "c"]) as rejects:
        for number, row in enumerate(rows, 2):
            rejects.add(row, number, "b", "Fix it.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *back = list(csv.reader(file, strict=True))
    assert header == ["a", "b", "c", "row", "column", "problem"]
    assert [[unguarded(cell) for cell in row[:3]] for row in back] == rows
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
