"""Notes: read, written, answered, edited, pinned."""

from __future__ import annotations

import pytest

from handlers import ids
from tests.browser.gallery.conftest import TakeSeat
from tests.browser.walking import OLGA, RITA, VIK, press

pytestmark = pytest.mark.slow


def test_all_notes_of_an_account(seat: TakeSeat) -> None:
    vik = seat(VIK)
    press(vik.card("C-1001"), ids.NOTES_OPEN)
    vik.hang(vik.window, "window-notes-of-a-viewer", says="notes")
    vik.close()


def test_a_note_is_written(seat: TakeSeat) -> None:
    rita = seat(RITA)
    press(rita.card("C-1001"), ids.NOTES_ADD)
    rita.hang(rita.window, "window-note-writing", says="Who should hear of it")
    rita.write(ids.NOTE_BODY, "Pays on the 15th only.\nCan you confirm?")
    rita.write(ids.NOTE_PEOPLE, [OLGA])
    rita.send()
    rita.hang(rita.window, "window-note-written", says="Your note is there")


def test_it_is_edited_and_its_history_read(seat: TakeSeat) -> None:
    rita = seat(RITA)
    press(rita.window, ids.NOTE_EDIT)
    rita.hang(rita.window, "window-note-editing", says="stays in the note's history")
    rita.write(ids.NOTE_BODY, "Pays on the 15th and the 30th only.\nCan you confirm?")
    rita.send()
    rita.hang(rita.window, "window-note-edited", says="Changed.")
    press(rita.window, ids.NOTE_HISTORY)
    rita.hang(rita.window, "window-note-history", says="newest first")
    rita.close()


def test_who_is_named_answers_and_pins(seat: TakeSeat) -> None:
    olga = seat(OLGA)
    olga.messages()
    olga.hang(olga.message, "told-named", says="named you in a note")
    press(olga.message, ids.NOTE_REPLY)
    olga.hang(olga.window, "window-note-replying", says="hear of it by direct message")
    olga.write(ids.NOTE_BODY, "Yes, their bank told me so.")
    olga.send()
    olga.hang(olga.window, "window-note-replied", says="Your reply is there")
    olga.close()
    press(olga.card("C-1001"), ids.NOTES_OPEN)
    olga.hang(olga.window, "window-notes", says="1 reply, the latest by Olga Operator")
    press(olga.window, ids.NOTE_PIN)
    olga.hang(olga.window, "window-note-pinned", says="Pinned")
    olga.close()
    rita = seat(RITA)
    rita.messages()
    rita.hang(rita.message, "told-replied", says="replied to your note")
