"""What changed between two texts, line by line and inside a line word by word, for people to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")
LITTLE = 0.25
"""Lines that have a smaller share of their words in common are shown whole (decided)."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `is_changed`: it stands on this side only."""

    text: str
    is_changed: bool


Side = tuple[tuple[Run, ...], ...]
"""Lines, each in runs."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """One place that changed. `line` counts from 1 in the older text; a side may have no lines at all."""

    line: int
    before: Side
    after: Side


def differences(older: str, newer: str) -> tuple[Hunk, ...]:
    """Nothing when the texts are the same but for blanks at the ends of lines."""
    before = [line.rstrip() for line in older.strip("\n").split("\n")]
    after = [line.rstrip() for line in newer.strip("\n").split("\n")]
    hunks = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        left, right = _sides(before[a:b], after[c:d])
        hunks.append(Hunk(a + 1, left, right))
    return tuple(hunks)


def _sides(before: Sequence[str], after: Sequence[str]) -> tuple[Side, Side]:
    """Lines that stand opposite each other are compared by words; a line without its opposite is changed whole."""
    left, right = [], []
    for index in range(max(len(before), len(after))):
        if index < len(before) and index < len(after):
            old, new = _compared(before[index], after[index])
            left.append(old)
            right.append(new)
        elif index < len(before):
            left.append((Run(before[index], True),))
        else:
            right.append((Run(after[index], True),))
    return tuple(left), tuple(right)


def _compared(old: str, new: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Where little is alike, the few words that both have would only tear the two sentences apart."""
    was, now = _WORDS.findall(old), _WORDS.findall(new)
    if _alike(old.split(), new.split()) < LITTLE:
        return ((Run(old, True),) if old else ()), ((Run(new, True),) if new else ())
    left: list[Run] = []
    right: list[Run] = []
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        is_changed = tag != "equal"
        if a < b:
            left.append(Run("".join(was[a:b]), is_changed))
        if c < d:
            right.append(Run("".join(now[c:d]), is_changed))
    return _joined(left), _joined(right)


def _alike(was: Sequence[str], now: Sequence[str]) -> float:
    """The share of the words that both have, in order; 1.0 for the same ones."""
    return SequenceMatcher(None, was, now, autojunk=False).ratio()


def _joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Changed words with nothing but a blank between them read as one change."""
    joined: list[Run] = []
    for index, run in enumerate(runs):
        around = runs[index - 1 : index + 2] if index else ()
        is_bridge = not run.text.strip() and len(around) == 3 and around[0].is_changed and around[2].is_changed
        is_changed = run.is_changed or is_bridge
        if joined and joined[-1].is_changed == is_changed:
            joined[-1] = Run(joined[-1].text + run.text, is_changed)
        else:
            joined.append(Run(run.text, is_changed))
    return tuple(joined)
