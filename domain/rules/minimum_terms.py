"""The policy's minimum balances: how they are read and written. One amount for all currencies, or one for each."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches

from domain.currencies import CURRENCIES
from domain.minimums import MinimumBalances, rounded_up
from domain.rules.fields import Fields
from domain.values import Money

NAME = "minimum_balance"
OTHERS = "others"
"""Stands for every currency that is not named."""
_KNOWN = {name.lower(): name for name in (*CURRENCIES, OTHERS)}


def read_minimums(fields: Fields) -> MinimumBalances:
    """What is left out is nothing: then every balance is worth a reminder. Raises NotAsAgreed."""
    given = fields.raw(NAME, is_needed=False)
    if given is None or isinstance(given, str):
        return MinimumBalances(fields.amount(NAME) or Decimal(0))
    if not isinstance(given, Mapping) or not given:
        either = f"Write one amount for all currencies, such as {NAME}: 5, or one for each: {{EUR: 25, {OTHERS}: 0}}."
        raise fields.wrong(NAME, either)
    each = fields.inner(NAME)
    own = tuple(_own(each, code) for code in given if code != OTHERS)
    return MinimumBalances(_amount(each, OTHERS) if OTHERS in given else Decimal(0), own)


def write_minimums(minimums: MinimumBalances) -> str | dict[str, str]:
    """The tree that reads as this."""
    others = _written(minimums.others)
    return {one.currency: _written(one.major) for one in minimums.own} | {OTHERS: others} if minimums.own else others


def _own(each: Fields, code: str) -> Money:
    if code not in CURRENCIES:
        near = get_close_matches(code[:20].lower(), _KNOWN, n=1)
        hint = f"; did you mean “{_KNOWN[near[0]]}”?" if near else f" such as EUR, nor “{OTHERS}”."
        raise each.wrong(code, f"“{code[:20]}” is no currency code of ISO 4217{hint}")
    amount = _amount(each, code)
    least = each.built(code, lambda: Money.of(rounded_up(amount, code).major, code))
    if least.major != amount:
        places = f"{least.exponent} decimals at the most" if least.exponent else "no decimals"
        instead = f"write {_written(least.major)} instead of {_written(amount)}"
        raise each.wrong(code, f"An amount in {code} has {places}; {instead}.")
    return least


def _amount(each: Fields, name: str) -> Decimal:
    amount = each.amount(name) if isinstance(each.raw(name), str) else None
    if amount is None:
        raise each.wrong(name, f"Write an amount for {name}, or leave {name} out.")
    return amount


def _written(amount: Decimal) -> str:
    """`25`, `12.5`: no noughts that say nothing, and no exponent."""
    return f"{amount.normalize():f}"
