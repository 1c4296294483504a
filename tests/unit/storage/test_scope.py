"""No statement reaches a row of another organisation: what the check lets through, and what it stops."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import (
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    lateral,
    literal_column,
    or_,
    select,
    table,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage import inspection
from storage.scope import ORG, UnscopedStatement, require_scoped
from storage.tables import (
    accounts,
    contacts,
    heartbeats,
    invoices,
    messages,
    organisations,
    quotas,
    slack_teams,
    templates,
)

mine = accounts.c.org_id == ORG
other = accounts.alias("other")
_cte = select(accounts.c.id).where(mine).cte("mine")
_open_cte = select(accounts.c.id).cte("everybodys")
_subquery = select(accounts.c.id).where(mine).subquery()

TIED: dict[str, Any] = {
    "when the jobs looked, which is nobody's": select(heartbeats),
    "a plain where": select(accounts).where(mine),
    "turned about": select(accounts).where(accounts.c.org_id == ORG),
    "several conditions": select(accounts).where(mine, accounts.c.id == 1),
    "an and": select(accounts).where(and_(accounts.c.id == 1, and_(mine, true()))),
    "only a column": select(accounts.c.id).where(mine),
    "a count": select(func.count()).select_from(accounts).where(mine),
    "a join tied on both sides": select(accounts)
    .join(contacts, contacts.c.account_id == accounts.c.id)
    .where(mine, contacts.c.org_id == ORG),
    "a join tied in its condition": select(accounts)
    .join(contacts, and_(contacts.c.account_id == accounts.c.id, contacts.c.org_id == accounts.c.org_id))
    .where(mine),
    "an outer join tied in its condition": select(accounts)
    .outerjoin(contacts, and_(contacts.c.account_id == accounts.c.id, contacts.c.org_id == ORG))
    .where(mine),
    "an alias": select(other).where(other.c.org_id == ORG),
    "a table beside its alias": select(accounts, other).where(mine, other.c.org_id == accounts.c.org_id),
    "a subquery": select(_subquery),
    "a CTE": select(_cte),
    "a CTE joined": select(contacts).join(_cte, _cte.c.id == contacts.c.account_id).where(contacts.c.org_id == ORG),
    "an IN": select(contacts).where(
        contacts.c.org_id == ORG, contacts.c.account_id.in_(select(accounts.c.id).where(mine))
    ),
    "an EXISTS that refers to the outside": select(accounts).where(
        mine, exists().where(contacts.c.org_id == ORG, contacts.c.account_id == accounts.c.id)
    ),
    "an EXISTS tied by the outside": select(accounts).where(
        mine, exists().where(contacts.c.org_id == accounts.c.org_id, contacts.c.account_id == accounts.c.id)
    ),
    "a lateral": select(
        accounts,
        lateral(
            select(contacts.c.id).where(contacts.c.org_id == accounts.c.org_id, contacts.c.account_id == accounts.c.id)
        ),
    ).where(mine),
    "a scalar subquery": select(
        accounts.c.id, select(func.count(contacts.c.id)).where(contacts.c.org_id == ORG).scalar_subquery()
    ).where(mine),
    "a union": union_all(select(accounts.c.id).where(mine), select(contacts.c.id).where(contacts.c.org_id == ORG)),
    "the organisation itself": select(organisations).where(organisations.c.id == ORG),
    "an update": update(accounts).where(mine).values(name="x"),
    "an update from another table": update(accounts)
    .where(mine, contacts.c.account_id == accounts.c.id, contacts.c.org_id == ORG)
    .values(name=contacts.c.name),
    "an update from a CTE": update(accounts).where(mine, accounts.c.id == _cte.c.id).values(name="x"),
    "a delete": delete(accounts).where(mine),
    "an insert": insert(accounts).values(org_id=ORG, name="x"),
    "an insert from a select": insert(accounts).from_select(
        ["org_id", "name"], select(contacts.c.org_id, contacts.c.name).where(contacts.c.org_id == ORG)
    ),
    "an insert of the bind from a select": insert(accounts).from_select(
        ["org_id", "name"], select(ORG, contacts.c.name).where(contacts.c.org_id == ORG)
    ),
    "an upsert": sqlite.insert(quotas)
    .values(org_id=ORG, used=1)
    .on_conflict_do_update(index_elements=["org_id", "day"], set_={"used": 2}),
    "an insert that may do nothing": postgresql.insert(accounts).values(org_id=ORG, name="x").on_conflict_do_nothing(),
    "literal states and numbers": select(accounts).where(mine, accounts.c.name == literal_column("'queued'")).limit(5),
    "nothing of ours": select(literal_column("1")),
}

LOOSE: dict[str, Any] = {
    "no where": select(accounts),
    "only a column": select(accounts.c.id),
    "another condition": select(accounts).where(accounts.c.id == 1),
    "a value of one's own": select(accounts).where(accounts.c.org_id == 7),
    "a bind of another name": select(accounts).where(accounts.c.org_id == bindparam("organisation")),
    "an or": select(accounts).where(or_(mine, accounts.c.id == 1)),
    "an or deep inside": select(accounts).where(and_(accounts.c.id == 1, or_(mine, true()))),
    "a not": select(accounts).where(~mine),
    "not equal": select(accounts).where(accounts.c.org_id != ORG),
    "greater": select(accounts).where(accounts.c.org_id >= ORG),
    "itself": select(accounts).where(accounts.c.org_id == accounts.c.org_id),
    "the bind against itself": select(accounts).where(ORG == ORG),
    "a computed organisation": select(accounts).where(accounts.c.org_id + 0 == ORG),
    "having is not where": select(accounts.c.org_id).group_by(accounts.c.org_id).having(mine),
    "a join with one side loose": select(accounts).join(contacts, contacts.c.account_id == accounts.c.id).where(mine),
    "a join loose on the left": select(accounts)
    .join(contacts, contacts.c.account_id == accounts.c.id)
    .where(contacts.c.org_id == ORG),
    "two tables tied to each other only": select(accounts, contacts).where(accounts.c.org_id == contacts.c.org_id),
    "an outer join's condition does not limit its left side": select(accounts).outerjoin(
        contacts, and_(contacts.c.org_id == ORG, mine)
    ),
    "a full join limits nothing": select(accounts).join(
        contacts, and_(contacts.c.org_id == ORG, accounts.c.org_id == ORG), full=True
    ),
    "an alias is not its table": select(other).where(mine),
    "a table beside its tied alias": select(accounts, other).where(other.c.org_id == ORG),
    "a loose subquery": select(select(accounts).subquery()),
    "a subquery tied from outside": select(
        select(accounts.c.id, contacts.c.org_id).where(contacts.c.org_id == ORG).subquery()
    ),
    "a loose CTE": select(_open_cte),
    "a loose CTE in a join": select(contacts)
    .join(_open_cte, _open_cte.c.id == contacts.c.account_id)
    .where(contacts.c.org_id == ORG),
    "a loose IN": select(contacts).where(contacts.c.org_id == ORG, contacts.c.account_id.in_(select(accounts.c.id))),
    "a loose EXISTS": select(accounts).where(mine, exists().where(contacts.c.account_id == accounts.c.id)),
    "an EXISTS that lists the outer table again": select(accounts).where(
        mine, exists(select(accounts.c.id).where(accounts.c.name == "x").correlate(None))
    ),
    "a derived table does not see its neighbour": select(
        accounts, select(other.c.id).where(other.c.org_id == accounts.c.org_id).subquery()
    ).where(mine),
    "a loose scalar subquery": select(accounts.c.id, select(func.count(contacts.c.id)).scalar_subquery()).where(mine),
    "a loose lateral": select(
        accounts, lateral(select(contacts.c.id).where(contacts.c.account_id == accounts.c.id))
    ).where(mine),
    "half a union": union_all(select(accounts.c.id).where(mine), select(contacts.c.id)),
    "a loose subquery in the order": select(accounts)
    .where(mine)
    .order_by(select(func.max(contacts.c.id)).scalar_subquery()),
    "an update": update(accounts).values(name="x"),
    "an update of another's": update(accounts).where(accounts.c.id == 1).values(name="x"),
    "an update that moves the row": update(accounts).where(mine).values(org_id=2),
    "an update that moves the row to us": update(accounts).where(mine).values(org_id=ORG),
    "an update from a loose table": update(accounts)
    .where(mine, contacts.c.account_id == accounts.c.id)
    .values(name=contacts.c.name),
    "an update with a loose table in its values": update(accounts).where(mine).values(name=contacts.c.name),
    "an update with a loose subquery": update(accounts)
    .where(mine)
    .values(name=select(templates.c.name).limit(1).scalar_subquery()),
    "an update from a loose CTE": update(accounts).where(mine, accounts.c.id == _open_cte.c.id).values(name="x"),
    "a delete": delete(accounts),
    "a delete using a loose table": delete(accounts).where(mine, contacts.c.account_id == accounts.c.id),
    "an insert without it": insert(accounts).values(name="x"),
    "an insert with a value of one's own": insert(accounts).values(org_id=7, name="x"),
    "an insert of whatever is given": insert(accounts),
    "an insert of many": insert(accounts).values([{"org_id": ORG, "name": "x"}, {"org_id": 7, "name": "y"}]),
    "an insert from a loose select": insert(accounts).from_select(
        ["org_id", "name"], select(contacts.c.org_id, contacts.c.name)
    ),
    "an insert that takes another column for it": insert(accounts).from_select(
        ["org_id", "name"], select(contacts.c.id, contacts.c.name).where(contacts.c.org_id == ORG)
    ),
    "an insert from a select that leaves it out": insert(accounts).from_select(
        ["name"], select(contacts.c.name).where(contacts.c.org_id == ORG)
    ),
    "an insert from a union": insert(accounts).from_select(
        ["org_id", "name"],
        union_all(
            select(contacts.c.org_id, contacts.c.name).where(contacts.c.org_id == ORG),
            select(contacts.c.org_id, contacts.c.name),
        ),
    ),
    "an upsert that may hit another's row": sqlite.insert(messages)
    .values(org_id=ORG, id="1")
    .on_conflict_do_update(index_elements=["id"], set_={"state": "sent"}),
    "an upsert by a constraint's name": postgresql.insert(messages)
    .values(org_id=ORG, id="1")
    .on_conflict_do_update(constraint="pk_messages", set_={"state": "sent"}),
    "a new organisation": insert(organisations).values(name="x"),
    "all organisations": select(organisations),
    "a table of the directory": select(slack_teams).where(slack_teams.c.org_id == ORG),
    "a write to what belongs to nobody": update(heartbeats).values(worker="x"),
    "a table without organisations": select(table("alembic_version")),
    "written-out SQL": text("SELECT * FROM accounts"),
    "written-out SQL in a condition": select(accounts).where(mine).where(text("1 = 1 OR 1 = 1")),
    "written-out SQL as columns": text("SELECT id FROM accounts").columns(accounts.c.id),
    "SQL hidden in a literal": select(literal_column("(SELECT max(name) FROM accounts)")),
    "a table by its name alone": select(table("accounts")),
}


@pytest.mark.parametrize("statement", TIED.values(), ids=TIED)
def test_what_is_tied_passes(statement: Any) -> None:
    require_scoped(statement)


@pytest.mark.parametrize("statement", LOOSE.values(), ids=LOOSE)
def test_what_is_loose_is_refused(statement: Any) -> None:
    with pytest.raises(UnscopedStatement):
        require_scoped(statement)


def test_a_refusal_is_not_forgotten() -> None:
    for _ in range(2):
        with pytest.raises(UnscopedStatement):
            require_scoped(select(invoices.c.number))


def test_a_structure_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    walk = inspection._Inspection.walk
    monkeypatch.setattr(inspection._Inspection, "walk", lambda *args: looked.append(1) or walk(*args))

    def ask(number: int) -> Any:
        return select(invoices.c.id).where(invoices.c.org_id == ORG, invoices.c.number == f"N{number}")

    require_scoped(ask(1))
    assert looked
    looked.clear()
    require_scoped(ask(2))
    assert not looked


def test_two_statements_that_differ_only_in_the_bind_are_two_structures() -> None:
    def ask(bind: Any) -> Any:
        return select(invoices.c.due_on).where(invoices.c.org_id == bind)

    require_scoped(ask(ORG))
    with pytest.raises(UnscopedStatement):
        require_scoped(ask(bindparam("another", type_=ORG.type)))
    with pytest.raises(UnscopedStatement):
        require_scoped(ask(5))


def test_what_passed_is_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_KEPT", 3)
    monkeypatch.setattr(inspection, "_structures", {})
    for column in list(invoices.c)[:6]:
        require_scoped(select(column).where(invoices.c.org_id == ORG))
    assert len(inspection._structures) <= 3
