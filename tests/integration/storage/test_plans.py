"""Statements walk their indexes whatever waits beside what they look for, with row-level security in force."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from psycopg import sql
from sqlalchemy import Connection, Engine, String, Table, case, cast, insert, literal, select

from storage import depths
from storage import directory as directories
from storage.stores import messages as queue
from storage.tables import invoices, messages
from storage.types import UtcDateTime
from tests.factories import NOON, TODAY, make_account, make_contact, make_organisation, make_user

BACKLOG = 200_000
DUE = 300
AT_MOST = 60
"""Pages (8 KB) of PostgreSQL that a statement may touch for each row that it gives, 200,000 rows beside it or not."""
PARAMS = {
    "v_at": NOON,
    "at": NOON,
    "day_ago": NOON - timedelta(days=1),
    "v_lease_until": NOON + timedelta(minutes=1),
    "v_worker": "w",
    "v_token": uuid4().hex,
    "v_limit": 50,
    "param_1": 1,
    "v_id": "m7",
    "v_origin": "click-7",
    "v_account": 1,
    "v_contact": 1,
    "v_invoice": 7,
    "accounts": [1],
    "ids": ["m7", "m8"],
    "since": NOON - timedelta(days=8),
}


def instant(at: datetime) -> Any:
    return literal(at, UtcDateTime())


def fill(connection: Connection, table: Table, columns: dict[str, Any]) -> None:
    """One row for each number, made by the database itself."""
    values = [value if hasattr(value, "label") else literal(value) for value in columns.values()]
    connection.execute(insert(table).from_select(list(columns), select(*values)))


@pytest.fixture
def org_id(database: Engine) -> int:
    """An organisation whose queue waits for tomorrow, except for a few messages; as many addresses are suppressed."""
    org_id = make_organisation(database)
    account = make_account(database, org_id)
    contact = make_contact(database, org_id, account.id)
    rep = make_user(database, org_id)
    number = select(literal(1).label("n")).cte("numbers", recursive=True)
    number = number.union_all(select(number.c.n + 1).where(number.c.n < BACKLOG))
    n = number.c.n
    a_queued_one, a_late_one = case((n % 10 == 0, "sent"), else_="queued"), NOON - timedelta(days=1)
    of_org = {"org_id": org_id, "account_id": account.id}
    with database.begin() as connection:
        if database.dialect.name == "postgresql":
            # The references are right by construction; checking them takes longer than everything else here.
            connection.execute(text("SET LOCAL ROLE postgres"))
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        fill(
            connection,
            suppressions,
            {
                "org_id": org_id,
                "email": "n" + cast(n, String) + "@acme.example",
                "reason": "opted_out",
                "since": instant(NOON),
            },
        )
        fill(
            connection,
            invoices,
            {
                **of_org,
                "id": n,
                "number": "N" + cast(n, String),
                "issued_on": literal(TODAY),
                "due_on": literal(TODAY),
                "currency": "EUR",
                "amount": 100,
                "balance": 100,
                "state": "open",
            },
        )
        fill(
            connection,
            messages,
            {
                **of_org,
                "id": "m" + cast(n, String),
                "contact_id": contact.id,
                "invoice_id": n,
                "template_key": "friendly",
                "template_version": 1,
                "requested_by": rep.id,
                "requested_at": instant(NOON),
                "origin": "click-" + cast(n, String),
                "state": a_queued_one,
                "leaves_at": case((n > DUE, instant(NOON + timedelta(days=1))), else_=instant(a_late_one)),
                "expires_at": instant(NOON + timedelta(days=3)),
                "changed_at": instant(NOON),
            },
        )
    with database.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    return org_id


@pytest.fixture
def plans(database: Engine, org_id: int) -> Iterator[Plans]:
    """As a unit of work asks: on PostgreSQL the policies are in every plan."""
    engine = build_engine(database.url)
    with transaction(engine, org_id=org_id) as connection:
        yield Plans(connection, org_id)
        connection.get_transaction().rollback()  # type: ignore[union-attr]
    engine.dispose()


@pytest.fixture
def plans_across(database: Engine, org_id: int) -> Iterator[Plans]:
    """As the loop asks who has work."""
    with database.connect() as connection:
        yield Plans(connection, org_id)
        connection.rollback()


class Plans:
    """How the database would run a statement; PostgreSQL also when it plans without looking at values."""

    def __init__(self, connection: Connection, org_id: int) -> None:
        self._connection = connection
        self._params = PARAMS | {"org": org_id}

    def of(self, statement: Any) -> list[str]:
        """One text for each way of planning it."""
        dialect = self._connection.dialect
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        if dialect.name == "sqlite":
            given = tuple(compiled.construct_params({k: v for k, v in values.items() if k in compiled.params}).items())
            bound = dict(given)
            ordered = tuple(str(bound[name]) for name in compiled.positiontup)
            rows = self._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", ordered)
            return ["\n".join(row.detail for row in rows)]
        return [self._on_postgres(str(compiled), values, mode) for mode in ("custom", "generic")]

    def _on_postgres(self, text: str, values: dict[str, Any], mode: str) -> str:
        names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
        numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found.group(1)) + 1}", text)
        given = sql.SQL(", ").join(sql.Literal(values[name]) for name in names)
        driver = self._connection.connection.dbapi_connection
        cursor = driver.cursor()  # type: ignore[union-attr]
        cursor.execute(f"SET LOCAL plan_cache_mode = force_{mode}_plan")
        cursor.execute(f"PREPARE asked AS {numbered}")
        cursor.execute(
            sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE asked ({})").format(given).as_string(driver)  # type: ignore[arg-type]
        )
        plan = cursor.fetchone()[0]
        cursor.execute("DEALLOCATE asked")
        cursor.close()
        return plan if isinstance(plan, str) else json.dumps(plan)


READS_ALL = re.compile(r'"Node Type": "Seq Scan"[^{}]*"Relation Name": "messages"|SCAN messages\b')


def test_every_tick_walks_the_partial_indexes(plans: Plans, database: Engine) -> None:
    asked = {
        "claim": (queue._CLAIM[database.dialect.name], ["ix_messages_due"]),
        "ended leases": (queue._OVERDUE, ["ix_messages_leased"]),
        "past expiry": (queue._PAST_EXPIRY, ["ix_messages_waiting_expiry"]),
        "who has work": (
            directories._DUE_WORK,
            ["ix_messages_due", "ix_messages_leased", "ix_messages_waiting_expiry"],
        ),
    }
    for name, (statement, indexes) in asked.items():
        for plan in plans.of(statement):
            assert all(index in plan for index in indexes), f"{name}: {plan}"
            assert not READS_ALL.search(plan), f"{name}: {plan}"
            most = max((float(rows) for rows in re.findall(r'"Actual Rows": ([\d.]+)', plan)), default=0)
            assert most <= PARAMS["v_limit"], f"{name} read {most} rows"
    for plan in plans.of(directories._DUE_NOTICES):
        assert not re.search(r"SCAN notices\b", plan)


def test_the_depth_of_the_queue_is_read_from_partial_indexes(plans: Plans) -> None:
    for plan in plans.of(depths._DEPTH):
        for index in ("ix_messages_due", "ix_messages_leased", "ix_messages_aside"):
            assert index in plan, plan
        assert not READS_ALL.search(plan), plan
