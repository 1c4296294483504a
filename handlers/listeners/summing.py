"""`/plixo summary`: the receivables summary as a PDF, into the messages of whoever may export."""

from __future__ import annotations

from typing import assert_never

from domain.outcomes import Refused
from domain.summary import Summary
from domain.values import Capability
from handlers import inputs
from handlers.answers import Answer, Nothing, SendFile, Tell
from handlers.listeners.refusing import Refusing
from handlers.presenters import summary
from handlers.request import Request

_refusal = Refusing("Summary", Capability.EXPORT)


def summary_order(request: Request, rest: str) -> Answer:
    """It goes into the audit log, and a file into somebody's messages: not under maintenance."""
    if (closed := request.closed()) is not None:
        return closed
    reader = request.reader
    outcome = request.cases.export_summary(origin=inputs.command_id(request.body), zone=reader.zone)
    match outcome:
        case Summary():
            return SendFile(
                summary.taken_page(outcome, reader=reader),
                summary.beside_the_file(outcome, reader=reader),
                summary.file_name(outcome),
                summary.file_of(outcome, reader=reader),
            )
        case Refused():
            return Tell(_refusal(request, outcome))
        case None:
            return Nothing()
        case _:
            assert_never(outcome)
