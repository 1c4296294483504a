"""Finds accounts by what people type, at a cost that does not grow with the number of accounts.

Every statement reads a bounded number of rows from an index. First whole keys, equal or beginning with the words;
then single words, those that exist, and for words that do not exist the ones a slip or a few letters away. All that
was found is ranked by one measure in `storage.ranking`, and only the best are read in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from domain.outcomes import Candidate
from storage.ranking import ALIKE, SOUND, is_one_slip, resemblance, score, slips
from storage.scope import Scope
from storage.search_keys import LEGAL_FORMS, KeyKind, core, fold_query, words_of
from storage.stores import search_reads as reads
from storage.stores.entities import account_of
from storage.stores.people import lower_email

_WORDS_ASKED = 5
_NEAR_WORDS = 8
_TOP = "\U0010ffff"

Key = tuple[KeyKind, str, str]
"""Kind, as the books write it, folded."""


def find_accounts(scope: Scope, words: str, *, owner_email: str | None, limit: int) -> list[Candidate]:
    asked = fold_query(words)
    if not asked or limit <= 0:
        return []
    hunt = _Hunt(scope, asked, None if owner_email is None else lower_email(owner_email))
    hunt.whole_keys()
    if not hunt.is_settled and len(hunt.found) < limit:
        hunt.single_words()
    return hunt.ranked(limit)


class _Hunt:
    def __init__(self, scope: Scope, asked: str, owner: str | None) -> None:
        self._scope = scope
        self._asked = asked
        self._owner = owner
        self._words = words_of(asked)
        self.found: dict[int, list[Key]] = {}

    @property
    def is_settled(self) -> bool:
        """Several words that are a whole key were not typed by chance: nobody means half of them. One word may be."""
        return " " in self._asked and any(
            folded == self._asked for keys in self.found.values() for _kind, _shown, folded in keys
        )

    def whole_keys(self) -> None:
        bare = core(self._asked)
        named = sorted({self._asked, bare, *(f"{bare} {form}" for form in LEGAL_FORMS)})
        for row in self._ask(reads.whole_keys, named=named, asked=self._asked, top=self._asked + _TOP):
            self.found.setdefault(row.account_id, []).append((KeyKind(row.kind), row.shown, row.folded))

    def single_words(self) -> None:
        near = self._words_as_typed(self._words[:_WORDS_ASKED])
        self._words = tuple(word for word in self._words if near.get(word) or not _is_form(word, self._words))
        near = {word: near[word] for word in self._words if word in near}
        near |= self._words_meant(word for word, known in near.items() if not known)
        found = self._accounts_by_word(near)
        strange = {word for word, ids in found.items() if not ids}
        if strange and self._owner is not None and not self.found:
            # A word that exists may be a slip all the same: none of the owner's accounts has it.
            near |= self._words_meant(strange)
            found |= self._accounts_by_word({word: near[word] for word in strange})
        found = {word: ids for word, ids in found.items() if ids}
        # A few of the many accounts of a common word say little: who is meant has a rarer word, or all common ones.
        told = [ids for ids in found.values() if len(ids) < reads.PER_WORD]
        if not told and len(found) > 1:
            told = [self._accounts_with_all([near[word] for word in found])]
        for account_id in set().union(*(told if any(told) else found.values())):
            self.found.setdefault(account_id, [])

    def ranked(self, limit: int) -> list[Candidate]:
        """The best of what was found, by their best key."""
        if not self.found:
            return []
        for row in self._run(reads.NAMES, accounts=list(self.found)):
            self.found[row.account_id].append((KeyKind(row.kind), row.shown, row.folded))
        best = [(id, *self._best(keys)) for id, keys in self.found.items() if keys]
        hits = [(id, fit, key) for id, fit, key in best if fit >= SOUND]
        hits.sort(key=lambda hit: (-hit[1], self._name(hit[0]), hit[0]))
        rows = self._ask(reads.accounts_named, accounts=[id for id, *_ in hits[:limit]])
        there = {row.id: account_of(row._mapping) for row in rows}
        return [
            Candidate(
                account=there[id],
                score=fit,
                matched=None if kind is KeyKind.NAME else shown,
                is_exact=folded == self._asked,
            )
            for id, fit, (kind, shown, folded) in hits[:limit]
            if id in there
        ]

    def _best(self, keys: Iterable[Key]) -> tuple[float, Key]:
        return max(
            (
                (round(score(self._asked, folded, kind, self._words), 4), (kind, shown, folded))
                for kind, shown, folded in keys
            ),
            key=lambda scored: scored[0],
        )

    def _name(self, account_id: int) -> str:
        return next((folded for kind, _shown, folded in self.found[account_id] if kind is KeyKind.NAME), "")

    def _words_as_typed(self, asked: Sequence[str]) -> dict[str, list[str]]:
        """For each word asked: itself when it exists, else words that it begins."""
        spans = {f"asked_{i}": word for i, word in enumerate(asked)} | {
            f"top_{i}": word + _TOP for i, word in enumerate(asked)
        }
        there = [row.word for row in self._run(reads.begun_words(len(asked)), **spans)]
        return {word: [word] if word in there else [one for one in there if one.startswith(word)] for word in asked}

    def _words_meant(self, strange: Iterable[str]) -> dict[str, list[str]]:
        """For words that nobody has: those that are a slip away, else those that are alike."""
        amiss = {word: slips(word) for word in strange if len(word) > 2}
        if not amiss:
            return {}
        given = sorted(set().union(*amiss.values()))
        known = [row.word for row in self._run(reads.KNOWN_WORDS, given=given)]
        return {word: [one for one in known if one in others] or self._alike(word) for word, others in amiss.items()}

    def _alike(self, word: str) -> list[str]:
        if self._scope.dialect == "postgresql":
            self._run(reads.CLOSER)
            rows = self._run(reads.ALIKE_POSTGRESQL, asked=word)
        else:
            pieces = [word[i : i + 3] for i in range(len(word) - 2)]
            pairs = dict.fromkeys(f'("{one}" AND "{other}")' for one, other in pairwise(pieces)) or [f'"{word}"']
            rows = self._run(reads.ALIKE_SQLITE, asked=" OR ".join(pairs))
        words = sorted((row.word for row in rows), key=lambda other: (-resemblance(word, other), other))
        return [other for other in words if resemblance(word, other) >= ALIKE][:_NEAR_WORDS]

    def _accounts_by_word(self, near: dict[str, list[str]]) -> dict[str, set[int]]:
        """For each word the first accounts that have it, or one that is near it."""
        found: dict[str, set[int]] = {word: set() for word in near}
        asked = {word: words for word, words in near.items() if words}
        if asked:
            places = list(asked)
            for row in self._with_words(reads.accounts_with, list(asked.values())):
                found[places[row.place]].add(row.account_id)
        return found

    def _accounts_with_all(self, groups: list[list[str]]) -> set[int]:
        """Accounts that have a word of every group, looked for among those of the rarest one."""
        crowds = {row.place: row.crowd for row in self._with_words(reads.crowds, groups)}
        rarest_first = sorted(range(len(groups)), key=lambda place: (crowds[place], place))
        rows = self._with_words(reads.accounts_with_all, [groups[place] for place in rarest_first])
        return {row.account_id for row in rows}

    def _with_words(self, statement: Any, groups: list[list[str]]) -> list[Any]:
        given = {f"words_{i}": group for i, group in enumerate(groups)}
        return self._ask(lambda is_owned: statement(len(groups), is_owned), **given)

    def _ask(self, statement: Any, **params: object) -> list[Any]:
        """Only about accounts of the owner, if there is one."""
        owner = {"owner": self._owner} if self._owner is not None else {}
        return self._run(statement(self._owner is not None), **owner, **params)

    def _run(self, statement: Any, **params: object) -> list[Any]:
        return list(self._scope.execute(statement, params))


def _is_form(word: str, asked: Sequence[str]) -> bool:
    """A legal form with a slip, beside other words: `gmhb`."""
    return len(asked) > 1 and any(is_one_slip(word, form) for form in LEGAL_FORMS if len(form) > 3)
