"""Which segment a customer is in, and whether it may run by itself: by what stands in the rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.values import Money
from storage import tables
from tests import factories
from tests.integration.autopilot.ground import Ground, set_the_ground
from tests.stage import EVENING

TODAY = EVENING.date()
DAY = timedelta(days=1)
SEGMENTS = """\
- name: Bavaria
  when: {regions: [BY, TI]}
  mode: shadow
  cadence: Standard
- name: Shops
  when: {industries: [Retail]}
  mode: shadow
  cadence: Standard
- name: Risky
  when: {risks: [medium, high]}
  mode: shadow
  cadence: Standard
- name: Large
  when: {balance_from: 10000, balance_to: 20000}
  mode: shadow
  cadence: Standard
- name: Rest
  mode: shadow
  cadence: Standard
"""


@pytest.fixture
def ground(database: Engine, organisation: int) -> Ground:
    return set_the_ground(database, organisation)


def euros(amount: int) -> Money:
    return Money(amount * 100, "EUR")


@pytest.mark.parametrize(
    ("known", "owed", "segment"),
    [
        ({"region": "by"}, [euros(10_000)], "Bavaria"),
        ({"region": "BE", "industry": "RETAIL", "risk": "high"}, [euros(10_000)], "Shops"),
        ({"industry": "Machines", "risk": "high"}, [euros(10_000)], "Risky"),
        ({"risk": "low"}, [euros(10_000)], "Large"),
        ({}, [Money(999_999, "EUR")], "Rest"),
        ({}, [euros(5_000), euros(5_000)], "Large"),
        ({}, [euros(5_000), Money(500_000, "USD")], "Rest"),
        ({}, [Money(1_999_999, "EUR")], "Large"),
        ({}, [euros(20_000)], "Rest"),
        ({}, [euros(20_000), euros(-1)], "Large"),
    ],
)
def test_the_first_segment_that_fits_what_the_rows_say(
    ground: Ground, known: dict[str, Any], owed: list[Money], segment: str
) -> None:
    stage = ground.stage
    ground.publish(segments=SEGMENTS)
    account = factories.make_account(stage.engine, stage.org_id, **known)
    factories.make_contact(stage.engine, stage.org_id, account.id)
    for days, amount in enumerate(owed):
        due = TODAY - (20 - days) * DAY
        factories.make_invoice(stage.engine, stage.org_id, account.id, amount=amount, due_on=due)
    ground.plan(EVENING)
    begun = {row["account_id"]: row["segment"] for row in stage.rows(tables.sequences)}
    assert begun[account.id] == segment


@pytest.mark.parametrize(
    ("came_in", "taken_back", "before", "stands"),
    [
        (19, 1, 0, ("autopilot", "")),
        (18, 1, 0, ("shadow", "reversals")),
        (0, 1, 0, ("shadow", "reversals")),
        (0, 0, 3, ("autopilot", "")),
    ],
    ids=["of 20 payments one", "of 19 payments one", "the only one", "longer ago than a week"],
)
def test_more_than_five_percent_of_a_weeks_payments_taken_back_keep_a_segment_in_shadow(
    ground: Ground, came_in: int, taken_back: int, before: int, stands: tuple[str, str]
) -> None:
    stage = ground.stage

    def pay(count: int, amount: int, days_ago: int) -> None:
        for _ in range(count):
            day = TODAY - days_ago * DAY
            factories.make_payment(
                stage.engine,
                stage.org_id,
                stage.account.id,
                amount=euros(amount),
                received_on=day,
                invoice_id=stage.invoice.id,
            )

    pay(came_in, 50, 7)
    pay(taken_back, -50, 7)
    pay(before, -50, 8)
    ground.plan(EVENING)
    (row,) = stage.rows(tables.segment_standings)
    assert (row["mode"], row["shortfalls"]) == stands
