"""What `/account` and lists ask of a large book walks indexes and reads a bounded number of rows, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Select, event
from sqlalchemy.sql.selectable import CompoundSelect

from bench.account.book import NOW, Book, rep
from storage.engine import build_engine
from storage.migrate import upgrade
from storage.scope import Scope
from storage.stores.accounts import AccountStore
from storage.stores.search_reads import CROWD
from storage.transactions import transaction
from tests.factories import make_organisation
from tests.integration.storage.test_plans import Plans
from tests.postgres import Server

ACCOUNTS = 8_000
LONG = 1_000
"""Open invoices of the account with the longest list."""
BOOK = "account_keys|accounts|search_words|invoices|pay_links|contacts|communications|notes|autopilot_steps"
READS_ALL = re.compile(rf'"Node Type": "Seq Scan"[^{{}}]*"Relation Name": "({BOOK})"|SCAN ({BOOK})\b')
HALF_WAY = re.compile(
    r"SEARCH account_keys (?!.*(folded|account_id)[=<>]).*|SEARCH search_words (?!.*(word|rowid)[=<>]).*"
)
"""SQLite found the organisation in the index, but not what was asked for."""
WORDS = {
    "external id": "C-0000007",
    "a beginning": "sch",
    "two common words, one with a slip": "sytsems berlin",
    "common words that are there": "systems berlin",
    "a word like others": "consultinger",
    "a slip": "logitsics",
}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def book(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[tuple[Engine, int]]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('book') / 'plixo.db'}"
    else:
        server: Server = request.getfixturevalue("postgres_server")
        url = server.create(f"plixo_book_{worker_id}", template=f"plixo_template_{worker_id}")
    patient, engine = build_engine(url, statement_timeout=0, across=True), build_engine(url)
    upgrade(patient)
    org_id = make_organisation(patient)
    filled = Book(patient, org_id)
    filled.grow(ACCOUNTS)
    filled.fatten(filled.entries[6], LONG)
    yield engine, org_id
    patient.dispose()
    engine.dispose()
    if request.param != "sqlite":
        server.drop(f"plixo_book_{worker_id}")


class Asked(Plans):
    """The plan of one statement with the parameters that it was asked with."""

    def __init__(self, connection: Connection, params: dict[str, Any]) -> None:
        super().__init__(connection, params["org"])
        self._params = params

    def _on_postgres(self, text: str, values: dict[str, Any], mode: str) -> str:
        # Likeness is spelt for a driver that looks for places of parameters.
        return super()._on_postgres(text.replace("%%", "%"), values, mode)


def without_derived(plan: str) -> str:
    """SQLite reads a derived table of the name of a real one like that one, once."""
    for name in re.findall(r"(?:CO-ROUTINE|MATERIALIZE) (\w+)", plan):
        plan = re.sub(rf"SCAN {name}$", "", plan, count=1, flags=re.MULTILINE)
    return plan


def check_all(book: tuple[Engine, int], ask: Any, *, most: int) -> int:
    """Do what is asked, then look at the plan of every statement it took; returns how many there were."""
    engine, org_id = book
    asked: list[tuple[Any, dict[str, Any]]] = []

    def note(_connection: Connection, statement: Any, _many: Any, params: dict[str, Any], _options: Any) -> None:
        if isinstance(statement, Select | CompoundSelect):
            asked.append((statement, dict(params)))

    with transaction(engine, org_id=org_id) as connection:
        event.listen(engine, "before_execute", note)
        try:
            ask(AccountStore(Scope(connection, org_id)))
        finally:
            event.remove(engine, "before_execute", note)
        for statement, params in asked:
            for plan in Asked(connection, params).of(statement):
                amiss = READS_ALL.search(without_derived(plan)) or HALF_WAY.search(plan)
                assert not amiss, f"{amiss}: {plan}"
                rows = re.findall(r'"(?:Actual Rows|Rows Removed by \w+(?: \w+)?)": ([\d.]+)', plan)
                assert max(map(float, rows), default=0) <= most, plan
    return len(asked)


@pytest.mark.parametrize("owner", [None, rep(0)], ids=["of everybody", "of one rep"])
@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_a_search_reads_few_rows(book: tuple[Engine, int], words: str, owner: str | None) -> None:
    def search(accounts: AccountStore) -> None:
        assert accounts.search(words, owner_email=owner, limit=8) or owner

    assert check_all(book, search, most=CROWD) <= 9


def test_the_worst_of_a_book_are_found_by_their_debts(book: tuple[Engine, int]) -> None:
    def summaries(accounts: AccountStore) -> None:
        found, total = accounts.summaries(owner_email=None, today=NOW.date(), limit=10)
        assert (len(found), total) == (10, None)
        days = [one.oldest_days_past_due for one in found]
        assert days == sorted(days, reverse=True)
        # The longest list holds the oldest debt of all.
        assert (found[0].account.id, found[0].open_invoices) == (7, LONG + 2)

    check_all(book, summaries, most=2 * LONG)


def test_a_card_reads_what_is_the_accounts_own(book: tuple[Engine, int]) -> None:
    def card(accounts: AccountStore) -> None:
        found = accounts.card(7, sending_domain="example.com", at=NOW)
        assert found is not None
        assert sum(due.count for due in found.dues) > LONG

    assert check_all(book, card, most=LONG + 10) == 2
