"""What people type: seeded questions about accounts that are in the book, in six kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from string import ascii_lowercase

from bench.account.book import OPERATOR, Entry
from domain.values import AccountScope

LIST = "everybody's accounts, worst first"
LONGEST = "a card with 20,000 open invoices"


@dataclass(frozen=True, slots=True)
class Question:
    kind: str
    words: str
    by: str
    scope: AccountScope


def questions(entries: Sequence[Entry], *, each: int, seed: int) -> list[Question]:
    """`each` of every kind, half of them by people who see only their own accounts, well mixed."""
    random = Random(seed)
    owned = [entry for entry in entries if entry.owner]
    asked = [
        Question(kind, words(random, entry), entry.owner, scope)
        for kind, words in KINDS.items()
        for entry, scope in zip(random.choices(owned, k=each), _turns(), strict=False)
    ]
    random.shuffle(asked)
    return asked


def large(entry: Entry, *, each: int) -> list[Question]:
    """What grows with the book or with one account: everybody's accounts, worst first, and the longest card."""
    return [
        *[Question(LIST, "", OPERATOR, AccountScope.ALL)] * each,
        *[Question(LONGEST, entry.external_id, OPERATOR, AccountScope.ALL)] * each,
    ]


def _turns() -> Iterator[AccountScope]:
    while True:
        yield AccountScope.ASSIGNED
        yield AccountScope.ALL


def _prefix(random: Random, entry: Entry) -> str:
    """The beginning of the name, three to eight letters, in the middle of a word or not."""
    return entry.company.name[: random.randrange(3, 9)].strip().lower()


def _slip(random: Random, entry: Entry) -> str:
    """The name with one slip of the finger in one of its longer words."""
    words = entry.company.name.split()
    place = random.choice([i for i, word in enumerate(words) if len(word) > 3] or [0])
    word, at = words[place], random.randrange(len(words[place]))
    slips: list[Callable[[], str]] = [
        lambda: word[:at] + word[at + 1 :],
        lambda: word[:at] + random.choice(ascii_lowercase) + word[at:],
        lambda: word[:at] + random.choice(ascii_lowercase) + word[at + 1 :],
        lambda: word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    ]
    words[place] = random.choice(slips)()
    return " ".join(words).lower()


KINDS: dict[str, Callable[[Random, Entry], str]] = {
    "external id": lambda _random, entry: entry.external_id,
    "exact name": lambda _random, entry: entry.company.name,
    "prefix": _prefix,
    "name with a slip": _slip,
    "domain": lambda _random, entry: entry.company.domain,
    "contact address": lambda _random, entry: entry.company.email,
}


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, -(-int(len(ranked) * share * 1_000) // 1_000) - 1)]
