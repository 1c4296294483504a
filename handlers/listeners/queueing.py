"""Buttons of a nudge, under A/R's alert and on App Home. Also the Controller's way in: ask for access."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from domain.outcomes import HoldBegun, NudgeChanged, Refused, RequestFiled
from domain.reporting import Unacceptable
from domain.values import Capability
from handlers import ids, inputs, sheets
from handlers.answers import Answer, Mend, Prepare, Rewrite, Tell, Turn
from handlers.cases import Cases
from handlers.listeners.refusing import Refusing
from handlers.presenters import holding, refusals, stories
from handlers.request import Request
from handlers.views.blocks import View, modal
from handlers.views.report import waiting_view
from handlers.views.words import words_view

Change = Callable[[Cases, str], NudgeChanged | Refused]


def _resume(cases: Cases, nudge: str) -> NudgeChanged | Refused:
    return cases.resume_nudge(nudge)


def _cancel(cases: Cases, nudge: str) -> NudgeChanged | Refused:
    return cases.cancel_nudge(nudge)


def _arrived(cases: Cases, nudge: str) -> NudgeChanged | Refused:
    return cases.resolve_unconfirmed(nudge, arrived=True)


def _send_again(cases: Cases, nudge: str) -> NudgeChanged | Refused:
    return cases.resolve_unconfirmed(nudge, arrived=False)


CHANGES: Mapping[str, Change] = {
    ids.ALERT_RESUME: _resume,
    ids.HOME_RESUME: _resume,
    ids.ALERT_CANCEL: _cancel,
    ids.HOME_CANCEL: _cancel,
    ids.ALERT_ARRIVED: _arrived,
    ids.HOME_ARRIVED: _arrived,
    ids.ALERT_SEND_AGAIN: _send_again,
    ids.HOME_SEND_AGAIN: _send_again,
}
"""What each button does to its nudge; what is shown afterwards depends on where it stands."""

refusal = Refusing(wanted=Capability.HOLD_NUDGE)


def changed(request: Request) -> NudgeChanged | Refused:
    change = CHANGES[inputs.clicked_name(request.body)]
    return change(request.cases, inputs.clicked_nudge(request.body, request.signet))


def change_in_alert(request: Request) -> Answer:
    """The alert shows the new state at once; the poster writes the same a moment later."""
    outcome = changed(request)
    match outcome:
        case NudgeChanged(story):
            return Rewrite(stories.alert_page(story, reader=request.reader, signet=request.signet, at=request.at))
        case Refused():
            return Tell(refusal(request, outcome))
        case _:
            assert_never(outcome)


def open_hold(request: Request) -> Answer:
    """Whether they may is asked before the form is shown; what it sends is checked anew."""
    nudge, value = inputs.clicked_nudge(request.body, request.signet), inputs.clicked_value(request.body)
    return Prepare(waiting_view("Hold"), lambda: _hold_form(request, nudge, value))


def _hold_form(request: Request, nudge: str, value: str) -> View:
    outcome = request.cases.begin_hold(nudge)
    match outcome:
        case HoldBegun():
            sheet = holding.hold_sheet(outcome, metadata=value, reader=request.reader, at=request.at)
            return words_view(sheet)
        case Refused():
            return modal(refusal(request, outcome))
        case _:
            assert_never(outcome)


def hold(request: Request) -> Answer:
    """A/R's alert follows by itself, for everybody who sees it."""
    nudge = inputs.carried_nudge(request.body, request.signet)
    outcome = request.cases.hold_nudge(nudge, why=sheets.words(request.body))
    match outcome:
        case NudgeChanged():
            return Turn(holding.held_page(outcome, reader=request.reader, at=request.at))
        case Unacceptable(problems):
            return Mend(sheets.errors(problems, request.body, money=request.reader.money))
        case Refused():
            return Turn(refusal(request, outcome))
        case _:
            assert_never(outcome)


def ask_controller(request: Request) -> Answer:
    asked = inputs.asked(request.body, request.signet)
    outcome = request.cases.request_access(
        reason=asked.reason, capability=asked.capability, account_id=asked.account_id, words=asked.words
    )
    match outcome:
        case RequestFiled():
            return Tell(refusals.request_page(outcome))
        case Refused():
            return Tell(Refusing()(request, outcome))
        case _:
            assert_never(outcome)
