"""The audit log in Slack: the newest lines, filtered, and the whole as a file. For those who may export."""

from __future__ import annotations

from typing import assert_never

from domain.audit import AuditPage, Export, TooLong
from domain.outcomes import Refused
from domain.values import Capability
from handlers import audit_inputs, inputs
from handlers.answers import Answer, Nothing, Prepare, Redraw, SendFile
from handlers.listeners.refusing import Refusing
from handlers.presenters import audit
from handlers.request import Request
from handlers.views.audit import Chosen, audit_view, opening_view, words_page
from handlers.views.blocks import View, modal

_refusal = Refusing("Audit log", Capability.EXPORT)


def open_audit(request: Request) -> Answer:
    """The window opens first; the last thirty days fill it."""
    chosen = audit_inputs.first_look(request.reader, request.at)
    return Prepare(opening_view(), lambda: _lines(request, chosen))


def show(request: Request) -> Answer:
    return Redraw(_lines(request, audit_inputs.chosen(request.body)))


def export(request: Request) -> Answer:
    chosen = audit_inputs.chosen(request.body)
    origin = inputs.click_id(request.body)
    wanted = audit_inputs.wanted(chosen, request.reader, request.signet)
    outcome = request.cases.export_audit(wanted, person=chosen.person, origin=origin)
    match outcome:
        case Export():
            told = audit.export_words(outcome)
            lines = request.cases.exported_lines(outcome)
            return SendFile(words_page(told), told, audit.file_name(request.at), audit.file_of(lines, request.reader))
        case TooLong():
            return Redraw(modal(words_page(audit.too_long_words(outcome))))
        case Refused():
            return Redraw(modal(_refusal(request, outcome)))
        case None:
            return Nothing()
        case _:
            assert_never(outcome)


def _lines(request: Request, chosen: Chosen) -> View:
    wanted = audit_inputs.wanted(chosen, request.reader, request.signet)
    outcome = request.cases.read_audit(wanted, person=chosen.person)
    match outcome:
        case AuditPage():
            return audit_view(chosen, audit.lines(outcome, reader=request.reader))
        case Refused():
            return modal(_refusal(request, outcome))
        case _:
            assert_never(outcome)
