"""A Controller's buttons under a request, and the windows behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from domain.outcomes import Refused
from domain.roles import NOTHING, RequestDecided, RequestToDecide
from domain.values import Capability
from handlers import entries
from handlers.answers import Answer, Mend, Prepare, Turn
from handlers.listeners.refusing import Refusing
from handlers.presenters import deciding
from handlers.request import Request
from handlers.views.blocks import View, modal
from handlers.views.deciding import Question, approval_view, refusal_view, waiting_view
from handlers.views.fields import WHY_AT_MOST

_refusal = Refusing("Request", Capability.DECIDE_REQUESTS)


def open_approval(request: Request) -> Answer:
    """The window opens first: its trigger lives for three seconds."""
    request_id = entries.clicked_request(request.body, request.signet)
    return Prepare(waiting_view(), lambda: _asked(request, request_id, approval_view))


def open_refusal(request: Request) -> Answer:
    request_id = entries.clicked_request(request.body, request.signet)
    return Prepare(waiting_view(), lambda: _asked(request, request_id, refusal_view))


def approve(request: Request) -> Answer:
    return _decide(request, entries.decision(request.body, request.signet, request.reader.zone), approved=True)


def decline(request: Request) -> Answer:
    return _decide(request, entries.decision(request.body, request.signet, request.reader.zone), approved=False)


def _decide(request: Request, decision: entries.Decision, *, approved: bool) -> Answer:
    if errors := decision.errors(request.at):
        return Mend(errors)
    outcome = request.cases.decide_request(
        decision.request_id,
        approved=approved,
        gift=decision.gift if approved else NOTHING,
        why=decision.why,
        until=decision.until,
    )
    match outcome:
        case RequestDecided():
            return Turn(deciding.decided_page(outcome, reader=request.reader, at=request.at))
        case Refused():
            return Turn(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def _asked(request: Request, request_id: int, view: Callable[..., View]) -> View:
    outcome = request.cases.open_request(request_id)
    match outcome:
        case RequestToDecide():
            shown: Question = deciding.question(outcome, reader=request.reader, signet=request.signet, at=request.at)
            return view(shown, why_at_most=WHY_AT_MOST)
        case Refused():
            return modal(_refusal(request, outcome))
        case _:
            assert_never(outcome)
