"""How well a name fits what was typed: one measure for both databases, on folded text."""

from __future__ import annotations

from functools import lru_cache

from storage.search_keys import KeyKind, core, words_of

EXACT = {
    KeyKind.EXTERNAL_ID: 1.0,
    KeyKind.NAME: 0.99,
    KeyKind.ALIAS: 0.97,
    KeyKind.DOMAIN: 0.95,
    KeyKind.EMAIL: 0.93,
}
"""The ladder: what equals what was typed."""

SAME_BUT_FOR_THE_FORM = 0.05
"""What a different legal form costs: `acme` for Acme GmbH."""

SOUND = 0.45
"""Below this, a hit looks like chance and is not shown."""

ALIKE = 0.66
"""From here on an unknown word may be meant for another one: half of all their three-letter pieces are in both."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@lru_cache(maxsize=20_000)
def trigrams(word: str) -> frozenset[str]:
    """Three-letter pieces of one word, its edges marked by spaces, as PostgreSQL's pg_trgm cuts them."""
    padded = f"  {word} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def resemblance(one: str, other: str) -> float:
    """0..1 for two words: Dice's measure over trigrams, at least 0.8 when one slip of a finger lies between them."""
    if one == other:
        return 1.0
    if is_one_slip(one, other):
        return 0.8 + 0.1 * (1 - 1 / max(len(one), len(other)))
    mine, theirs = trigrams(one), trigrams(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def is_one_slip(one: str, other: str) -> bool:
    """One letter more, less, other, or two neighbours changed about; only for words of three letters or more."""
    if one == other or min(len(one), len(other)) < 3 or abs(len(one) - len(other)) > 1:
        return False
    if one[0] != other[0] and one[-1] != other[-1]:
        return False  # a slip leaves one end as it was
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) != len(other):
        longer, shorter = (one, other) if len(one) > len(other) else (other, one)
        return longer[start + 1 :] == shorter[start:]
    if one[start + 1 :] == other[start + 1 :]:
        return True
    return one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]


def slips(word: str) -> set[str]:
    """All words one slip away (about 54 for a letter of it), in the letters of our alphabet and of the word."""
    letters = "".join(dict.fromkeys(_LETTERS + word))
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    found = {a + b[1:] for a, b in cuts if b}
    found |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    found |= {a + c + b[1:] for a, b in cuts if b for c in letters}
    found |= {a + c + b for a, b in cuts for c in letters}
    return found - {word}


def score(asked: str, folded: str, kind: KeyKind, words: tuple[str, ...] = ()) -> float:
    """0..1 for one key. Equal beats a different legal form, that beats a beginning, that beats single words.

    `words` are those that were asked for; all that tell companies apart, unless given.
    """
    if folded == asked:
        return EXACT[kind]
    below = 0.99 - EXACT[kind] if kind is not KeyKind.EXTERNAL_ID else 0.0
    if kind in (KeyKind.NAME, KeyKind.ALIAS) and core(folded) == core(asked):
        return EXACT[kind] - SAME_BUT_FOR_THE_FORM
    if folded.startswith(asked):
        whole_word = 0.03 if folded[len(asked)] == " " else 0.0
        return 0.78 + 0.08 * len(asked) / len(folded) + whole_word - below
    if kind not in (KeyKind.NAME, KeyKind.ALIAS, KeyKind.DOMAIN):
        return 0.0
    return _by_words(words or words_of(asked), words_of(folded)) - below


def _by_words(asked: tuple[str, ...], named: tuple[str, ...]) -> float:
    if not asked or not named:
        return 0.0
    best = [max((_word(word, other), other) for other in named) for word in asked]
    mean = sum(fit for fit, _other in best) / len(best)
    share = len({other for fit, other in best if fit >= SOUND}) / len(named)
    return 0.77 * mean * (0.85 + 0.15 * share)


@lru_cache(maxsize=50_000)
def _word(asked: str, other: str) -> float:
    """Remembered, because the accounts found for one question share most of their words."""
    if len(asked) >= 2 and other.startswith(asked) and other != asked:
        return 0.9 + 0.08 * len(asked) / len(other)
    return resemblance(asked, other)
