"""Customers and contacts, with the keys they are found by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, insert, literal, select

from domain.receivables import ContactRow, CustomerRow, Problem
from storage import books_staging as staged
from storage.books_merge import Batch
from storage.search_keys import AccountKey, KeyKind, keys_of
from storage.tables import account_keys, accounts, contacts

_OWN_KINDS = [kind.value for kind in KeyKind if kind is not KeyKind.EMAIL]
_FIELDS = ("domain", "country", "region", "zone", "industry", "owner_email", "renewal_on", "legal_hold", "risk")
_KEY_COLUMNS = ("account_id", "kind", "shown", "folded")
_OWNER = func.coalesce(accounts.c.owner_email, "")
"""Given with each key; for keys without it a trigger would look the owner up, one by one."""
_AT_ONCE = 5_000


def write_customers(batch: Batch, rows: Sequence[CustomerRow], *, says: frozenset[str], embedded: bool) -> None:
    load = staged.customers
    first: dict[str, CustomerRow] = {}
    for row in rows:
        first.setdefault(row.external_id, row)
    batch.load(load, ((*row[:4], *row[5:]) for row in first.values()))
    if embedded:
        _leave_first(batch, load, staged.seen_customers, {"external_id": load.c.external_id})
    same = and_(accounts.c.org_id == batch.org_id, accounts.c.external_id == load.c.external_id)
    nameless = batch.connection.execute(
        select(load.c.row)
        .where(load.c.name.is_(None), load.c.spare_name.is_(None))
        .where(~exists().where(same).correlate(load))
    )
    batch.refuse(
        load, [Problem(row, "customer_name", "A new customer needs a name: fill the cell.") for (row,) in nameless]
    )
    values = {name: load.c[name] for name in _FIELDS if name in says}
    touched = set(batch.update(accounts, same, {"name": func.coalesce(load.c.name, accounts.c.name), **values}))
    newest = batch.newest(accounts)
    batch.insert(
        accounts,
        load,
        same,
        {
            "external_id": load.c.external_id,
            "name": func.coalesce(load.c.name, load.c.spare_name),
            **{name: load.c[name] for name in _FIELDS},
        },
    )
    added = _above(batch, accounts, newest)
    aliases: dict[int, tuple[str, ...]] = {}
    if "aliases" in says:
        aliases = {
            account_id: first[external_id].aliases
            for account_id, external_id in batch.connection.execute(
                select(accounts.c.id, accounts.c.external_id)
                .select_from(load)
                .outerjoin(accounts, same)
                .where(func.coalesce(accounts.c.id, 0) != 0)
            )
        }
        touched |= _renamed(batch, aliases)
    touched.difference_update(added)
    _write_keys(batch, added, aliases)
    if touched:
        _rewrite_keys(batch, touched, aliases)
    batch.remember(staged.seen_customers, load, {"external_id": load.c.external_id})
    batch.tally.added = len(added)
    batch.tally.changed = len(touched)


def _above(batch: Batch, table: Table, newest: int) -> Sequence[int]:
    return batch.connection.scalars(
        select(table.c.id).where(table.c.org_id == batch.org_id, table.c.id > newest).order_by(table.c.id)
    ).all()


def _leave_first(batch: Batch, load: Table, seen: Table, columns: Mapping[str, ColumnElement[Any]]) -> None:
    """Take out what an earlier batch of this file has said: the first row about a customer or contact counts."""
    batch.connection.execute(
        delete(load).where(exists().where(*(seen.c[name] == column for name, column in columns.items())))
    )


def _aliases_of(batch: Batch, ids: Collection[int]) -> dict[int, list[str]]:
    known: dict[int, list[str]] = {account_id: [] for account_id in ids}
    for some in _portions(ids):
        found = batch.connection.execute(
            select(account_keys.c.account_id, account_keys.c.shown)
            .where(account_keys.c.org_id == batch.org_id, account_keys.c.kind == KeyKind.ALIAS.value)
            .where(account_keys.c.account_id.in_(some))
            .order_by(account_keys.c.id)
        )
        for account_id, shown in found:
            known[account_id].append(shown)
    return known


def _portions(ids: Collection[int]) -> Iterable[list[int]]:
    listed = list(ids)
    return (listed[at : at + _AT_ONCE] for at in range(0, len(listed), _AT_ONCE))


def _alias_keys(aliases: Iterable[str]) -> set[tuple[str, str]]:
    keys = keys_of(name="", external_id="", aliases=aliases)
    return {(key.shown, key.folded) for key in keys if key.kind is KeyKind.ALIAS}


def _renamed(batch: Batch, wanted: dict[int, tuple[str, ...]]) -> set[int]:
    known = _aliases_of(batch, wanted)
    return {
        account_id for account_id, aliases in wanted.items() if _alias_keys(aliases) != _alias_keys(known[account_id])
    }


def _stage_keys(batch: Batch, ids: Collection[int], aliases: Mapping[int, Sequence[str]]) -> None:
    wanted: list[tuple[int, AccountKey]] = []
    for some in _portions(ids):
        named = batch.connection.execute(
            select(accounts.c.id, accounts.c.external_id, accounts.c.name, accounts.c.domain).where(
                accounts.c.org_id == batch.org_id, accounts.c.id.in_(some)
            )
        )
        for account_id, external_id, name, domain in named:
            keys = keys_of(name=name, external_id=external_id, aliases=aliases.get(account_id, ()), domain=domain)
            wanted.extend((account_id, key) for key in keys)
    batch.load(staged.keys, ((account_id, key.kind.value, key.shown, key.folded) for account_id, key in wanted))


def _write_keys(batch: Batch, added: Collection[int], aliases: Mapping[int, Sequence[str]]) -> None:
    """Keys of new accounts, which have none."""
    _stage_keys(batch, added, aliases)
    load = staged.keys
    owned = and_(accounts.c.org_id == batch.org_id, accounts.c.id == load.c.account_id)
    fresh = select(literal(batch.org_id), *(load.c[name] for name in _KEY_COLUMNS), _OWNER).join_from(
        load, accounts, owned
    )
    batch.connection.execute(insert(account_keys).from_select(["org_id", *_KEY_COLUMNS, "owner_email"], fresh))


def _rewrite_keys(batch: Batch, ids: Collection[int], aliases: Mapping[int, Sequence[str]]) -> None:
    """Make the keys of these accounts what their rows say now. Keys of addresses belong to the contacts."""
    known = _aliases_of(batch, [account_id for account_id in ids if account_id not in aliases])
    _stage_keys(batch, ids, {**known, **aliases})
    same = _same_key(batch)
    for some in _portions(ids):
        batch.connection.execute(
            delete(account_keys)
            .where(account_keys.c.org_id == batch.org_id, account_keys.c.account_id.in_(some))
            .where(account_keys.c.kind.in_(_OWN_KINDS), ~exists().where(same).correlate(account_keys))
        )
    batch.update(account_keys, same, {"shown": staged.keys.c.shown})
    _insert_keys(batch)


def _same_key(batch: Batch) -> ColumnElement[bool]:
    load = staged.keys
    return and_(
        account_keys.c.org_id == batch.org_id,
        account_keys.c.account_id == load.c.account_id,
        account_keys.c.kind == load.c.kind,
        account_keys.c.folded == load.c.folded,
    )


def _insert_keys(batch: Batch) -> None:
    load = staged.keys
    owner = (
        select(_OWNER)
        .where(accounts.c.org_id == batch.org_id, accounts.c.id == load.c.account_id)
        .correlate(load)
        .scalar_subquery()
    )
    values = {**{name: load.c[name] for name in _KEY_COLUMNS}, "owner_email": owner}
    batch.insert(account_keys, load, _same_key(batch), values)


def write_contacts(batch: Batch, rows: Sequence[ContactRow], *, says: frozenset[str]) -> None:
    """By customer and address. `is_valid` is not the books' to say: a bounce stays a bounce."""
    load = staged.contacts
    first: dict[tuple[str, str], ContactRow] = {}
    for row in rows:
        first.setdefault((row.customer_id, row.email), row)
    batch.load(load, first.values())
    pair = {"customer_id": load.c.customer_id, "email": load.c.email}
    _leave_first(batch, load, staged.seen_contacts, pair)
    batch.refuse_unknown_customers(load)
    owner = select(accounts.c.id).where(batch.customer(load)).correlate(load).scalar_subquery()
    same = and_(contacts.c.org_id == batch.org_id, contacts.c.account_id == owner, contacts.c.email == load.c.email)
    values = {
        "name": func.coalesce(load.c.name, contacts.c.name),
        "is_primary": func.coalesce(load.c.is_primary, contacts.c.is_primary),
    }
    changed = batch.update(contacts, same, values | ({"zone": load.c.zone} if "zone" in says else {}))
    newest = batch.newest(contacts)
    batch.insert(
        contacts,
        load,
        same,
        {
            "account_id": owner,
            "email": load.c.email,
            "name": func.coalesce(load.c.name, ""),
            "is_primary": func.coalesce(load.c.is_primary, False),
            "zone": load.c.zone,
        },
    )
    added = _above(batch, contacts, newest)
    if added:
        _write_address_keys(batch, added)
    batch.remember(staged.seen_contacts, load, pair)
    batch.tally.added = len(added)
    batch.tally.changed = len(changed)


def _write_address_keys(batch: Batch, ids: Sequence[int]) -> None:
    wanted: list[tuple[int, str, str, str]] = []
    for some in _portions(ids):
        found = batch.connection.execute(
            select(contacts.c.account_id, contacts.c.email).where(
                contacts.c.org_id == batch.org_id, contacts.c.id.in_(some)
            )
        )
        for account_id, email in found:
            for key in keys_of(name="", external_id="", emails=[email]):
                wanted.append((account_id, key.kind.value, key.shown, key.folded))
    # Two addresses may fold to the same key.
    first = {(account_id, folded): key for key in reversed(wanted) for account_id, _, _, folded in [key]}
    batch.load(staged.keys, first.values())
    _insert_keys(batch)
