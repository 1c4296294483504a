"""The statements of a search. Each reads a bounded number of rows, from one end of an index, whatever the book's size.

With an owner, `ix_account_keys_owned` takes the place of `ix_account_keys_folded`: a person's own accounts are found
without walking past everybody else's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Text, bindparam, func, literal_column, select, true, union_all

from storage.scope import ORG
from storage.search_keys import KeyKind
from storage.sets import among
from storage.stores.entities import account_columns
from storage.tables import account_keys, accounts, search_words, search_words_text

EACH = 40
"""Rows read for one kind of key."""
PER_WORD = 120
"""Accounts read for one word."""
CROWD = 3_000
"""Accounts of one word that are looked through for a second one, when each word alone has too many."""
BEGUN = 8
"""Words read that begin with one."""

_WHOLE = [kind for kind in KeyKind if kind is not KeyKind.WORD]
_NAMED = (KeyKind.NAME, KeyKind.ALIAS)


def _kind(kind: KeyKind) -> Any:
    return literal_column(f"'{kind}'")


def _keys(*wanted: Any, is_owned: bool) -> Select[Any]:
    """Keys; with an owner only those of `:owner`'s accounts. Nobody learns of accounts that are not theirs."""
    keys = select(*wanted).where(account_keys.c.org_id == ORG)
    return keys.where(account_keys.c.owner_email == bindparam("owner", type_=Text())) if is_owned else keys


@lru_cache
def whole_keys(is_owned: bool) -> Any:
    """Keys equal to the words (names in any legal form), and keys that begin with them."""
    asked, top = bindparam("asked", type_=Text()), bindparam("top", type_=Text())
    parts = []
    for kind in _WHOLE:
        keys = _keys(
            account_keys.c.account_id,
            account_keys.c.kind,
            account_keys.c.shown,
            account_keys.c.folded,
            is_owned=is_owned,
        ).where(account_keys.c.kind == _kind(kind))
        is_equal = among(account_keys.c.folded, "named") if kind in _NAMED else account_keys.c.folded == asked
        parts.append(keys.where(is_equal).limit(EACH))
        parts.append(
            keys.where(account_keys.c.folded > asked, account_keys.c.folded < top)
            .order_by(account_keys.c.folded, account_keys.c.account_id)
            .limit(EACH)
        )
    return union_all(*[select(part.subquery()) for part in parts])


@lru_cache
def begun_words(count: int) -> Any:
    """For each of the words `:asked_0`, ...: itself and the first words that it begins (up to `:top_0`, ...)."""
    parts = [
        select(search_words.c.word)
        .where(
            search_words.c.org_id == ORG,
            search_words.c.word >= bindparam(f"asked_{i}", type_=Text()),
            search_words.c.word < bindparam(f"top_{i}", type_=Text()),
        )
        .order_by(search_words.c.word)
        .limit(BEGUN + 1)
        for i in range(count)
    ]
    return union_all(*[select(part.subquery()) for part in parts])


KNOWN_WORDS = select(search_words.c.word).where(search_words.c.org_id == ORG, among(search_words.c.word, "given"))
"""Those of the words `:given` that exist."""


CLOSER = select(func.set_config("pg_trgm.similarity_threshold", "0.5", true()))
"""For this transaction `%` means half of the pieces, `ranking.ALIKE`. With the usual three of ten the index came up
with 50,000 of 650,000 words for a single one."""
ALIKE_POSTGRESQL = (
    select(search_words.c.word)
    .where(search_words.c.org_id == ORG, search_words.c.word.bool_op("%")(bindparam("asked", type_=Text())))
    .order_by(func.similarity(search_words.c.word, bindparam("asked", type_=Text())).desc(), search_words.c.word)
    .limit(50)
)
ALIKE_SQLITE = (
    select(search_words_text.c.word)
    .where(
        search_words_text.c.org_id == ORG,
        search_words_text.c.word.bool_op("MATCH")(bindparam("asked", type_=Text())),
    )
    .order_by(search_words_text.c.rank)
    .limit(50)
)


def _having(place: int, *wanted: Any, is_owned: bool) -> Select[Any]:
    return _keys(*wanted, is_owned=is_owned).where(
        account_keys.c.kind == _kind(KeyKind.WORD),
        account_keys.c.folded.in_(bindparam(f"words_{place}", expanding=True)),
    )


@lru_cache
def accounts_with(groups: int, is_owned: bool) -> Any:
    """For each group of words, by its place: the first accounts that have a word of it."""
    parts = [
        _having(i, account_keys.c.account_id, literal_column(str(i)).label("place"), is_owned=is_owned).limit(PER_WORD)
        for i in range(groups)
    ]
    return union_all(*[select(part.subquery()) for part in parts])


@lru_cache
def crowds(groups: int, is_owned: bool) -> Any:
    """How many accounts have a word of each group, as far as `CROWD`."""
    parts: list[Any] = []
    for i in range(groups):
        some = _having(i, account_keys.c.account_id, is_owned=is_owned).limit(CROWD).subquery()
        parts.append(select(literal_column(str(i)).label("place"), func.count(some.c.account_id).label("crowd")))
    return union_all(*parts)


@lru_cache
def accounts_with_all(groups: int, is_owned: bool) -> Any:
    """Accounts with a word of each group, among the first accounts that have one of the first group."""
    having = _having(0, account_keys.c.account_id, is_owned=is_owned).limit(CROWD).subquery("having_one")
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
    return statement.limit(PER_WORD)


NAMES = select(account_keys.c.account_id, account_keys.c.kind, account_keys.c.shown, account_keys.c.folded).where(
    account_keys.c.org_id == ORG,
    among(account_keys.c.account_id, "accounts"),
    account_keys.c.kind.in_([_kind(KeyKind.NAME), _kind(KeyKind.ALIAS), _kind(KeyKind.DOMAIN)]),
)
"""What accounts are ranked by."""


@lru_cache
def accounts_named(is_owned: bool) -> Any:
    statement = select(*account_columns()).where(accounts.c.org_id == ORG, among(accounts.c.id, "accounts"))
    return statement.where(accounts.c.owner_email == bindparam("owner", type_=Text())) if is_owned else statement
