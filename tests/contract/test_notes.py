"""Notes: once for each submission, versions that do not overwrite each other, replies, mentions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from domain.notes import NewNote, NoteReply, NoteThread, NoteVersion
from domain.ports import UnitOfWorkFactory
from domain.timeline import Department, Note
from domain.values import Role
from tests.contract.conftest import Desk
from tests.factories import NOON, make_account, make_note, make_user


def new(desk: Desk, **changes: Any) -> NewNote:
    given: dict[str, Any] = {
        "account_id": desk.account.id,
        "department": Department.SALES,
        "author_id": desk.rep.id,
        "author": desk.rep.name,
        "body": "Pays late.",
        "written_at": NOON,
        "origin": "slack:V1",
    }
    return NewNote(**given | changes)


def written(uow: UnitOfWorkFactory, desk: Desk, **changes: Any) -> int:
    with uow() as work:
        note_id, again = work.notes.add(new(desk, **changes))
    assert not again
    return note_id


def read(uow: UnitOfWorkFactory, note_id: int) -> NoteThread:
    with uow() as work:
        thread = work.notes.thread(note_id)
    assert thread is not None
    return thread


def test_a_note_is_there_with_its_first_version(uow: UnitOfWorkFactory, desk: Desk) -> None:
    note_id = written(uow, desk)
    thread = read(uow, note_id)
    assert thread == NoteThread(
        note=Note(note_id, Department.SALES, "Rita Rep", "Pays late.", NOON),
        account_id=desk.account.id,
        versions=(NoteVersion(1, desk.rep.id, "Rita Rep", "Pays late.", NOON),),
    )
    assert (thread.author_id, thread.version, thread.edited, thread.is_imported) == (desk.rep.id, 1, None, False)


def test_the_same_submission_is_one_note(uow: UnitOfWorkFactory, desk: Desk) -> None:
    note_id = written(uow, desk)
    with uow() as work:
        assert work.notes.add(new(desk, body="Other.")) == (note_id, True)
    assert [version.body for version in read(uow, note_id).versions] == ["Pays late."]


def test_a_note_of_the_books_has_no_version(
    uow: UnitOfWorkFactory, desk: Desk, database: Engine, organisation: int
) -> None:
    thread = read(uow, make_note(database, organisation, desk.account.id))
    assert thread.is_imported
    assert (thread.author_id, thread.version) == (None, 0)


def test_an_edit_is_the_next_version_and_of_two_one_counts(
    uow: UnitOfWorkFactory, desk: Desk, database: Engine, organisation: int
) -> None:
    carl = make_user(database, organisation, name="Carl", role=Role.CONTROLLER)
    note_id, later = written(uow, desk), NOON + timedelta(hours=1)
    with uow() as work:
        assert work.notes.revise(note_id, was=1, body="Second.", author_id=carl.id, at=later)
        assert not work.notes.revise(note_id, was=1, body="Third.", author_id=desk.rep.id, at=later)
        assert not work.notes.revise(note_id, was=9, body="Third.", author_id=desk.rep.id, at=later)
    thread = read(uow, note_id)
    assert thread.note.body == "Second."
    assert thread.note.author == "Rita Rep"
    assert [(one.version, one.author, one.body) for one in thread.versions] == [
        (2, "Carl", "Second."),
        (1, "Rita Rep", "Pays late."),
    ]
    assert thread.author_id == desk.rep.id
    assert thread.edited is not None and thread.edited.at == later


def test_replies_are_there_once_oldest_first_and_counted_on_the_card(uow: UnitOfWorkFactory, desk: Desk) -> None:
    note_id = written(uow, desk)
    with uow() as work:
        first = work.notes.reply(note_id, author_id=desk.rep.id, body="One.", at=NOON, origin="view:1")
        again = work.notes.reply(note_id, author_id=desk.rep.id, body="Other.", at=NOON, origin="view:1")
        work.notes.reply(note_id, author_id=desk.rep.id, body="Two.", at=NOON, origin="view:2")
        card = work.accounts.card(desk.account.id, sending_domain="example.com", at=NOON)
    assert again == (first[0], True)
    thread = read(uow, note_id)
    assert thread.replies[0] == NoteReply(first[0], desk.rep.id, "Rita Rep", "One.", NOON)
    assert [reply.body for reply in thread.replies] == ["One.", "Two."]
    assert card is not None
    assert [note.replies for note in card.notes] == [2]
    assert card.notes[0] == thread.note


def test_somebody_is_named_once(uow: UnitOfWorkFactory, desk: Desk, database: Engine, organisation: int) -> None:
    olga = make_user(database, organisation, name="Olga")
    note_id, other = written(uow, desk), written(uow, desk, origin="slack:V2")
    with uow() as work:
        assert work.notes.mention(note_id, [], at=NOON) == frozenset()
        assert work.notes.mention(note_id, [olga.id], at=NOON) == {olga.id}
        assert work.notes.mention(note_id, [olga.id, desk.rep.id], at=NOON) == {desk.rep.id}
        assert work.notes.mention(other, [olga.id], at=NOON) == {olga.id}
    assert read(uow, note_id).mentioned == {olga.id, desk.rep.id}


def test_pinning_tells_whether_it_changed_anything(uow: UnitOfWorkFactory, desk: Desk) -> None:
    note_id = written(uow, desk)
    with uow() as work:
        done = [work.notes.pin(note_id, is_pinned=pinned) for pinned in (False, True, True, False)]
    assert done == [False, True, False, True]
    assert not read(uow, note_id).note.is_pinned


def test_pages_have_pinned_notes_first_then_the_newest(uow: UnitOfWorkFactory, desk: Desk) -> None:
    notes = [written(uow, desk, origin=f"slack:{n}", written_at=NOON + timedelta(hours=n)) for n in range(5)]
    with uow() as work:
        work.notes.pin(notes[1], is_pinned=True)
        work.notes.reply(notes[4], author_id=desk.rep.id, body="Yes.", at=NOON, origin="view:1")
        first, total = work.notes.page(desk.account.id, limit=3, offset=0)
        second, _ = work.notes.page(desk.account.id, limit=3, offset=3)
    assert total == 5
    assert [one.note.id for one in first] == [notes[1], notes[4], notes[3]]
    assert [one.note.id for one in second] == [notes[2], notes[0]]
    assert [[reply.body for reply in one.replies] for one in first] == [[], ["Yes."], []]


def test_another_organisation_sees_and_changes_nothing(
    uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory, desk: Desk
) -> None:
    note_id = written(uow, desk)
    with other_uow() as work:
        assert work.notes.thread(note_id) is None
        assert work.notes.page(desk.account.id, limit=5, offset=0) == ([], 0)
        assert not work.notes.pin(note_id, is_pinned=True)
        assert not work.notes.revise(note_id, was=1, body="No.", author_id=desk.rep.id, at=NOON)
    assert read(uow, note_id).note.body == "Pays late."


def test_nothing_of_another_account_is_mixed_in(
    uow: UnitOfWorkFactory, desk: Desk, database: Engine, organisation: int
) -> None:
    other = make_account(database, organisation, name="Other")
    note_id, elsewhere = written(uow, desk), written(uow, desk, origin="slack:V2", account_id=other.id)
    with uow() as work:
        work.notes.reply(elsewhere, author_id=desk.rep.id, body="There.", at=NOON, origin="view:1")
        work.notes.mention(elsewhere, [desk.rep.id], at=NOON)
    thread = read(uow, note_id)
    assert (thread.replies, thread.mentioned, len(thread.versions)) == ((), frozenset(), 1)
