"""Whether segments, cadences and templates fit together: what is named exists, and every segment can be reached."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches

from domain.policies import AGEING, RISKS, Cadences, CadenceStep, Mode, Segment, Segments, Tone
from domain.rules.fields import Path

OTHER = ""
"""Every industry, region or risk that no segment names, and accounts of which it is not known."""
PIECES_AT_MOST = 2_000
"""So finely a segment is cut up by those before it; beyond that nothing is claimed about it."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Something that does not fit; `path` leads to it inside its document."""

    path: Path
    sentence: str
    is_warning: bool = False


def unfit_segments(segments: Segments, cadences: Cadences) -> Iterator[Unfit]:
    names = [one.name for one in cadences.each]
    for index, segment in enumerate(segments.each):
        if segment.cadence is not None and segment.cadence not in names:
            what = f"“{segment.name}” names the cadence “{segment.cadence}”, which does not exist"
            yield Unfit((index, "cadence"), f"{what}{_instead(segment.cadence, names)}")
    yield from _unreachable(segments.each)


@dataclass(frozen=True, slots=True)
class Texts:
    """The templates, by key: `approved` ones, those of which there is a draft only, and the tone of each."""

    approved: Collection[str]
    drafted: Collection[str]
    tones: Mapping[str, str]


def unfit_cadences(
    cadences: Cadences, texts: Texts, used: Collection[str], *, kept: Collection[CadenceStep] = ()
) -> Iterator[Unfit]:
    """`used`: the cadences that segments name. `kept`: steps that are in force already, whose tone is only noted."""
    for index, cadence in enumerate(cadences.each):
        for number, step in enumerate(cadence.steps):
            path, day = (index, "steps", number, "template"), f"“{cadence.name}”, day {step.day},"
            tone = texts.tones.get(step.template)
            if tone in tuple(Tone) and tone != step.tone:
                what = f"{day} says {step.tone}, but “{step.template}” is written in the tone {tone}; write {tone}."
                yield Unfit((*path[:-1], "tone"), what, is_warning=step in kept)
            if step.template in texts.approved:
                continue
            if step.template in texts.drafted:
                yield Unfit(path, f"{day} sends “{step.template}”, of which no version is approved yet.", True)
            else:
                what = f"{day} sends “{step.template}”, which does not exist"
                yield Unfit(path, f"{what}{_instead(step.template, sorted({*texts.approved, *texts.drafted}))}")
        if cadence.name not in used:
            yield Unfit((index, "name"), f"No segment uses the cadence “{cadence.name}”.", True)


def used_cadences(segments: Segments) -> set[str]:
    return {one.cadence for one in segments.each if one.cadence is not None}


def _instead(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    if near:
        return f"; did you mean “{near[0]}”?"
    there = ", ".join(f"“{one}”" for one in known[:6])
    return f"; there are {there}{' and more' if len(known) > 6 else ''}." if there else "."


# -- which accounts a segment fits, as a box: a set of values in each direction --


@dataclass(frozen=True, slots=True)
class _Box:
    """`sets`: ageing, industry, region, risk; `least` and `most` (not included, None: no end) are the balance."""

    sets: tuple[frozenset[str], ...]
    least: Decimal
    most: Decimal | None

    @property
    def is_empty(self) -> bool:
        return not all(self.sets) or (self.most is not None and self.most <= self.least)

    def both(self, other: _Box) -> _Box:
        ends = [end for end in (self.most, other.most) if end is not None]
        sets = tuple(one & two for one, two in zip(self.sets, other.sets, strict=True))
        return _Box(sets, max(self.least, other.least), min(ends, default=None))

    def without(self, other: _Box) -> Iterator[_Box]:
        """What is left, in pieces that share nothing."""
        shared = self.both(other)
        if shared.is_empty:
            yield self
            return
        rest = self
        for index, (mine, common) in enumerate(zip(self.sets, shared.sets, strict=True)):
            sets = rest.sets
            yield replace(rest, sets=(*sets[:index], mine - common, *sets[index + 1 :]))
            rest = replace(rest, sets=(*sets[:index], common, *sets[index + 1 :]))
        yield replace(rest, most=shared.least)
        if shared.most is not None:
            yield replace(rest, least=shared.most)


def _unreachable(segments: Sequence[Segment]) -> Iterator[Unfit]:
    """Segments that those before them leave nothing for, and those that cut into each other."""
    boxes = _boxes(segments)
    for index, (segment, box) in enumerate(zip(segments, boxes, strict=True)):
        before = [number for number in range(index) if not box.both(boxes[number]).is_empty]
        if _is_covered(box, [boxes[number] for number in before]):
            takers = " and ".join(f"“{segments[number].name}”" for number in before[:3])
            more = " and others" if len(before) > 3 else ""
            yield Unfit((index, "name"), f"“{segment.name}” can never fit: {takers}{more} before it take everything.")
            continue
        for number in before:
            shared = box.both(boxes[number])
            if boxes[number] != shared and segments[number].mode is not Mode.OFF:
                which = f"“{segments[number].name}” and “{segment.name}” overlap"
                yield Unfit((index, "when"), f"{which}; accounts that fit both go to “{segments[number].name}”.", True)


def _is_covered(box: _Box, others: Sequence[_Box]) -> bool:
    pieces = [box]
    for other in others:
        pieces = [left for piece in pieces for left in piece.without(other) if not left.is_empty]
        if not pieces or len(pieces) > PIECES_AT_MOST:
            break
    return not pieces


def _boxes(segments: Sequence[Segment]) -> list[_Box]:
    every: Mapping[str, frozenset[str]] = {
        "ageing": frozenset(AGEING),
        "industries": _folded(word for one in segments for word in one.industries) | {OTHER},
        "regions": _folded(word for one in segments for word in one.regions) | {OTHER},
        "risks": frozenset(RISKS) | {OTHER},
    }
    return [
        _Box(
            tuple(_folded(getattr(one, name)) or values for name, values in every.items()),
            one.balance_from or Decimal(0),
            one.balance_to,
        )
        for one in segments
    ]


def _folded(words: Iterator[str] | Sequence[str]) -> frozenset[str]:
    """As accounts are compared: capital letters make no difference."""
    return frozenset(word.strip().casefold() for word in words)
