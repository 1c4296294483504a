"""Internal notes: read, written, answered, edited, pinned."""

from __future__ import annotations

from collections.abc import Collection

from domain.notes import NoteAct, NoteForm, NoteOpened, NoteSaved, NoteWindow, Unsaved
from domain.outcomes import Refused
from domain.ports import Profiles
from domain.usecases.change_note import edit_note, pin_note
from domain.usecases.open_notes import note_history, open_note, open_note_form, open_notes
from domain.usecases.reply_to_note import reply_to_note
from domain.usecases.write_note import write_note
from handlers.cases.asking import Asking


class NoteCases(Asking):
    __slots__ = ()

    def open_notes(self, account_id: int, *, page: int = 0) -> NoteWindow | Refused:
        return open_notes(
            account_id, page=page, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def open_note(self, note_id: int, *, to: NoteAct = NoteAct.READ) -> NoteOpened | Refused:
        return open_note(note_id, to=to, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def note_history(self, note_id: int) -> NoteOpened | Refused:
        return note_history(note_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def open_note_form(self, account_id: int) -> NoteForm | Refused:
        return open_note_form(account_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def write_note(
        self, account_id: int, *, body: str, people: Collection[str], origin: str, profiles: Profiles
    ) -> NoteSaved | Unsaved | Refused:
        return write_note(
            account_id,
            body=body,
            people=people,
            origin=origin,
            profiles=profiles,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def edit_note(
        self, note_id: int, *, was: int, body: str, people: Collection[str], profiles: Profiles
    ) -> NoteSaved | Unsaved | Refused:
        return edit_note(
            note_id,
            was=was,
            body=body,
            people=people,
            profiles=profiles,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def reply_to_note(
        self, note_id: int, *, body: str, origin: str, profiles: Profiles
    ) -> NoteSaved | Unsaved | Refused:
        return reply_to_note(
            note_id,
            body=body,
            origin=origin,
            profiles=profiles,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def pin_note(self, note_id: int, *, is_pinned: bool) -> NoteSaved | Refused:
        return pin_note(
            note_id,
            is_pinned=is_pinned,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )
