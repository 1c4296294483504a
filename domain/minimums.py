"""The smallest balance that is worth a reminder, in each currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache

from domain.errors import InvalidValue
from domain.values import Money


@dataclass(frozen=True, slots=True)
class MinimumBalances:
    """`own` are the currencies that have an amount of their own; `others`, in major units, counts in all the rest.

    The order in which currencies are named means nothing. Raises InvalidValue for an amount below nothing, and for two
    of one currency.
    """

    others: Decimal = Decimal(1)
    own: tuple[Money, ...] = ()

    def __post_init__(self) -> None:
        if self.others < 0 or any(one.minor < 0 for one in self.own):
            raise InvalidValue("A minimum balance is nothing or more.")
        if len({one.currency for one in self.own}) < len(self.own):
            raise InvalidValue("A currency has one minimum balance.")
        object.__setattr__(self, "own", tuple(sorted(self.own, key=lambda one: one.currency)))

    def own_in(self, currency: str) -> Money | None:
        """The currency's own amount; None where that of the others counts."""
        return next((one for one in self.own if one.currency == currency), None)

    def for_currency(self, currency: str) -> Money:
        """The smallest balance that is chased. Never less than one minor unit: nobody is reminded of nothing."""
        least = self.own_in(currency) or rounded_up(self.others, currency)
        return Money(max(1, least.minor), currency)

    def are_met_by(self, balance: Money) -> bool:
        """Whether so much is chased: a nudge may cite it, and Autopilot counts from it."""
        return balance.minor >= self.for_currency(balance.currency).minor


@lru_cache(maxsize=256)
def rounded_up(amount: Decimal, currency: str) -> Money:
    """The least that can be owed in the currency and is not below `amount`: of 12.50 in yen, 13.

    Autopilot asks it of every open invoice, of few amounts and currencies.
    """
    unit = Money(1, currency)
    return Money(int(amount.scaleb(unit.exponent).to_integral_value(ROUND_CEILING)), currency)
