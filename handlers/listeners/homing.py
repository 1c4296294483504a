"""App Home: opened, refreshed, and its buttons."""

from __future__ import annotations

from typing import assert_never

from domain.homing import Home, OnePart, Part
from domain.outcomes import NudgeChanged, Refused
from domain.usecases.choose_messages import MessageChoice
from handlers import inputs
from handlers.answers import Answer, Nothing, Prepare, Publish, Tell, Turn, TurnOverHome
from handlers.listeners import queueing
from handlers.listeners.refusing import Refusing
from handlers.presenters import home, messages, stories
from handlers.request import Request
from handlers.views.blocks import Page, View, modal, section

_refusal = Refusing()
_WAIT = Page("Plixo", "One moment", (section("One moment …"),))


def home_opened(request: Request) -> Answer:
    return show_home(request) if inputs.is_home_tab(request.body) else Nothing()


def show_home(request: Request, notice: str = "") -> Answer:
    return Publish(_home(request, notice))


def _home(request: Request, notice: str = "") -> Page:
    outcome = request.cases.open_home()
    match outcome:
        case Home():
            return home.home_page(outcome, reader=request.reader, signet=request.signet, notice=notice)
        case Refused():
            return _refusal(request, outcome)
        case _:
            assert_never(outcome)


def refresh(request: Request) -> Answer:
    return show_home(request)


def change_nudge(request: Request) -> Answer:
    """One of a nudge's buttons; the whole page is drawn anew."""
    outcome = queueing.changed(request)
    match outcome:
        case NudgeChanged():
            return show_home(request, stories.changed_words(outcome))
        case Refused():
            return Tell(queueing.refusal(request, outcome))
        case _:
            assert_never(outcome)


def hold(request: Request) -> Answer:
    """In its window, and on the Home behind it where it was opened there."""
    answer = queueing.hold(request)
    if isinstance(answer, Turn) and inputs.is_from_home(request.body, request.signet):
        return TurnOverHome(answer.page, lambda: _home(request))
    return answer


def see_all(request: Request) -> Answer:
    """A part that is longer than Home has room for, in a window of its own."""
    part, start = inputs.clicked_part(request.body, request.signet)
    return Prepare(modal(_WAIT), lambda: modal(_part(request, part, start)))


def see_next(request: Request) -> Answer:
    part, start = inputs.clicked_part(request.body, request.signet)
    return Turn(_part(request, part, start))


def _part(request: Request, part: Part, start: int) -> Page:
    outcome = request.cases.see_part(part, start=start)
    match outcome:
        case OnePart():
            return home.part_page(outcome, reader=request.reader, signet=request.signet)
        case Refused():
            return _refusal(request, outcome)
        case _:
            assert_never(outcome)


def open_messages(request: Request) -> Answer:
    return Prepare(modal(_WAIT), lambda: _messages(request))


def _messages(request: Request) -> View:
    outcome = request.cases.open_messages()
    match outcome:
        case MessageChoice():
            return messages.messages_view(outcome)
        case Refused():
            return modal(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def save_messages(request: Request) -> Answer:
    outcome = request.cases.choose_messages(inputs.wanted_kinds(request.body))
    match outcome:
        case MessageChoice():
            return Turn(messages.saved_page(outcome))
        case Refused():
            return Turn(_refusal(request, outcome))
        case _:
            assert_never(outcome)
