"""The use cases as one person calls them: who asks, when and by which rules is already filled in."""

from __future__ import annotations

from dataclasses import dataclass

from domain.outcomes import (
    AccountCard,
    AlreadyQueued,
    Candidate,
    ChooseAccount,
    Home,
    MyAccounts,
    NothingFound,
    NudgeChanged,
    NudgePreview,
    Queued,
    Refused,
    RequestFiled,
    SharedCard,
)
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.usecases.change_nudge import cancel_nudge, hold_nudge, resolve_unconfirmed, resume_nudge
from domain.usecases.find_account import find_account
from domain.usecases.my_accounts import my_accounts
from domain.usecases.open_account import open_account
from domain.usecases.open_home import open_home
from domain.usecases.preview_nudge import preview_nudge
from domain.usecases.queue_nudge import queue_nudge
from domain.usecases.request_access import request_access
from domain.usecases.share_account import share_account
from domain.usecases.suggest_accounts import suggest_accounts
from domain.values import Actor, Capability


@dataclass(frozen=True, slots=True)
class Cases:
    """Tests put a subclass with prepared outcomes in its place."""

    actor: Actor
    uow: UnitOfWorkFactory
    clock: Clock
    rulebook: Rulebook

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

    def preview_nudge(
        self,
        account_id: int,
        *,
        template_key: str | None = None,
        contact_id: int | None = None,
    ) -> NudgePreview | AlreadyQueued | Refused:
        return preview_nudge(
            account_id,
            template_key=template_key,
            contact_id=contact_id,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def queue_nudge(
        self,
        account_id: int,
        *,
        contact_id: int,
        invoice_id: int,
        template_key: str,
        template_version: int,
        origin: str,
    ) -> Queued | AlreadyQueued | Refused:
        return queue_nudge(
            account_id,
            contact_id=contact_id,
            invoice_id=invoice_id,
            template_key=template_key,
            template_version=template_version,
            origin=origin,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def hold_nudge(self, message_id: str) -> NudgeChanged | Refused:
        return hold_nudge(message_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def resume_nudge(self, message_id: str) -> NudgeChanged | Refused:
        return resume_nudge(message_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def cancel_nudge(self, message_id: str) -> NudgeChanged | Refused:
        return cancel_nudge(message_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def resolve_unconfirmed(self, message_id: str, *, arrived: bool) -> NudgeChanged | Refused:
        return resolve_unconfirmed(
            message_id, arrived=arrived, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def open_home(self) -> Home | Refused:
        return open_home(actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def request_access(
        self, *, reason: Reason, capability: Capability | None, account_id: int | None
    ) -> RequestFiled | Refused:
        return request_access(
            reason=reason,
            capability=capability,
            account_id=account_id,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )
