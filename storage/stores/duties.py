"""Who keeps whose record, and who is away."""

from __future__ import annotations

from datetime import datetime

from domain.duties import Absence, Keeper
from storage.scope import Scope


class DutyStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def keepers(self, account_id: int | None = None) -> list[Keeper]:
        raise NotImplementedError

    def assign(self, user_id: int, account_id: int | None, *, at: datetime) -> bool:
        raise NotImplementedError

    def take_off(self, user_id: int, account_id: int | None) -> bool:
        raise NotImplementedError

    def absences(self, at: datetime) -> list[Absence]:
        raise NotImplementedError

    def set_absence(self, absence: Absence) -> None:
        raise NotImplementedError

    def end_absence(self, user_id: int, *, at: datetime) -> bool:
        raise NotImplementedError
