"""Planning looks a page of customers up by its keys, however many others have sequences and steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Select, String, cast, literal, select, text

from domain.usecases._autopilot import AT_ONCE
from storage import tables
from storage.engine import build_engine
from storage.sets import DIALECTS
from storage.stores import facts, sequences
from storage.transactions import transaction
from storage.unit_of_work import build_unit_of_work
from tests.factories import NOON, TODAY, make_organisation
from tests.integration.storage.filled import database_for_a_module
from tests.integration.storage.test_plans import Plans, fill, instant, rows_and_pages

CUSTOMERS = 50_000
PAGE = range(20_001, 20_001 + AT_ONCE)
READS_ALL = re.compile(
    r'"Node Type": "Seq Scan"[^{}]*"Relation Name": "(accounts|invoices|sequences|autopilot_steps)"'
    r"|SCAN (accounts|invoices|sequences|autopilot_steps)\b(?! USING)"
)
OF_COURSES = {
    "of another": sequences._OF_ANOTHER,
    "running": sequences._RUNNING,
    "done": sequences._DONE,
    "pending": sequences._PENDING,
    "steps": {dialect: facts._steps(dialect) for dialect in DIALECTS},
}
OF_A_PAGE = {
    **OF_COURSES,
    **{
        name: dict.fromkeys(DIALECTS, read)
        for name, read in {
            "invoices": facts._OPEN_INVOICES,
            "invoices, cited and open": facts._NAMED_AND_OPEN,
            "accounts": facts._LOCKED,
            "next page": sequences._BOOK,
        }.items()
    },
}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def planned(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[tuple[Engine, int]]:
    """Everybody owes an invoice, and has a sequence with its next step."""
    with database_for_a_module(request, tmp_path_factory, worker_id, name="planned") as engine:
        yield engine, plan_all(engine)


def plan_all(database: Engine) -> int:
    org_id = make_organisation(database)
    with database.begin() as connection:
        plan_everybody(connection, org_id)
    with database.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    return org_id


def plan_everybody(connection: Connection, org_id: int, *, after: int = 0) -> None:
    """So many customers with ids from the one `after` on, each with all of it."""
    number = select(literal(after + 1).label("n")).cte("numbers", recursive=True)
    number = number.union_all(select(number.c.n + 1).where(number.c.n < after + CUSTOMERS))
    n = number.c.n
    of_org = {"org_id": org_id, "id": n}
    if connection.dialect.name == "postgresql":
        # The references are right by construction.
        connection.execute(text("SET LOCAL ROLE postgres"))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    fill(
        connection,
        tables.accounts,
        {**of_org, "external_id": "C" + cast(n, String), "name": "Acme " + cast(n, String)},
    )
    fill(
        connection,
        tables.invoices,
        {
            **of_org,
            "account_id": n,
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
        tables.sequences,
        {
            **of_org,
            "account_id": n,
            "invoice_id": n,
            "segment": "All",
            "cadence": "Standard",
            "version": 1,
            "done_day": 3,
            "started_at": instant(NOON),
        },
    )
    fill(
        connection,
        tables.autopilot_steps,
        {
            **of_org,
            "account_id": n,
            "name": "Friendly reminder",
            "tone": "Neutral",
            "state": "scheduled",
            "due_at": instant(NOON),
            "sequence_id": n,
            "day": 14,
            "template": "friendly",
        },
    )
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL ROLE NONE"))


Reads = Mapping[str, Select[Any]]
"""One for each dialect."""


@pytest.mark.parametrize("read", OF_A_PAGE.values(), ids=OF_A_PAGE)
def test_a_page_is_read_by_its_keys(planned: tuple[Engine, int], read: Reads) -> None:
    database, org_id = planned
    engine = build_engine(database.url)
    with transaction(engine, org_id=org_id) as connection:
        is_read_by_its_keys(connection, org_id, PAGE, read)
    engine.dispose()


@pytest.mark.parametrize("read", OF_COURSES.values(), ids=OF_COURSES)
def test_it_is_where_they_came_after_the_statistics(planned: tuple[Engine, int], read: Reads) -> None:
    """The first pass: PostgreSQL believes that this organisation has hardly a row."""
    database, _ = planned
    org_id = make_organisation(database)
    with database.connect() as connection:
        plan_everybody(connection, org_id, after=CUSTOMERS)
        is_read_by_its_keys(connection, org_id, range(PAGE.start + CUSTOMERS, PAGE.stop + CUSTOMERS), read)
        connection.rollback()


def is_read_by_its_keys(connection: Connection, org_id: int, page: range, read: Reads) -> None:
    of_page = {"accounts": list(page), "invoices": list(page), "v_after": page.start - 1, "v_limit": AT_ONCE}
    for plan in Plans(connection, org_id, **of_page).of(read[connection.dialect.name]):
        assert not READS_ALL.search(plan), plan
        if plan.startswith("["):
            rows, pages = rows_and_pages(plan)
            assert rows <= 2 * AT_ONCE, plan
            assert pages <= 10 * AT_ONCE, f"{pages} pages: {plan}"


@pytest.mark.postgres
def test_no_plan_is_kept_from_when_hardly_anybody_was_planned(postgres: Engine) -> None:
    """The first pass fills the tables that it reads: a plan of its first pages would read all of them for the later."""
    org_id = make_organisation(postgres)
    with build_unit_of_work(postgres, org_id=org_id)() as work:
        for _ in range(10):
            work.sequences.of([1])
            work.sequences.of_another([1])
            work.sequences.any_running()
    with postgres.connect() as connection:
        kept = connection.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert not [statement for statement in kept if "unnest" in statement]
    assert kept, "those of which it is right keep their plans"
