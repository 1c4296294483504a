"""Amounts: read exactly or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.receivables.amounts import Separators, minor_reader
from connectors.receivables.texts import Unreadable
from domain.currencies import CURRENCIES
from domain.values import Money


@pytest.mark.parametrize(
    ("text", "mark", "currency", "minor"),
    [
        ("1234.56", ".", "EUR", 123456),
        ("1234", ".", "EUR", 123400),
        ("1234.5", ".", "EUR", 123450),
        ("1,234.56", ".", "EUR", 123456),
        ("1.234,56", ",", "EUR", 123456),
        ("1 234,56", ",", "EUR", 123456),
        ("1\u00a0234,56 €", ",", "EUR", 123456),
        ("1’234.50", ".", "CHF", 123450),
        ("12,34,567.00", ".", "INR", 123456700),
        ("€12.00", ".", "EUR", 1200),
        ("$12.00", ".", "CAD", 1200),
        ("USD 12.00", ".", "USD", 1200),
        ("12.00 usd", ".", "USD", 1200),
        ("(12.00)", ".", "USD", -1200),
        ("12.00-", ".", "USD", -1200),
        ("−12.00", ".", "USD", -1200),
        ("-$12.00", ".", "USD", -1200),
        ("$-12.00", ".", "USD", -1200),
        ("+5", ".", "USD", 500),
        (".5", ".", "USD", 50),
        ("12.340", ".", "EUR", 1234),
        ("1200", ".", "JPY", 1200),
        ("1200.00", ".", "JPY", 1200),
        ("1.234", ".", "KWD", 1234),
        ("1.2345", ".", "CLF", 12345),
        ("0", ".", "USD", 0),
        ("-0.00", ".", "USD", 0),
    ],
)
def test_an_amount_is_read_to_its_minor_units(text: str, mark: str, currency: str, minor: int) -> None:
    assert minor_reader(mark)(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "says"),
    [
        ("12.345", "EUR", "more decimal places than EUR has (2)"),
        ("1.5", "JPY", "more decimal places than JPY has (0)"),
        ("1.00005", "CLF", "more decimal places"),
        ("NaN", "EUR", "not an amount"),
        ("inf", "EUR", "not an amount"),
        ("1e309", "EUR", "not an amount"),
        ("1e5", "EUR", "not an amount"),
        ("twelve", "EUR", "not an amount"),
        ("1.234,56", "EUR", "not an amount"),
        ("1,23.4", "EUR", "not an amount"),
        ("--5", "EUR", "two minus signs"),
        ("(-5)", "EUR", "two minus signs"),
        ("(5", "EUR", "only one bracket"),
        ("£5", "EUR", "not in EUR"),
        ("5 USD", "EUR", "not in EUR"),
        ("9" * 15, "CLF", "too large"),
        ("9" * 400, "EUR", "too large"),
        ("٣", "EUR", "not an amount"),
        ("0x10", "EUR", "not an amount"),
        ("1_000", "EUR", "not an amount"),
    ],
)
def test_what_is_no_exact_amount_is_refused(text: str, currency: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says.replace("(", r"\(").replace(")", r"\)")):
        minor_reader(".")(text, currency)


def mark_of(*values: str) -> str:
    marks = Separators()
    for value in values:
        marks.look(value)
    return marks.decide()


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["100", "200"], "."),
        (["1.5"], "."),
        (["1,5"], ","),
        (["1.234", "1.50"], "."),
        (["1.234", "1,50"], ","),
        (["1.234.567"], ","),
        (["1,234,567"], "."),
        (["1,234.56"], "."),
        (["1.234,56"], ","),
        (["0.123"], "."),
        (["1234.567"], "."),
        (["€ 1.234,56", "x.y"], ","),
        (["n.a."], "."),
    ],
)
def test_the_decimal_mark_follows_from_the_values(values: list[str], mark: str) -> None:
    assert mark_of(*values) == mark


def test_one_value_with_two_readings_is_an_error_that_names_the_option() -> None:
    with pytest.raises(Unreadable, match=r"“1\.234” can be read as 1234 or as a fraction.*--decimal"):
        mark_of("1.234", "500")


def test_two_ways_in_one_file_are_an_error() -> None:
    with pytest.raises(Unreadable, match=r"two ways, “1\.50” and “1,50”"):
        mark_of("1.50", "1,50")


@given(
    minor=st.integers(-(10**15), 10**15),
    currency=st.sampled_from(sorted(CURRENCIES)),
    mark=st.sampled_from([".", ","]),
    grouped=st.booleans(),
)
def test_money_written_and_read_is_the_same_money(minor: int, currency: str, mark: str, grouped: bool) -> None:
    group = "," if mark == "." else "."
    text = f"{Decimal(minor).scaleb(-CURRENCIES[currency]):{',' if grouped else ''}f}"
    text = text.replace(",", "\0").replace(".", mark).replace("\0", group)
    assert minor_reader(mark)(text, currency) == minor


@given(st.text(max_size=30), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_any_text_is_an_amount_or_a_sentence(text: str, currency: str) -> None:
    try:
        minor = minor_reader(".")(text, currency)
    except Unreadable:
        return
    assert abs(minor) < 10**17
    assert Money(minor, currency)
