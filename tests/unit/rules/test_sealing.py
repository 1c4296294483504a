"""The audit log's blocks: one spelling for each row, and a block that knows what was done to its rows."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rules.sealing import compared, encode, sealed
from domain.sealing import GENESIS, Fault, Finding, Record

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
IDS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.one_of(st.text(max_size=8), st.sampled_from(["", "null", "1", '"', "\n", ",", "\ud800", "json", "text"]))
FACTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
WRITTEN = st.none() | FACTS.map(json.dumps) | TEXTS
RECORDS = st.builds(
    Record,
    id=IDS,
    org_id=IDS,
    at=st.one_of(IDS, TEXTS),
    actor_id=st.none() | IDS,
    action=TEXTS,
    subject=TEXTS,
    account_id=st.none() | IDS,
    reason=st.none() | TEXTS,
    before=WRITTEN,
    after=WRITTEN,
)


def row(id: int, **changes: Any) -> Record:
    record = Record(
        id=id,
        org_id=1,
        at=1_795_435_200_000_000,
        actor_id=7,
        action="nudge.held",
        subject="nudge:1",
        account_id=3,
        reason="held_by_person",
        before='{"state": "queued"}',
        after='{"state": "held"}',
    )
    return replace(record, **changes)


ROWS = [row(1), row(2), row(4), row(7)]
BLOCK = sealed(ROWS, first_id=1, before=GENESIS, at=AT)


def strictly(written: str | None) -> Any:
    """What a column says, so that 1, 1.0 and true are three things; a text that is no JSON is itself."""
    if written is None:
        return None
    try:
        return [
            "json",
            repr(json.loads(written, object_pairs_hook=lambda pairs: {"object": sorted(dict(pairs).items())})),
        ]
    except ValueError:
        return ["text", written]


def meaning(record: Record) -> list[Any]:
    said = [getattr(record, field.name) for field in fields(record)][:-2]
    return [*map(repr, said), strictly(record.before), strictly(record.after)]


@given(RECORDS, RECORDS)
def test_two_rows_that_mean_something_else_never_read_alike(one: Record, other: Record) -> None:
    assert (encode(one) == encode(other)) == (meaning(one) == meaning(other))


@given(RECORDS, st.sampled_from([field.name for field in fields(Record)]), RECORDS)
def test_a_row_with_one_other_column_reads_otherwise(one: Record, column: str, donor: Record) -> None:
    other = replace(one, **{column: getattr(donor, column)})
    assert (encode(one) == encode(other)) == (meaning(one) == meaning(other))


@given(RECORDS)
def test_a_row_is_one_line_of_ascii(record: Record) -> None:
    line = encode(record)
    assert line.isascii()
    assert b"\n" not in line


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1, "b": 2}', '{"b":2,"a":1}'),
        ('{"a": "ü"}', '{"a": "\\u00fc"}'),
        ("1.50", "1.5"),
    ],
)
def test_what_is_written_in_another_way_and_means_the_same_reads_alike(one: str, other: str) -> None:
    assert encode(row(1, after=one)) == encode(row(1, after=other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "1.0"),
        ("1", "true"),
        ("1", '"1"'),
        ("0.1", "0.10000000000000000001"),
        ("1e400", "1e401"),
        ('{"a": 1}', '{"a": 2, "a": 1}'),
        ("null", None),
        ("[]", "{}"),
        ("{", '["text", "{"]'),
    ],
)
def test_what_only_looks_alike_does_not(one: str, other: str | None) -> None:
    assert encode(row(1, after=one)) != encode(row(1, after=other))


def test_a_block_that_is_as_it_was_has_nothing_wrong() -> None:
    assert compared(BLOCK, ROWS, block=1) is None
    assert (BLOCK.first_id, BLOCK.last_id, BLOCK.count) == (1, 7, 4)


@pytest.mark.parametrize(
    ("rows", "fault", "id"),
    [
        ([row(1), row(2, subject="nudge:2"), row(4), row(7)], Fault.CHANGED, 2),
        ([row(1), row(4), row(7)], Fault.MISSING, 2),
        ([], Fault.MISSING, 1),
        ([row(1), row(2), row(3), row(4), row(7)], Fault.ADDED, 3),
        ([row(2), row(1), row(4), row(7)], Fault.SEAL_CHANGED, None),
    ],
)
def test_what_was_done_to_its_rows_is_named(rows: list[Record], fault: Fault, id: int | None) -> None:
    assert compared(BLOCK, rows, block=5) == Finding(fault, 5, 1, 7, id)


@pytest.mark.parametrize(
    "changes",
    [{"hash": "f" * 64}, {"before": "f" * 64}, {"first_id": 0}, {"last_id": 8}, {"count": 5}, {"marks": b"\0" * 16}],
)
def test_a_seal_that_was_changed_is_seen(changes: dict[str, Any]) -> None:
    found = compared(replace(BLOCK, **changes), ROWS, block=1)
    assert found is not None
    assert found.fault is Fault.SEAL_CHANGED or "marks" in changes


def test_blocks_of_the_same_rows_differ_by_what_went_before() -> None:
    assert sealed(ROWS, first_id=1, before="1" * 64, at=AT).hash != BLOCK.hash


def test_the_spelling_is_the_one_that_stored_seals_were_made_with() -> None:
    """When this fails, every seal in every database becomes invalid: give the new spelling a new VERSION instead."""
    assert encode(row(1)).decode() == (
        '[1,1,1795435200000000,7,"nudge.held","nudge:1",3,"held_by_person",'
        '["json",{"state":"queued"}],["json",{"state":"held"}]]'
    )
    assert BLOCK.hash == "e899702dff9eb1ab8b035a8603ac17849e28dada19db4ae40228e63ed05d505d"
