"""An amount as people type it: `1.234,56`, `1,234.56 EUR`, `€12k`."""

from __future__ import annotations

import re
from decimal import Decimal

from babel import Locale

from domain.currencies import CURRENCIES
from domain.errors import InvalidValue
from domain.values import Money
from handlers.spoken.misread import Misread

_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN", "fr": "CHF", "fr.": "CHF"}
_AMOUNT = re.compile(
    r"(?P<before>[^\d\s.,'’+-]*)(?P<number>\d[\d.,'’]*)(?P<thousand>(?:k(?![a-z]))?)(?P<after>[^\d\s]*)"
)
_GROUPED = r"\d{1,3}(?:G\d{3})+"


def amount_in_words(text: str, *, currency: str | None, locale: Locale) -> Money | Misread:
    """The amount meant. `currency` is that of the invoices; None: it has to be written beside the number.

    `locale` decides only where both ways of reading are possible: `1.234` is a thousand in German; in English it has
    three decimals, which few currencies have, so it is asked back.
    """
    squeezed = re.sub(r"[.,]?[-–—]+$", "", re.sub(r"[\s\u00a0\u202f]", "", text))
    match = _AMOUNT.fullmatch(squeezed.casefold())
    if match is None:
        return Misread("Write a plain amount such as 1,200.50, with the currency after it if you like.")
    named = [code for part in (match["before"], match["after"]) if part and (code := _code(part)) is not None]
    if len(named) != sum(1 for part in (match["before"], match["after"]) if part) or len(set(named)) > 1:
        return Misread("Write the currency as its three letters, such as 1,200.50 EUR.")
    code = named[0] if named else currency
    if code is None:
        return Misread("Write the currency too, such as 1,200.50 EUR: the invoices do not say which is meant.")
    number = _number(match["number"], locale=locale, exponent=CURRENCIES[code])
    if isinstance(number, Misread):
        return number
    try:
        return Money.of(number * 1_000 if match["thousand"] else number, code)
    except InvalidValue:
        return Misread(f"{code} has {_decimals(CURRENCIES[code])}. Write the amount with no more than that.")


def _code(words: str) -> str | None:
    if words in _SYMBOLS:
        return _SYMBOLS[words]
    return words.upper() if words.upper() in CURRENCIES else None


def _decimals(count: int) -> str:
    return "no decimals" if count == 0 else "1 decimal" if count == 1 else f"{count} decimals"


def _number(text: str, *, locale: Locale, exponent: int) -> Decimal | Misread:
    text = text.replace("’", "'")
    marks = [one for one in text if not one.isdigit()]
    if not marks:
        return Decimal(text)
    last = marks[-1]
    kinds = set(marks)
    if len(kinds) == 2 and marks.count(last) == 1 and last != "'":
        group = (kinds - {last}).pop()
        whole, _, part = text.rpartition(last)
        if re.fullmatch(_GROUPED.replace("G", re.escape(group)), whole) and part:
            return Decimal(f"{whole.replace(group, '')}.{part}")
    elif len(kinds) == 1:
        grouped = bool(re.fullmatch(_GROUPED.replace("G", re.escape(last)), text))
        if last == "'" or len(marks) > 1:
            return Decimal(text.replace(last, "")) if grouped else _unsure(text)
        whole, _, part = text.partition(last)
        if not grouped and part:
            return Decimal(f"{whole}.{part}")
        if grouped:
            return _either(whole, part, last, locale=locale, exponent=exponent)
    return _unsure(text)


def _either(whole: str, part: str, mark: str, *, locale: Locale, exponent: int) -> Decimal | Misread:
    """`1.234`: thousands for who groups with that mark; else decimals only where the currency has three."""
    groups = str(locale.number_symbols.get("latn", {}).get("group", ","))
    if mark == groups:
        return Decimal(whole + part)
    if exponent == 3:
        return Decimal(f"{whole}.{part}")
    return Misread(f"{whole}{mark}{part} can be read in two ways. Write {whole}{part}, or the decimals in full.")


def _unsure(text: str) -> Misread:
    return Misread("The dots and commas do not fit together. Write a plain amount such as 1200.50.")
