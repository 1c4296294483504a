"""Whoever keeps the record, and Legal: alerts settled, disputes answered and resolved, holds placed and lifted."""

from __future__ import annotations

from typing import assert_never

from domain.commitments import Resolution
from domain.legal_holds import HoldChanged
from domain.outcomes import AccountCard, Refused
from domain.recording import NEEDS, Act, Begun, watches_queue
from domain.reporting import (
    Acknowledged,
    DisputeChanged,
    HistoryShown,
    PromiseChanged,
    RecordQueue,
    ReportForm,
    ReportStory,
    Settled,
    Unacceptable,
)
from domain.values import Capability
from handlers import inputs, sheets, vocabulary
from handlers.answers import Answer, Mend, Prepare, Redraw, Rewrite, Tell, Turn
from handlers.drafts import draft_of
from handlers.listeners.refusing import Refusing
from handlers.presenters import acts, record, reporting, reports
from handlers.presenters.reporting import Desk
from handlers.request import Request
from handlers.seal import Kind
from handlers.sheets import Opened
from handlers.views.blocks import Page, View, modal
from handlers.views.report import report_view, waiting_view
from handlers.views.words import words_view

_refusal = Refusing(vocabulary.THE_RECORD, Capability.RECORD)

Changed = PromiseChanged | DisputeChanged | HoldChanged | Settled | Unacceptable | Refused
_KINDS = {Act.REJECT: Kind.REPORT, Act.WITHDRAW: Kind.PROMISE, Act.RESOLVE: Kind.DISPUTE, Act.ANSWER: Kind.DISPUTE}


def acknowledge(request: Request) -> Answer:
    report_id, account_id = inputs.clicked_pair(request.body, Kind.REPORT, request.signet)
    outcome = request.cases.acknowledge_report(report_id)
    match outcome:
        case Acknowledged(story):
            return _alert(request, story)
        case Refused():
            return Tell(_refusal(request, outcome, account_id))
        case _:
            assert_never(outcome)


def record_it(request: Request) -> Answer:
    report_id, account_id = inputs.clicked_pair(request.body, Kind.REPORT, request.signet)
    outcome = request.cases.record_report(report_id)
    match outcome:
        case Settled(story) if request.place is inputs.Place.MESSAGE:
            return _alert(request, story)
        case Settled():
            return Turn(_settled(request, outcome))
        case Unacceptable(problems):
            return Tell(record.unacceptable_page(problems, reader=request.reader))
        case Refused():
            return Tell(_refusal(request, outcome, account_id))
        case _:
            assert_never(outcome)


def _alert(request: Request, story: ReportStory) -> Answer:
    """The alert shows the new state at once; the poster writes the same a moment later."""
    page = reports.duty_page(story, viewer=request.person, reader=request.reader, signet=request.signet, at=request.at)
    return Rewrite(page)


def open_correction(request: Request) -> Answer:
    report_id, account_id = inputs.clicked_pair(request.body, Kind.REPORT, request.signet)
    return Prepare(waiting_view("Correct and record"), lambda: _correction(request, report_id, account_id))


def _correction(request: Request, report_id: int, account_id: int) -> View:
    outcome = request.cases.open_report_form(account_id, report_id=report_id)
    match outcome:
        case ReportForm():
            filled = reporting.filled_from(outcome.story, request.reader)
            opened = Opened(account_id, report_id, kind=filled.kind)
            return report_view(reporting.sheet(outcome, opened, filled, desk=desk_of(request)))
        case Refused():
            return modal(_refusal(request, outcome, account_id))
        case _:
            assert_never(outcome)


def redraw_correction(request: Request, opened: Opened) -> Answer:
    """Invoices were chosen in a correction."""
    outcome = request.cases.open_report_form(opened.account_id, report_id=opened.report_id)
    match outcome:
        case ReportForm():
            filled = sheets.filled(request.body, request.signet)
            return Redraw(report_view(reporting.sheet(outcome, opened, filled, desk=desk_of(request))))
        case Refused():
            return Redraw(modal(_refusal(request, outcome, opened.account_id)))
        case _:
            assert_never(outcome)


def correct(request: Request) -> Answer:
    opened, filled = sheets.opened(request.body, request.signet), sheets.filled(request.body, request.signet)
    draft = draft_of(filled, opened, reader=request.reader, at=request.at)
    if isinstance(draft, tuple):
        return Mend(sheets.errors(draft, request.body, money=request.reader.money))
    return _changed(request, request.cases.correct_report(opened.report_id, draft), opened.account_id)


def loop_in(request: Request) -> Answer:
    dispute_id, account_id = inputs.clicked_pair(request.body, Kind.DISPUTE, request.signet)
    outcome = request.cases.loop_in_legal(dispute_id)
    match outcome:
        case DisputeChanged():
            return Turn(record.dispute_changed_page(outcome))
        case Refused():
            return Tell(_refusal(request, outcome, account_id))
        case _:
            assert_never(outcome)


def open_record(request: Request) -> Answer:
    account_id, _ = inputs.clicked_account(request.body, request.signet)
    return Prepare(waiting_view(vocabulary.THE_RECORD), lambda: _record(request, account_id))


def _record(request: Request, account_id: int) -> View:
    outcome = request.cases.open_account(account_id)
    match outcome:
        case AccountCard():
            waiting = _waiting(request, account_id)
            return modal(record.record_page(outcome, waiting, reader=request.reader, signet=request.signet))
        case Refused():
            return modal(_refusal(request, outcome, account_id, wanted=Capability.VIEW_ACCOUNTS))
        case _:
            assert_never(outcome)


