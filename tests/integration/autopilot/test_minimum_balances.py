"""Customers of several currencies under a policy that has a minimum for each: told ahead, and as it comes true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, update

from domain.minimums import MinimumBalances
from domain.policies import DocumentKind
from domain.reasons import Reason
from domain.rules.terms import terms_of
from domain.simulation import Fate, Proposed
from domain.usecases.simulate_account import account_ahead
from domain.usecases.simulate_book import book_ahead
from domain.values import Money
from storage import tables
from tests import factories
from tests.integration.autopilot.ground import Ground, set_the_ground
from tests.stage import EVENING

BY_CURRENCY = MinimumBalances(Decimal(5), (Money(25_00, "EUR"), Money(3_000, "JPY")))
DAY = timedelta(days=1)


@pytest.fixture
def ground(database: Engine, organisation: int) -> Ground:
    """Acme, who is there already, owes enough."""
    return set_the_ground(database, organisation, at=EVENING, minimum_balances=BY_CURRENCY)


def owing(ground: Ground, balance: Money) -> int:
    """A customer whose one invoice is as late as the cadence's first step; returns its account's id."""
    engine, org = ground.stage.engine, ground.stage.org_id
    account = factories.make_account(engine, org)
    factories.make_contact(engine, org, account.id)
    due = EVENING.date() - 3 * DAY
    factories.make_invoice(engine, org, account.id, amount=balance, due_on=due)
    return account.id


def settled(ground: Ground, account_id: int) -> list[tuple[str, str | None]]:
    rows = [row for row in ground.stage.rows(tables.autopilot_steps) if row["account_id"] == account_id]
    return [(row["state"], row["reason"]) for row in rows if row["state"] != "scheduled"]


def test_each_customers_step_is_weighed_in_its_own_currency(ground: Ground) -> None:
    enough = [owing(ground, one) for one in (Money(25_00, "EUR"), Money(3_000, "JPY"), Money(5_00, "USD"))]
    small = [owing(ground, one) for one in (Money(24_99, "EUR"), Money(2_999, "JPY"), Money(4_99, "USD"))]
    stage = ground.stage
    ground.keep_books_fresh(EVENING)
    told = {}
    with stage.uow() as work:
        for id in (*enough, *small):
            ahead = account_ahead(work, id, Proposed(), rulebook=stage.rulebook, at=EVENING)
            assert ahead.anchor is not None
            assert ahead.least == BY_CURRENCY.for_currency(ahead.anchor.balance.currency)
            told[id] = ahead.steps[0]
    assert {told[id].fate for id in enough} == {Fate.LEAVES}
    assert {(told[id].fate, told[id].why) for id in small} == {(Fate.SKIPPED, Reason.BELOW_MINIMUM)}
    week = book_ahead(Proposed(), uow=stage.uow, rulebook=stage.rulebook, at=EVENING)
    assert week.skipped == {Reason.BELOW_MINIMUM: 3}

    ground.plan(EVENING)
    ground.write(update(tables.segment_standings).values(mode="autopilot", shortfalls=""))
    ground.day(EVENING, hours=14)
    assert [settled(ground, id) for id in enough] == [[("sent", None)]] * 3
    assert [settled(ground, id) for id in small] == [[("skipped", "below_minimum")]] * 3


def test_a_minimum_that_is_only_proposed_is_looked_ahead_by(ground: Ground) -> None:
    euros, yen = owing(ground, Money(30_00, "EUR")), owing(ground, Money(3_000, "JPY"))
    stage = ground.stage
    ground.keep_books_fresh(EVENING)
    higher = MinimumBalances(Decimal(5), (Money(30_01, "EUR"), Money(3_000, "JPY")))
    terms = terms_of(replace(stage.rulebook.policy, minimum_balances=higher), zone="Europe/Berlin", country="DE")
    proposed = Proposed({DocumentKind.POLICY: terms})
    with stage.uow() as work:
        for id, fate, least in (
            (euros, Fate.SKIPPED, Money(30_01, "EUR")),
            (yen, Fate.LEAVES, Money(3_000, "JPY")),
        ):
            ahead = account_ahead(work, id, proposed, rulebook=stage.rulebook, at=EVENING)
            assert (ahead.steps[0].fate, ahead.least) == (fate, least)
        now = account_ahead(work, euros, Proposed(), rulebook=stage.rulebook, at=EVENING)
    assert now.steps[0].fate is Fate.LEAVES and now.least == Money(25_00, "EUR")
