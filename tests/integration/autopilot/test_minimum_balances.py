"""Customers of several currencies under a policy that has a minimum for each: told ahead, and as it comes true."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, update

from domain.accounts import Invoice
from domain.autopilot import Stop
from domain.messages import State
from domain.minimums import MinimumBalances
from domain.outcomes import AccountCard
from domain.policies import DocumentKind, Segments
from domain.reasons import Reason
from domain.rules.terms import terms_of
from domain.simulation import AccountAhead, Fate, Proposed, Stay
from domain.usecases._segment_health import segment_health
from domain.usecases.open_account import open_account
from domain.usecases.simulate_account import account_ahead
from domain.usecases.simulate_book import book_ahead
from domain.values import Money
from storage import tables
from storage.notation import read_document
from tests import factories
from tests.integration.autopilot.ground import Ground, set_the_ground
from tests.stage import AFTER, EVENING

BY_CURRENCY = MinimumBalances(Decimal(5), (Money(25_00, "EUR"), Money(3_000, "JPY")))
DAY = timedelta(days=1)
TODAY = EVENING.date()
PUBLISHED = Proposed()


@pytest.fixture
def ground(database: Engine, organisation: int) -> Ground:
    """Acme, who is there already, owes enough."""
    return set_the_ground(database, organisation, at=EVENING, minimum_balances=BY_CURRENCY)


def owing(ground: Ground, balance: Money) -> int:
    """A customer whose one invoice is as late as the cadence's first step; returns its account's id."""
    engine, org = ground.stage.engine, ground.stage.org_id
    account = factories.make_account(engine, org)
    factories.make_contact(engine, org, account.id)
    due = TODAY - 3 * DAY
    factories.make_invoice(engine, org, account.id, amount=balance, due_on=due)
    return account.id


def foretold(ground: Ground, account_id: int, proposed: Proposed = PUBLISHED) -> AccountAhead:
    ground.keep_books_fresh(EVENING)
    with ground.stage.uow() as work:
        return account_ahead(work, account_id, proposed, rulebook=ground.stage.rulebook, at=EVENING)


def settled(ground: Ground, account_id: int) -> list[tuple[str, str | None]]:
    rows = [row for row in ground.stage.rows(tables.autopilot_steps) if row["account_id"] == account_id]
    return [(row["state"], row["reason"]) for row in rows if row["state"] != "scheduled"]


def test_each_customers_step_is_weighed_in_its_own_currency(ground: Ground) -> None:
    enough = [owing(ground, one) for one in (Money(25_00, "EUR"), Money(3_000, "JPY"), Money(5_00, "USD"))]
    small = [owing(ground, one) for one in (Money(24_99, "EUR"), Money(2_999, "JPY"), Money(4_99, "USD"))]
    stage = ground.stage
    ground.keep_books_fresh(EVENING)
    told = {id: foretold(ground, id) for id in (*enough, *small)}
    assert {told[id].steps[0].fate for id in enough} == {Fate.LEAVES}
    assert {(told[id].steps, told[id].segment, told[id].stay) for id in small} == {((), None, Stay.BELOW_MINIMUM)}
    for one in told.values():
        assert one.minimums in [{code: BY_CURRENCY.for_currency(code)} for code in ("EUR", "JPY", "USD")]
    week = book_ahead(Proposed(), uow=stage.uow, rulebook=stage.rulebook, at=EVENING)
    assert (week.skipped, week.stays) == ({}, {Stay.BELOW_MINIMUM: 3})

    ground.plan(EVENING)
    ground.write(update(tables.segment_standings).values(mode="autopilot", shortfalls=""))
    ground.day(EVENING, hours=14)
    assert [settled(ground, id) for id in enough] == [[("sent", None)]] * 3
    assert [settled(ground, id) for id in small] == [[]] * 3
    assert len(ground.ends()) == 4, "theirs, and Acme's"


def test_a_minimum_that_is_only_proposed_is_looked_ahead_by(ground: Ground) -> None:
    euros, yen = owing(ground, Money(30_00, "EUR")), owing(ground, Money(3_000, "JPY"))
    stage = ground.stage
    ground.keep_books_fresh(EVENING)
    higher = MinimumBalances(Decimal(5), (Money(30_01, "EUR"), Money(3_000, "JPY")))
    terms = terms_of(replace(stage.rulebook.policy, minimum_balances=higher), zone="Europe/Berlin", country="DE")
    proposed = Proposed({DocumentKind.POLICY: terms})
    then = foretold(ground, euros, proposed)
    assert (then.steps, then.stay, then.minimums) == ((), Stay.BELOW_MINIMUM, {"EUR": Money(30_01, "EUR")})
    assert foretold(ground, yen, proposed).steps[0].fate is Fate.LEAVES
    now = foretold(ground, euros)
    assert now.steps[0].fate is Fate.LEAVES and now.minimums == {"EUR": Money(25_00, "EUR")}


@pytest.fixture
def alone(ground: Ground) -> Ground:
    """Acme's own invoice is 40 days late, and there is nobody else."""
    ground.due(TODAY - 40 * DAY)
    return ground


def another(ground: Ground, balance: Money, *, age: int) -> Invoice:
    stage, due = ground.stage, TODAY - age * DAY
    return factories.make_invoice(stage.engine, stage.org_id, stage.account.id, amount=balance, due_on=due)


def chased(ground: Ground) -> list[int]:
    """The invoice of each sequence, in their order."""
    return [row["invoice_id"] for row in ground.stage.rows(tables.sequences)]


def test_a_large_young_invoice_is_chased_beside_a_small_old_one(alone: Ground) -> None:
    alone.owes(24_99)
    large = another(alone, Money(9_000_00, "EUR"), age=3)
    assert (anchor := foretold(alone, alone.stage.account.id).anchor) is not None and anchor.id == large.id
    alone.day(EVENING, hours=14)
    assert (chased(alone), alone.steps()[0]) == ([large.id], (3, "sent", None))


