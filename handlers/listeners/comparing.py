"""Two texts beside each other: two versions, or a version and what somebody asks for. All pages of it."""

from __future__ import annotations

from typing import assert_never

from domain.library import ChangeShown, Compared
from domain.outcomes import Refused
from domain.values import Capability
from handlers import library_inputs
from handlers.answers import Answer, Prepare, Redraw
from handlers.listeners.library import refusal
from handlers.presenters import changes, library
from handlers.presenters.differing import Places
from handlers.request import Request
from handlers.views.blocks import Page, View, modal, section


def compare(request: Request) -> Answer:
    """A version was chosen in a menu, to be put beside the one that is shown."""
    shown = library_inputs.shown_edition(request.body, request.signet)
    number = library_inputs.picked_number(request.body, request.signet)
    return Redraw(_places(request, Places(shown, number, start=0, is_in_place=True)))


def open_places(request: Request) -> Answer:
    """From a message or a form."""
    places = library_inputs.clicked_places(request.body, request.signet)
    return Prepare(modal(Page("What changed", "", (section("Reading…"),))), lambda: _places(request, places))


def turn_places(request: Request) -> Answer:
    return Redraw(_places(request, library_inputs.clicked_places(request.body, request.signet)))


def _places(request: Request, places: Places) -> View:
    if places.edition is None:
        return _of_request(request, places)
    outcome = request.cases.compare_texts(places.edition, other=places.number)
    match outcome:
        case Compared():
            return library.compared_view(outcome, places, signet=request.signet)
        case Refused():
            return modal(refusal(request, outcome))
        case _:
            assert_never(outcome)


def _of_request(request: Request, places: Places) -> View:
    outcome = request.cases.show_change(places.number, to_decide=False)
    match outcome:
        case ChangeShown():
            return modal(changes.places_page(outcome, places, signet=request.signet))
        case Refused():
            return modal(refusal(request, outcome, wanted=Capability.DECIDE_REQUESTS))
        case _:
            assert_never(outcome)
