"""Orders to the house, as they are typed after `/plixo`: words, and reasons in quotation marks of any kind."""

from __future__ import annotations

import re
from datetime import timedelta

from domain.errors import InvalidValue
from domain.rules.spans import span_of

_QUOTES = re.compile("[“”„«»]")
_WORDS = re.compile(r'"([^"]*)"|(\S+)')
_TIME = re.compile(r"[-+]?\d.*")
"""What begins like a length of time is meant as one, and not as a part of the reason."""


def words_of(rest: str) -> list[str]:
    """What stands in quotation marks is one word; Slack's own rounded ones count.

    Raises InvalidValue, with a sentence for whoever typed it, for a mark that is left open.
    """
    return [quoted or word for quoted, word in _read(rest)]


def reason_and_span(rest: str, *, after: int) -> tuple[str, timedelta | None]:
    """A reason and a length of time in either order, `after` so many words: `"why" 30m`, `30m "why"`, `why 30m`.

    Raises InvalidValue, with a sentence for whoever typed it, for a time that cannot be read and a quotation mark that
    is left open: nothing begins for another time than was meant.
    """
    words = _read(rest)[after:]
    quoted, bare = [said for said, _ in words if said], [word for _, word in words if word]
    if quoted:
        return " ".join(quoted), span_of(" ".join(bare)) if bare else None
    for place in (-1, 0):
        if bare and _TIME.fullmatch(bare[place]):
            span = span_of(bare.pop(place))
            return " ".join(bare), span
    return " ".join(bare), None


def _read(rest: str) -> list[tuple[str, str]]:
    """Each word, as one in quotation marks or as a plain one. Where a mark that is left open should end nobody knows: a
    time behind it would be taken for a part of the reason."""
    typed = _QUOTES.sub('"', rest)
    if typed.count('"') % 2:
        raise InvalidValue('A quotation mark is left open: put a second one where the reason ends, as in "why".')
    return [(quoted, word) for quoted, word in _WORDS.findall(typed) if quoted or word]
