"""What policies, segments and cadences say, read from the plain tree of a document, strictly and with the fix named.

A tree is made of dicts, lists and texts; every leaf is a text, as it was typed. The names are those of the settings
where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from domain.errors import InvalidValue
from domain.policies import (
    AGEING,
    RISKS,
    Cadence,
    Cadences,
    CadenceStep,
    Content,
    DocumentKind,
    Mode,
    Segment,
    Segments,
    Terms,
    Tone,
)
from domain.rules.quiet_hours import QuietHours
from domain.rules.warming_terms import read_warm_up
from domain.rules.written import DAYS, read_hours, read_span
from domain.values import AccountScope

Path = tuple[str | int, ...]
_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")

_WORDS = {"yes": True, "true": True, "no": False, "false": False}
_NAME_AT_MOST = 100


class NotAsAgreed(InvalidValue):
    """The tree is no such document. `path` leads to what is wrong; `sentence` says how it should be."""

    def __init__(self, path: Path, sentence: str) -> None:
        super().__init__(f"{'.'.join(map(str, path))}: {sentence}")
        self.path = path
        self.sentence = sentence


def content_of(kind: DocumentKind, tree: object) -> Content:
    """Raises NotAsAgreed."""
    match kind:
        case DocumentKind.POLICY:
            return _terms(_Fields(tree, ()))
        case DocumentKind.SEGMENTS:
            segments = Segments(tuple(_segment(fields) for fields in _each(tree, ())))
            _apart([one.name for one in segments.each])
            return segments
        case DocumentKind.CADENCES:
            cadences = Cadences(tuple(_cadence(fields) for fields in _each(tree, ())))
            _apart([one.name for one in cadences.each])
            return cadences


def _terms(fields: _Fields) -> Terms:
    terms = Terms(
        zone=fields.text("zone"),
        country=fields.text("country", otherwise="") or None,
        quiet=fields.built("quiet_hours", lambda: _quiet(fields)),
        spread_minutes=fields.whole("spread_minutes", 0, 240),
        daily_cap=fields.whole("daily_cap", 1),
        contact_gap_hours=fields.whole("contact_gap_hours", 0, 168),
        nudges_per_week=fields.whole("nudges_per_week", 1),
        freshness_hours=fields.whole("freshness_hours", 1),
        autopilot_before_hours=fields.whole("autopilot_before_hours", 0),
        autopilot_after_hours=fields.whole("autopilot_after_hours", 0, 168),
        minimum_balance=fields.amount("minimum_balance") or Decimal(0),
        expiry_hours=fields.whole("expiry_hours", 1),
        account_scope=fields.one_of("account_scope", AccountScope),
        nudge_share_percent=fields.whole_or("nudge_share_percent", 20, 0, 100),
        hourly_cap=fields.whole_or("hourly_cap", None, 1),
        warm_up=fields.built("warm_up", lambda: read_warm_up(fields.inner("warm_up"))),
    )
    fields.end()
    return terms


def _quiet(fields: _Fields) -> QuietHours:
    start, end = read_hours(fields.text("quiet_hours"))
    return QuietHours(
        start=start,
        end=end,
        open_days=frozenset(DAYS.index(day) for day in fields.several("open_days", DAYS)),
        blackouts=tuple(read_span(text) for text in fields.several("blackouts")),
        keep_holidays=fields.yes_or_no("keep_holidays"),
    )


def _segment(fields: _Fields) -> Segment:
    when = fields.inner("when")
    segment = Segment(
        name=fields.text("name"),
        mode=fields.one_of("mode", Mode),
        cadence=fields.text("cadence", otherwise="") or None,
        ageing=when.several("ageing", AGEING),
        balance_from=when.amount("balance_from"),
        balance_to=when.amount("balance_to"),
        industries=when.several("industries"),
        regions=when.several("regions"),
        risks=when.several("risks", RISKS),
    )
    least, most = segment.balance_from, segment.balance_to
    if least is not None and most is not None and most <= least:
        raise NotAsAgreed((*when.path, "balance_to"), "balance_to has to be higher than balance_from.")
    if segment.mode is not Mode.OFF and segment.cadence is None:
        raise NotAsAgreed(fields.path, f"“{segment.name}” is not off, so it needs a cadence.")
    when.end()
    fields.end()
    return segment


def _cadence(fields: _Fields) -> Cadence:
    steps: list[CadenceStep] = []
    for step in _each(fields.raw("steps"), (*fields.path, "steps")):
        read = CadenceStep(step.whole("day", -365, 3650), step.text("template"), step.one_of("tone", Tone))
        step.end()
        if steps and read.day <= steps[-1].day:
            raise NotAsAgreed((*step.path, "day"), f"Days go up from step to step; {read.day} does not.")
        steps.append(read)
    cadence = Cadence(fields.text("name"), tuple(steps))
    fields.end()
    return cadence


def _each(tree: object, path: Path) -> list[_Fields]:
    if not isinstance(tree, list) or not tree:
        raise NotAsAgreed(path, "Write a list here, each entry beginning with “- ”.")
    return [_Fields(one, (*path, index)) for index, one in enumerate(tree)]


def _apart(names: Sequence[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise NotAsAgreed((index, "name"), f"There are two called “{name}”; give each its own name.")


class _Fields:
    """The named values of one entry. What is asked for is known; `end` refuses the rest. Raises NotAsAgreed."""

    def __init__(self, tree: object, path: Path) -> None:
        if not isinstance(tree, Mapping):
            raise NotAsAgreed(path, "Write names and values here, such as “name: Late payers”.")
        self.path = path
        self._tree = tree
        self._asked: set[str] = set()

    def raw(self, name: str, *, is_needed: bool = True) -> object:
        self._asked.add(name)
        if is_needed and name not in self._tree:
            raise NotAsAgreed(self.path, f"“{name}” is missing.")
        return self._tree.get(name)

    def inner(self, name: str) -> _Fields:
        """A group of values that may be left out."""
        given = self.raw(name, is_needed=False)
        return _Fields({} if given is None or given == "" else given, (*self.path, name))

    def text(self, name: str, *, otherwise: str | None = None) -> str:
        given = self.raw(name, is_needed=otherwise is None)
        if given is None:
            return otherwise or ""
        if not isinstance(given, str) or (otherwise is None and not given.strip()):
            raise self.wrong(name, f"Write some words for {name}.")
        if len(given) > _NAME_AT_MOST:
            raise self.wrong(name, f"{name} may have {_NAME_AT_MOST} characters.")
        return given.strip()

    def whole(self, name: str, least: int, most: int = 1_000_000) -> int:
        given = self.text(name)
        # isascii: int() would take digits of any script.
        digits = given.removeprefix("-")
        number = int(given) if digits.isascii() and digits.isdigit() and len(digits) < 9 else None
        if number is None or not least <= number <= most:
            raise self.wrong(name, f"{name} is a whole number from {least} to {most}; “{given}” is not.")
        return number

    def whole_or(self, name: str, otherwise: _T, least: int, most: int = 1_000_000) -> int | _T:
        """The same, or what counts when it is left out or empty."""
        return self.whole(name, least, most) if self.text(name, otherwise="") else otherwise

    def amount(self, name: str) -> Decimal | None:
        """Of money, in major units; None when it is left out."""
        given = self.text(name, otherwise="")
        if not given:
            return None
        try:
            amount = Decimal(given)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or not 0 <= amount < 10**15:
            raise self.wrong(name, f"{name} is an amount such as 50000 or 12.50; “{given}” is not.")
        return amount

    def yes_or_no(self, name: str) -> bool:
        given = self.text(name).lower()
        if given not in _WORDS:
            raise self.wrong(name, f"{name} is yes or no; “{given}” is neither.")
        return _WORDS[given]

    def one_of(self, name: str, values: type[_E]) -> _E:
        given = self.text(name)
        found = next((one for one in values if one.value.lower() == given.lower()), None)
        if found is None:
            raise self.wrong(name, f"{name} is one of {', '.join(values)}; “{given}” is not.")
        return found

    def several(self, name: str, known: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of words, of the known ones where they are given; nothing when it is left out."""
        given = self.raw(name, is_needed=False)
        if given is None or given == "":
            return ()
        if not isinstance(given, list) or not all(isinstance(one, str) and 0 < len(one) <= 100 for one in given):
            raise self.wrong(name, f"Write {name} as a list: [one, another].")
        if known and (strange := [one for one in given if one not in known]):
            raise self.wrong(name, f"“{strange[0]}” is none of {', '.join(known)}.")
        return tuple(given)

    def built(self, name: str, build: Callable[[], _T]) -> _T:
        """What a value's own rules make of it; their sentence stands for its fault."""
        try:
            return build()
        except NotAsAgreed:
            raise
        except InvalidValue as error:
            raise self.wrong(name, str(error)) from error

    def wrong(self, name: str, sentence: str) -> NotAsAgreed:
        return NotAsAgreed((*self.path, name), sentence)

    def end(self) -> None:
        """Everything that stands there was asked for."""
        for name in self._tree:
            if name not in self._asked:
                near = get_close_matches(str(name), self._asked, n=1)
                hint = f"; did you mean “{near[0]}”?" if near else "."
                raise NotAsAgreed((*self.path, name), f"There is no “{name}” here{hint}")
