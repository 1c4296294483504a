"""Reading notes: an account's, one of them, its history; and pinning."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from domain.notes import NoteOpened, NoteSaved, NoteWindow
from domain.outcomes import Refused
from domain.values import Capability
from handlers import note_forms
from handlers.answers import Answer, Prepare, Turn
from handlers.inputs import Place
from handlers.listeners.refusing import Refusing
from handlers.presenters import notes
from handlers.request import Request
from handlers.seal import Kind
from handlers.views.blocks import Page, modal
from handlers.views.notes import waiting_view

refusal = Refusing("Notes", Capability.WRITE_NOTES)


def open_notes(request: Request) -> Answer:
    """Over the message they were asked for in; in a modal in its place, for modals stack only three high."""
    account_id, page = note_forms.clicked_page(request.body, Kind.NOTES_PAGE, request.signet)
    return _shown(request, lambda: _window(request, account_id, page))


def turn_page(request: Request) -> Answer:
    account_id, page = note_forms.clicked_page(request.body, Kind.NOTES_PAGE, request.signet)
    return Turn(_window(request, account_id, page))


def open_note(request: Request) -> Answer:
    note_id, page = note_forms.clicked_page(request.body, Kind.NOTE_PAGE, request.signet)
    return _shown(request, lambda: _note(request, note_id, page))


def turn_replies(request: Request) -> Answer:
    note_id, page = note_forms.clicked_page(request.body, Kind.NOTE_PAGE, request.signet)
    return Turn(_note(request, note_id, page))


def turn_history(request: Request) -> Answer:
    note_id, page = note_forms.clicked_page(request.body, Kind.NOTE_PAGE, request.signet)
    outcome = request.cases.note_history(note_id)
    match outcome:
        case NoteOpened():
            return Turn(notes.history_page(outcome, page=page, reader=request.reader, signet=request.signet))
        case Refused():
            return Turn(refusal(request, outcome))
        case _:
            assert_never(outcome)


def pin(request: Request) -> Answer:
    return _pinned(request, is_pinned=True)


def unpin(request: Request) -> Answer:
    return _pinned(request, is_pinned=False)


def _pinned(request: Request, *, is_pinned: bool) -> Answer:
    note_id = note_forms.clicked_note(request.body, request.signet)
    outcome = request.cases.pin_note(note_id, is_pinned=is_pinned)
    match outcome:
        case NoteSaved():
            return Turn(notes.saved_page(outcome, reader=request.reader, signet=request.signet))
        case Refused():
            return Turn(refusal(request, outcome))
        case _:
            assert_never(outcome)


def _shown(request: Request, read: Callable[[], Page]) -> Answer:
    if request.place is Place.MODAL:
        return Turn(read())
    return Prepare(waiting_view(), lambda: modal(read()))


def _window(request: Request, account_id: int, page: int) -> Page:
    outcome = request.cases.open_notes(account_id, page=page)
    match outcome:
        case NoteWindow():
            return notes.window_page(outcome, reader=request.reader, signet=request.signet)
        case Refused():
            return refusal(request, outcome, wanted=Capability.VIEW_ACCOUNTS, account_id=account_id)
        case _:
            assert_never(outcome)


def _note(request: Request, note_id: int, page: int) -> Page:
    outcome = request.cases.open_note(note_id)
    match outcome:
        case NoteOpened():
            return notes.note_page(outcome, reader=request.reader, signet=request.signet, page=page)
        case Refused():
            return refusal(request, outcome, wanted=Capability.VIEW_ACCOUNTS)
        case _:
            assert_never(outcome)
