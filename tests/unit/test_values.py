"""Money keeps every minor unit, in its own currency."""

from __future__ import annotations

from decimal import Decimal

import iso4217
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.currencies import CURRENCIES
from domain.errors import InvalidValue
from domain.values import Money

codes = st.sampled_from(sorted(CURRENCIES))
minors = st.integers(min_value=-(10**16), max_value=10**16)


@given(minors, codes)
def test_major_and_back(minor: int, code: str) -> None:
    money = Money(minor, code)
    assert Money.of(money.major, code) == money
    assert Money.of(str(money.major), code) == money


@given(minors, minors, codes)
def test_adding_and_taking_away(a: int, b: int, code: str) -> None:
    assert Money(a, code) + Money(b, code) - Money(b, code) == Money(a, code)


@given(minors, st.integers(min_value=1, max_value=12), codes)
def test_shares_differ_from_the_whole_by_rounding_only(minor: int, parts: int, code: str) -> None:
    share = Money(minor, code).share(Decimal(1) / parts)
    assert abs(share.minor * parts - minor) <= parts


def test_currencies_never_mix() -> None:
    with pytest.raises(InvalidValue, match="EUR and USD cannot be added up"):
        Money(1, "EUR") + Money(1, "USD")


@pytest.mark.parametrize(
    ("amount", "code", "said"),
    [
        ("1.234", "EUR", "more decimal places than EUR has"),
        ("0.5", "JPY", "more decimal places than JPY has"),
        ("1", "EURO", "not an ISO 4217 currency"),
        ("NaN", "EUR", "out of range"),
        ("Infinity", "EUR", "out of range"),
        ("1e309", "EUR", "out of range"),
        ("twelve", "EUR", "not an amount"),
    ],
)
def test_refuses_what_is_no_amount(amount: str, code: str, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        Money.of(amount, code)


def test_refuses_an_unknown_currency() -> None:
    with pytest.raises(InvalidValue, match="not an ISO 4217 currency"):
        Money(1, "eur")


def test_currencies_are_the_standard_ones() -> None:
    listed = {c.code: c.exponent for c in iso4217.Currency if c.exponent is not None}
    withdrawn = {"BGN"}  # still on invoices of 2025
    assert {code: places for code, places in CURRENCIES.items() if code not in withdrawn} == listed
