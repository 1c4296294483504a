"""The catalogue of faults names tests that exist, and hides no case."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "docs/faults.md"
AREAS = {"SL": 22, "DB": 19, "ML": 12, "TZ": 9, "IN": 15}
ROW = re.compile(r"^\| ([A-Z]{2}-\d{2}) \| (.+?) \| (.+?) \| (.+) \|$")
TEST = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")


def rows() -> list[tuple[str, str]]:
    """Number and “shown by” of each case."""
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines()
    found = [ROW.match(line) for line in lines if re.match(r"\| [A-Z]{2}-", line)]
    assert all(found), "a row is not a row of four cells"
    return [(match.group(1), match.group(4)) for match in found if match]


@cache
def names_in(path: str) -> frozenset[str]:
    """`test_name` and `TestClass::test_name` of a file, without running it."""
    names = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
    return frozenset(name for name in names if name.rpartition(":")[2].startswith("test_"))


def test_every_case_has_its_number_once_and_none_is_left_out() -> None:
    numbers = [number for number, _ in rows()]
    assert numbers == [f"{area}-{number:02}" for area, most in AREAS.items() for number in range(1, most + 1)]
    assert Counter(numbers).most_common(1)[0][1] == 1


@pytest.mark.parametrize(("number", "shown"), rows(), ids=[number for number, _ in rows()])
def test_a_case_is_shown_or_says_why_it_is_not_yet(number: str, shown: str) -> None:
    parts = shown.split("<br>")
    for part in parts:
        is_test, why = TEST.fullmatch(part), re.fullmatch(r"not yet: (.+)", part)
        assert is_test or why, f"{number}: “{part}” is neither a test nor “not yet: …”"
        if is_test:
            path, name = is_test.groups()
            assert (ROOT / path).is_file(), f"{number}: there is no {path}"
            assert name in names_in(path), f"{number}: {path} has no {name}"
    assert len(parts) == len(set(parts)), f"{number} names a test twice"
