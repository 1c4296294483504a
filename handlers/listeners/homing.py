"""App Home: opened, refreshed, and its buttons."""

from __future__ import annotations

from typing import assert_never

from domain.outcomes import Home, NudgeChanged, Refused
from domain.values import Capability
from handlers import inputs
from handlers.answers import Answer, Nothing, Publish, Tell
from handlers.presenters import home, refusals, stories
from handlers.request import Request


def home_opened(request: Request) -> Answer:
    return show_home(request) if inputs.is_home_tab(request.body) else Nothing()


def show_home(request: Request, notice: str = "") -> Answer:
    outcome = request.cases.open_home()
    match outcome:
        case Home():
            return Publish(home.home_page(outcome, reader=request.reader, signet=request.signet, notice=notice))
        case Refused():
            return Publish(refusals.refusal_page(outcome, reader=request.reader, signet=request.signet, at=request.at))
        case _:
            assert_never(outcome)


def refresh(request: Request) -> Answer:
    return show_home(request)


def hold(request: Request) -> Answer:
    return _shown(request, request.cases.hold_nudge(inputs.clicked_nudge(request.body, request.signet)))


def resume(request: Request) -> Answer:
    return _shown(request, request.cases.resume_nudge(inputs.clicked_nudge(request.body, request.signet)))


def cancel(request: Request) -> Answer:
    return _shown(request, request.cases.cancel_nudge(inputs.clicked_nudge(request.body, request.signet)))


def arrived(request: Request) -> Answer:
    message_id = inputs.clicked_nudge(request.body, request.signet)
    return _shown(request, request.cases.resolve_unconfirmed(message_id, arrived=True))


def send_again(request: Request) -> Answer:
    message_id = inputs.clicked_nudge(request.body, request.signet)
    return _shown(request, request.cases.resolve_unconfirmed(message_id, arrived=False))


def _shown(request: Request, outcome: NudgeChanged | Refused) -> Answer:
    match outcome:
        case NudgeChanged():
            return show_home(request, stories.changed_words(outcome))
        case Refused():
            return Tell(
                refusals.refusal_page(
                    outcome,
                    reader=request.reader,
                    signet=request.signet,
                    at=request.at,
                    wanted=Capability.HOLD_NUDGE,
                )
            )
        case _:
            assert_never(outcome)
