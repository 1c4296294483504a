"""From what balance on an invoice is chased, as the policy's page says it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.minimums import MinimumBalances
from domain.rules.terms import terms_of
from domain.values import Money
from handlers.presenters.documents import document_blocks
from tests.builders import make_rulebook
from tests.unit.handlers.outcomes import make_reader

TERMS = terms_of(make_rulebook().policy, zone="Europe/Berlin", country="DE")
EUROS, YEN, DINARS = Money(25_00, "EUR"), Money(3_000, "JPY"), Money(7_500, "KWD")


@pytest.mark.parametrize(
    ("minimum", "sentence"),
    [
        (MinimumBalances(Decimal(5)), "A balance of at least 5, in the invoice's own currency."),
        (MinimumBalances(Decimal("12.5")), "A balance of at least 12.50, in the invoice's own currency."),
        (MinimumBalances(Decimal(0)), "An open balance, however small."),
        (MinimumBalances(Decimal(5), (EUROS,)), "A balance of at least €25.00; in any other currency at least 5."),
        (
            MinimumBalances(Decimal(0), (EUROS, YEN, DINARS)),
            "A balance of at least €25.00, JP¥3,000 or KWD\xa07.500; in any other currency any open balance, however "
            "small.",
        ),
        (
            MinimumBalances(Decimal(1), (Money(0, "EUR"), YEN)),
            "A balance of at least €0.01 or JP¥3,000; in any other currency at least 1.",
        ),
    ],
)
def test_the_policys_page_says_each_currencys_minimum(minimum: MinimumBalances, sentence: str) -> None:
    blocks = document_blocks(replace(TERMS, minimum_balances=minimum), "", make_reader(), {})
    said = "\n".join(block["text"]["text"] for block in blocks)
    assert f"*What a nudge rests on*\n• Books that were read within 24 hours.\n• {sentence}\n• One that" in said
