"""Internal notes, their versions, replies and mentions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from domain.notes import NewNote, NoteThread


class Notes(Protocol):
    def add(self, note: NewNote) -> tuple[int, bool]:
        """With its first version. Returns the note's id and whether the same submission had written it before."""
        ...

    def thread(self, note_id: int) -> NoteThread | None: ...
    def page(self, account_id: int, *, limit: int, offset: int) -> tuple[list[NoteThread], int]:
        """Pinned ones first, then newest first; and how many the account has."""
        ...

    def revise(self, note_id: int, *, was: int, body: str, author_id: int, at: datetime) -> bool:
        """The next version. False, and nothing changes, when `was` is no longer the present one."""
        ...

    def pin(self, note_id: int, *, is_pinned: bool) -> bool:
        """False when it was so already."""
        ...

    def reply(self, note_id: int, *, author_id: int, body: str, at: datetime, origin: str) -> tuple[int, bool]:
        """Returns the reply's id and whether the same submission had written it before."""
        ...

    def mention(self, note_id: int, user_ids: Collection[int], *, at: datetime) -> frozenset[int]:
        """Once per note and person; returns those that were not named there before."""
        ...