def promise_history(request: Request) -> Answer:
    promise_id, account_id = inputs.clicked_pair(request.body, Kind.PROMISE, request.signet)
    return Prepare(
        waiting_view("History"), lambda: _history(request, request.cases.promise_history(promise_id), account_id)
    )


def dispute_history(request: Request) -> Answer:
    dispute_id, account_id = inputs.clicked_pair(request.body, Kind.DISPUTE, request.signet)
    return Prepare(
        waiting_view("History"), lambda: _history(request, request.cases.dispute_history(dispute_id), account_id)
    )


def _history(request: Request, outcome: HistoryShown | Refused, account_id: int) -> View:
    match outcome:
        case HistoryShown(story):
            return modal(record.history_page(story, reader=request.reader, at=request.at))
        case Refused():
            return modal(_refusal(request, outcome, account_id, wanted=Capability.VIEW_ACCOUNTS))
        case _:
            assert_never(outcome)


def _waiting(request: Request, account_id: int) -> list[ReportStory]:
    """Reports of the account that wait for the record; whoever does not see that queue is not said to have asked."""
    if not watches_queue(request.person):
        return []
    queue = request.cases.record_queue()
    match queue:
        case RecordQueue(stories):
            return [story for story in stories if story.account.id == account_id]
        case Refused():
            return []
        case _:
            assert_never(queue)


def open_rejection(request: Request) -> Answer:
    return _begin(request, Act.REJECT)


def open_withdrawal(request: Request) -> Answer:
    return _begin(request, Act.WITHDRAW)


def open_resolution(request: Request) -> Answer:
    return _begin(request, Act.RESOLVE)


def open_answer(request: Request) -> Answer:
    return _begin(request, Act.ANSWER)


def open_hold(request: Request) -> Answer:
    return _begin(request, Act.PLACE_HOLD)


def open_lifting(request: Request) -> Answer:
    return _begin(request, Act.LIFT_HOLD)


def _begin(request: Request, act: Act) -> Answer:
    """Whether they may is asked before the form is shown; what it sends is checked anew."""
    value = inputs.clicked_value(request.body)
    subject, other = inputs.clicked_pair(request.body, _KINDS.get(act, Kind.ACCOUNT), request.signet)
    account_id = other if act in _KINDS else subject
    return Prepare(waiting_view(vocabulary.THE_RECORD), lambda: _begun(request, act, account_id, subject, value))


def _begun(request: Request, act: Act, account_id: int, about_id: int, value: str) -> View:
    outcome = request.cases.begin_act(act, account_id, about_id)
    match outcome:
        case Begun():
            return words_view(acts.words_sheet(outcome, metadata=value, reader=request.reader, at=request.at))
        case Refused():
            return modal(_refusal(request, outcome, account_id, wanted=NEEDS[act]))
        case _:
            assert_never(outcome)


def reject(request: Request) -> Answer:
    report_id, account_id = inputs.carried_pair(request.body, Kind.REPORT, request.signet)
    return _changed(request, request.cases.reject_report(report_id, why=sheets.words(request.body)), account_id)


def withdraw(request: Request) -> Answer:
    promise_id, account_id = inputs.carried_pair(request.body, Kind.PROMISE, request.signet)
    return _changed(request, request.cases.withdraw_promise(promise_id, why=sheets.words(request.body)), account_id)


def resolve(request: Request) -> Answer:
    dispute_id, account_id = inputs.carried_pair(request.body, Kind.DISPUTE, request.signet)
    chosen = sheets.resolution(request.body)
    if chosen not in set(Resolution):
        return Mend(sheets.unchosen_resolution(request.body))
    outcome = request.cases.resolve_dispute(dispute_id, resolution=Resolution(chosen), why=sheets.words(request.body))
    return _changed(request, outcome, account_id)


def answer(request: Request) -> Answer:
    dispute_id, account_id = inputs.carried_pair(request.body, Kind.DISPUTE, request.signet)
    return _changed(request, request.cases.answer_dispute(dispute_id, text=sheets.words(request.body)), account_id)


def place_hold(request: Request) -> Answer:
    account_id, _ = inputs.carried_pair(request.body, Kind.ACCOUNT, request.signet)
    return _changed(request, request.cases.place_legal_hold(account_id, why=sheets.words(request.body)), account_id)


def lift_hold(request: Request) -> Answer:
    account_id, _ = inputs.carried_pair(request.body, Kind.ACCOUNT, request.signet)
    return _changed(request, request.cases.lift_legal_hold(account_id, why=sheets.words(request.body)), account_id)


def _changed(request: Request, outcome: Changed, account_id: int) -> Answer:
    """What a form did; or what to mend in it."""
    match outcome:
        case Settled():
            return Turn(_settled(request, outcome))
        case PromiseChanged():
            return Turn(record.promise_changed_page(outcome))
        case DisputeChanged():
            return Turn(record.dispute_changed_page(outcome))
        case HoldChanged():
            return Turn(record.hold_changed_page(outcome))
        case Unacceptable(problems):
            return Mend(sheets.errors(problems, request.body, money=request.reader.money))
        case Refused():
            return Turn(_refusal(request, outcome, account_id))
        case _:
            assert_never(outcome)


def _settled(request: Request, outcome: Settled) -> Page:
    return reporting.settled_page(outcome, reader=request.reader, signet=request.signet, at=request.at)


def desk_of(request: Request) -> Desk:
    return Desk(request.reader, request.signet, request.at)
