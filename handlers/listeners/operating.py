"""Orders to the house: maintenance, and its jobs. For those who operate it; others may look."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

from domain.console import Console
from domain.errors import InvalidValue
from domain.jobs import JobBoard, JobOrder, Order
from domain.maintenance import MaintenanceSwitched
from domain.outcomes import Refused
from domain.rules.spans import is_span, span_of
from domain.values import Capability
from handlers import ops_inputs
from handlers.answers import Answer, Prepare, Tell
from handlers.listeners.refusing import Refusing
from handlers.presenters import console, operations
from handlers.request import Request
from handlers.views.blocks import Page, modal, section

_refusal = Refusing("Operations", Capability.OPERATE)
_WAIT = Page("Operations", "One moment", (section("One moment …"),))
MAINTENANCE_USAGE = '`/plixo maintenance on "why" 2h` · `/plixo maintenance off`'
CRON_USAGE = '`/plixo cron` · `/plixo cron pause JOB 30m "why"` · `/plixo cron resume JOB` · `/plixo cron run JOB`'


def maintenance(request: Request, rest: str) -> Answer:
    try:
        outcome = _ordered(request, ops_inputs.words_of(rest))
    except InvalidValue as error:
        return Tell(operations.wrong_order_page(str(error), MAINTENANCE_USAGE))
    match outcome:
        case MaintenanceSwitched():
            return Tell(operations.maintenance_page(outcome, reader=request.reader, at=request.at))
        case Refused():
            return Tell(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def _ordered(request: Request, words: list[str]) -> MaintenanceSwitched | Refused:
    """Raises InvalidValue, whose sentence is for whoever typed it."""
    match [words[0].lower() if words else "", *words[1:]]:
        case [""]:
            return request.cases.see_maintenance()
        case ["off"]:
            return request.cases.switch_maintenance(None)
        case ["on", *why]:
            lasts = span_of(why.pop()) if why and is_span(why[-1]) else None
            return request.cases.switch_maintenance(" ".join(why), lasts=lasts)
    raise InvalidValue("I did not understand that.")


def ops(request: Request, rest: str) -> Answer:
    return Tell(_console(request))


def open_console(request: Request) -> Answer:
    """From Home, in a window."""
    return Prepare(modal(_WAIT), lambda: modal(_console(request)))


def _console(request: Request) -> Page:
    outcome = request.cases.open_console(request.readiness(), request.jobs)
    match outcome:
        case Console():
            return console.console_page(outcome, reader=request.reader)
        case Refused():
            return _refusal(request, outcome)
        case _:
            assert_never(outcome)


def cron(request: Request, rest: str) -> Answer:
    try:
        outcome = _told(request, ops_inputs.words_of(rest))
    except InvalidValue as error:
        return Tell(operations.wrong_order_page(str(error), CRON_USAGE))
    match outcome:
        case JobBoard():
            return Tell(operations.jobs_page(outcome, reader=request.reader))
        case Refused():
            return Tell(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def _told(request: Request, words: list[str]) -> JobBoard | Refused:
    """Raises InvalidValue, whose sentence is for whoever typed it."""
    match [word.lower() for word in words[:2]]:
        case [] | ["list"]:
            return request.cases.see_jobs(request.jobs)
        case ["pause", job]:
            lasts, because = _span_and_reason(words[2:])
            return request.cases.order_job(JobOrder(Order.PAUSE, job, lasts, because), request.jobs)
        case ["resume" | "run" as order, job] if len(words) == 2:
            return request.cases.order_job(JobOrder(Order(order), job), request.jobs)
    raise InvalidValue("I did not understand that.")


def _span_and_reason(words: list[str]) -> tuple[timedelta | None, str]:
    """In either order: `30m "why"`, or `"why" 30m`."""
    for place in (0, len(words) - 1):
        if words and is_span(words[place]):
            return span_of(words[place]), " ".join(words[:place] + words[place + 1 :])
    return None, " ".join(words)
