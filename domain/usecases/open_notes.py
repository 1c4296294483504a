"""Read an account's notes, open one of them, and see who may write."""

from __future__ import annotations

from domain.notes import NOTES_ON_A_PAGE, NoteAct, NoteForm, NoteOpened, NoteWindow
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.rules.noting import DEPARTMENTS
from domain.usecases._asker import asker, visible_account
from domain.usecases._noting import note_for
from domain.values import Actor, Capability


def open_notes(
    account_id: int, *, page: int = 0, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> NoteWindow | Refused:
    """One page of an account's notes; a page beyond the last one is the last one."""
    at, doing = clock.now(), "notes.read"
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing=doing, subject=f"account:{account_id}")
        if isinstance(person, Refused):
            return person
        account = visible_account(work, person, account_id, rulebook.policy.scope, at=at, doing=doing)
        if isinstance(account, Refused):
            return account
        shown = max(0, page)
        threads, total = work.notes.page(account_id, limit=NOTES_ON_A_PAGE, offset=shown * NOTES_ON_A_PAGE)
        if not threads and total:
            shown = (total - 1) // NOTES_ON_A_PAGE
            threads, total = work.notes.page(account_id, limit=NOTES_ON_A_PAGE, offset=shown * NOTES_ON_A_PAGE)
        return NoteWindow(account=account, threads=tuple(threads), page=shown, total=total, reader=person, at=at)


def open_note(
    note_id: int, *, to: NoteAct = NoteAct.READ, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> NoteOpened | Refused:
    """One note, to read it or to do something with it: who may not, hears it before they type."""
    at = clock.now()
    with uow() as work:
        return note_for(work, actor, note_id, to, at=at, rulebook=rulebook, doing=f"note.{to.value}")


def note_history(
    note_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> NoteOpened | Refused:
    """What the note said when, and by whom: for everybody who may read it."""
    at = clock.now()
    with uow() as work:
        return note_for(work, actor, note_id, NoteAct.READ, at=at, rulebook=rulebook, doing="note.history")


def open_note_form(
    account_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> NoteForm | Refused:
    """Whether the person may write on this account, and under which department."""
    at, doing = clock.now(), "note.write"
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.COMMENT, doing=doing, subject=f"account:{account_id}")
        if isinstance(person, Refused):
            return person
        account = visible_account(work, person, account_id, rulebook.policy.scope, at=at, doing=doing)
        if isinstance(account, Refused):
            return account
        return NoteForm(account=account, department=DEPARTMENTS[person.role])
