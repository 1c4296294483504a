"""Who may do what with whose note; whom a text names."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.notes import NoteAct, NoteThread, NoteVersion
from domain.reasons import Reason
from domain.rules.noting import DEPARTMENTS, may_write, mentions_in, tidied, why_not, with_names
from domain.timeline import Department, Note
from domain.values import Capability, Role
from tests.builders import MONDAY_TEN, make_person

ME, OTHER = 1, 2
NO, NOT_MINE, BOOKS = Reason.NOT_ALLOWED, Reason.NOTE_OF_ANOTHER, Reason.NOTE_IMPORTED

# role: (department, reply, pin, edit own, edit another's, edit one of the books)
TABLE = {
    Role.ADMIN: (Department.AR, None, None, None, NOT_MINE, BOOKS),
    Role.CONTROLLER: (Department.AR, None, None, None, None, BOOKS),
    Role.AR_MANAGER: (Department.AR, None, None, None, NOT_MINE, BOOKS),
    Role.OPERATOR: (Department.AR, None, None, None, NOT_MINE, BOOKS),
    Role.BILLING_ADMIN: (Department.AR, None, None, None, NOT_MINE, BOOKS),
    Role.CSM: (Department.CSM, None, None, None, NOT_MINE, BOOKS),
    Role.LEGAL: (Department.LEGAL, None, None, None, NOT_MINE, BOOKS),
    Role.SALES: (Department.SALES, None, NO, None, NOT_MINE, BOOKS),
    Role.VIEWER: (None, NO, NO, NO, NO, NO),
}


def thread(author: int | None) -> NoteThread:
    note = Note(1, Department.AR, "Somebody", "text", MONDAY_TEN)
    if author is None:
        return NoteThread(note, 1)
    return NoteThread(
        note,
        1,
        versions=(
            NoteVersion(2, 3, "Carl Controller", "text", MONDAY_TEN + timedelta(hours=1)),
            NoteVersion(1, author, "Somebody", "draft", MONDAY_TEN),
        ),
    )


def test_the_table_is_complete() -> None:
    assert set(TABLE) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_who_may_do_what_with_whose_note(role: Role) -> None:
    person = make_person(id=ME, role=role)
    department, reply, pin, own, another, books = TABLE[role]
    assert DEPARTMENTS.get(role) == department
    assert may_write(person) == (department is not None)
    for author in (ME, OTHER, None):
        assert why_not(person, NoteAct.READ, thread(author)) is None
        assert why_not(person, NoteAct.REPLY, thread(author)) == reply
        assert why_not(person, NoteAct.PIN, thread(author)) == pin
    assert why_not(person, NoteAct.EDIT, thread(ME)) == own
    assert why_not(person, NoteAct.EDIT, thread(OTHER)) == another
    assert why_not(person, NoteAct.EDIT, thread(None)) == books


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", NoteAct)
def test_who_is_switched_off_may_nothing(role: Role, act: NoteAct) -> None:
    assert why_not(make_person(id=ME, role=role, is_active=False), act, thread(ME)) is Reason.NOT_ALLOWED


def test_a_grant_makes_no_viewer_a_writer() -> None:
    granted = frozenset({Capability.COMMENT, Capability.WRITE_NOTES, Capability.NUDGE})
    assert not may_write(make_person(role=Role.VIEWER, capabilities=granted))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Hi <@U01ABC>", {"U01ABC"}),
        ("<@W9|olga> and <@U01ABC> and <@U01ABC>", {"W9", "U01ABC"}),
        ("<!channel> <#C01> <@C01> <@u01> @U01 <@U01 <@>", set()),
        ("<@" + "U" * 40 + ">", set()),
    ],
)
def test_whom_a_text_names(text: str, named: set[str]) -> None:
    assert mentions_in(text) == named


def test_names_stand_in_place_of_markup_and_are_not_read_again() -> None:
    assert with_names("<@U1|x> <@U2>", {"U1": "<@U2>"}) == "@<@U2> <@U2>"


def test_what_cannot_be_stored_is_left_out() -> None:
    assert tidied("  a\x00b\r\n\tc\ud800 \n") == "ab\n\tc"
