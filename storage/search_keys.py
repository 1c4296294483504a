"""How the words people type and the names in the books are made comparable. One folding for writing and asking.

Every account is found by rows of `account_keys`: its external id, name, aliases, domain and addresses as wholes,
and each word of its names, so that a word in the middle and a word with a slip are found by an index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class KeyKind(StrEnum):
    """What a key is. The order is the ladder's: an exact external id stands above an exact name, and so on."""

    EXTERNAL_ID = "external_id"
    NAME = "name"
    ALIAS = "alias"
    DOMAIN = "domain"
    EMAIL = "email"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class AccountKey:
    """One row of `account_keys`: `shown` as the books write it, `folded` as it is compared."""

    kind: KeyKind
    shown: str
    folded: str


LONGEST = 320
"""Characters of a key; longer names are cut, on both sides of the comparison."""

LEGAL_FORMS = frozenset(
    "ab ag aps as asa bhd bv bvba co company corp corporation cv doo eirl eood gbr gmbh hf inc incorporated kft kg kgaa"
    " kk lda limited llc llp lp ltd ltda mbh nv oao ood ooo ou oy oyj plc pte pty pvt rt sa sab sarl sas sca se sia sl"
    " spa srl spol sro ug zao zrt".split()
)
"""Words that say how a company is held, not who it is. Left out of the ranking, never out of what is stored."""

_BESIDE_ASCII = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"}
    | dict.fromkeys("'’‘`´ʼ", "")
)
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")
_APART = re.compile(r"[\W_]+")
_ADDRESS_BAR = re.compile(r"^\s*(?:https?://)?(?:www\.)?([^/\s?#]+\.[^/\s?#]+)(?:[/?#]\S*)?\s*$", re.IGNORECASE)


def fold(text: str) -> str:
    """Lower case without diacritics or punctuation, words apart by one space: `Łódź-Chem S.p.A.` → `lodz chem spa`."""
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_BESIDE_ASCII).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = _INITIALS.sub(r"\1", unicodedata.normalize("NFC", text))
    return _APART.sub(" ", text).strip()[:LONGEST].rstrip()


def fold_query(words: str) -> str:
    """Like `fold`, for what a person typed: a pasted web address counts as its domain."""
    if "@" not in words and (pasted := _ADDRESS_BAR.match(words)):
        words = pasted.group(1)
    return fold(words)


def core(folded: str) -> str:
    """The folded name without legal forms at its end; the whole name when nothing else is left."""
    words = folded.split()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def words_of(folded: str) -> tuple[str, ...]:
    """The words that tell companies apart, each once, in their order."""
    words = dict.fromkeys(folded.split())
    return tuple(word for word in words if word not in LEGAL_FORMS and len(word) > 1) or tuple(words)


def keys_of(
    *,
    name: str,
    external_id: str,
    aliases: Iterable[str] = (),
    domain: str | None = None,
    emails: Iterable[str] = (),
) -> list[AccountKey]:
    """All rows of `account_keys` for one account, each (kind, folded) once, in the ladder's order."""
    keys: dict[tuple[KeyKind, str], AccountKey] = {}

    def put(kind: KeyKind, shown: str, folded: str) -> None:
        if folded:
            keys.setdefault((kind, folded), AccountKey(kind, shown.strip()[:LONGEST], folded))

    put(KeyKind.EXTERNAL_ID, external_id, fold(external_id))
    put(KeyKind.NAME, name, fold(name))
    named = [name, *aliases]
    for alias in named[1:]:
        put(KeyKind.ALIAS, alias, fold(alias))
    if domain:
        put(KeyKind.DOMAIN, domain, fold_query(domain))
    for email in emails:
        put(KeyKind.EMAIL, email, fold(email))
    for text in named:
        for word in words_of(fold(text)):
            put(KeyKind.WORD, text, word)
    if domain:
        put(KeyKind.WORD, domain, fold_query(domain).split(" ")[0])
    return list(keys.values())
