"""Duty for the record, from App Home: who keeps what, who is away, and who stands in."""

from __future__ import annotations

from typing import assert_never

from domain.duties import (
    AbsenceSet,
    DutyHolder,
    DutyRoster,
    DutySet,
    HandingShown,
    InvalidAbsence,
    ReportHanded,
)
from domain.outcomes import Refused
from domain.reasons import Reason
from handlers import ids, inputs, roster_entries
from handlers.answers import Answer, Mend, Prepare, Redraw, Show, Tell, Turn
from handlers.listeners.refusing import Refusing
from handlers.presenters import roster
from handlers.request import Request
from handlers.seal import Kind
from handlers.views.blocks import View, modal
from handlers.views.roster import reading_view

_refusal = Refusing("On duty")


def open_roster(request: Request) -> Answer:
    return Prepare(reading_view(), lambda: _roster(request))


def open_duty(request: Request) -> Answer:
    """The window shows nobody's duty to those who may not set it; what it sends is checked anew."""
    found = _holder(request)
    if isinstance(found, Refused):
        return Tell(_refusal(request, found))
    return Show(roster.duty_window(found[1], signet=request.signet))


def open_absence(request: Request) -> Answer:
    found = _holder(request)
    if isinstance(found, Refused):
        return Tell(_refusal(request, found))
    return Show(roster.absence_window(*found, reader=request.reader, signet=request.signet, at=request.at))


def set_duty(request: Request) -> Answer:
    entry = roster_entries.duty(request.body, request.signet)
    outcome = request.cases.set_duty(entry.user_id, entry.account_id, keeps=entry.keeps)
    match outcome:
        case DutySet():
            return Redraw(_roster(request, roster.DUTY_CHANGED))
        case Refused():
            return Turn(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def leave(request: Request) -> Answer:
    entry = roster_entries.absence(request.body, request.signet, request.reader.zone, request.at)
    if errors := entry.errors():
        return Mend(errors)
    outcome = request.cases.set_absence(
        entry.user_id, starts_at=entry.starts_at, ends_at=entry.ends_at, stand_in=entry.stand_in
    )
    match outcome:
        case AbsenceSet():
            return Redraw(_roster(request, roster.LATER if entry.starts_at > request.at else roster.AWAY))
        case InvalidAbsence(sentence):
            return Mend({ids.AWAY_UNTIL: sentence})
        case Refused():
            return Turn(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def come_back(request: Request) -> Answer:
    user_id = roster_entries.clicked_holder(request.body, request.signet)
    outcome = request.cases.set_absence(user_id, starts_at=request.at, ends_at=None, stand_in=None)
    match outcome:
        case AbsenceSet() | InvalidAbsence():
            return Redraw(_roster(request, roster.BACK))
        case Refused():
            return Turn(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def open_handing(request: Request) -> Answer:
    report_id, account_id = inputs.clicked_pair(request.body, Kind.REPORT, request.signet)
    value = inputs.clicked_value(request.body)
    return Prepare(reading_view(), lambda: _handing(request, report_id, account_id, value))


def _handing(request: Request, report_id: int, account_id: int, value: str) -> View:
    outcome = request.cases.show_handing(report_id)
    match outcome:
        case HandingShown():
            return roster.handing_window(outcome, signet=request.signet, metadata=value)
        case Refused():
            return modal(_refusal(request, outcome, account_id))
        case _:
            assert_never(outcome)


def hand(request: Request) -> Answer:
    report_id, account_id = inputs.carried_pair(request.body, Kind.REPORT, request.signet)
    outcome = request.cases.hand_report(report_id, roster_entries.handed_to(request.body, request.signet))
    match outcome:
        case ReportHanded():
            return Turn(roster.handed_page(outcome))
        case Refused():
            return Turn(_refusal(request, outcome, account_id))
        case _:
            assert_never(outcome)


def _holder(request: Request) -> tuple[DutyRoster, DutyHolder] | Refused:
    user_id = roster_entries.clicked_holder(request.body, request.signet)
    outcome = request.cases.open_roster()
    if isinstance(outcome, Refused):
        return outcome
    holder = outcome.of(user_id)
    return Refused(Reason.STALE_BUTTON) if holder is None else (outcome, holder)


def _roster(request: Request, notice: str = "") -> View:
    outcome = request.cases.open_roster()
    match outcome:
        case DutyRoster():
            return modal(
                roster.roster_page(outcome, reader=request.reader, signet=request.signet, at=request.at, notice=notice)
            )
        case Refused():
            return modal(_refusal(request, outcome))
        case _:
            assert_never(outcome)
