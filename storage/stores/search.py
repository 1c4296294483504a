"""Finds accounts by what people type, at a cost that does not grow with the number of accounts.

Every statement reads a bounded number of rows from an index. First whole keys, equal or beginning with the words;
then single words, those that exist, and for words that do not exist the ones a slip or a few letters away. All that
was found is ranked by one measure in `storage.ranking`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Text, and_, bindparam, func, literal_column, select, union_all

from domain.outcomes import Candidate
from storage.ranking import SOUND, resemblance, score, slips
from storage.scope import ORG, Scope
from storage.search_keys import LEGAL_FORMS, KeyKind, core, fold_query, words_of
from storage.sets import rows_given, rows_text
from storage.stores.entities import ACCOUNT, account_of, columns
from storage.stores.people import lower_email
from storage.tables import account_keys, accounts, search_words, search_words_text

_EACH = 40
"""Rows read for one kind of key."""
_PER_WORD = 120
"""Accounts read for one word."""
_CROWD = 3_000
"""Accounts of one word that are looked through for a second one, when each word alone has too many."""
_WORDS_ASKED = 5
_NEAR_WORDS = 8
_TOP = "\U0010ffff"

_WHOLE = [kind for kind in KeyKind if kind is not KeyKind.WORD]
_NAMED = (KeyKind.NAME, KeyKind.ALIAS)


def find_accounts(scope: Scope, words: str, *, owner_email: str | None, limit: int) -> list[Candidate]:
    asked = fold_query(words)
    if not asked or limit <= 0:
        return []
    hunt = _Hunt(scope, asked, None if owner_email is None else lower_email(owner_email))
    hunt.whole_keys()
    if len(hunt.found) < limit:
        hunt.single_words()
    return hunt.ranked(limit)


class _Hunt:
    def __init__(self, scope: Scope, asked: str, owner: str | None) -> None:
        self._scope = scope
        self._asked = asked
        self._owner = owner
        self.found: dict[int, list[tuple[KeyKind, str, str]]] = {}

    def whole_keys(self) -> None:
        bare = core(self._asked)
        named = {self._asked, bare, *(f"{bare} {form}" for form in LEGAL_FORMS)}
        text = rows_text(self._scope.dialect, [{"folded": each} for each in sorted(named)])
        rows = self._ask(
            _whole_keys(self._scope.dialect, self._owner is not None),
            named=text,
            asked=self._asked,
            top=self._asked + _TOP,
        )
        for row in rows:
            self.found.setdefault(row.account_id, []).append((KeyKind(row.kind), row.shown, row.folded))

    def single_words(self) -> None:
        asked = words_of(self._asked)[:_WORDS_ASKED]
        near = self._words_near(asked)
        if not any(near.values()):
            return
        crowded = True
        for words in near.values():
            if not words:
                continue
            rows = self._with_words(words)
            crowded = crowded and len(rows) >= _PER_WORD
            for row in rows:
                self.found.setdefault(row.account_id, [])
        groups = [words for words in near.values() if words]
        if crowded and len(groups) > 1:
            for row in self._with_words(*groups):
                self.found.setdefault(row.account_id, [])

    def ranked(self, limit: int) -> list[Candidate]:
        if not self.found:
            return []
        best: dict[int, tuple[float, bool, str | None]] = {}
        people: dict[int, Any] = {}
        for row in self._ask(_named_accounts(self._owner is not None), accounts=sorted(self.found)):
            people[row.id] = row._mapping
            if row.folded is not None:
                self.found[row.id].append((KeyKind(row.kind), row.shown, row.folded))
        for account_id in people:
            for kind, shown, folded in self.found[account_id]:
                fit = score(self._asked, folded, kind)
                if fit > best.get(account_id, (0.0,))[0]:
                    best[account_id] = (fit, folded == self._asked, None if kind is KeyKind.NAME else shown)
        hits = [
            Candidate(account=account_of(people[id]), score=round(fit, 4), matched=matched, is_exact=is_exact)
            for id, (fit, is_exact, matched) in best.items()
            if fit >= SOUND
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.account.name.casefold(), hit.account.id))
        return hits[:limit]

    def _words_near(self, asked: Iterable[str]) -> dict[str, list[str]]:
        """For each word asked: itself when it exists, else words it begins, else words a slip away, else alike."""
        near = {word: self._known(word) for word in asked}
        for word, known in near.items():
            if not known and len(word) >= 3:
                near[word] = self._alike(word)
        return near

    def _known(self, word: str) -> list[str]:
        text = rows_text(
            self._scope.dialect, [{"word": each} for each in [word, *(slips(word) if len(word) > 2 else ())]]
        )
        known = [
            row.word for row in self._run(_known_words(self._scope.dialect), given=text, asked=word, top=word + _TOP)
        ]
        if word in known:
            return [word]
        return [each for each in known if each.startswith(word)] or known

    def _alike(self, word: str) -> list[str]:
        if self._scope.dialect == "postgresql":
            rows = self._run(_ALIKE_POSTGRESQL, asked=word)
        else:
            pieces = dict.fromkeys(word[i : i + 3] for i in range(len(word) - 2))
            rows = self._run(_ALIKE_SQLITE, asked=" OR ".join(f'"{piece}"' for piece in pieces))
        words = sorted((row.word for row in rows), key=lambda other: -resemblance(word, other))
        return [other for other in words if resemblance(word, other) >= SOUND][:_NEAR_WORDS]

    def _with_words(self, *groups: list[str]) -> list[Any]:
        """Accounts that have a word of every group."""
        given = {f"words_{i}": group for i, group in enumerate(groups)}
        return self._ask(_accounts_with(len(groups), self._owner is not None), **given)

    def _ask(self, statement: Any, **params: object) -> list[Any]:
        return self._run(statement, **({"owner": self._owner} if self._owner is not None else {}), **params)

    def _run(self, statement: Any, **params: object) -> list[Any]:
        return list(self._scope.execute(statement, params))


def _kind(kind: KeyKind) -> Any:
    return literal_column(f"'{kind}'")


def _of_owner(statement: Select[Any], is_owned: bool) -> Select[Any]:
    """Only accounts of `:owner`, inside the statement: nobody learns of accounts that are not theirs."""
    if not is_owned:
        return statement
    return statement.join(
        accounts,
        and_(
            accounts.c.org_id == ORG,
            accounts.c.id == account_keys.c.account_id,
            accounts.c.owner_email == bindparam("owner", type_=Text()),
        ),
    )


@lru_cache
def _whole_keys(dialect: str, is_owned: bool) -> Any:
    """Keys equal to the words (names in any legal form), and keys that begin with them."""
    asked, top = bindparam("asked", type_=Text()), bindparam("top", type_=Text())
    parts = []
    for kind in _WHOLE:
        keys = _of_owner(
            select(account_keys.c.account_id, account_keys.c.kind, account_keys.c.shown, account_keys.c.folded),
            is_owned,
        ).where(account_keys.c.org_id == ORG, account_keys.c.kind == _kind(kind))
        if kind in _NAMED:
            named = rows_given(dialect, "named", {"folded": Text()})
            parts.append(keys.where(account_keys.c.folded == named["folded"]).limit(_EACH))
        else:
            parts.append(keys.where(account_keys.c.folded == asked).limit(_EACH))
        parts.append(
            keys.where(account_keys.c.folded > asked, account_keys.c.folded < top)
            .order_by(account_keys.c.folded, account_keys.c.account_id)
            .limit(_EACH)
        )
    return union_all(*[select(part.subquery()) for part in parts])


@lru_cache
def _known_words(dialect: str) -> Any:
    given = rows_given(dialect, "given", {"word": Text()})
    equal = select(search_words.c.word).where(search_words.c.org_id == ORG, search_words.c.word == given["word"])
    begun = (
        select(search_words.c.word)
        .where(
            search_words.c.org_id == ORG,
            search_words.c.word > bindparam("asked", type_=Text()),
            search_words.c.word < bindparam("top", type_=Text()),
        )
        .order_by(search_words.c.word)
        .limit(_NEAR_WORDS)
    )
    return union_all(equal, select(begun.subquery()))


_ALIKE_POSTGRESQL = (
    select(search_words.c.word)
    .where(search_words.c.org_id == ORG, search_words.c.word.bool_op("%")(bindparam("asked", type_=Text())))
    .order_by(func.similarity(search_words.c.word, bindparam("asked", type_=Text())).desc(), search_words.c.word)
    .limit(50)
)
_ALIKE_SQLITE = (
    select(search_words_text.c.word)
    .where(
        search_words_text.c.org_id == ORG,
        search_words_text.c.word.bool_op("MATCH")(bindparam("asked", type_=Text())),
    )
    .order_by(search_words_text.c.rank)
    .limit(50)
)


@lru_cache
def _accounts_with(groups: int, is_owned: bool) -> Any:
    """Accounts with a word of each group; for several groups, among the first accounts that have one of the first."""
    one = _of_owner(select(account_keys.c.account_id), is_owned).where(
        account_keys.c.org_id == ORG,
        account_keys.c.kind == _kind(KeyKind.WORD),
        account_keys.c.folded.in_(bindparam("words_0", expanding=True)),
    )
    if groups == 1:
        return one.limit(_PER_WORD)
    having = one.limit(_CROWD).subquery("having_one")
    statement = select(having.c.account_id)
    for i in range(1, groups):
        other = account_keys.alias(f"other_{i}")
        # One probe for each account. As an EXISTS it became a join that read the second word's accounts each time.
        probe = (
            select(other.c.id)
            .where(
                other.c.org_id == ORG,
                other.c.account_id == having.c.account_id,
                other.c.kind == _kind(KeyKind.WORD),
                other.c.folded.in_(bindparam(f"words_{i}", expanding=True)),
            )
            .limit(1)
            .scalar_subquery()
        )
        statement = statement.where(probe.is_not(None))
    return statement.limit(_PER_WORD)


@lru_cache
def _named_accounts(is_owned: bool) -> Any:
    """The accounts found, with their names to rank by; one row for each name."""
    statement = (
        select(*columns(accounts, ACCOUNT), account_keys.c.kind, account_keys.c.shown, account_keys.c.folded)
        .select_from(
            accounts.outerjoin(
                account_keys,
                and_(
                    account_keys.c.org_id == ORG,
                    account_keys.c.account_id == accounts.c.id,
                    account_keys.c.kind.in_([_kind(KeyKind.NAME), _kind(KeyKind.ALIAS), _kind(KeyKind.DOMAIN)]),
                ),
            )
        )
        .where(accounts.c.org_id == ORG, accounts.c.id.in_(bindparam("accounts", expanding=True)))
    )
    if is_owned:
        statement = statement.where(accounts.c.owner_email == bindparam("owner", type_=Text()))
    return statement
