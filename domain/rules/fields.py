"""The named values of one entry of a document's tree, read strictly and with the fix named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from domain.errors import InvalidValue

Path = tuple[str | int, ...]
_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")

_WORDS = {"yes": True, "true": True, "no": False, "false": False}
_NAME_AT_MOST = 100
_DECIMALS = 6
ENTRIES = 500
"""A list may have so many (decided); segments are compared with each other."""


class NotAsAgreed(InvalidValue):
    """The tree is no such document. `path` leads to what is wrong; `sentence` says how it should be."""

    def __init__(self, path: Path, sentence: str) -> None:
        super().__init__(f"{'.'.join(map(str, path))}: {sentence}")
        self.path = path
        self.sentence = sentence


def each(tree: object, path: Path) -> list[Fields]:
    if not isinstance(tree, list) or not tree:
        raise NotAsAgreed(path, "Write a list here, each entry beginning with “- ”.")
    if len(tree) > ENTRIES:
        raise NotAsAgreed((*path, ENTRIES), f"A list may have {ENTRIES} entries.")
    return [Fields(one, (*path, index)) for index, one in enumerate(tree)]


class Fields:
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

    def inner(self, name: str) -> Fields:
        """A group of values that may be left out."""
        given = self.raw(name, is_needed=False)
        return Fields({} if given is None or given == "" else given, (*self.path, name))

    def text(self, name: str, *, otherwise: str | None = None, at_most: int = _NAME_AT_MOST) -> str:
        given = self.raw(name, is_needed=otherwise is None)
        if given is None:
            return otherwise or ""
        if not isinstance(given, str) or (otherwise is None and not given.strip()):
            raise self.wrong(name, f"Write some words for {name}.")
        if len(given) > at_most:
            raise self.wrong(name, f"{name} may have {at_most:,} characters.")
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
        # An exponent of minus a million would be a text of a million noughts wherever it is written out.
        exponent = amount.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -_DECIMALS or not 0 <= amount < 10**15:
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
        if len(given) > ENTRIES:
            raise self.wrong(name, f"{name} may have {ENTRIES} entries.")
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
                near = get_close_matches(str(name)[:_NAME_AT_MOST], self._asked, n=1)
                hint = f"; did you mean “{near[0]}”?" if near else "."
                raise NotAsAgreed((*self.path, name), f"There is no “{str(name)[:_NAME_AT_MOST]}” here{hint}")
