"""Fills a migrated database with the books and the queue of one organisation, fast.

Rows go in by COPY on PostgreSQL and by `executemany` on SQLite, without checking references: the rows are right by
construction, and a database of measurements is thrown away. The same numbers give the same rows.

    python -m bench.load DATABASE_URL --accounts 100000 --due 0.1 [--invoices 3] [--keys]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

from sqlalchemy import Connection, Engine, func, insert, select

from bench import bulk
from bench.bulk import Row
from domain.notices import NoticeKind
from domain.values import Role
from storage import tables
from storage.clock import DatabaseClock
from storage.defaults import default_templates
from storage.engine import build_engine
from storage.migrate import upgrade
from storage.search_keys import AccountKey, keys_of

REP = "rita@northwind.example"
ZONE = "Europe/Berlin"
LATE = timedelta(hours=1)
"""Due messages became due within the last hour, the others will within the next two days."""
WAIT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is there now. Accounts are numbered from `first_account` on; account number i has the name `name_of(i)`."""

    org_id: int
    user_id: int
    first_account: int
    accounts: int
    messages: int
    due: int


def load(
    engine: Engine,
    *,
    accounts: int,
    invoices: int = 1,
    due: float | None = None,
    keys: bool = False,
    at: datetime | None = None,
) -> Loaded:
    """One organisation: a rep, templates, and accounts of theirs with a contact and `invoices` open invoices each.

    With `due` (a share from 0 to 1) every account has a message queued for its newest invoice, with its history, its
    audit and the alert that A/R has been shown; so many of them are due at `at`, spread evenly over the accounts.
    With `keys` the accounts can be found by `/account`. The books are fresh at `at` (default: the database's clock).
    """
    at = (at or DatabaseClock(engine).now()).astimezone(UTC)
    with engine.connect() as connection:
        connection.detach()
        bulk.loosen(connection)
        with connection.begin():
            org_id = connection.execute(
                insert(tables.organisations)
                .values(name="Northwind", zone=ZONE, country="DE", created_at=at)
                .returning(tables.organisations.c.id)
            ).scalar_one()
            user_id = _people(connection, org_id)
            _templates(connection, org_id)
            first = {
                name: (connection.scalar(select(func.max(tables.metadata.tables[name].c.id))) or 0) + 1
                for name in ("accounts", "contacts", "invoices")
            }
            books = _Rows(org_id=org_id, user_id=user_id, first=first, accounts=accounts, invoices=invoices, at=at)
            for name, columns, rows in books.of_accounts():
                bulk.put(connection, name, columns, rows)
            if keys:
                bulk.put(connection, "account_keys", "org_id account_id kind shown folded owner_email", books.keys())
                bulk.learn_words(connection, org_id)
            due_now = 0
            if due is not None:
                for name, columns, rows in books.of_queue(due):
                    bulk.put(connection, name, columns, rows)
                due_now = int(accounts * due)
            bulk.count_on(connection)
        bulk.settle(connection)
    return Loaded(org_id, user_id, first["accounts"], accounts, 0 if due is None else accounts, due_now)


_SYLLABLES = "ba co da fe gu hi jo ka lu mi no pe ra so ti vu".split()
_TRADES = (
    "Robotics Logistics Foods Textiles Optics Software Energy Metals Plastics Printing Marine Aviation Dental Pharma"
    " Media Motors Solar Timber Glass Paper Tools Seeds Dairy Coffee Security Cleaning Rental Travel Design Hosting"
    " Analytics Biotech Chemicals Castings Bearings Pumps Valves Cables Sensors Lighting Heating Cooling Packaging"
    " Labels Furniture Flooring Roofing Paving Quarries Mining Drilling Welding Tooling Plating Coatings Ceramics"
    " Fabrics Leather Apparel Jewellery Toys Sports Music Books"
).split()
_FORMS = ("GmbH", "Ltd", "Inc.", "AG", "B.V.", "S.p.A.", "LLC")
_NAMES = ["".join(parts).capitalize() for parts in product(_SYLLABLES, repeat=4)]
_MOST = len(_NAMES) * len(_TRADES)
_STRIDE = 2_654_435_761  # odd, so that its multiples meet every name once


def name_of(number: int) -> str:
    """The name of account `number`, counted from 0: a name of its own kind, a trade many share, a legal form."""
    if number >= _MOST:
        raise ValueError(f"There are names for {_MOST} accounts.")
    proper, trade = divmod(number * _STRIDE % _MOST, len(_TRADES))
    return f"{_NAMES[proper]} {_TRADES[trade]} {_FORMS[number % len(_FORMS)]}"


def domain_of(number: int) -> str:
    return "-".join(name_of(number).split()[:2]).lower() + ".example"


def external_id_of(number: int) -> str:
    return f"C-{number:07}"


