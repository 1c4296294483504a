"""The audit log's actions: what the code records, `domain/actions.py` allows and `docs/audit.md` tells is the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from domain.actions import ACTIONS, ATTEMPTS, REFUSED, Facts
from domain.audit import Entry
from domain.errors import InvalidValue
from domain.timeline import Source

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
CODE = [
    ast.parse(path.read_text(encoding="utf-8"))
    for folder in ("domain", "bot")
    for path in (ROOT / folder).rglob("*.py")
    if path.name != "actions.py"
]
AT = datetime(2026, 11, 23, tzinfo=UTC)


def named(cell: str) -> frozenset[str]:
    return frozenset(re.findall(r"`([^`]+)`", cell))


def told() -> dict[str, Facts]:
    """The page's table."""
    rows = re.findall(r"^\| (`[a-z_]+\..*?) \| (.*?) \| (.*?) \|$", PAGE, re.M)
    return {action: Facts(named(before), named(after)) for actions, before, after in rows for action in named(actions)}


def spelt(part: ast.expr) -> Iterator[str]:
    """The names that an expression can be, as patterns: what is filled in later can be any word."""
    match part:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.JoinedStr(values=values):
            yield "".join(next(spelt(one), r"\w+") for one in values)
        case ast.FormattedValue(value=ast.Attribute(attr="source")):
            yield f"({'|'.join(Source)})"
        case ast.IfExp(body=body, orelse=orelse):
            yield from spelt(body)
            yield from spelt(orelse)


@cache
def patterns() -> set[str]:
    """Every string in the code that looks like an action, or like the beginning of one."""
    found = {text for tree in CODE for node in ast.walk(tree) if isinstance(node, ast.expr) for text in spelt(node)}
    return {text for text in found if re.fullmatch(r"([a-z_]+|\(.*?\))(\\\..+)?", text)}


def recorded() -> Iterator[str]:
    """What is given to `record` and `Entry` in so many words, and what is `doing` wherever somebody may be refused."""
    for tree in CODE:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in ("record", "Entry") and node.args:
                    yield from spelt(node.args[0])
                yield from (text for one in node.keywords if one.arg == "doing" for text in spelt(one.value))


def test_the_page_tells_every_action_and_every_fact() -> None:
    assert told() == ACTIONS


def test_the_page_tells_what_is_only_there_when_it_is_refused() -> None:
    (line,) = [line for line in PAGE.splitlines() if line.startswith("What was refused")]
    assert named(line) - {REFUSED} == ATTEMPTS
    assert not ATTEMPTS & ACTIONS.keys()


@pytest.mark.parametrize("pattern", sorted(set(recorded())))
def test_whatever_the_code_records_is_known(pattern: str) -> None:
    known = ACTIONS.keys() | ATTEMPTS | {f"{attempt}{REFUSED}" for attempt in ATTEMPTS}
    assert [name for name in known if re.fullmatch(pattern, name)], f"{pattern} stands in no table"


@pytest.mark.parametrize("action", sorted(ACTIONS.keys() | ATTEMPTS))
def test_nothing_is_told_that_the_code_does_not_record(action: str) -> None:
    assert any(re.fullmatch(pattern, action) for pattern in patterns())


def test_what_nobody_has_described_cannot_be_recorded() -> None:
    def entry(action: str, **facts: object) -> Entry:
        return Entry(action, AT, None, "nudge:1", **facts)  # type: ignore[arg-type]

    entry("nudge.held", before={"state": "queued"}, after={"state": "held"})
    for refused in ("nudge.held.refused", "role.assign.refused"):
        entry(refused)
    for wrong in (
        "nudge.hold",
        "role.assign",
        "nudge.hold.refused",
        "refused",
        ".refused",
        "nudge.held.refused.refused",
    ):
        with pytest.raises(InvalidValue, match="knows no"):
            entry(wrong)
    for facts in ({"before": {"body": "x"}}, {"after": {"state": "held", "email": "x"}}):
        with pytest.raises(InvalidValue, match=r"undescribed facts: add \['(body|email)'\]"):
            entry("nudge.held", **facts)
    with pytest.raises(InvalidValue, match="undescribed"):
        entry("nudge.held.refused", after={"state": "held"})
