"""Account 360, lists and requests."""

from __future__ import annotations

from domain.outcomes import (
    AccountCard,
    Candidate,
    ChooseAccount,
    MyAccounts,
    NothingFound,
    Refused,
    RequestFiled,
    SharedCard,
)
from domain.reasons import Reason
from domain.usecases.find_account import find_account
from domain.usecases.my_accounts import my_accounts
from domain.usecases.open_account import open_account
from domain.usecases.request_access import request_access
from domain.usecases.share_account import share_account
from domain.usecases.suggest_accounts import suggest_accounts
from domain.values import Capability
from handlers.cases.asking import Asking


class AccountCases(Asking):
    __slots__ = ()

    def find_account(self, words: str) -> AccountCard | ChooseAccount | NothingFound | Refused:
        return find_account(words, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def open_account(self, account_id: int) -> AccountCard | Refused:
        return open_account(account_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def my_accounts(self) -> MyAccounts | Refused:
        return my_accounts(actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def suggest_accounts(self, words: str) -> tuple[Candidate, ...]:
        return suggest_accounts(words, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def share_account(self, account_id: int, *, origin: str) -> SharedCard | Refused | None:
        return share_account(
            account_id, origin=origin, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def request_access(
        self, *, reason: Reason, capability: Capability | None, account_id: int | None, words: str = ""
    ) -> RequestFiled | Refused:
        return request_access(
            reason=reason,
            capability=capability,
            account_id=account_id,
            words=words,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )
