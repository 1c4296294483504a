"""The Nudge, from its preview to its end."""

from __future__ import annotations

from domain.outcomes import AlreadyQueued, HoldBegun, NudgeChanged, NudgePreview, Queued, Refused
from domain.reporting import Unacceptable
from domain.usecases.change_nudge import begin_hold, cancel_nudge, hold_nudge, resolve_unconfirmed, resume_nudge
from domain.usecases.preview_nudge import preview_nudge
from domain.usecases.queue_nudge import queue_nudge
from handlers.cases.asking import Asking


class NudgeCases(Asking):
    __slots__ = ()

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

    def begin_hold(self, message_id: str) -> HoldBegun | Refused:
        return begin_hold(message_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def hold_nudge(self, message_id: str, *, why: str) -> NudgeChanged | Unacceptable | Refused:
        return hold_nudge(message_id, why=why, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def resume_nudge(self, message_id: str) -> NudgeChanged | Refused:
        return resume_nudge(message_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def cancel_nudge(self, message_id: str) -> NudgeChanged | Refused:
        return cancel_nudge(message_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def resolve_unconfirmed(self, message_id: str, *, arrived: bool) -> NudgeChanged | Refused:
        return resolve_unconfirmed(
            message_id, arrived=arrived, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )
