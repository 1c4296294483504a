"""Holds that were placed here. What the books say stands in `accounts.legal_hold`."""

from __future__ import annotations

from datetime import datetime

from domain.reporting import (
    LegalHold,
)
from storage.scope import Scope


class LegalHoldStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def standing(self, account_id: int) -> LegalHold | None:
        raise NotImplementedError

    def place(self, account_id: int, *, why: str, by: int, at: datetime) -> bool:
        raise NotImplementedError

    def lift(self, account_id: int, *, by: int, at: datetime) -> bool:
        raise NotImplementedError
