"""The demo's book in a real database: loaded once, whole, and never twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, func, select, update

from bot.demo_book import IMPORTED_BY, load_book
from bot.demo_time import refresh_books
from sandbox.book import Book, make_book
from storage import tables
from storage.defaults import default_templates
from storage.directory import Directory

TODAY = date(2026, 3, 2)
AT = datetime.combine(TODAY, time(9, 30), tzinfo=UTC)
THEIRS, OURS = "Contoso", "Northwind Machines"


@pytest.fixture(scope="module")
def book() -> Book:
    return make_book(seed=20, today=TODAY)


def prepared(engine: Engine) -> Engine:
    """With two organisations; the book is the second one's."""
    directory = Directory(engine)
    directory.create_organisation(THEIRS, "America/New_York", "US", AT)
    directory.create_organisation(OURS, "Europe/Berlin", "DE", AT)
    return engine


@pytest.fixture
def engine(sqlite: Engine) -> Engine:
    return prepared(sqlite)


@pytest.fixture
def either(database: Engine) -> Engine:
    """SQLite and PostgreSQL, where the difference could matter."""
    return prepared(database)


def org(engine: Engine, name: str) -> int:
    with engine.connect() as connection:
        named = select(tables.organisations.c.id).where(tables.organisations.c.name == name)
        return int(connection.execute(named).scalar_one())


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in tables.metadata.sorted_tables
        }


def count(engine: Engine, table_name: str) -> int:
    table, ours = tables.metadata.tables[table_name], org(engine, OURS)
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table).where(table.c.org_id == ours)).scalar_one()


def test_it_is_whole_and_a_second_load_changes_nothing(either: Engine, book: Book) -> None:
    told: list[tuple[str, float]] = []
    first = load_book(
        book, engine=either, org_id=org(either, OURS), at=AT, on_progress=lambda what, share: told.append((what, share))
    )
    assert (first.accounts, first.invoices, first.was_there) == (len(book.accounts), len(book.invoices), False)
    assert {
        name: count(either, name)
        for name in (
            "users accounts contacts invoices payments notes promises disputes communications autopilot_steps"
            " suppressions templates pay_links"
        ).split()
    } == {
        "users": len(book.people),
        "accounts": len(book.accounts),
        "contacts": len(book.contacts),
        "invoices": len(book.invoices),
        "payments": len(book.payments),
        "notes": len(book.notes),
        "promises": len(book.promises),
        "disputes": len(book.disputes),
        "communications": len(book.communications),
        "autopilot_steps": len(book.steps),
        "suppressions": 2,
        "templates": len(default_templates()),
        "pay_links": sum(invoice.pay_link is not None for invoice in book.invoices),
    }
    shares = [share for _, share in told]
    assert shares == sorted(shares) and shares[-1] == 1.0

    before = everything(either)
    second = load_book(book, engine=either, org_id=org(either, OURS), at=AT + timedelta(hours=3))
    assert second.was_there
    assert everything(either) == before


def test_rows_say_what_the_book_says(engine: Engine, book: Book) -> None:
    load_book(book, engine=engine, org_id=org(engine, OURS), at=AT)
    a, i, links, c = tables.accounts, tables.invoices, tables.pay_links, tables.contacts
    with engine.connect() as connection:
        stored = {
            row.number: row
            for row in connection.execute(
                select(i, a.c.external_id, links.c.url, links.c.expires_at)
                .join(a, a.c.id == i.c.account_id)
                .outerjoin(links, links.c.invoice_id == i.c.id)
            )
        }
        accounts = {row.external_id: row for row in connection.execute(select(a))}
        contacts = {row.email: row for row in connection.execute(select(c))}
        notes = {row.external_id: row for row in connection.execute(select(tables.notes))}
    for invoice in book.invoices:
        row = stored[invoice.number]
        assert (row.external_id, row.amount, row.balance, row.currency, row.state, row.paid_on) == (
            invoice.account_id,
            invoice.amount,
            invoice.balance,
            invoice.currency,
            invoice.state,
            invoice.paid_on,
        )
        assert (row.issued_on, row.due_on) == (invoice.issued_on, invoice.due_on)
        assert (row.url, row.expires_at) == (
            invoice.pay_link,
            invoice.pay_link_expires_at.replace(second=0) if invoice.pay_link_expires_at else None,
        )
    for account in book.accounts:
        kept = accounts[account.id]
        assert (kept.name, kept.country, kept.region, kept.zone, kept.domain, kept.owner_email) == (
            account.name,
            account.country,
            account.region,
            account.zone,
            account.domain,
            account.owner_email,
        )
        assert (kept.renewal_on, kept.legal_hold, kept.synced_at) == (account.renewal_on, account.legal_hold, AT)
    for contact in book.contacts:
        assert (contacts[contact.email].is_valid, contacts[contact.email].is_primary) == (
            contact.is_valid,
            contact.is_primary,
        )
    for note in book.notes:
        assert (notes[note.id].body, notes[note.id].department) == (note.body, note.department)
        assert notes[note.id].written_at.date() == note.written_on


