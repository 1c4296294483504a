"""What is asked before a form of the record is shown."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.recording import Act, Begun
from domain.usecases.begin_act import begin_act
from handlers.cases.asking import Asking


class RecordingCases(Asking):
    __slots__ = ()

    def begin_act(self, act: Act, account_id: int, about_id: int) -> Begun | Refused:
        return begin_act(
            act, account_id, about_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )
