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
from sqlalchemy import Connection, Engine, String, Table, case, cast, insert, literal, select, text

from storage import depths
from storage import directory as directories
from storage.engine import build_engine
from storage.stores import facts, moves, oversight, stories
from storage.stores import messages as queue
from storage.tables import invoices, messages, suppressions
from storage.transactions import transaction
from storage.types import UtcDateTime
from tests.factories import NOON, TODAY, make_account, make_contact, make_organisation, make_user
from tests.integration.storage.filled import database_for_a_module

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
    "invoices": [7],
    "moves": '[{"id": "m7", "was": "queued", "became": "claimed", "at": "2026-11-23 12:00:00+00:00"}]',
    "since": NOON - timedelta(days=8),
    **{f"v_end_{number}": NOON + timedelta(days=number) for number in range(3)},
}


def instant(at: datetime) -> Any:
    return literal(at, UtcDateTime())


def fill(connection: Connection, table: Table, columns: dict[str, Any]) -> None:
    """One row for each number, made by the database itself."""
    values = [value if hasattr(value, "label") else literal(value) for value in columns.values()]
    connection.execute(insert(table).from_select(list(columns), select(*values)))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def crowded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[tuple[Engine, int]]:
    """A database of each kind, filled once; whatever is asked of it is rolled back."""
    with database_for_a_module(request, tmp_path_factory, worker_id, name="crowded") as engine:
        yield engine, crowd(engine)


def crowd(database: Engine) -> int:
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
def plans(crowded: tuple[Engine, int]) -> Iterator[Plans]:
    """As a unit of work asks: on PostgreSQL the policies are in every plan."""
    database, org_id = crowded
    engine = build_engine(database.url)
    with transaction(engine, org_id=org_id) as connection:
        yield Plans(connection, org_id)
        connection.get_transaction().rollback()  # type: ignore[union-attr]
    engine.dispose()


@pytest.fixture
def plans_across(crowded: tuple[Engine, int]) -> Iterator[Plans]:
    """As the loop and monitors ask."""
    database, org_id = crowded
    with database.connect() as connection:
        yield Plans(connection, org_id)
        connection.rollback()


class Plans:
    """How the database would run a statement; PostgreSQL also when it plans without looking at values."""

    def __init__(self, connection: Connection, org_id: int, **params: Any) -> None:
        self._connection = connection
        self._params = PARAMS | params | {"org": org_id}

    @property
    def dialect(self) -> str:
        return self._connection.dialect.name

    def of(self, statement: Any) -> list[str]:
        """One text for each way of planning it."""
        dialect = self._connection.dialect
        asked = statement.compile(dialect=dialect).construct_expanded_state(self._params)
        if dialect.name == "sqlite":
            ordered = tuple(str(asked.parameters[name]) for name in asked.positiontup)
            rows = self._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked.statement}", ordered)
            return ["\n".join(row.detail for row in rows)]
        return [self._on_postgres(asked.statement, asked.parameters, mode) for mode in ("custom", "generic")]

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


READS_ALL = re.compile(
    r'"Node Type": "Seq Scan"[^{}]*"Relation Name": "(messages|suppressions|invoices)"'
    r"|SCAN (messages|suppressions|invoices)\b"
)


def rows_and_pages(plan: str) -> tuple[float, int]:
    """Of a PostgreSQL plan: the most rows that any step gave, and the pages that all of them touched."""
    rows = max(float(rows) for rows in re.findall(r'"Actual Rows": ([\d.]+)', plan))
    (explained,) = json.loads(plan)
    return rows, explained["Plan"]["Shared Hit Blocks"] + explained["Plan"]["Shared Read Blocks"]


def check(plan: str, indexes: list[str], *, most: int) -> None:
    assert all(index in plan for index in indexes), plan
    assert not READS_ALL.search(plan), plan
    if plan.startswith("["):
        rows, pages = rows_and_pages(plan)
        assert rows <= most, plan
        assert pages <= AT_MOST * most, f"{pages} pages: {plan}"


def test_every_tick_walks_the_partial_indexes(plans_across: Plans) -> None:
    for plan in plans_across.of(directories._DUE_WORK):
        check(plan, ["ix_messages_due", "ix_messages_leased", "ix_messages_waiting_expiry"], most=1)
    for plan in plans_across.of(directories._DUE_NOTICES):
        assert not re.search(r"SCAN notices\b", plan)


def test_the_queue_is_taken_by_its_partial_indexes(plans: Plans) -> None:
    for statement, index in (
        (queue._CLAIM[plans.dialect], "ix_messages_due"),
        (queue._OVERDUE, "ix_messages_leased"),
        (queue._PAST_EXPIRY, "ix_messages_waiting_expiry"),
    ):
        for plan in plans.of(statement):
            check(plan, [index], most=PARAMS["v_limit"])


def test_a_click_reads_what_it_is_about(plans: Plans) -> None:
    for statement, index in (
        (queue._BY_ID, ""),
        (queue._BY_ORIGIN, "uq_messages_org_id_origin"),
        (queue._OPEN_FOR, "uq_messages_open_of_source"),
        (moves._MOVE[plans.dialect], ""),
        (facts._CONTACTS, "uq_suppressions_org_id_email"),
        (facts._NAMED_INVOICES, ""),
        (stories._BY_IDS, "uq_suppressions_org_id_email"),
    ):
        for plan in plans.of(statement):
            # SQLite numbers the indexes of unique constraints; that they are used is enough.
            check(plan, [index] if plans.dialect == "postgresql" else [], most=2)


def test_what_was_sent_is_not_looked_at_for_what_is_claimed(plans: Plans) -> None:
    """What is queued is nearly all of this table, which is read for it."""
    for plan in plans.of(oversight.waiting_by_days(3)):
        assert "ix_messages_leased" in plan, plan


def test_the_depth_of_the_queue_is_read_from_partial_indexes(plans_across: Plans) -> None:
    for plan in plans_across.of(depths.DEPTH):
        for index in ("ix_messages_due", "ix_messages_leased", "ix_messages_aside"):
            assert index in plan, plan
        assert not READS_ALL.search(plan), plan
