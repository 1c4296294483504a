"""App Home, its parts, and which messages somebody gets."""

from __future__ import annotations

from collections.abc import Collection

from domain.homing import Home, OnePart, Part
from domain.notices import NoticeKind
from domain.outcomes import Refused
from domain.usecases.choose_messages import MessageChoice, choose_messages, open_messages
from domain.usecases.open_home import open_home
from domain.usecases.see_part import see_part
from handlers.cases.asking import Asking


class HomeCases(Asking):
    __slots__ = ()

    def open_home(self) -> Home | Refused:
        return open_home(actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def see_part(self, part: Part, *, start: int) -> OnePart | Refused:
        return see_part(part, start=start, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def open_messages(self) -> MessageChoice | Refused:
        return open_messages(actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def choose_messages(self, wanted: Collection[NoticeKind]) -> MessageChoice | Refused:
        return choose_messages(wanted, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)
