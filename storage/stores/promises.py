"""The official record of promises, with its history."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from domain.ports import PromiseStep
from domain.reporting import (
    PromiseDraft,
    PromiseStory,
)
from storage.scope import Scope


class PromiseStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, draft: PromiseDraft, *, hold_until: datetime, actor_id: int, at: datetime) -> int:
        raise NotImplementedError

    def revise(self, promise_id: int, draft: PromiseDraft) -> None:
        raise NotImplementedError

    def move(self, step: PromiseStep) -> bool:
        raise NotImplementedError

    def open_on(self, invoice_ids: Collection[int]) -> list[int]:
        raise NotImplementedError

    def story(self, promise_id: int) -> PromiseStory | None:
        raise NotImplementedError
