"""A card of an account with a long list of open invoices: few rows are read, and it says the same as if all were."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from domain.accounts import ageing_by_currency, dues_of
from domain.facts import AccountFacts
from domain.outcomes import Refused
from domain.ports import UnitOfWorkFactory
from domain.rules.nudging import Plan, plan_nudge
from domain.rules.objections import by_newest
from domain.values import AccountScope, Money
from handlers.presenters.card import INVOICES_AT_MOST
from storage.stores.card_invoices import CITABLE, SHORT
from storage.tables import dispute_invoices, disputes, invoices, pay_links, payments, promise_invoices, promises
from storage.transactions import transaction
from tests.builders import make_rulebook, make_volume, make_workspace
from tests.factories import NOON, TODAY, make_account, make_contact, make_invoice, make_user

MANY = 150


def make_list(database: Engine, org_id: int, account_id: int, *, seed: int = 1) -> list[int]:
    """MANY open invoices: a credit now and then, links that are missing or dead, many issued on the same day."""
    random, ids = Random(seed), []
    with transaction(database, org_id=org_id) as connection:
        for number in range(MANY):
            issued = TODAY - timedelta(days=random.randrange(30))
            values: dict[str, Any] = {
                "number": f"{random.choice(('INV', 'inv', 'R'))}-{number}",
                "issued_on": issued,
                "due_on": issued + timedelta(days=14),
                "currency": random.choice(("EUR", "EUR", "JPY")),
                "amount": 5_000,
                "balance": random.choice((-700, 0, 40, 5_000, 5_000, 9_000)),
                "state": "open",
            }
            row = insert(invoices).values(org_id=org_id, account_id=account_id, **values).returning(invoices.c.id)
            ids.append(connection.execute(row).scalar_one())
            if random.random() < 0.6:
                until = random.choice((None, NOON - timedelta(days=1), NOON + timedelta(hours=3)))
                link = {"invoice_id": ids[-1], "url": f"https://pay.example/{number}", "expires_at": until}
                connection.execute(insert(pay_links).values(org_id=org_id, **link))
    return ids


def put_aside(database: Engine, org_id: int, account_id: int, ids: list[int], *, seed: int) -> None:
    """Half of them disputed, settled or not, or promised; and cash that covers the small ones."""
    random = Random(seed)
    about = {"org_id": org_id, "account_id": account_id}
    with transaction(database, org_id=org_id) as connection:
        for state in ("open", "resolved"):
            values = {**about, "reason": "Damaged", "state": state, "opened_at": NOON}
            dispute = connection.execute(insert(disputes).values(**values).returning(disputes.c.id)).scalar_one()
            for id in random.sample(ids, MANY // 4):
                link = {"org_id": org_id, "dispute_id": dispute, "invoice_id": id}
                connection.execute(insert(dispute_invoices).values(**link))
        for state, until in (("open", None), ("reported", NOON + timedelta(days=1)), ("kept", None)):
            values = {**about, "state": state, "reported_at": NOON, "hold_until": until}
            promise = connection.execute(insert(promises).values(**values).returning(promises.c.id)).scalar_one()
            for id in random.sample(ids, MANY // 6):
                link = {"org_id": org_id, "promise_id": promise, "invoice_id": id}
                connection.execute(insert(promise_invoices).values(**link))
        cash = {**about, "external_id": "P-1", "received_on": TODAY, "currency": "EUR", "amount": 5_000}
        connection.execute(insert(payments).values(**cash))


def planned(database: Engine, org_id: int, facts: AccountFacts) -> object:
    """What a nudge would cite, or why it cannot."""
    rep = make_user(database, org_id, email=None)
    plan = plan_nudge(
        workspace=make_workspace(),
        person=rep,
        facts=facts,
        rulebook=make_rulebook(scope=AccountScope.ALL),
        at=NOON,
        volume=make_volume(),
    )
    if isinstance(plan, Plan):
        return plan.invoice.number
    assert isinstance(plan, Refused)
    return plan.reason, plan.subject


@pytest.mark.parametrize("seed", range(4))
def test_it_says_what_all_invoices_would(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, seed: int
) -> None:
    account = make_account(database, organisation)
    make_contact(database, organisation, account.id)
    ids = make_list(database, organisation, account.id, seed=seed)
    put_aside(database, organisation, account.id, ids, seed=seed)
    with uow() as work:
        card = work.accounts.card(account.id, sending_domain="example.com", at=NOON)
        everything = work.accounts.facts([account.id], at=NOON)[account.id]
    assert card is not None
    assert not card.may_cite_others
    assert ageing_by_currency(card.dues, today=TODAY) == ageing_by_currency(dues_of(everything.invoices), today=TODAY)
    assert sum(due.count for due in card.dues) == MANY
    oldest = [i.id for i in everything.invoices[:SHORT]]
    assert {*oldest} <= {i.id for i in card.facts.invoices}
    assert len(oldest) == INVOICES_AT_MOST
    assert planned(database, organisation, card.facts) == planned(database, organisation, everything)
    spoken_of = frozenset[int]().union(*(one.invoice_ids for one in (*everything.disputes, *everything.promises)))
    assert spoken_of <= {i.id for i in card.facts.invoices}


def test_few_rows_are_read_of_many(database: Engine, organisation: int, uow: UnitOfWorkFactory) -> None:
    account = make_account(database, organisation)
    make_list(database, organisation, account.id)
    with uow() as work:
        card = work.accounts.card(account.id, sending_domain="example.com", at=NOON)
        everything = work.accounts.facts([account.id], at=NOON)[account.id]
    assert card is not None
    assert len(card.facts.invoices) <= SHORT + 1 + 2 * CITABLE < MANY
    assert card.may_cite_others
    newest = max((i for i in everything.invoices if i.balance.minor > 0), key=by_newest)
    assert newest in card.facts.invoices


def test_a_short_list_is_read_as_it_is(database: Engine, organisation: int, uow: UnitOfWorkFactory) -> None:
    account = make_account(database, organisation)
    make_invoice(database, organisation, account.id)
    make_invoice(database, organisation, account.id, balance=Money(-500, "EUR"))
    with uow() as work:
        card = work.accounts.card(account.id, sending_domain="example.com", at=NOON)
        everything = work.accounts.facts([account.id], at=NOON)[account.id]
    assert card is not None
    assert card.facts.invoices == everything.invoices
    assert ageing_by_currency(card.dues, today=TODAY) == ageing_by_currency(dues_of(everything.invoices), today=TODAY)
