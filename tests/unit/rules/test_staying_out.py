"""What on an account itself keeps Autopilot away from it: of several reasons the one that has to be mended first."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.commitments import Dispute, DisputeState, Promise, PromiseState
from domain.minimums import MinimumBalances
from domain.rules.autopilot import position_of
from domain.rules.staying_out import stay_by_itself
from domain.simulation import Stay
from domain.values import Money
from tests.builders import MONDAY_TEN, make_account, make_facts, make_invoice

FROM_25 = MinimumBalances(Decimal(25))
DISPUTE = Dispute(1, frozenset({1}), "Damaged", None, DisputeState.OPEN, MONDAY_TEN)
PROMISE = Promise(1, frozenset({1}), None, None, PromiseState.OPEN, MONDAY_TEN)
"""Each of the first invoice alone."""


@pytest.mark.parametrize(
    ("balances", "known", "stay"),
    [
        ([], {}, Stay.NOTHING_OPEN),
        ([-25_00], {}, Stay.NOTHING_OPEN),
        ([25_00], {}, None),
        ([24_99], {}, Stay.BELOW_MINIMUM),
        ([24_99, 24_99, -1_00], {}, Stay.BELOW_MINIMUM),
        ([24_99, 25_00], {}, None),
        ([25_00], {"disputes": (DISPUTE,)}, Stay.DISPUTED),
        ([25_00], {"promises": (PROMISE,)}, Stay.PROMISED),
        # A small one beside it is no reason of its own, and a dispute about a small one none either.
        ([25_00, 24_99], {"disputes": (DISPUTE,)}, Stay.DISPUTED),
        ([25_00, 24_99], {"promises": (PROMISE,)}, Stay.PROMISED),
        ([24_99, 24_99], {"disputes": (DISPUTE,)}, Stay.BELOW_MINIMUM),
        ([24_99], {"account": make_account(legal_hold="Insolvency")}, Stay.LEGAL_HOLD),
    ],
)
def test_why_a_customer_stays_out(balances: list[int], known: dict[str, object], stay: Stay | None) -> None:
    invoices = tuple(make_invoice(id=id, balance=Money(owed, "EUR")) for id, owed in enumerate(balances, 1))
    facts = make_facts(**{"invoices": invoices} | known)
    assert stay_by_itself(facts, position_of(facts, minimums=FROM_25, at=MONDAY_TEN), FROM_25) is stay