def test_nothing_lies_ahead_when_the_demo_starts_before_breakfast(engine: Engine, book: Book) -> None:
    at = datetime.combine(TODAY, time(0, 20), tzinfo=UTC)
    load_book(book, engine=engine, org_id=org(engine, OURS), at=at)
    with engine.connect() as connection:
        for column in (
            tables.communications.c.at,
            tables.promises.c.reported_at,
            tables.disputes.c.opened_at,
            tables.autopilot_steps.c.sent_at,
        ):
            assert connection.execute(select(func.max(column))).scalar_one() < at, column


def test_another_organisation_is_not_touched(engine: Engine, book: Book) -> None:
    load_book(book, engine=engine, org_id=org(engine, OURS), at=AT)
    theirs = org(engine, THEIRS)
    with engine.connect() as connection:
        for table in tables.SCOPED:
            others = select(func.count()).select_from(table).where(table.c.org_id == theirs)
            assert connection.execute(others).scalar_one() == 0, table.name


def test_a_load_that_was_cut_off_is_completed(either: Engine, book: Book) -> None:
    def pull_the_plug(what: str, share: float) -> None:
        if what == "what was said and promised":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_book(book, engine=either, org_id=org(either, OURS), at=AT, on_progress=pull_the_plug)
    assert count(either, "autopilot_steps") == count(either, "users") == 0
    again = load_book(book, engine=either, org_id=org(either, OURS), at=AT)
    assert not again.was_there
    assert count(either, "autopilot_steps") == len(book.steps)
    assert count(either, "accounts") == len(book.accounts)
    assert count(either, "payments") == len(book.payments)


def test_what_people_changed_stays(engine: Engine, book: Book) -> None:
    load_book(book, engine=engine, org_id=org(engine, OURS), at=AT)
    with engine.begin() as connection:
        connection.execute(
            update(tables.users).where(tables.users.c.slack_user_id == "U01VIKVIEW").values(role="operator")
        )
    load_book(book, engine=engine, org_id=org(engine, OURS), at=AT)
    with engine.connect() as connection:
        role = select(tables.users.c.role).where(tables.users.c.slack_user_id == "U01VIKVIEW")
        assert connection.execute(role).scalar_one() == "operator"


def test_refreshing_keeps_the_demo_alive_for_weeks(either: Engine, book: Book) -> None:
    load_book(book, engine=either, org_id=org(either, OURS), at=AT)
    links = tables.pay_links

    def dead(at: datetime) -> int:
        with either.connect() as connection:
            return connection.execute(
                select(func.count()).select_from(links).where(links.c.expires_at <= at)
            ).scalar_one()

    expired = dead(AT)
    assert expired > 0
    for days in (5, 10, 15):
        at = AT + timedelta(days=days)
        assert refresh_books(either, org_id=org(either, OURS), at=at) == len(book.accounts)
        assert dead(at) == expired
    with either.connect() as connection:
        assert set(connection.scalars(select(tables.accounts.c.synced_at))) == {at}
        assert connection.scalar(select(func.max(tables.imports.c.finished_at))) == at


def test_the_imports_are_on_record(engine: Engine, book: Book) -> None:
    load_book(book, engine=engine, org_id=org(engine, OURS), at=AT)
    with engine.connect() as connection:
        runs = connection.execute(select(tables.imports)).all()
    assert [run.kind for run in runs] == ["customers", "contacts", "invoices", "payments", "notes"]
    assert {(run.state, run.rejected, run.by) for run in runs} == {("done", 0, IMPORTED_BY)}
