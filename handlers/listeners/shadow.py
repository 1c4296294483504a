"""Drafts of Autopilot in Shadow Mode: the list, and what A/R does with each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from domain.outcomes import Refused
from domain.shadow import DraftEdited, DraftList, DraftsApproved, DraftSkipped, Misworded, Weighed
from domain.values import Capability
from handlers import ids, library_inputs, shadow_inputs
from handlers.answers import Answer, Mend, Prepare, Tell, Turn
from handlers.listeners.refusing import Refusing
from handlers.presenters import refusals, shadow
from handlers.request import Request
from handlers.views.blocks import Page, View, modal, section

_refusal = Refusing("Drafts", Capability.APPROVE_DRAFTS, of_draft=True)
_WAIT = modal(Page("Drafts", "One moment", (section("One moment …"),)))


def drafts_order(request: Request, rest: str) -> Answer:
    return Tell(_list(request, 0))


def open_drafts(request: Request) -> Answer:
    """From Home and from A/R's channel, in a window."""
    return Prepare(_WAIT, lambda: modal(_list(request, 0)))


def turn_page(request: Request) -> Answer:
    return Turn(_list(request, shadow_inputs.clicked_start(request.body, request.signet)))


def approve_one(request: Request) -> Answer:
    clicked = shadow_inputs.clicked_draft(request.body, request.signet)
    return _approve(request, {clicked.step_id: clicked.revision}, clicked.start)


def approve_shown(request: Request) -> Answer:
    start, revisions = shadow_inputs.clicked_drafts(request.body, request.signet)
    return _approve(request, revisions, start)


def open_editing(request: Request) -> Answer:
    clicked = shadow_inputs.clicked_draft(request.body, request.signet)
    return Prepare(_WAIT, lambda: _form(request, clicked, shadow.editing_form))


def edit(request: Request) -> Answer:
    """What is wrong with the words is said beside them, and the window stays."""
    shown = shadow_inputs.shown_draft(request.body, request.signet)
    wording = shadow_inputs.edited_wording(request.body)
    outcome = request.cases.edit_draft(shown.step_id, wording, revision=shown.revision)
    match outcome:
        case DraftEdited():
            return Turn(shadow.edited_page(outcome, shown.start, **_eyes(request)))
        case Misworded(refused, in_subject):
            said = refusals.told(refused, reader=request.reader, at=request.at, of_draft=True)
            return Mend({ids.SUBJECT_BLOCK if in_subject else ids.TEXT_BLOCK: said.both})
        case Refused():
            return Turn(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def open_skipping(request: Request) -> Answer:
    clicked = shadow_inputs.clicked_draft(request.body, request.signet)
    return Prepare(_WAIT, lambda: _form(request, clicked, shadow.skipping_form))


def skip(request: Request) -> Answer:
    shown = shadow_inputs.shown_draft(request.body, request.signet)
    why = library_inputs.written(request.body, ids.WHY_BLOCK, limit=shadow.WHY_AT_MOST)
    if not why:
        return Mend({ids.WHY_BLOCK: "Please give a reason: colleagues read it in the audit log."})
    outcome = request.cases.skip_draft(shown.step_id, why)
    match outcome:
        case DraftSkipped():
            return Turn(shadow.skipped_page(outcome, shown.start, **_eyes(request)))
        case Refused():
            return Turn(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def _approve(request: Request, revisions: Mapping[int, int], start: int) -> Answer:
    """The list as it is then, and above it what became of each."""
    outcome = request.cases.approve_drafts(revisions)
    match outcome:
        case DraftsApproved():
            return Turn(_list(request, start, shadow.approved_words(outcome, reader=request.reader, at=request.at)))
        case Refused():
            return Turn(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def _list(request: Request, start: int, notice: str = "") -> Page:
    outcome = request.cases.see_drafts(start=start)
    match outcome:
        case DraftList():
            return shadow.list_page(outcome, notice=notice, **_eyes(request))
        case Refused():
            return _refusal(request, outcome)
        case _:
            assert_never(outcome)


def _form(request: Request, clicked: shadow_inputs.DraftSeal, form: shadow.Form) -> View:
    outcome = request.cases.see_draft(clicked.step_id)
    match outcome:
        case Weighed():
            return form(outcome, clicked.start, signet=request.signet)
        case Refused():
            return modal(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def _eyes(request: Request) -> shadow.Eyes:
    return {"reader": request.reader, "signet": request.signet, "at": request.at}
