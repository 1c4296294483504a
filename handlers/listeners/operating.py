"""Orders to the house: maintenance, and its jobs. For those who operate it; others may look."""

from __future__ import annotations

from typing import assert_never

from domain.console import Console
from domain.errors import InvalidValue
from domain.jobs import JobBoard, JobOrder, JobOrdered, Order
from domain.maintenance import MaintenanceSwitched
from domain.outcomes import Refused
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
        outcome = _ordered(request, rest)
    except InvalidValue as error:
        return Tell(operations.wrong_order_page(str(error), MAINTENANCE_USAGE))
    match outcome:
        case MaintenanceSwitched():
            return Tell(operations.maintenance_page(outcome, reader=request.reader, at=request.at))
        case Refused():
            return Tell(_refusal(request, outcome, wanted=_wanted(rest)))
        case _:
            assert_never(outcome)


def _ordered(request: Request, rest: str) -> MaintenanceSwitched | Refused:
    """Raises InvalidValue, whose sentence is for whoever typed it."""
    match [word.lower() for word in ops_inputs.words_of(rest)]:
        case []:
            return request.cases.see_maintenance()
        case ["off"]:
            return request.cases.switch_maintenance(None)
        case ["on", *_]:
            why, lasts = ops_inputs.reason_and_span(rest, after=1)
            return request.cases.switch_maintenance(why, lasts=lasts)
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
            return _refusal(request, outcome, wanted=Capability.VIEW_OPERATIONS)
        case _:
            assert_never(outcome)


def _wanted(rest: str) -> Capability:
    """Whoever only looks asks for no more than that."""
    return Capability.VIEW_OPERATIONS if ops_inputs.words_of(rest) in ([], ["list"]) else Capability.OPERATE


def cron(request: Request, rest: str) -> Answer:
    try:
        outcome = _told(request, rest)
    except InvalidValue as error:
        return Tell(operations.wrong_order_page(str(error), CRON_USAGE))
    match outcome:
        case JobBoard():
            return Tell(operations.jobs_page(outcome, reader=request.reader))
        case JobOrdered():
            return Tell(operations.job_ordered_page(outcome, reader=request.reader))
        case Refused():
            return Tell(_refusal(request, outcome, wanted=_wanted(rest)))
        case _:
            assert_never(outcome)


def _told(request: Request, rest: str) -> JobBoard | JobOrdered | Refused:
    """Raises InvalidValue, whose sentence is for whoever typed it."""
    match [word.lower() for word in ops_inputs.words_of(rest)]:
        case [] | ["list"]:
            return request.cases.see_jobs(request.jobs)
        case ["pause", job, *_]:
            because, lasts = ops_inputs.reason_and_span(rest, after=2)
            return request.cases.order_job(JobOrder(Order.PAUSE, job, lasts, because), request.jobs)
        case ["resume" | "run" as order, job]:
            return request.cases.order_job(JobOrder(Order(order), job), request.jobs)
    raise InvalidValue("I did not understand that.")