def test_a_customer_of_whom_each_invoice_is_too_small_stays_out_and_its_card_says_why(alone: Ground) -> None:
    alone.owes(24_99)
    another(alone, Money(2_999, "JPY"), age=3)
    stage, id = alone.stage, alone.stage.account.id
    told = foretold(alone, id)
    assert (told.stay, told.minimums) == (Stay.BELOW_MINIMUM, {"EUR": Money(25_00, "EUR"), "JPY": Money(3_000, "JPY")})
    alone.plan(EVENING)
    assert alone.ends() == []
    card = open_account(id, actor=stage.actor(stage.rita), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)
    assert isinstance(card, AccountCard) and card.stay is Stay.BELOW_MINIMUM


def test_a_card_of_a_long_list_does_not_take_what_it_read_of_it_for_all_of_it(alone: Ground) -> None:
    alone.owes(1)
    stage, id = alone.stage, alone.stage.account.id
    for age in range(200, 0, -2):  # the one in the middle is neither among the oldest nor among the newest
        another(alone, Money(9_000_00 if age == 60 else 1, "EUR"), age=age)
    stage.clock.set(EVENING)

    def stay() -> Stay | None:
        given: dict[str, Any] = {"uow": stage.uow, "clock": stage.clock, "rulebook": stage.rulebook}
        card = open_account(id, actor=stage.actor(stage.rita), **given)
        assert isinstance(card, AccountCard)
        return card.stay

    assert stay() is None
    alone.write(update(tables.invoices).values(balance=1))
    assert stay() is Stay.BELOW_MINIMUM


BY_AGE = """\
- {name: Old, mode: off, when: {ageing: ["31-60"]}}
- {name: Young, mode: autopilot, cadence: Standard, quiet_hours: "16:00-10:00", when: {ageing: ["1-30"]}}
"""


def test_the_segment_is_that_of_the_invoice_that_is_chased(alone: Ground) -> None:
    """For whoever plans, queues, releases, judges and looks ahead: Old is off, and Young opens later than others."""
    alone.owes(24_99)
    another(alone, Money(9_000_00, "EUR"), age=3)
    alone.publish(segments=BY_AGE)
    stage, segments = alone.stage, read_document(DocumentKind.SEGMENTS, BY_AGE)
    assert isinstance(segments, Segments)
    stage.rulebook = replace(stage.rulebook, segments=segments)
    with stage.uow() as work:
        workspace = work.organisation.get()
    counted = segment_health(segments, workspace, uow=stage.uow, rulebook=stage.rulebook, at=EVENING)
    assert {name: health.accounts for name, health in counted.items()} == {"Young": 1}
    told = foretold(alone, stage.account.id)
    assert told.segment is not None and (told.segment.name, told.steps[0].segment) == ("Young", "Young")
    alone.day(EVENING, hours=16)
    (sent,) = stage.rows(tables.messages)
    assert (sent["state"], sent["segment"]) == (State.SENT, "Young")
    assert sent["sent_at"].astimezone(ZoneInfo("Europe/Berlin")).time() >= time(10)


def test_a_payment_in_part_ends_the_sequence_and_the_next_invoice_is_chased(alone: Ground) -> None:
    large = another(alone, Money(9_000_00, "EUR"), age=3)
    alone.plan(EVENING)
    assert (chased(alone), alone.steps()) == ([alone.stage.invoice.id], [(30, "scheduled", None)])
    alone.owes(24_99)
    told = foretold(alone, alone.stage.account.id).steps
    assert (told[0].fate, told[0].why, told[0].step.day) == (Fate.SKIPPED, Stop.BELOW_MINIMUM, 30)
    alone.day(EVENING, hours=14)
    assert chased(alone) == [alone.stage.invoice.id, large.id]
    assert alone.ends() == ["below_minimum", None]
    assert alone.steps() == [(30, "skipped", None), (3, "sent", None), (14, "scheduled", None)]
    assert [(one.step.day, one.fate) for one in told[1:]] == [(3, Fate.LEAVES), (14, Fate.LEAVES)]


def test_a_minimum_that_is_published_ends_what_is_below_it_and_begins_it_again_when_it_is_lowered(
    alone: Ground,
) -> None:
    stage, policy = alone.stage, alone.stage.rulebook.policy
    alone.owes(30_00)
    alone.plan(EVENING)
    assert alone.ends() == [None]
    stage.rulebook = replace(stage.rulebook, policy=replace(policy, minimum_balances=MinimumBalances(Decimal(31))))
    alone.plan(EVENING)
    assert (alone.ends(), alone.steps()) == (["below_minimum"], [(30, "skipped", None)])
    stage.rulebook = replace(stage.rulebook, policy=policy)
    alone.plan(EVENING)
    assert (alone.ends(), chased(alone)) == (["below_minimum", None], [stage.invoice.id] * 2)


def test_a_step_that_is_in_the_queue_when_its_invoice_falls_below_is_refused(alone: Ground) -> None:
    alone.plan(EVENING)
    alone.keep_books_fresh(EVENING)
    alone.queue(alone.stage.rows(tables.autopilot_steps)[0]["due_at"])
    alone.owes(24_99)
    alone.beat(AFTER)
    assert alone.stage.mailer.sent == []
    assert [(row["state"], row["reason"]) for row in alone.stage.rows(tables.messages)] == [
        (State.REFUSED, Reason.BELOW_MINIMUM)
    ]
    assert (alone.ends(), alone.steps()) == (["below_minimum"], [(30, "skipped", "below_minimum")])
