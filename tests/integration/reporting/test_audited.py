"""What stood before and what stands after: the audit log's facts of the record, of duties and of rights."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from domain.commitments import Resolution
from domain.duties import AbsenceSet
from domain.outcomes import NothingFound, RequestFiled
from domain.reasons import Reason
from domain.roles import Gift, GiftKind, RequestDecided
from domain.usecases.decide_request import decide_request
from domain.usecases.request_access import request_access
from domain.values import Capability, Money, Person, Role
from storage import tables
from tests.integration.reporting.newsroom import AT, FRIDAY, Newsroom

WEEK = timedelta(days=7)
Facts = dict[str, Any]


def lines(news: Newsroom, *actions: str) -> list[tuple[Facts | None, Facts | None]]:
    rows = news.stage.rows(tables.audit)
    return [(row["before"], row["after"]) for row in rows if row["action"] in actions]


def test_a_report_from_hand_to_hand(news: Newsroom) -> None:
    invoice, second = news.stage.invoice.id, news.second.id
    said = {"invoices": [invoice], "amount": "10000.00 EUR", "due_on": FRIDAY.isoformat()}
    first, other = news.reported(), news.reported(news.promise(due_on=FRIDAY + WEEK))
    third = news.reported(news.promise(invoice_ids=frozenset({second})))
    news.cases(news.olga).acknowledge_report(first.report.id)
    news.cases(news.otto).record_report(first.report.id)
    corrected = news.promise(invoice_ids=frozenset({invoice, second}), amount=Money(500, "EUR"))
    news.cases(news.olga).correct_report(other.report.id, corrected)
    news.cases(news.olga).reject_report(third.report.id, why="Another supplier.")
    assert other.promise is not None
    found = "report.acknowledged report.recorded promise.superseded report.corrected report.rejected".split()
    assert lines(news, *found) == [
        ({"acknowledged_by": None}, {"acknowledged_by": news.olga.id}),
        ({"state": "reported"}, said | {"state": "open", "verdict": "recorded"}),
        ({"state": "open"}, {"state": "superseded", "newer": other.promise.id}),
        (
            said | {"state": "reported", "due_on": (FRIDAY + WEEK).isoformat()},
            {
                "state": "open",
                "verdict": "corrected",
                "invoices": sorted([invoice, second]),
                "amount": "5.00 EUR",
                "due_on": FRIDAY.isoformat(),
            },
        ),
        (
            said | {"state": "reported", "invoices": [second]},
            {"state": "withdrawn", "verdict": "not_valid", "why": "Another supplier."},
        ),
    ]


def test_that_only_a_colleagues_account_fits_is_noted_and_not_told(news: Newsroom) -> None:
    cases, name = news.cases(news.person(Role.SALES, "Sam Seller")), news.stage.account.name
    found, nothing = cases.find_account(name), cases.find_account("Nowhere Inc")
    assert isinstance(found, NothingFound) and isinstance(nothing, NothingFound)
    assert replace(found, words="") == replace(nothing, words=""), "both read the same"
    assert isinstance(cases.simulate_account(name), NothingFound)
    rows = [(row["action"], row["account_id"], row["reason"]) for row in news.stage.rows(tables.audit)]
    refused = (news.stage.account.id, "out_of_scope")
    assert rows == [("account.refused", *refused), ("simulation.refused", *refused)]


def test_a_dispute_through_legal(news: Newsroom) -> None:
    story = news.reported(news.dispute())
    assert story.dispute is not None
    news.cases(news.olga).record_report(story.report.id)
    news.cases(news.olga).loop_in_legal(story.dispute.id)
    news.cases(news.lena).answer_dispute(story.dispute.id, text="Pay half.")
    news.cases(news.olga).resolve_dispute(story.dispute.id, resolution=Resolution.CREDIT, why="Half is credited.")
    assert lines(news, "dispute.review", "dispute.answered", "dispute.resolved") == [
        ({"state": "open"}, {"state": "in_review", "owner": "Lena Legal"}),
        ({"state": "in_review"}, {"state": "in_review", "length": len("Pay half.")}),
        ({"state": "in_review"}, {"state": "resolved", "resolution": "credit", "why": "Half is credited."}),
    ]


def test_a_legal_hold_and_what_the_books_said(news: Newsroom) -> None:
    with news.stage.engine.begin() as connection:
        connection.execute(update(tables.accounts).values(legal_hold="Court case"))
    news.cases(news.lena).place_legal_hold(news.stage.account.id, why="Their lawyers wrote.")
    news.cases(news.lena).lift_legal_hold(news.stage.account.id, why="Settled.")
    assert lines(news, "hold.placed", "hold.lifted") == [
        (None, {"why": "Their lawyers wrote.", "books": "Court case"}),
        ({"why": "Their lawyers wrote."}, {"why": "Settled.", "books": "Court case"}),
    ]


def test_duties_and_absences(news: Newsroom) -> None:
    cases, by = news.cases(news.mona), news.mona.email
    cases.set_duty(news.olga.id, news.stage.account.id, keeps=True)
    cases.set_duty(news.olga.id, news.stage.account.id, keeps=False)
    cases.set_duty(news.olga.id, None, keeps=True)
    assert lines(news, "duty.assigned", "duty.taken_off") == [
        ({"keeps": False}, {"keeps": True, "of": "account", "by": by}),
        ({"keeps": True}, {"keeps": False, "of": "account", "by": by}),
        ({"keeps": False}, {"keeps": True, "of": "everything", "by": by}),
    ]
    for days, stand_in in ((7, None), (3, news.otto.id)):
        ends_at = AT + timedelta(days=days)
        assert isinstance(cases.set_absence(news.olga.id, starts_at=AT, ends_at=ends_at, stand_in=stand_in), AbsenceSet)
    cases.set_absence(news.otto.id, starts_at=AT + WEEK, ends_at=AT + 2 * WEEK, stand_in=None)
    cases.set_absence(news.olga.id, starts_at=AT, ends_at=None, stand_in=None)
    week = {"from": AT.isoformat(), "until": (AT + WEEK).isoformat(), "stand_in": None}
    shorter = week | {"until": (AT + timedelta(days=3)).isoformat(), "stand_in": news.otto.id}
    next_week = week | {"from": (AT + WEEK).isoformat(), "until": (AT + 2 * WEEK).isoformat()}
    assert lines(news, "absence.set", "absence.ended") == [
        ({"absences": []}, {"absences": [week], "by": by}),
        ({"absences": [week]}, {"absences": [shorter], "by": by}),
        ({"absences": []}, {"absences": [next_week], "by": by}),
        ({"absences": [shorter]}, {"absences": [], "by": by}),
    ]


class TestWhatARequestGave:
    def decided(self, news: Newsroom, asker: Person, gift: Gift, *, reason: Reason, needs: Capability | None) -> int:
        carla = news.person(Role.CONTROLLER, "Carla Controller")
        given: Facts = {"uow": news.stage.uow, "clock": news.stage.clock, "rulebook": news.stage.rulebook}
        filed = request_access(
            reason=reason,
            capability=needs,
            account_id=news.stage.account.id,
            actor=news.stage.actor(asker),
            **given,
        )
        assert isinstance(filed, RequestFiled)
        decided = decide_request(
            filed.request_id,
            approved=True,
            gift=gift,
            until=AT + WEEK,
            why="For a week.",
            actor=news.stage.actor(carla),
            **given,
        )
        assert isinstance(decided, RequestDecided), decided
        return filed.request_id

    def test_a_role_for_a_time(self, news: Newsroom) -> None:
        sam = news.person(Role.SALES, "Sam Seller")
        gift = Gift(GiftKind.ROLE, Role.OPERATOR)
        request = self.decided(news, sam, gift, reason=Reason.NOT_ALLOWED, needs=Capability.RECORD)
        sales = {"role": "sales", "until": None, "lasting": "sales", "group": None, "active": True}
        until = (AT + WEEK).isoformat()
        assert lines(news, "access.requested", "access.approved", "role.set") == [
            (None, {"state": "waiting", "capability": "record"}),
            (
                {"state": "waiting"},
                {"state": "approved", "given": "role:operator", "until": until, "why": "For a week."},
            ),
            (sales, sales | {"role": "operator", "until": until, "request": request}),
        ]

    def test_an_account(self, news: Newsroom) -> None:
        sam = news.person(Role.SALES, "Sam Seller")
        request = self.decided(news, sam, Gift(GiftKind.ACCOUNT), reason=Reason.OUT_OF_SCOPE, needs=None)
        assert lines(news, "account.handed_over") == [
            ({"owner": news.stage.rita.email}, {"owner": sam.email, "request": request})
        ]
