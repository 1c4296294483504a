"""Drafts of documents come into force by the Controller's word, with what they change in view."""

from __future__ import annotations

from typing import assert_never

from domain.charter import PublicationShown, Published, Uncounted
from domain.library import DraftDiscarded
from domain.outcomes import Refused
from domain.values import Capability
from handlers import ids, library_inputs
from handlers.answers import Answer, Prepare, Redraw, Tell, Turn
from handlers.listeners.counting import once_counted
from handlers.listeners.library import refusal
from handlers.presenters import publishing
from handlers.presenters.library import DISCARDED, reading_view
from handlers.request import Request
from handlers.views.blocks import Page, View, modal, section


def weigh(request: Request) -> Answer:
    edition = library_inputs.clicked_edition(request.body, request.signet)
    waiting = modal(Page("Publish", "", (section("Reading…"),)))
    return Prepare(waiting, lambda: _form(request, request.cases.show_publication(edition)))


def publish(request: Request) -> Answer:
    """The draft the window is about, and the others that were ticked, together or not at all."""
    shown = library_inputs.shown_edition(request.body, request.signet)
    others = library_inputs.ticked_editions(request.body, ids.TOGETHER_BLOCK, request.signet)
    editions = (shown, *others)
    outcome = request.cases.publish_texts(editions)
    if isinstance(outcome, Uncounted):
        return once_counted(
            request, outcome, lambda counted: _done(request, request.cases.publish_counted(editions, counted))
        )
    return Turn(_done(request, outcome))


def _done(request: Request, outcome: Published | Refused) -> Page:
    match outcome:
        case Published():
            return publishing.done_page(outcome, signet=request.signet)
        case Refused():
            return refusal(request, outcome, wanted=Capability.EDIT_POLICIES)
        case _:
            assert_never(outcome)


def discard(request: Request) -> Answer:
    outcome = request.cases.discard_draft(library_inputs.clicked_edition(request.body, request.signet))
    match outcome:
        case DraftDiscarded(reading):
            return Redraw(
                reading_view(reading, reader=request.reader, signet=request.signet, at=request.at, notice=DISCARDED)
            )
        case Refused():
            return Tell(refusal(request, outcome, wanted=Capability.EDIT_POLICIES))
        case _:
            assert_never(outcome)


def _form(request: Request, outcome: PublicationShown | Refused) -> View:
    match outcome:
        case PublicationShown():
            return publishing.weighing_form(outcome, signet=request.signet)
        case Refused():
            return modal(refusal(request, outcome, wanted=Capability.EDIT_POLICIES))
        case _:
            assert_never(outcome)
