"""The official record of disputes, with its history."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from domain.commitments import DisputeState
from domain.ports import DisputeStep
from domain.reporting import (
    DisputeDraft,
    DisputeStory,
)
from storage.scope import Scope


class DisputeStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, draft: DisputeDraft, *, actor_id: int, at: datetime) -> int:
        raise NotImplementedError

    def revise(self, dispute_id: int, draft: DisputeDraft) -> None:
        raise NotImplementedError

    def move(self, step: DisputeStep) -> bool:
        raise NotImplementedError

    def remark(self, dispute_id: int, text: str, *, state: DisputeState, actor_id: int, at: datetime) -> None:
        raise NotImplementedError

    def story(self, dispute_id: int) -> DisputeStory | None:
        raise NotImplementedError

    def unresolved(self, *, states: Collection[DisputeState], limit: int) -> list[DisputeStory]:
        raise NotImplementedError