def is_due(number: int, share: float) -> bool:
    """Whether the message of account `number` is due: of every n accounts n times `share`, evenly."""
    return int((number + 1) * share) > int(number * share)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of each table, in the order of its columns. Days and instants are text, which both databases read."""

    org_id: int
    user_id: int
    first: dict[str, int]
    accounts: int
    invoices: int
    at: datetime

    def of_accounts(self) -> Iterator[tuple[str, str, Iterable[Row]]]:
        org, first, each = self.org_id, self.first, range(self.accounts)
        account, contact, invoice = first["accounts"], first["contacts"], first["invoices"]
        synced, today = _instant(self.at), self.at.date()
        yield (
            "accounts",
            "id org_id external_id name country zone domain owner_email synced_at",
            ((account + i, org, external_id_of(i), name_of(i), "DE", ZONE, domain_of(i), REP, synced) for i in each),
        )
        yield (
            "contacts",
            "id org_id account_id email name is_primary is_valid",
            ((contact + i, org, account + i, _email_of(i), f"Paula Payer {i}", True, True) for i in each),
        )
        days = [(str(today - timedelta(days=d + 50)), str(today - timedelta(days=d + 20))) for d in range(60)]
        numbered = range(self.accounts * self.invoices)
        of = self.invoices
        yield (
            "invoices",
            "id org_id account_id number issued_on due_on currency amount balance state",
            (
                (invoice + n, org, account + n // of, f"INV-{n:08}", *days[n % 60], "EUR", cents, cents, "open")
                for n in numbered
                for cents in (10_000 + n * 37 % 4_000_000,)
            ),
        )
        yield (
            "pay_links",
            "org_id invoice_id url",
            ((org, invoice + n, f"https://pay.example/i/{n:08}") for n in numbered),
        )

    def keys(self) -> Iterator[Row]:
        for number in range(self.accounts):
            for key in _keys_of(number):
                yield self.org_id, self.first["accounts"] + number, key.kind.value, key.shown, key.folded, REP

    def of_queue(self, share: float) -> Iterator[tuple[str, str, Iterable[Row]]]:
        org, user, at = self.org_id, self.user_id, _instant(self.at)
        account, contact, invoice = (self.first[name] for name in ("accounts", "contacts", "invoices"))
        text = (default_templates()[0].key, default_templates()[0].version)
        earlier = _instant(self.at - timedelta(hours=12))
        expires = _instant(self.at + timedelta(days=5))
        due = [_instant(self.at - LATE * (s / 3600)) for s in range(3600)]
        waiting = [_instant(self.at + timedelta(hours=1) + WAIT * (s / 3600)) for s in range(3600)]

        def leaves(i: int) -> str:
            return (due if is_due(i, share) else waiting)[i * 7919 % 3600]

        def message(i: int, id: str) -> Row:
            books = account + i, contact + i, invoice + i * self.invoices
            return id, org, *books, *text, user, earlier, f"bench-{id}", "queued", leaves(i), expires, 0, earlier

        yield (
            "messages",
            "id org_id account_id contact_id invoice_id template_key template_version requested_by requested_at origin"
            " state leaves_at expires_at attempts changed_at",
            (message(i, id) for i, id in enumerate(self._ids())),
        )
        yield (
            "message_events",
            "org_id message_id became at actor_id",
            ((org, id, "queued", earlier, user) for id in self._ids()),
        )
        yield (
            "audit",
            "org_id at actor_id action subject account_id",
            ((org, earlier, user, "nudge.queued", f"nudge:{id}", account + i) for i, id in enumerate(self._ids())),
        )
        yield (
            "notices",
            "org_id key kind subject revision state due_at attempts channel ts changed_at",
            (
                (org, f"nudge:{id}:alert", NoticeKind.AR_ALERT.value, id, 1, "posted", earlier, 0, "C1", f"{i}.1", at)
                for i, id in enumerate(self._ids())
            ),
        )

    def _ids(self) -> Iterator[str]:
        draw = Random(self.org_id)
        return (f"{draw.getrandbits(128):032x}" for _ in range(self.accounts))


def _email_of(number: int) -> str:
    return f"payables@{domain_of(number)}"


def _keys_of(number: int) -> list[AccountKey]:
    return keys_of(
        name=name_of(number),
        external_id=external_id_of(number),
        domain=domain_of(number),
        emails=(_email_of(number),),
    )


def _instant(at: datetime) -> str:
    """As SQLAlchemy writes it on SQLite; PostgreSQL reads it in the session's zone, which is UTC."""
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


def _people(connection: Connection, org_id: int) -> int:
    values = {"org_id": org_id, "email": REP, "name": "Rita Rep", "role": Role.SALES.value, "is_active": True}
    user = insert(tables.users).values(**values, zone=ZONE, locale="en-GB", slack_user_id=f"URITA{org_id}")
    return int(connection.execute(user.returning(tables.users.c.id)).scalar_one())


def _templates(connection: Connection, org_id: int) -> None:
    names = "key version name tone audience subject body state approved_by approved_at".split()
    rows = [{name: getattr(template, name) for name in names} for template in default_templates()]
    connection.execute(insert(tables.templates), [{"org_id": org_id, **row} for row in rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("database_url")
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--invoices", type=int, default=1)
    parser.add_argument("--due", type=float, help="share of the messages that is due; without it there are none")
    parser.add_argument("--keys", action="store_true", help="what /account finds accounts by")
    asked = parser.parse_args()
    engine = build_engine(asked.database_url, pool_size=2, statement_timeout=0, across=True)
    upgrade(engine)
    began = time.monotonic()
    loaded = load(engine, accounts=asked.accounts, invoices=asked.invoices, due=asked.due, keys=asked.keys)
    print(f"{loaded} in {time.monotonic() - began:.1f} s")
    engine.dispose()


if __name__ == "__main__":
    main()
