"""Text as a typeface can set it, letter after letter from left to right.

The typeface has the letters of Latin, Greek, Cyrillic, Georgian, Hebrew, Arabic, Thai and Devanagari, and no others.
What it lacks is set as a box, never left out and never as a question mark. Letters are not joined (decision 39).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

LACKING = "▯"
"""Stands for a letter that the typeface does not have."""

_BLANKS = re.compile(r"[^\S\u00a0]+")
"""All but the one at which no line ends: amounts have it."""
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_RIGHT, _DIGITS = frozenset({"R", "AL"}), frozenset({"EN", "AN"})


def settable(text: str, has: Callable[[str], bool]) -> str:
    """One line without what cannot be seen, with a box for each letter that the typeface does not have."""
    line = _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()
    shown = (one for one in line if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co"))
    # A mark that is missing belongs to a letter that is there or is a box already: two boxes would be two letters.
    return "".join(one if has(one) else "" if unicodedata.combining(one) else LACKING for one in shown)


def in_sight(text: str) -> str:
    """The letters in the order in which they stand on the line: what is read from the right is turned round.

    The part of the Unicode bidirectional algorithm that names need: no embeddings, no isolates (`settable` takes their
    marks out).
    """
    clusters = _clusters(text)
    kinds = [_kind(cluster) for cluster in clusters]
    if "R" not in kinds:
        return text
    kinds = _with_signs(clusters, kinds)
    base = 1 if next(kind for kind in kinds if kind in ("L", "R")) == "R" else 0
    levels = _levels(kinds, base)
    for level in range(max(levels), 0, -1):
        start = 0
        while start < len(levels):
            end = start
            while end < len(levels) and levels[end] >= level:
                end += 1
            clusters[start:end] = clusters[start:end][::-1]
            levels[start:end] = levels[start:end][::-1]
            start = end + 1
    return "".join(
        cluster.translate(_MIRRORED) if level % 2 else cluster for cluster, level in zip(clusters, levels, strict=True)
    )


def _clusters(text: str) -> list[str]:
    """A letter with its marks stays together, whichever way it is read."""
    clusters: list[str] = []
    for one in text:
        if clusters and unicodedata.combining(one):
            clusters[-1] += one
        else:
            clusters.append(one)
    return clusters


def _kind(cluster: str) -> str:
    """L or R for a letter, D for a digit, empty for what goes with its neighbours."""
    found = unicodedata.bidirectional(cluster[0])
    return "R" if found in _RIGHT else "D" if found in _DIGITS else "L" if found == "L" else ""


def _with_signs(clusters: list[str], kinds: list[str]) -> list[str]:
    """`12.5 %` is one number: a separator between two digits belongs to it, and a sign that touches one."""
    found = [unicodedata.bidirectional(cluster[0]) for cluster in clusters]
    joined = list(kinds)
    for place, one in enumerate(found):
        beside = [kinds[near] for near in (place - 1, place + 1) if 0 <= near < len(kinds)]
        if (one in ("ES", "CS") and beside == ["D", "D"]) or (one == "ET" and "D" in beside):
            joined[place] = "D"
    return joined


def _levels(kinds: list[str], base: int) -> list[int]:
    """Even ones are read from the left. Digits among letters read from the right are still read from the left."""
    levels: list[int] = []
    reading = "R" if base else "L"
    for place, kind in enumerate(kinds):
        if kind in ("L", "R"):
            reading = kind
        elif not kind:
            following = next((one for one in kinds[place:] if one), "")
            ahead = reading if following == "D" else following or ("R" if base else "L")
            levels.append(_level(reading if ahead == reading else "R" if base else "L", base))
            continue
        levels.append(_level("D" if kind == "D" and reading == "R" else reading, base))
    return levels


def _level(kind: str, base: int) -> int:
    if kind == "R":
        return 1
    return 2 if kind == "D" or base else 0
