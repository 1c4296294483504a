"""Legal holds that are placed here, and who is on duty."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from domain.duties import AbsenceSet, DutySet, InvalidAbsence
from domain.legal_holds import HoldChanged
from domain.messages import State
from domain.outcomes import AccountCard, Refused
from domain.reasons import Reason
from domain.reporting import Unacceptable
from domain.values import Role
from storage import tables
from tests.integration.reporting.newsroom import AT, Newsroom
from tests.stage import AFTER, MORNING

WHY = "Their lawyers wrote to us."


def books_say(news: Newsroom, hold: str | None) -> None:
    with news.stage.engine.begin() as connection:
        connection.execute(update(tables.accounts).values(legal_hold=hold))


def card_says(news: Newsroom) -> str | None:
    card = news.cases(news.stage.rita).open_account(news.stage.account.id)
    assert isinstance(card, AccountCard)
    return card.card.facts.account.legal_hold


def test_placed_it_is_seen_and_refuses_at_once(news: Newsroom) -> None:
    news.stage.clock.set(MORNING - timedelta(hours=10))
    message = news.stage.queued()
    placed = news.cases(news.lena).place_legal_hold(news.stage.account.id, why=WHY)
    assert isinstance(placed, HoldChanged) and (placed.is_held, placed.account.legal_hold) == (True, WHY)
    assert card_says(news) == WHY
    refused = news.stage.click(invoice=news.second)
    assert isinstance(refused, Refused) and refused.reason is Reason.LEGAL_HOLD
    assert news.stage.release(AFTER).claimed == 0
    assert news.stage.state(message.id) is State.CANCELLED
    found = news.cases(news.olga).find_account(news.stage.account.name)
    assert isinstance(found, AccountCard) and found.card.facts.account.legal_hold == WHY
    mine = news.cases(news.stage.rita).my_accounts()
    assert not isinstance(mine, Refused) and mine.summaries[0].account.legal_hold == WHY


def test_an_import_does_not_clear_it_and_lifting_does_not_clear_the_books(news: Newsroom) -> None:
    news.cases(news.lena).place_legal_hold(news.stage.account.id, why=WHY)
    books_say(news, None)
    assert card_says(news) == WHY
    books_say(news, "Court case")
    lifted = news.cases(news.lena).lift_legal_hold(news.stage.account.id, why="Settled.")
    assert isinstance(lifted, HoldChanged) and (lifted.is_held, lifted.books) == (True, "Court case")
    assert card_says(news) == "Court case"
    again = news.cases(news.lena).lift_legal_hold(news.stage.account.id, why="Settled.")
    assert isinstance(again, Refused) and (again.reason, again.subject) == (Reason.NO_HOLD_HERE, "Court case")
    books_say(news, None)
    assert card_says(news) is None


def test_the_card_knows_whether_the_hold_can_be_lifted_here(news: Newsroom) -> None:
    def is_held_here() -> bool:
        card = news.cases(news.lena).open_account(news.stage.account.id)
        assert isinstance(card, AccountCard)
        return card.is_held_here

    books_say(news, "Court case")
    assert not is_held_here()
    news.cases(news.lena).place_legal_hold(news.stage.account.id, why=WHY)
    assert is_held_here()
    news.cases(news.lena).lift_legal_hold(news.stage.account.id, why="Settled.")
    assert not is_held_here()
    assert card_says(news) == "Court case"


def test_it_stands_once_and_can_be_placed_again(news: Newsroom) -> None:
    carla = news.person(Role.CONTROLLER, "Carla Controller")
    assert isinstance(news.cases(news.lena).place_legal_hold(news.stage.account.id, why=" "), Unacceptable)
    news.cases(news.lena).place_legal_hold(news.stage.account.id, why=WHY)
    second = news.cases(carla).place_legal_hold(news.stage.account.id, why="Me too.")
    assert isinstance(second, Refused) and (second.reason, second.by) == (Reason.ALREADY_DECIDED, "Lena Legal")
    assert isinstance(news.cases(carla).lift_legal_hold(news.stage.account.id, why="Settled."), HoldChanged)
    assert isinstance(news.cases(carla).place_legal_hold(news.stage.account.id, why="Again."), HoldChanged)
    assert len(news.stage.rows(tables.legal_holds)) == 2


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.LEGAL, Role.CONTROLLER)])
def test_nobody_else_places_or_lifts_one(news: Newsroom, role: Role) -> None:
    cases = news.cases(news.stage.rita if role is Role.SALES else news.person(role, "Somebody"))
    for outcome in (
        cases.place_legal_hold(news.stage.account.id, why=WHY),
        cases.lift_legal_hold(news.stage.account.id, why=WHY),
    ):
        assert isinstance(outcome, Refused)
        assert outcome.reason in (Reason.NOT_ALLOWED, Reason.OUT_OF_SCOPE)
    assert news.stage.rows(tables.legal_holds) == []


def test_duties_are_set_by_managers_for_operators(news: Newsroom) -> None:
    account = news.stage.account.id
    for _ in range(2):
        outcome = news.cases(news.mona).set_duty(news.olga.id, account, keeps=True)
        assert isinstance(outcome, DutySet) and [keeper.user_id for keeper in outcome.keepers] == [news.olga.id]
    assert news.stage.actions() == ["duty.assigned"]
    news.cases(news.mona).set_duty(news.otto.id, None, keeps=True)
    news.reported()
    assert news.told("duty") == {news.olga.id}
    no = news.cases(news.mona).set_duty(news.lena.id, account, keeps=True)
    assert isinstance(no, Refused) and (no.reason, no.by) == (Reason.NOT_AN_OPERATOR, "Lena Legal")
    no = news.cases(news.olga).set_duty(news.otto.id, account, keeps=True)
    assert isinstance(no, Refused) and no.reason is Reason.NOT_ALLOWED
    off = news.cases(news.mona).set_duty(news.olga.id, account, keeps=False)
    assert isinstance(off, DutySet) and [keeper.account_id for keeper in off.keepers] == [None]


def test_absences_are_ones_own_or_a_managers(news: Newsroom) -> None:
    week = {"starts_at": AT, "ends_at": AT + timedelta(days=7)}
    mine = news.cases(news.olga).set_absence(news.olga.id, **week, stand_in=None)
    assert isinstance(mine, AbsenceSet) and mine.absence is not None
    news.reported()
    assert news.told("duty") == {news.otto.id}
    theirs = news.cases(news.olga).set_absence(news.otto.id, **week, stand_in=None)
    assert isinstance(theirs, Refused) and theirs.reason is Reason.NOT_ALLOWED
    assert isinstance(news.cases(news.mona).set_absence(news.otto.id, **week, stand_in=news.olga.id), AbsenceSet)
    wrong = news.cases(news.mona).set_absence(news.otto.id, **week, stand_in=news.lena.id)
    assert isinstance(wrong, Refused) and wrong.reason is Reason.NOT_AN_OPERATOR
    past = {"starts_at": AT - timedelta(days=2), "ends_at": AT - timedelta(days=1)}
    assert isinstance(news.cases(news.olga).set_absence(news.olga.id, **past, stand_in=None), InvalidAbsence)
    back = news.cases(news.olga).set_absence(news.olga.id, starts_at=AT, ends_at=None, stand_in=None)
    assert isinstance(back, AbsenceSet) and back.absence is None
