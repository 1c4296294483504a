"""From what balance on an invoice is chased, in each currency: as a value, and as the policy document says it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.currencies import CURRENCIES
from domain.errors import InvalidValue
from domain.minimums import MinimumBalances
from domain.policies import DocumentKind, Terms, Unreadable
from domain.rules.terms import tree_of
from domain.values import Money
from storage.notation import read_document, write_document
from tests.unit.rules.test_documents import POLICY, TERMS, minimums

LINE = "minimum_balance: '1'"
EURO_AND_YEN = (Money(25_00, "EUR"), Money(3_000, "JPY"))
codes = st.sampled_from(sorted(CURRENCIES))


def read(written: str) -> MinimumBalances:
    assert LINE in POLICY
    said = read_document(DocumentKind.POLICY, POLICY.replace(LINE, written))
    assert isinstance(said, Terms), said
    return said.minimum_balances


@pytest.mark.parametrize(
    ("minimum", "currency", "least"),
    [
        (MinimumBalances(), "EUR", 1_00),
        (MinimumBalances(Decimal(5)), "EUR", 5_00),
        (MinimumBalances(Decimal(5)), "JPY", 5),
        (MinimumBalances(Decimal(5)), "KWD", 5_000),
        (MinimumBalances(Decimal(0)), "EUR", 1),
        (MinimumBalances(Decimal("0.5")), "JPY", 1),
        (MinimumBalances(Decimal("12.5")), "JPY", 13),
        (MinimumBalances(Decimal("0.001")), "EUR", 1),
        (MinimumBalances(Decimal(5), EURO_AND_YEN), "EUR", 25_00),
        (MinimumBalances(Decimal(5), EURO_AND_YEN), "JPY", 3_000),
        (MinimumBalances(Decimal(5), EURO_AND_YEN), "USD", 5_00),
        (MinimumBalances(Decimal(5), (Money(0, "EUR"),)), "EUR", 1),
    ],
)
def test_each_currency_has_one_minimum(minimum: MinimumBalances, currency: str, least: int) -> None:
    assert minimum.for_currency(currency) == Money(least, currency)


@given(minimums, codes)
def test_whatever_is_chased_is_owed_and_not_below_what_was_said(minimum: MinimumBalances, currency: str) -> None:
    least, own = minimum.for_currency(currency), minimum.own_in(currency)
    said = own.major if own else minimum.others
    assert least.currency == currency and least.minor >= 1
    assert least.major >= said, "nothing below it is chased"
    assert least.minor == 1 or (least - Money(1, currency)).major < said, "and nothing that reaches it is left out"


@given(minimums)
def test_the_order_of_currencies_says_nothing(minimum: MinimumBalances) -> None:
    assert MinimumBalances(minimum.others, tuple(reversed(minimum.own))) == minimum


def test_nothing_is_worth_less_than_nothing_and_a_currency_has_one_amount() -> None:
    with pytest.raises(InvalidValue, match="nothing or more"):
        MinimumBalances(Decimal(-1))
    with pytest.raises(InvalidValue, match="nothing or more"):
        MinimumBalances(Decimal(1), (Money(-1, "EUR"),))
    with pytest.raises(InvalidValue, match="one minimum balance"):
        MinimumBalances(Decimal(1), (Money(1, "EUR"), Money(2, "EUR")))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("minimum_balance: 5", MinimumBalances(Decimal(5))),
        ("minimum_balance: '12.50'", MinimumBalances(Decimal("12.5"))),
        ("minimum_balance: ", MinimumBalances(Decimal(0))),
        ("", MinimumBalances(Decimal(0))),
        ("minimum_balance: {EUR: 25, JPY: 3000, others: 5}", MinimumBalances(Decimal(5), EURO_AND_YEN)),
        ("minimum_balance: {others: 5, JPY: 3000, EUR: 25.00}", MinimumBalances(Decimal(5), EURO_AND_YEN)),
        ("minimum_balance: {JPY: 3000, EUR: 25}", MinimumBalances(Decimal(0), EURO_AND_YEN)),
        (
            "minimum_balance:\n  # what a call costs\n  EUR: 25\n  JPY: 3000.0",
            MinimumBalances(Decimal(0), EURO_AND_YEN),
        ),
        ("minimum_balance: {others: 5}", MinimumBalances(Decimal(5))),
        ("minimum_balance: {NOK: 0, others: 5}", MinimumBalances(Decimal(5), (Money(0, "NOK"),))),
    ],
)
def test_one_amount_or_one_for_each_currency(written: str, says: MinimumBalances) -> None:
    assert read(written) == says


@pytest.mark.parametrize(
    ("written", "line", "sentence"),
    [
        ("minimum_balance: lots", 14, "minimum_balance is an amount such as 50000 or 12.50; “lots” is not."),
        (
            "minimum_balance: {}",
            14,
            "Write one amount for all currencies, such as minimum_balance: 5, or one for each: {EUR: 25, others: 0}.",
        ),
        ("minimum_balance: [5]", 14, "Write one amount for all currencies, such as"),
        ("minimum_balance:\n  EUR: 5\n  EURO: 25", 16, "“EURO” is no currency code of ISO 4217; did you mean “EUR”?"),
        ("minimum_balance:\n  eur: 25", 15, "“eur” is no currency code of ISO 4217; did you mean “EUR”?"),
        ("minimum_balance:\n  other: 25", 15, "“other” is no currency code of ISO 4217; did you mean “others”?"),
        ("minimum_balance:\n  QQQ: 25", 15, "“QQQ” is no currency code of ISO 4217 such as EUR, nor “others”."),
        ("minimum_balance:\n  EUR: 5\n  JPY: -5", 16, "JPY is an amount such as 50000 or 12.50; “-5” is not."),
        ("minimum_balance:\n  EUR: five", 15, "EUR is an amount such as 50000 or 12.50; “five” is not."),
        ("minimum_balance:\n  EUR: nan", 15, "EUR is an amount"),
        ("minimum_balance:\n  EUR: 1e-999999", 15, "EUR is an amount"),
        ("minimum_balance:\n  others: -5", 15, "others is an amount such as 50000 or 12.50; “-5” is not."),
        ("minimum_balance:\n  JPY: 3000.5", 15, "An amount in JPY has no decimals; write 3001 instead of 3000.5."),
        (
            "minimum_balance:\n  EUR: 25.125",
            15,
            "An amount in EUR has 2 decimals at the most; write 25.13 instead of 25.125.",
        ),
        ("minimum_balance:\n  EUR:", 15, "Write an amount for EUR, or leave EUR out."),
        ("minimum_balance:\n  EUR: [25]", 15, "Write an amount for EUR, or leave EUR out."),
        ("minimum_balance:\n  others: {EUR: 25}", 15, "Write an amount for others, or leave others out."),
        ("minimum_balance:\n  CLF: 100000000000000", 15, "out of range"),
        ("minimum_balance:\n  EUR: 25\n  EUR: 30", 16, "“EUR” stands here twice."),
    ],
)
def test_what_is_wrong_is_told_with_its_line(written: str, line: int, sentence: str) -> None:
    said = read_document(DocumentKind.POLICY, POLICY.replace(LINE, written))
    assert isinstance(said, Unreadable), said
    assert sentence in said.sentence
    assert said.line == line


@given(st.dictionaries(st.text(max_size=8) | codes, st.text(max_size=12) | st.integers().map(str), max_size=4))
def test_whatever_stands_there_is_read_or_told(written: dict[str, str]) -> None:
    said = read_document(DocumentKind.POLICY, write_document(tree_of(TERMS) | {"minimum_balance": written}))
    assert isinstance(said, Terms) or said.sentence.endswith((".", "?"))


@pytest.mark.parametrize(
    ("minimum", "written"),
    [
        (MinimumBalances(Decimal("5.00")), "minimum_balance: '5'\n"),
        (MinimumBalances(Decimal(2500)), "minimum_balance: '2500'\n"),
        (MinimumBalances(Decimal(0), EURO_AND_YEN), "minimum_balance: {EUR: '25', JPY: '3000', others: '0'}\n"),
    ],
)
def test_it_is_written_as_people_write_it(minimum: MinimumBalances, written: str) -> None:
    assert written in write_document(tree_of(replace(TERMS, minimum_balances=minimum)))
