"""How a segment runs is set: its mode, its cap, its quiet hours."""

from __future__ import annotations

from functools import partial
from typing import assert_never

from domain.charter import Uncounted
from domain.library import SegmentSet, SegmentShown
from domain.outcomes import Refused
from domain.rules.fields import NotAsAgreed
from domain.values import Capability
from handlers import ids, library_inputs
from handlers.answers import Answer, Mend, Prepare, Turn
from handlers.listeners.counting import once_counted
from handlers.listeners.refusing import Refusing
from handlers.presenters import refusals, segments
from handlers.request import Request
from handlers.views.blocks import Page, View, modal, section

refusal = Refusing("Not possible", Capability.SET_SEGMENTS)


def open_settings(request: Request) -> Answer:
    number, index = library_inputs.clicked_segment(request.body, request.signet)
    waiting = modal(Page("Settings", "", (section("Reading…"),)))
    return Prepare(waiting, lambda: _form(request, request.cases.show_segment(number, index)))


def set_settings(request: Request) -> Answer:
    """What is wrong with a value is said beside it, and the window stays."""
    number, index = library_inputs.shown_segment(request.body, request.signet)
    why = library_inputs.written(request.body, ids.WHY_BLOCK, limit=segments.WHY_AT_MOST)
    if not why:
        return Mend({ids.WHY_BLOCK: "Please give a reason: colleagues read it in the audit log."})
    try:
        settings = library_inputs.typed_settings(request.body)
    except NotAsAgreed as error:
        return Mend(segments.mended(error))
    outcome = request.cases.set_segment(number, index, settings, why=why)
    if isinstance(outcome, Uncounted):
        set_counted = partial(request.cases.set_counted_segment, number, index, settings, why=why)
        return once_counted(request, outcome, lambda counted: _set(request, set_counted(counted)))
    if isinstance(outcome, Refused) and outcome.reason in segments.AT_FIELD:
        said = refusals.told(outcome, reader=request.reader, at=request.at)
        return Mend({segments.AT_FIELD[outcome.reason]: said.both})
    return Turn(_set(request, outcome))


def _set(request: Request, outcome: SegmentSet | Refused) -> Page:
    match outcome:
        case SegmentSet():
            return segments.set_page(outcome, signet=request.signet)
        case Refused():
            return refusal(request, outcome)
        case _:
            assert_never(outcome)


def _form(request: Request, outcome: SegmentShown | Refused) -> View:
    match outcome:
        case SegmentShown():
            return segments.settings_form(outcome, signet=request.signet)
        case Refused():
            return modal(refusal(request, outcome))
        case _:
            assert_never(outcome)
