"""Policies, segments, cadences and templates: shown, approved, retired."""

from __future__ import annotations

from typing import assert_never

from domain.library import Catalogue, Edition, Reading, Shelf, TemplateDecided
from domain.outcomes import Refused
from domain.values import Capability
from handlers import library_inputs
from handlers.answers import Answer, Prepare, Redraw, Tell
from handlers.listeners.refusing import Refusing
from handlers.presenters import library
from handlers.request import Request
from handlers.views.blocks import Page, View, modal, section

refusal = Refusing("Not possible", Capability.VIEW_POLICIES)


def show_current(request: Request, shelf: Shelf) -> Answer:
    """The window opens first: its trigger lives for three seconds, however busy the books are."""
    return Prepare(_waiting(), lambda: _read(request, request.cases.read_current(shelf)))


def show_templates(request: Request) -> Answer:
    return Prepare(_waiting(), lambda: _listed(request))


def list_again(request: Request) -> Answer:
    """Back from a text to the list, in the same window."""
    library_inputs.clicked_shelf(request.body, request.signet)
    return Redraw(_listed(request))


def open_text(request: Request) -> Answer:
    edition = library_inputs.clicked_edition(request.body, request.signet)
    return Redraw(_read(request, request.cases.read_text(edition)))


def open_beside(request: Request) -> Answer:
    """From a message or another window."""
    edition = library_inputs.clicked_edition(request.body, request.signet)
    return Prepare(_waiting(), lambda: _read(request, request.cases.read_text(edition)))


def choose_version(request: Request) -> Answer:
    shown = library_inputs.shown_edition(request.body, request.signet)
    number = library_inputs.picked_number(request.body, request.signet)
    return Redraw(_read(request, request.cases.read_text(Edition(shown.shelf, number, shown.key))))


def approve(request: Request) -> Answer:
    edition = library_inputs.clicked_edition(request.body, request.signet)
    return _decided(request, request.cases.approve_template(edition), Capability.EDIT_POLICIES)


def sign_off(request: Request) -> Answer:
    edition = library_inputs.clicked_edition(request.body, request.signet)
    return _decided(request, request.cases.sign_off_template(edition), Capability.SIGN_OFF_POLICIES)


def retire(request: Request) -> Answer:
    edition = library_inputs.clicked_edition(request.body, request.signet)
    return _decided(request, request.cases.retire_template(edition), Capability.EDIT_POLICIES)


def _decided(request: Request, outcome: TemplateDecided | Refused, wanted: Capability) -> Answer:
    match outcome:
        case TemplateDecided():
            return Redraw(_view(request, outcome.reading, notice=library.decided_words(outcome)))
        case Refused():
            return Tell(refusal(request, outcome, wanted=wanted))
        case _:
            assert_never(outcome)


def _read(request: Request, outcome: Reading | Refused) -> View:
    match outcome:
        case Reading():
            return _view(request, outcome)
        case Refused():
            return modal(refusal(request, outcome))
        case _:
            assert_never(outcome)


def _listed(request: Request) -> View:
    outcome = request.cases.list_templates()
    match outcome:
        case Catalogue():
            return modal(library.catalogue_page(outcome, signet=request.signet))
        case Refused():
            return modal(refusal(request, outcome))
        case _:
            assert_never(outcome)


def _view(request: Request, reading: Reading, *, notice: str = "") -> View:
    return library.reading_view(reading, reader=request.reader, signet=request.signet, at=request.at, notice=notice)


def _waiting() -> View:
    return modal(Page("Plixo", "", (section("Reading…"),)))
