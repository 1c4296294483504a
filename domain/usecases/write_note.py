"""Write a note about an account."""

from __future__ import annotations

from collections.abc import Collection

from domain.notes import NewNote, NoteDone, NoteOpened, NoteSaved, Unsaved
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, Profiles, UnitOfWorkFactory
from domain.rules.noting import DEPARTMENTS
from domain.usecases._asker import asker, visible_account
from domain.usecases._noting import mention_tellings, named, read_typed, unsaved
from domain.values import Actor, Capability


def write_note(
    account_id: int,
    *,
    body: str,
    people: Collection[str],
    origin: str,
    profiles: Profiles,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> NoteSaved | Unsaved | Refused:
    """Under the department of the writer's role. `people` are Slack ids; those the text names count as well.

    The same `origin` twice is one note. Whoever is named hears of it by direct message.
    """
    typed = read_typed(body, people, uow=uow, clock=clock, profiles=profiles)
    at, doing, subject = clock.now(), "note.write", f"account:{account_id}"
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.COMMENT, doing=doing, subject=subject)
        if isinstance(person, Refused):
            return person
        account = visible_account(work, person, account_id, rulebook.policy.scope, at=at, doing=doing)
        if isinstance(account, Refused):
            return account
        text = named(work, typed, account, at=at, rulebook=rulebook)
        if isinstance(text, Unsaved):
            return unsaved(work, text, doing=doing, actor=actor, at=at, subject=subject, account_id=account.id)
        department = DEPARTMENTS[person.role]
        note_id, again = work.notes.add(
            NewNote(account.id, department, person.id, person.name, text.body, at, origin=origin)
        )
        told = text.people.keys() - {person.id}
        if not again:
            new = work.notes.mention(note_id, text.people, at=at) - {person.id}
            work.notices.raise_all(mention_tellings(note_id, new, at=at))
            work.audit.record(
                "note.written",
                at=at,
                actor_id=person.id,
                subject=f"note:{note_id}",
                account_id=account.id,
                after={"department": department.value, "length": len(text.body), "mentioned": sorted(text.people)},
            )
        thread = work.notes.thread(note_id)
        assert thread is not None
        return NoteSaved(
            act=NoteDone.WRITTEN,
            opened=NoteOpened(thread, account, person, at),
            told=tuple(text.people[id] for id in sorted(told)),
            again=again,
        )
