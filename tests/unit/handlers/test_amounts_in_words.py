"""Amounts as people type them, in the reader's own way of writing numbers."""

from __future__ import annotations

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from domain.values import Money
from handlers.spoken.amounts import amount_in_words
from handlers.spoken.misread import Misread

ENGLISH, GERMAN, FRENCH = Locale.parse("en_GB"), Locale.parse("de_DE"), Locale.parse("fr_FR")

READ = (
    ("1234", ENGLISH, 123_400),
    ("1,234.56", ENGLISH, 123_456),
    ("1.234,56", ENGLISH, 123_456),
    ("1.234,56", GERMAN, 123_456),
    ("1,234.56", GERMAN, 123_456),
    ("1,234", ENGLISH, 123_400),
    ("1.234", GERMAN, 123_400),
    ("1.234.567", GERMAN, 123_456_700),
    ("1 234,50", FRENCH, 123_450),
    ("1\u202f234,50\u00a0€", FRENCH, 123_450),
    ("1'234.50", GERMAN, 123_450),
    ("12,5", ENGLISH, 1_250),
    ("12.4k", ENGLISH, 1_240_000),
    ("€12k", ENGLISH, 1_200_000),
    ("EUR 5", ENGLISH, 500),
    ("500,-", GERMAN, 50_000),
)


@pytest.mark.parametrize(("text", "locale", "minor"), READ)
def test_amounts_that_are_read(text: str, locale: Locale, minor: int) -> None:
    assert amount_in_words(text, currency="EUR", locale=locale) == Money(minor, "EUR")


@pytest.mark.parametrize(
    ("text", "locale", "why"),
    [
        ("1.234", ENGLISH, "two ways"),
        ("1,234", GERMAN, "two ways"),
        ("1.2.3", ENGLISH, "do not fit"),
        ("1,234,56", ENGLISH, "do not fit"),
        ("12.345,6.7", ENGLISH, "do not fit"),
        ("half of it", ENGLISH, "plain amount"),
        ("-5", ENGLISH, "plain amount"),
        ("", ENGLISH, "plain amount"),
        ("5 XXQ", ENGLISH, "three letters"),
        ("5 EUR USD", ENGLISH, "three letters"),
        ("1.2345", ENGLISH, "2 decimals"),
    ],
)
def test_amounts_that_are_not_guessed(text: str, locale: Locale, why: str) -> None:
    read = amount_in_words(text, currency="EUR", locale=locale)
    assert isinstance(read, Misread)
    assert why in read.sentence


def test_the_currency_beside_the_number_counts() -> None:
    assert amount_in_words("1,200 USD", currency="EUR", locale=ENGLISH) == Money(120_000, "USD")
    assert amount_in_words("1.234 KWD", currency="EUR", locale=ENGLISH) == Money(1_234, "KWD")
    assert amount_in_words("¥1,200", currency=None, locale=ENGLISH) == Money(1_200, "JPY")


def test_no_currency_is_asked_for() -> None:
    read = amount_in_words("1,200", currency=None, locale=ENGLISH)
    assert isinstance(read, Misread)
    assert "currency too" in read.sentence


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_an_amount_or_a_sentence(text: str) -> None:
    assert isinstance(amount_in_words(text, currency="EUR", locale=ENGLISH), Money | Misread)
