"""Drafts of Autopilot: looked at, approved, edited, skipped."""

from __future__ import annotations

from collections.abc import Mapping

from domain.outcomes import Refused
from domain.shadow import DraftEdited, DraftList, DraftsApproved, DraftSkipped, Misworded, Weighed
from domain.templates import Wording
from domain.usecases.approve_drafts import approve_drafts
from domain.usecases.edit_draft import edit_draft
from domain.usecases.see_drafts import see_draft, see_drafts
from domain.usecases.skip_draft import skip_draft
from handlers.cases.asking import Asking


class ShadowCases(Asking):
    __slots__ = ()

    def see_drafts(self, *, start: int = 0) -> DraftList | Refused:
        return see_drafts(start=start, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def see_draft(self, step_id: int) -> Weighed | Refused:
        return see_draft(step_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def approve_drafts(self, revisions: Mapping[int, int]) -> DraftsApproved | Refused:
        return approve_drafts(revisions, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def edit_draft(self, step_id: int, wording: Wording, *, revision: int) -> DraftEdited | Misworded | Refused:
        return edit_draft(
            step_id,
            wording,
            revision=revision,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def skip_draft(self, step_id: int, why: str) -> DraftSkipped | Refused:
        return skip_draft(step_id, why, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)
