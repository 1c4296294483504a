"""Writing, editing and answering notes: the forms, and what was sent."""

from __future__ import annotations

from typing import assert_never

from domain.notes import NoteAct, NoteForm, NoteOpened, NoteSaved, Unsaved
from domain.outcomes import Refused
from domain.values import Capability
from handlers import inputs, note_forms
from handlers.answers import Answer, Mend, Prepare, Turn
from handlers.listeners.notes import refusal
from handlers.presenters import notes
from handlers.request import Request
from handlers.seal import Kind
from handlers.views.blocks import View, modal
from handlers.views.notes import waiting_view


def open_writing(request: Request) -> Answer:
    account_id, _ = inputs.clicked_account(request.body, request.signet)
    return Prepare(waiting_view(), lambda: _writing(request, account_id))


def open_replying(request: Request) -> Answer:
    note_id = note_forms.clicked_note(request.body, request.signet)
    return Prepare(waiting_view(), lambda: _form(request, note_id, NoteAct.REPLY))


def open_editing(request: Request) -> Answer:
    note_id = note_forms.clicked_note(request.body, request.signet)
    return Prepare(waiting_view(), lambda: _form(request, note_id, NoteAct.EDIT))


def write(request: Request) -> Answer:
    account_id, _ = note_forms.about(request.body, Kind.ACCOUNT, request.signet)
    filled = note_forms.filled(request.body)
    outcome = request.cases.write_note(
        account_id,
        body=filled.body,
        people=filled.people,
        origin=f"slack:{inputs.view_id(request.body)}",
        profiles=request.profiles,
    )
    return _done(request, outcome)


def edit(request: Request) -> Answer:
    note_id, version = note_forms.about(request.body, Kind.NOTE, request.signet)
    filled = note_forms.filled(request.body)
    outcome = request.cases.edit_note(
        note_id, was=version, body=filled.body, people=filled.people, profiles=request.profiles
    )
    return _done(request, outcome)


def reply(request: Request) -> Answer:
    note_id, _ = note_forms.about(request.body, Kind.NOTE, request.signet)
    outcome = request.cases.reply_to_note(
        note_id,
        body=note_forms.filled(request.body).body,
        origin=f"view:{inputs.view_id(request.body)}",
        profiles=request.profiles,
    )
    return _done(request, outcome, has_people=False)


def _done(request: Request, outcome: NoteSaved | Unsaved | Refused, *, has_people: bool = True) -> Answer:
    match outcome:
        case NoteSaved():
            return Turn(notes.saved_page(outcome, reader=request.reader, signet=request.signet))
        case Unsaved():
            return Mend(note_forms.errors(outcome, reader=request.reader, has_people=has_people))
        case Refused():
            return Turn(refusal(request, outcome))
        case _:
            assert_never(outcome)


def _writing(request: Request, account_id: int) -> View:
    outcome = request.cases.open_note_form(account_id)
    match outcome:
        case NoteForm():
            return notes.writing_view(outcome, signet=request.signet)
        case Refused():
            return modal(refusal(request, outcome, wanted=Capability.COMMENT, account_id=account_id))
        case _:
            assert_never(outcome)


def _form(request: Request, note_id: int, act: NoteAct) -> View:
    outcome = request.cases.open_note(note_id, to=act)
    match outcome:
        case NoteOpened():
            form = notes.editing_view if act is NoteAct.EDIT else notes.replying_view
            return form(outcome, reader=request.reader, signet=request.signet)
        case Refused():
            return modal(refusal(request, outcome, wanted=Capability.COMMENT))
        case _:
            assert_never(outcome)
