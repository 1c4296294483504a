"""Edit a note, or pin it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from domain.notes import Fault, NoteAct, NoteDone, NoteField, NoteProblem, NoteSaved, NoteThread, Unsaved
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, Profiles, UnitOfWorkFactory
from domain.usecases._noting import mention_tellings, named, note_for, read_typed, unsaved
from domain.values import Actor, Person


def edit_note(
    note_id: int,
    *,
    was: int,
    body: str,
    people: Collection[str],
    profiles: Profiles,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> NoteSaved | Unsaved | Refused:
    """The next version of a note; the earlier ones stay in its history.

    `was` is the version the person had before them: when somebody was faster, nothing is overwritten, and what was
    typed stays in the form. The same text sent twice is one edit.
    """
    typed = read_typed(body, people, uow=uow, clock=clock, profiles=profiles)
    at, doing, subject = clock.now(), "note.edit", f"note:{note_id}"
    with uow() as work:
        opened = note_for(work, actor, note_id, NoteAct.EDIT, at=at, rulebook=rulebook, doing=doing)
        if isinstance(opened, Refused):
            return opened
        account, person, before = opened.account, opened.reader, opened.thread
        text = named(work, typed, account, at=at, rulebook=rulebook)
        if isinstance(text, Unsaved):
            return unsaved(work, text, doing=doing, actor=actor, at=at, subject=subject, account_id=account.id)
        told = tuple(one for id, one in sorted(text.people.items()) if id not in before.mentioned | {person.id})
        is_same = text.body == before.note.body and text.people.keys() <= before.mentioned
        if is_same and (before.version == was or _is_own(before, person, was)):
            return NoteSaved(NoteDone.EDITED, opened, again=True)
        if not work.notes.revise(note_id, was=was, body=text.body, author_id=person.id, at=at):
            return Unsaved((_changed(work.notes.thread(note_id) or before),))
        new = work.notes.mention(note_id, text.people, at=at) - {person.id}
        work.notices.raise_all(mention_tellings(note_id, new, before=before.mentioned, at=at))
        work.audit.record(
            "note.edited",
            at=at,
            actor_id=person.id,
            subject=subject,
            account_id=account.id,
            before={"version": was, "length": len(before.note.body)},
            after={"version": was + 1, "length": len(text.body), "mentioned": sorted(text.people)},
        )
        after = work.notes.thread(note_id)
        return NoteSaved(NoteDone.EDITED, replace(opened, thread=after or before), told=told)


def _is_own(thread: NoteThread, person: Person, was: int) -> bool:
    """The same submission once more: what stands there now is what this person has just made of `was`."""
    return thread.version == was + 1 and thread.versions[0].author_id == person.id


def _changed(thread: NoteThread) -> NoteProblem:
    latest = thread.versions[0]
    return NoteProblem(NoteField.BODY, Fault.CHANGED_MEANWHILE, (latest.author,), latest.at)


def pin_note(
    note_id: int,
    *,
    is_pinned: bool,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> NoteSaved | Refused:
    """Pinned notes stand first on the card. Doing it twice changes nothing."""
    at, done = clock.now(), NoteDone.PINNED if is_pinned else NoteDone.UNPINNED
    with uow() as work:
        opened = note_for(work, actor, note_id, NoteAct.PIN, at=at, rulebook=rulebook, doing="note.pin")
        if isinstance(opened, Refused):
            return opened
        changed = work.notes.pin(note_id, is_pinned=is_pinned)
        if changed:
            work.audit.record(
                f"note.{done.value}",
                at=at,
                actor_id=opened.reader.id,
                subject=f"note:{note_id}",
                account_id=opened.account.id,
                before={"is_pinned": not is_pinned},
                after={"is_pinned": is_pinned},
            )
        after = work.notes.thread(note_id)
        return NoteSaved(done, replace(opened, thread=after or opened.thread), again=not changed)
