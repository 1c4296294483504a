"""The exported audit log: whole, readable by a spreadsheet, and harmless in it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audit import Line
from handlers.presenters.audit_csv import BOM, COLUMNS, guarded, unguarded, write_csv

BERLIN = ZoneInfo("Europe/Berlin")
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''-1", "＝1", '=HYPERLINK("x")']
CELLS = st.one_of(st.text(max_size=12), st.sampled_from([*FORMULAS, "'s-Hertogenbosch", 'a"b', "a;b,c", "a\r\nb"]))


def line(**changes: Any) -> Line:
    given: dict[str, Any] = {
        "id": 7,
        "at": datetime(2026, 7, 1, 22, 30, 0, 5, UTC),
        "actor_id": 3,
        "actor_name": "Rita Rep",
        "actor_email": "rita@northwind.example",
        "action": "nudge.held",
        "subject": "nudge:1",
        "account_id": 4,
        "account_external_id": "C-1",
        "account_name": "Zoë & Söhne",
        "reason": None,
        "before": {"state": "queued"},
        "after": None,
    }
    return Line(**given | changes)


def read(lines: list[Line]) -> list[dict[str, str]]:
    stream = io.StringIO(newline="")
    assert write_csv(lines, stream, zone=BERLIN) == len(lines)
    text = stream.getvalue()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def test_every_column_stands_under_its_name() -> None:
    (row,) = read([line()])
    assert row == {
        "id": "7",
        "at_utc": "2026-07-01T22:30:00.000005Z",
        "at_local": "2026-07-02 00:30:00",
        "zone": "Europe/Berlin",
        "actor": "Rita Rep",
        "actor_email": "rita@northwind.example",
        "actor_id": "3",
        "action": "nudge.held",
        "subject": "nudge:1",
        "account": "Zoë & Söhne",
        "account_number": "C-1",
        "account_id": "4",
        "reason": "",
        "before": '{"state":"queued"}',
        "after": "",
    }
    assert tuple(row) == COLUMNS


@given(CELLS, CELLS, st.dictionaries(CELLS, CELLS, max_size=3))
def test_what_is_read_back_is_what_was_written_but_for_the_apostrophe(
    name: str, subject: str, after: dict[str, str]
) -> None:
    (row,) = read([line(actor_name=name, subject=subject, after=after)])
    assert unguarded(row["actor"]) == name
    assert unguarded(row["subject"]) == subject
    assert json.loads(unguarded(row["after"])) == after


@given(CELLS)
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    (row,) = read([line(actor_name=cell)])
    assert not row["actor"].startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Acme", "'s-Hertogenbosch", "1-2", "a@b.example", "'"])
def test_what_is_no_formula_stays_as_it_is(cell: str) -> None:
    assert guarded(cell) == unguarded(cell) == cell
