"""What would happen, before it does."""

from __future__ import annotations

from collections.abc import Sequence

from domain.library import Edition
from domain.outcomes import ChooseAccount, NothingFound, Refused
from domain.simulation import AccountAhead, BookAhead
from domain.usecases.simulate_account import simulate_account
from domain.usecases.simulate_book import simulate_book
from handlers.cases.asking import Asking


class SimulationCases(Asking):
    __slots__ = ()

    def simulate_account(self, account: int | str) -> AccountAhead | ChooseAccount | NothingFound | Refused:
        """Raises InvalidValue."""
        return simulate_account(account, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def simulate_book(self, editions: Sequence[Edition]) -> BookAhead | Refused:
        """Raises InvalidValue."""
        return simulate_book(editions, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)
