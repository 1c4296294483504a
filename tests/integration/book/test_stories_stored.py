"""The prepared situations as the real stores and the real search tell them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine

from bot.demo_book import load_book
from connectors.calendars import PublicHolidays, TzdataZones
from domain.outcomes import Refused
from domain.policy import Policy, Rulebook, Workspace
from domain.ports import UnitOfWorkFactory
from domain.rules.guards import Wait
from domain.rules.nudging import plan_nudge
from domain.templates import Audience
from sandbox.book import Book, make_book
from storage.directory import Directory
from storage.unit_of_work import build_unit_of_work
from tests.builders import make_volume

TODAY = date(2026, 3, 2)  # a Monday
AT = datetime.combine(TODAY, time(10, 30), tzinfo=UTC)
BERLIN = "Europe/Berlin"


@pytest.fixture
def book() -> Book:
    return make_book(seed=20, today=TODAY)


def load(book: Book, engine: Engine) -> UnitOfWorkFactory:
    org_id = Directory(engine).create_organisation("Northwind Machines", BERLIN, "DE", AT)
    load_book(book, engine=engine, org_id=org_id, at=AT)
    return build_unit_of_work(engine, org_id=org_id)


@pytest.fixture
def loaded(sqlite: Engine, book: Book) -> UnitOfWorkFactory:
    return load(book, sqlite)


def test_the_guards_tell_the_stories(database: Engine, book: Book) -> None:
    loaded = load(book, database)
    rulebook = Rulebook(policy=Policy(), zones=TzdataZones(), holidays=PublicHolidays())
    workspace = Workspace(org_id=1, name="Northwind Machines", zone=BERLIN, country="DE")
    told: dict[str, tuple[str | None, str | None, list[str]]] = {}
    with loaded() as work:
        for story in book.stories:
            owner = work.people.by_email(story.owner_email, AT)
            found = work.accounts.search(story.account, owner_email=story.owner_email, limit=5)
            assert owner is not None and found[0].is_exact, story.key
            account_id = found[0].account.id
            answer = plan_nudge(
                workspace=workspace,
                person=owner,
                facts=work.accounts.facts([account_id], at=AT)[account_id],
                rulebook=rulebook,
                at=AT + timedelta(minutes=1),
                volume=make_volume(),
            )
            assert not isinstance(answer, Wait)
            if isinstance(answer, Refused):
                told[story.key] = (answer.reason.value, None, [])
            else:
                over = [passed.refusal.reason.value for passed in answer.passed_over]
                told[story.key] = (None, answer.invoice.number, over)
    assert told == {
        story.key: (
            story.refusal,
            None if story.refusal else story.offers,
            [story.passed_over] if story.passed_over else [],
        )
        for story in book.stories
    }


def test_acm_is_a_choice_and_acme_robotics_is_not(loaded: UnitOfWorkFactory, book: Book) -> None:
    rita = book.person("rita").email
    with loaded() as work:
        several = work.accounts.search("acm", owner_email=rita, limit=10)
        exact = work.accounts.search("acme robotics", owner_email=rita, limit=10)
    assert {hit.account.name for hit in several} >= {"Acme Robotics GmbH", "Acme Logistics"}
    assert not any(hit.is_exact for hit in several)
    assert [hit.account.name for hit in exact if hit.is_exact] == ["Acme Robotics GmbH"]


def test_both_kinds_of_sellers_have_their_texts(loaded: UnitOfWorkFactory) -> None:
    with loaded() as work:
        assert len(work.templates.approved(Audience.SALES)) == 4
        assert len(work.templates.approved(Audience.CSM)) == 2


def test_the_card_of_the_star_has_a_life(loaded: UnitOfWorkFactory, book: Book) -> None:
    star = book.story("star")
    with loaded() as work:
        found = work.accounts.search(star.account, owner_email=None, limit=1)
        card = work.accounts.card(found[0].account.id, sending_domain="example.com", at=AT)
    assert card is not None
    assert len(card.notes) >= 3
    assert {talk.source.value for talk in card.communications} >= {"autopilot", "operator", "customer"}
    assert card.health is not None and card.health.paid_invoices >= 3
