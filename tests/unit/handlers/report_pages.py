"""Every surface of promises and disputes, rendered from one set of outcomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain.commitments import DisputeState
from domain.duties import HandingShown, ReportHanded
from domain.recording import Act
from domain.reporting import Field, Problem, ReportKind, Turn
from domain.values import Money, Role
from handlers import duty_notices
from handlers.presenters import acts, record, reporting, roster
from handlers.presenters.card import card
from handlers.presenters.reporting import Desk
from handlers.sheets import Filled, Opened
from handlers.views.blocks import Page, View
from handlers.views.card import card_page
from handlers.views.report import report_view
from handlers.views.words import words_view
from tests.unit.handlers.outcomes import MIA, NOW, OMAR, SEAL, full_account, make_reader, make_signet
from tests.unit.handlers.report_outcomes import (
    LEA,
    LINK,
    make_begun,
    make_dispute_changed,
    make_dispute_report,
    make_dispute_story,
    make_form,
    make_hold_changed,
    make_keepers_card,
    make_promise_changed,
    make_promise_report,
    make_reported,
    make_settled,
    report_stories,
)

Change = Callable[[Any], Any]


def messages(change: Change, **reader: Any) -> dict[str, Page]:
    r, s = make_reader(**reader), make_signet()
    waiting = [change(make_promise_report()), change(make_dispute_report())]
    held = replace(full_account(), legal_hold="Insolvency filed")
    pages = {
        "reported": reporting.reported_page(change(make_reported()), reader=r, signet=s, at=NOW),
        "reported, nothing known": reporting.reported_page(
            replace(make_reported(), story=change(report_stories()["promise of nothing known"]), again=True),
            reader=r,
            signet=s,
            at=NOW,
        ),
        "dispute reported": reporting.reported_page(
            replace(make_reported(), story=change(make_dispute_report())), reader=r, signet=s, at=NOW
        ),
        "settled": reporting.settled_page(change(make_settled()), reader=r, signet=s, at=NOW),
        "not to be recorded": record.unacceptable_page(
            change(
                (Problem(Field.DUE_ON, "The record needs a day."), Problem(Field.AMOUNT, "More than:", Money(1, "JPY")))
            ),
            reader=r,
        ),
        "withdrawn": record.promise_changed_page(change(make_promise_changed())),
        "held": record.hold_changed_page(change(make_hold_changed(is_held=True))),
        "held by the books": record.hold_changed_page(change(make_hold_changed(is_held=True, books="Case 7"))),
        "lifted": record.hold_changed_page(change(make_hold_changed(is_held=False))),
        "operator's card": card_page(card(change(make_keepers_card()), reader=r, signet=s)),
        "legal's record": record.record_page(change(make_keepers_card(LEA)), [], reader=r, signet=s),
        "record of an account that the books hold": record.record_page(
            change(make_keepers_card(LEA, account=held)), [], reader=r, signet=s
        ),
        "record of an account that is held here": record.record_page(
            change(replace(make_keepers_card(LEA, account=held), is_held_here=True)), [], reader=r, signet=s
        ),
        "operator's record": record.record_page(change(make_keepers_card()), waiting, reader=r, signet=s),
    }
    pages["handed"] = roster.handed_page(change(ReportHanded(make_promise_report(), OMAR)))
    for story in (make_promise_changed().story, make_dispute_story(), replace(make_dispute_story(), history=())):
        pages[f"history of {len(story.history)}: {type(story).__name__}"] = record.history_page(
            change(story), reader=r, at=NOW
        )
    for to, was in (("in_review", "in_review"), ("in_review", "open"), ("resolved", "in_review")):
        outcome = change(make_dispute_changed(DisputeState(to), DisputeState(was)))
        pages[f"dispute {was} to {to}"] = record.dispute_changed_page(outcome)
    return pages


def posted(change: Change) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    manager = replace(OMAR, role=Role.AR_MANAGER)
    pages = {}
    given: dict[str, Any] = {"seal": SEAL, "at": NOW, "zone": "Europe/Berlin"}
    for name, story in report_stories().items():
        told = change(story)
        pages[f"duty: {name}"] = duty_notices.render_report_duty(told, OMAR, **given)
        pages[f"escalation: {name}"] = duty_notices.render_report_escalation(told, manager, **given)
        ended = change(Turn("open", "withdrawn", NOW, OMAR, "Their bank said no."))
        pages[f"outcome: {name}"] = duty_notices.render_report_outcome(told, None, MIA, **given)
        pages[f"outcome, ended: {name}"] = duty_notices.render_report_outcome(told, ended, MIA, **given)
    for state in DisputeState:
        pages[f"legal: {state}"] = duty_notices.render_legal_duty(change(make_dispute_story(state)), LEA, **given)
    return pages


def modals(change: Change) -> dict[str, View]:
    desk = Desk(make_reader(), make_signet(), NOW)
    by_shortcut = Opened(can_choose=True, link=LINK, channel="C1", thread="1795.1")
    filled = Filled(evidence="We pay", said="now")
    dispute = Filled(kind=ReportKind.DISPUTE, invoice_ids=frozenset({2}), reason="Damaged", contact_id=0)
    story = make_promise_report()
    views = {
        "report, no account yet": report_view(reporting.unchosen_sheet(by_shortcut, filled, desk=desk)),
        "report a promise": report_view(reporting.sheet(change(make_form()), Opened(31), Filled(), desk=desk)),
        "report a dispute": report_view(
            reporting.sheet(change(make_form()), replace(by_shortcut, account_id=31), dispute, desk=desk)
        ),
        "report, empty account": report_view(
            reporting.sheet(change(make_form(invoices=(), contacts=())), Opened(31), Filled(), desk=desk)
        ),
        "correct": report_view(
            reporting.sheet(
                change(make_form(story=story)),
                Opened(31, 71, kind=ReportKind.PROMISE),
                reporting.filled_from(story, desk.reader),
                desk=desk,
            )
        ),
    }
    for name, operators in (("to somebody", (OMAR,)), ("nobody is there", ())):
        shown = change(HandingShown(story, operators))
        views[f"hand over: {name}"] = roster.handing_window(shown, signet=make_signet(), metadata="sealed")
    for act in Act:
        views[f"begin {act}"] = words_view(
            acts.words_sheet(change(make_begun(act)), metadata="sealed", reader=desk.reader, at=NOW)
        )
    return views
