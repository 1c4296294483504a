"""Orders to the house, as they are typed after `/plixo`: words, and reasons in quotation marks of any kind."""

from __future__ import annotations

import re

_QUOTES = re.compile("[“”„«»]")
_WORDS = re.compile(r'"([^"]*)"?|(\S+)')


def words_of(rest: str) -> list[str]:
    """What stands in quotation marks is one word; Slack's own rounded ones count. Marks that are left open end at the
    end."""
    plain = _QUOTES.sub('"', rest)
    return [quoted or word for quoted, word in _WORDS.findall(plain) if quoted or word]
