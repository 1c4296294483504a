"""The sending domain, and addresses to which nobody writes, as orders after `/plixo`."""

from __future__ import annotations

from typing import assert_never

from domain.deliverability import SendingNow
from domain.errors import InvalidValue
from domain.outcomes import Refused
from domain.usecases.lift_stop import Lifted
from domain.usecases.suppress_contact import SuppressionSet
from domain.values import Capability
from handlers import ops_inputs
from handlers.answers import Answer, Prepare, Tell
from handlers.listeners.refusing import Refusing
from handlers.presenters import deliverability, suppressions
from handlers.presenters.operations import wrong_order_page
from handlers.request import Request
from handlers.views.blocks import View, modal

_refusal = Refusing("Deliverability", Capability.OPERATE)
_no_suppressing = Refusing("Contacts", Capability.SUPPRESS_CONTACTS)
USAGE = '`/plixo deliverability` · `/plixo deliverability lift "why"`'
SUPPRESS_USAGE = (
    '`/plixo suppress add name@example.com "opted out" 2026-12-31` (the reason and the day may be left out; reasons: '
    'invalid, opted out, legal hold, complained) · `/plixo suppress lift name@example.com "why"`'
)


def deliverability_order(request: Request, rest: str) -> Answer:
    try:
        return _answered(request, ops_inputs.words_of(rest))
    except InvalidValue as error:
        return Tell(wrong_order_page(str(error), USAGE))


def _answered(request: Request, words: list[str]) -> Answer:
    """Raises InvalidValue, whose sentence is for whoever typed it."""
    match words:
        case []:
            return Prepare(modal(deliverability.opening_page()), lambda: _shown(request))
        case [order, *why] if order.lower() == "lift":
            return _lift(request, " ".join(why))
    raise InvalidValue("I did not understand that.")


def _shown(request: Request) -> View:
    """The rows first; then the name servers are asked, which may take a while."""
    outcome = request.cases.see_deliverability()
    match outcome:
        case SendingNow():
            records = request.sender_records(outcome.domain.name)
            return modal(deliverability.page(outcome, records, reader=request.reader, at=request.at))
        case Refused():
            return modal(_refusal(request, outcome, wanted=Capability.VIEW_OPERATIONS))
        case _:
            assert_never(outcome)


def _lift(request: Request, why: str) -> Answer:
    outcome = request.cases.lift_stop(why)
    match outcome:
        case Lifted():
            return Tell(deliverability.lifted_page(outcome))
        case Refused():
            return Tell(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def suppress_order(request: Request, rest: str) -> Answer:
    try:
        outcome = _ordered(request, ops_inputs.words_of(rest))
    except InvalidValue as error:
        return Tell(wrong_order_page(str(error), SUPPRESS_USAGE))
    match outcome:
        case SuppressionSet():
            return Tell(suppressions.set_page(outcome, reader=request.reader, at=request.at))
        case Refused():
            return Tell(_no_suppressing(request, outcome))
        case _:
            assert_never(outcome)


def _ordered(request: Request, words: list[str]) -> SuppressionSet | Refused:
    """Raises InvalidValue, whose sentence is for whoever typed it."""
    match [words[0].lower() if words else "", *words[1:]]:
        case ["lift", email, *why]:
            return request.cases.reactivate_contact(_plain(email), " ".join(why))
        case ["add", email, *reason]:
            until = reason.pop() if reason and reason[-1][:1].isdigit() else ""
            return request.cases.suppress_contact(_plain(email), reason=" ".join(reason) or "opted out", until=until)
    raise InvalidValue("I did not understand that.")


def _plain(email: str) -> str:
    """As it was typed: Slack makes a link of an address where it escapes."""
    return email.strip("<>").removeprefix("mailto:").partition("|")[0]
