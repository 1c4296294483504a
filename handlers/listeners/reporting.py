"""Reports of what a customer said: from the card, from a shortcut, from any message."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from domain.outcomes import Refused
from domain.reporting import PromiseDraft, Reported, ReportForm, Unacceptable
from domain.values import Capability
from handlers import inputs, sheets
from handlers.answers import Answer, Mend, Prepare, Redraw, Turn
from handlers.drafts import draft_of
from handlers.listeners import recording
from handlers.listeners.refusing import Refusing
from handlers.presenters import reporting
from handlers.request import Request
from handlers.sheets import Filled, Opened
from handlers.views.blocks import View, modal
from handlers.views.report import report_view, waiting_view

_refusal = Refusing("Report", Capability.REPORT)


def from_card(request: Request) -> Answer:
    account_id, _ = inputs.clicked_account(request.body, request.signet)
    return Prepare(waiting_view("Report"), lambda: _form(request, Opened(account_id), Filled()))


def from_shortcut(request: Request) -> Answer:
    return Prepare(waiting_view("Report"), lambda: _unchosen(request, Opened(can_choose=True), Filled()))


def from_message(request: Request) -> Answer:
    """The message's words are the evidence; its thread is where the outcome is told."""
    return Prepare(waiting_view("Report"), lambda: _from_message(request))


def _from_message(request: Request) -> View:
    message = inputs.message(request.body)
    link = request.permalinks.of(message.channel, message.ts) or message.link
    opened = Opened(
        can_choose=True,
        link=link if len(link) <= sheets.LINK_AT_MOST else "",
        channel=message.channel,
        thread=message.thread,
    )
    said = reporting.said_words(message.at, reader=request.reader, at=request.at)
    return _unchosen(request, opened, Filled(evidence=message.text[: sheets.EVIDENCE_AT_MOST], said=said))


def choose(request: Request) -> Answer:
    """An account, promise or dispute, invoices: the modal anew, with all that was typed."""
    opened = sheets.opened(request.body, request.signet)
    if opened.report_id:
        return recording.redraw_correction(request, opened)
    return Redraw(_redrawn(request))


def submit(request: Request) -> Answer:
    opened, filled = _now(request)
    if not opened.account_id or opened.account_id != sheets.opened(request.body, request.signet).account_id:
        return Redraw(_redrawn(request))
    draft = draft_of(filled, opened, reader=request.reader, at=request.at)
    if isinstance(draft, tuple):
        return Mend(sheets.errors(draft, request.body, money=request.reader.money))
    origin = f"view:{inputs.view_id(request.body)}"
    if isinstance(draft, PromiseDraft):
        return _done(request, request.cases.report_promise(draft, origin=origin), opened.account_id)
    return _done(request, request.cases.report_dispute(draft, origin=origin), opened.account_id)


def _done(request: Request, outcome: Reported | Unacceptable | Refused, account_id: int) -> Answer:
    match outcome:
        case Reported():
            page = reporting.reported_page(outcome, reader=request.reader, signet=request.signet, at=request.at)
            return Turn(page)
        case Unacceptable(problems):
            return Mend(sheets.errors(problems, request.body, money=request.reader.money))
        case Refused():
            return Turn(_refusal(request, outcome, account_id))
        case _:
            assert_never(outcome)


def _now(request: Request) -> tuple[Opened, Filled]:
    """What is chosen and typed now. Another account has other invoices and contacts."""
    opened, filled = sheets.opened(request.body, request.signet), sheets.filled(request.body, request.signet)
    chosen = sheets.chosen_account(request.body, request.signet) if opened.can_choose else opened.account_id
    if chosen == opened.account_id:
        return opened, filled
    return replace(opened, account_id=chosen), replace(filled, invoice_ids=None, contact_id=None)


def _redrawn(request: Request) -> View:
    opened, filled = _now(request)
    return _form(request, opened, filled) if opened.account_id else _unchosen(request, opened, filled)


def _unchosen(request: Request, opened: Opened, filled: Filled) -> View:
    return report_view(reporting.unchosen_sheet(opened, filled, desk=recording.desk_of(request)))


def _form(request: Request, opened: Opened, filled: Filled) -> View:
    outcome = request.cases.open_report_form(opened.account_id)
    match outcome:
        case ReportForm():
            return report_view(reporting.sheet(outcome, opened, filled, desk=recording.desk_of(request)))
        case Refused():
            return modal(_refusal(request, outcome, opened.account_id))
        case _:
            assert_never(outcome)
