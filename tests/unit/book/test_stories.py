"""Every prepared situation is what it says, under the very guards of the product, on any day and at any hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest

from domain.commitments import SlaState
from domain.outcomes import Refused
from domain.reasons import Reason
from domain.rules.guards import Wait
from domain.rules.quiet_hours import ZoneRule
from sandbox.book import Book, make_book
from sandbox.book.plot import read_cast
from tests.unit.book.reading import facts_of, nudge

MONDAY = date(2026, 3, 2)
DAYS = [
    *(MONDAY + timedelta(days=offset) for offset in range(7)),
    date(2026, 3, 28),  # clocks change in Europe on the next day
    date(2026, 4, 2),  # before Easter: the longest row of closed days of the year
    date(2026, 12, 24),
    date(2028, 2, 29),
]
HOURS = (0, 7, 13, 18)
KEYS = [story["key"] for part in read_cast().values() if (story := part.get("story"))]


@cache
def book_of(day: date) -> Book:
    return make_book(seed=20, today=day)


def moments(day: date) -> list[datetime]:
    return [datetime.combine(day, time(hour, 7), tzinfo=UTC) for hour in HOURS]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_guards_tell_the_story(day: date, key: str) -> None:
    book = book_of(day)
    story = book.story(key)
    account = book.account(story.account)
    for at in moments(day):
        answer = nudge(book, account, at=at)
        assert not isinstance(answer, Wait)
        if isinstance(answer, Refused):
            assert answer.reason == story.refusal, at
            continue
        if story.refusal is not None:
            # Caps and holds end by themselves while a customer's office is closed.
            closed = timedelta(hours=12) if story.working_days_only else timedelta(days=4)
            assert answer.departure.at - at > closed, at
            continue
        assert answer.invoice.number == story.offers
        assert [p.refusal.reason for p in answer.passed_over] == ([story.passed_over] if story.passed_over else [])


@pytest.mark.parametrize("seed", range(5))
def test_the_stories_do_not_depend_on_the_seed(seed: int) -> None:
    book = make_book(seed=seed, today=MONDAY)
    at = datetime.combine(MONDAY, time(10), tzinfo=UTC)
    for story in book.stories:
        answer = nudge(book, book.account(story.account), at=at)
        assert (answer.reason if isinstance(answer, Refused) else None) == story.refusal, story.key


def test_what_would_be_offered_is_the_newest_that_may_be_cited() -> None:
    """Where the account or its contact is in the way, `offers` still names the invoice the preview will show later."""
    book = book_of(MONDAY)
    for story in book.stories:
        mine = [i for i in book.invoices if i.account_id == story.account_id and i.state == "open" and i.balance > 0]
        newest = max(mine, key=lambda i: (i.issued_on, i.due_on, i.number), default=None)
        if story.offers and not story.passed_over:
            assert newest is not None and newest.number == story.offers, story.key


def test_the_star_has_room_around_it() -> None:
    book = book_of(MONDAY)
    star = book.story("star")
    assert (star.account, star.owner_email) == ("Acme Robotics GmbH", book.person("rita").email)
    at = datetime.combine(MONDAY, time(10), tzinfo=UTC)
    facts = facts_of(book, book.account(star.account), at=at)
    step = facts.next_step(at)
    assert facts.account.zone == "Europe/Berlin"
    assert facts.touches == ()
    assert step is not None and step.due_at - at > timedelta(days=7)
    assert len(facts.invoices) == 3


def test_the_unknown_zone_waits_for_a_whole_country() -> None:
    book = book_of(MONDAY)
    answer = nudge(book, book.account("Maple Ridge Foods"), at=datetime.combine(MONDAY, time(10), tzinfo=UTC))
    assert not isinstance(answer, Refused | Wait)
    assert answer.departure.zone.rule is ZoneRule.EVERY_ZONE_OF_COUNTRY
    assert len(answer.departure.zone.names) > 5
    assert answer.departure.waits_for is Reason.QUIET_HOURS


def test_touched_today_holds_while_the_office_is_open() -> None:
    for day in DAYS[:5]:
        book = book_of(day)
        answer = nudge(book, book.account("Lindenhof Kliniken gGmbH"), at=datetime.combine(day, time(11), tzinfo=UTC))
        assert isinstance(answer, Refused) and answer.reason is Reason.CONTACT_TOUCHED


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_disputes_stand_in_every_state_of_their_sla(day: date) -> None:
    book = book_of(day)
    for at in moments(day):
        states = {
            story_sla
            for name in ("Müller & Söhne Maschinenbau GmbH", "Meridian Freight Ltd", "Nordlicht Energie GmbH")
            for story_sla in (dispute.sla(at) for dispute in facts_of(book, book.account(name), at=at).disputes)
        }
        assert states == {SlaState.LATE, SlaState.AT_RISK, SlaState.OPEN}, at


def test_every_story_has_its_own_account_and_most_are_ritas() -> None:
    book = book_of(MONDAY)
    assert len({story.account for story in book.stories}) == len(book.stories)
    rita = book.person("rita").email
    assert sum(story.owner_email == rita for story in book.stories) >= 15
