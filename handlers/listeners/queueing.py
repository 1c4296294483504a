"""A/R's buttons under an alert: hold, resume, cancel, settle. Also the Controller's way in: ask for access."""

from __future__ import annotations

from typing import assert_never

from domain.outcomes import NudgeChanged, Refused, RequestFiled
from domain.values import Capability
from handlers import inputs
from handlers.answers import Answer, Rewrite, Tell
from handlers.presenters import refusals, stories
from handlers.request import Request


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
    """The alert shows the new state at once; the poster writes the same a moment later."""
    match outcome:
        case NudgeChanged(story):
            return Rewrite(stories.alert_page(story, reader=request.reader, signet=request.signet, at=request.at))
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


def ask_controller(request: Request) -> Answer:
    asked = inputs.asked(request.body, request.signet)
    outcome = request.cases.request_access(
        reason=asked.reason, capability=asked.capability, account_id=asked.account_id
    )
    match outcome:
        case RequestFiled():
            return Tell(refusals.request_page(outcome))
        case Refused():
            return Tell(refusals.refusal_page(outcome, reader=request.reader, signet=request.signet, at=request.at))
        case _:
            assert_never(outcome)
