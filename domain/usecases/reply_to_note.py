"""Answer a note."""

from __future__ import annotations

from dataclasses import replace

from domain.notes import NoteAct, NoteDone, NoteSaved, Unsaved
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, Profiles, UnitOfWorkFactory
from domain.rules.access import sees
from domain.usecases._noting import named, note_for, read_typed, reply_tellings, unsaved
from domain.values import Actor


def reply_to_note(
    note_id: int,
    *,
    body: str,
    origin: str,
    profiles: Profiles,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> NoteSaved | Unsaved | Refused:
    """The same `origin` twice is one reply. The note's author, whoever answered before and whom the reply names hear
    of it by direct message, if they may see the account when it is posted.
    """
    typed = read_typed(body, (), uow=uow, clock=clock, profiles=profiles)
    at, doing, subject = clock.now(), "note.reply", f"note:{note_id}"
    with uow() as work:
        opened = note_for(work, actor, note_id, NoteAct.REPLY, at=at, rulebook=rulebook, doing=doing)
        if isinstance(opened, Refused):
            return opened
        account, person = opened.account, opened.reader
        text = named(work, typed, account, at=at, rulebook=rulebook)
        if isinstance(text, Unsaved):
            return unsaved(work, text, doing=doing, actor=actor, at=at, subject=subject, account_id=account.id)
        reply_id, again = work.notes.reply(note_id, author_id=person.id, body=text.body, at=at, origin=origin)
        tellings = reply_tellings(opened.thread, reply_id, text.people, by=person.id, at=at)
        hearing = {telling.recipient for telling in tellings if telling.recipient is not None}
        if not again:
            work.notes.mention(note_id, text.people, at=at)
            work.notices.raise_all(tellings)
            work.audit.record(
                "note.replied",
                at=at,
                actor_id=person.id,
                subject=subject,
                account_id=account.id,
                after={"reply": reply_id, "length": len(text.body), "mentioned": sorted(text.people)},
            )
        scope = rulebook.policy.scope
        heard = {id: one for id, one in work.people.by_ids(hearing, at).items() if sees(one, account, scope)}
        return NoteSaved(
            NoteDone.REPLIED,
            replace(opened, thread=work.notes.thread(note_id) or opened.thread),
            told=tuple(heard[id] for id in sorted(heard)),
            again=again,
        )
