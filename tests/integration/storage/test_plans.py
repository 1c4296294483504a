"""The statements of every tick walk their partial indexes, whatever waits beside what is due."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from psycopg import sql
from sqlalchemy import Connection, Engine, insert

from domain.messages import State
from storage import directory as directories
from storage.stores import messages as queue
from storage.tables import invoices, messages
from tests.factories import NOON, TODAY, make_account, make_contact, make_organisation, make_user

BACKLOG = 20_000
DUE = 300
PARAMS = {
    "v_at": NOON,
    "at": NOON,
    "v_lease_until": NOON + timedelta(minutes=1),
    "v_worker": "w",
    "v_token": uuid4().hex,
    "v_limit": 50,
    "param_1": 1,
}


@pytest.fixture
def org_id(database: Engine) -> int:
    """An organisation whose queue waits for tomorrow, except for a few messages."""
    org_id = make_organisation(database)
    account = make_account(database, org_id)
    contact = make_contact(database, org_id, account.id)
    rep = make_user(database, org_id)
    with database.begin() as connection:
        connection.execute(
            insert(invoices),
            [
                {
                    "id": n,
                    "org_id": org_id,
                    "account_id": account.id,
                    "number": f"N{n}",
                    "issued_on": TODAY,
                    "due_on": TODAY,
                    "currency": "EUR",
                    "amount": 100,
                    "balance": 100,
                    "state": "open",
                }
                for n in range(1, BACKLOG + 1)
            ],
        )
        connection.execute(
            insert(messages),
            [
                {
                    "id": uuid4().hex,
                    "org_id": org_id,
                    "account_id": account.id,
                    "contact_id": contact.id,
                    "invoice_id": n,
                    "template_key": "friendly",
                    "template_version": 1,
                    "requested_by": rep.id,
                    "requested_at": NOON,
                    "origin": f"click-{n}",
                    "state": (State.QUEUED if n % 10 else State.SENT).value,
                    "leaves_at": NOON + timedelta(days=1 if n > DUE else -1),
                    "expires_at": NOON + timedelta(days=3),
                    "changed_at": NOON,
                }
                for n in range(1, BACKLOG + 1)
            ],
        )
    with database.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("ANALYZE")
    return org_id


@pytest.fixture
def plans(database: Engine, org_id: int) -> Iterator[Plans]:
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
        compiled = statement.compile(dialect=dialect)
        values = {**compiled.params, **self._params}
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


def test_a_claim_walks_what_is_due(plans: Plans, database: Engine) -> None:
    for plan in plans.of(queue._CLAIM[database.dialect.name]):
        assert "ix_messages_due" in plan
        assert not re.search(r'"Seq Scan"|SCAN messages', plan)
        assert len(re.findall(r"Actual Rows\": (\d{3,})", plan)) == 0, "more rows were read than claimed"


def test_looking_after_leases_and_expiry_walks_its_index(plans: Plans) -> None:
    for statement, index in (
        (queue._OVERDUE, "ix_messages_leased"),
        (queue._PAST_EXPIRY, "ix_messages_waiting_expiry"),
    ):
        for plan in plans.of(statement):
            assert index in plan
            assert not re.search(r'"Seq Scan"|SCAN messages', plan)


def test_who_has_work_is_one_look_into_each_index(plans: Plans) -> None:
    for plan in plans.of(directories._DUE_WORK):
        for index in ("ix_messages_due", "ix_messages_leased", "ix_messages_waiting_expiry"):
            assert index in plan
        assert not re.search(
            r'"Relation Name": "messages"[^{}]*"Seq Scan"|"Seq Scan"[^{}]*"messages"|SCAN messages', plan
        )
        read = [int(number) for number in re.findall(r"Actual Rows\": (\d+)", plan)]
        assert max(read, default=0) <= 1


def test_who_has_notices_walks_its_index(plans: Plans) -> None:
    for plan in plans.of(directories._DUE_NOTICES):
        assert "SCAN notices" not in plan
