"""Fills a migrated database with accounts, three invoices each and what stands beside them, as an import leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, select, text
from sqlalchemy.dialects import postgresql

from bench.account.names import Company, companies
from domain.accounts import InvoiceState
from domain.commitments import PromiseState
from domain.timeline import Source, StepState
from domain.values import Role
from storage import tables
from storage.search_keys import keys_of

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
"""A Tuesday morning. Sales people are at work, and the customers' hours are open."""

ACCOUNTS_PER_REP = 2_000
OPERATOR = "olga@northwind.example"
"""Sees every account."""
_PORTION = 10_000
_INVOICES = 3
_LATER = 1_000_000_000
"""Ids of invoices that came later, above all others."""

Rows = dict[Table, list[tuple[Any, ...]]]

_COLUMNS: dict[Table, tuple[str, ...]] = {
    tables.accounts: ("id", "external_id", "name", "country", "zone", "domain", "owner_email", "synced_at"),
    tables.account_keys: ("account_id", "kind", "shown", "folded", "owner_email"),
    tables.contacts: ("id", "account_id", "email", "name", "is_primary"),
    tables.invoices: (
        *("id", "account_id", "number", "issued_on", "due_on", "currency", "amount", "balance", "state", "paid_on"),
    ),
    tables.pay_links: ("invoice_id", "url"),
    tables.communications: ("account_id", "contact_id", "source", "subject", "at", "invoice_id"),
    tables.autopilot_steps: ("account_id", "name", "tone", "state", "due_at"),
    tables.notes: ("account_id", "department", "author", "body", "written_at"),
    tables.promises: ("account_id", "currency", "amount", "due_on", "state", "reported_at"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An account as people would ask for it."""

    id: int
    external_id: str
    company: Company
    owner: str


class Book:
    """Grows one organisation's books. The same seed and size are the same rows on both databases."""

    def __init__(self, engine: Engine, org_id: int, *, seed: int = 1) -> None:
        self._engine = engine
        self._org_id = org_id
        self._random = Random(seed)
        self._companies = companies(seed)
        self.entries: list[Entry] = []

    def grow(self, size: int) -> None:
        """Add accounts until there are `size`, and let the database look at what it holds."""
        with self._engine.connect() as connection:
            connection.detach()
            _loosen(connection)
            with connection.begin():
                self._hire(connection, reps_of(size))
            while len(self.entries) < size:
                rows: Rows = {table: [] for table in _COLUMNS}
                for company in islice(self._companies, min(_PORTION, size - len(self.entries))):
                    self._account(company, rows, reps_of(size))
                with connection.begin():
                    _write(connection, self._org_id, rows)
            with connection.begin():
                _learn_words(connection, self._org_id)
            _settle(connection)

    def fatten(self, entry: Entry, count: int) -> None:
        """Give one account `count` more open invoices, with their pay links."""
        rows: Rows = {tables.invoices: [], tables.pay_links: []}
        for number in range(_LATER, _LATER + count):
            issued = NOW.date() - timedelta(days=number % 700)
            due, amount = issued + timedelta(days=30), 5_000 + number * 37 % 4_000_000
            state = InvoiceState.OPEN.value
            rows[tables.invoices].append(
                (number, entry.id, f"INV-{number}", issued, due, "EUR", amount, amount, state, None)
            )
            rows[tables.pay_links].append((number, f"https://pay.example/{number}"))
        with self._engine.connect() as connection:
            connection.detach()
            _loosen(connection)
            with connection.begin():
                _write(connection, self._org_id, rows)
            _settle(connection)

    def _hire(self, connection: Connection, reps: int) -> None:
        known = set(connection.scalars(select(tables.users.c.email).where(tables.users.c.org_id == self._org_id)))
        for email, role in ((OPERATOR, Role.OPERATOR), *((rep(number), Role.SALES) for number in range(reps))):
            if email not in known:
                values = {"email": email, "name": email.partition("@")[0], "role": role.value}
                connection.execute(insert(tables.users).values(org_id=self._org_id, **values))

    def _account(self, company: Company, rows: Rows, reps: int) -> None:
        random, id = self._random, len(self.entries) + 1
        # One in ten belongs to the first rep, as house accounts do; one in fifty to nobody.
        draw = random.random()
        owner = "" if draw < 0.02 else rep(0 if draw < 0.12 else random.randrange(reps))
        external_id = f"C-{id:07}"
        self.entries.append(Entry(id, external_id, company, owner))
        synced = NOW - timedelta(hours=3)
        rows[tables.accounts].append(
            (id, external_id, company.name, "DE", "Europe/Berlin", company.domain, owner or None, synced)
        )
        keys = keys_of(name=company.name, external_id=external_id, domain=company.domain, emails=[company.email])
        rows[tables.account_keys] += [(id, key.kind.value, key.shown, key.folded, owner) for key in keys]
        rows[tables.contacts].append((id, id, company.email, company.contact, True))
        for place in range(_INVOICES):
            invoice = (id - 1) * _INVOICES + place + 1
            issued = NOW.date() - timedelta(days=random.randrange(5, 150))
            due, amount = issued + timedelta(days=30), random.randrange(5_000, 5_000_000)
            paid = min(due + timedelta(days=random.randrange(-5, 20)), NOW.date()) if place == 0 else None
            state = InvoiceState.PAID if paid else InvoiceState.OPEN
            number = f"INV-{invoice:08}"
            rows[tables.invoices].append(
                (invoice, id, number, issued, due, "EUR", amount, 0 if paid else amount, state.value, paid)
            )
            if not paid:
                rows[tables.pay_links].append((invoice, f"https://pay.example/{invoice:08}"))
        said = datetime.combine(NOW.date() - timedelta(days=random.randrange(9, 90)), time(9), UTC)
        rows[tables.communications].append((id, id, Source.AUTOPILOT.value, "Reminder", said, invoice))
        due_at = NOW + timedelta(days=random.randrange(4, 20))
        rows[tables.autopilot_steps].append((id, "Second reminder", "Neutral", StepState.SCHEDULED.value, due_at))
        if random.random() < 0.2:
            rows[tables.notes].append((id, "A/R", "Olga Operator", "Pays by bank transfer, asks for a copy.", said))
        if random.random() < 0.03:
            promised = (id, "EUR", 10_000, NOW.date(), PromiseState.OPEN.value, said)
            rows[tables.promises].append(promised)


def rep(number: int) -> str:
    return f"rep{number}@northwind.example"


def reps_of(size: int) -> int:
    return max(10, size // ACCOUNTS_PER_REP)


def _loosen(connection: Connection) -> None:
    """References are right by construction. PostgreSQL lets only a superuser leave them out, and COPY past the wall."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET ROLE postgres; SET session_replication_role = replica"))
        connection.commit()
    else:
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("PRAGMA synchronous = OFF")
        driver.execute("PRAGMA cache_size = -1000000")


def _write(connection: Connection, org_id: int, rows: Rows) -> None:
    """One portion, table by table."""
    driver: Any = connection.connection.dbapi_connection
    for table, values in rows.items():
        names = ("org_id", *_COLUMNS[table])
        if connection.dialect.name == "postgresql":
            with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row((org_id, *row))
        else:
            marks = ", ".join("?" * len(names))
            driver.executemany(
                f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})",
                ((org_id, *map(_plain, row)) for row in values),
            )


def _learn_words(connection: Connection, org_id: int) -> None:
    """What PostgreSQL's trigger would have done; SQLite's has run."""
    if connection.dialect.name == "postgresql":
        words = (
            select(tables.account_keys.c.org_id, tables.account_keys.c.folded)
            .where(tables.account_keys.c.org_id == org_id, tables.account_keys.c.kind == "word")
            .distinct()
        )
        learned = postgresql.insert(tables.search_words).from_select(["org_id", "word"], words)
        connection.execute(learned.on_conflict_do_nothing())


def _settle(connection: Connection) -> None:
    """Statistics and, on PostgreSQL, the visibility map: what an import and autovacuum see to."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql":
        driver.execute("VACUUM (ANALYZE)")
    else:
        driver.execute("ANALYZE")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _plain(value: Any) -> Any:
    """As SQLAlchemy writes it into SQLite."""
    if isinstance(value, datetime):
        return f"{value.replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"
    return value.isoformat() if hasattr(value, "isoformat") else value
