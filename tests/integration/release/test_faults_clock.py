"""Clocks that are off, jump, stand still or change: messages leave in the customer's hours, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from freezegun import freeze_time
from pydantic import ValidationError
from sqlalchemy import Engine, update

from bot.settings import Settings
from domain.errors import InvalidValue
from domain.messages import Message, State
from domain.outcomes import Refused
from domain.reasons import Reason
from domain.rules.quiet_hours import QuietHours
from domain.values import Span
from storage import tables
from storage.clock import DatabaseClock
from tests import factories
from tests.stage import AFTER, EVENING, MORNING, Stage, release, set_the_stage

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
CLOSING = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
"""Tuesday 18:00 in Berlin: quiet from here on."""
ALWAYS = QuietHours(time(3), time(3, 1), open_days=frozenset(range(7)), keep_holidays=False)


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


def sync(stage: Stage, at: datetime) -> None:
    with stage.engine.begin() as connection:
        connection.execute(update(tables.accounts).values(synced_at=at))


def queue_another(stage: Stage) -> Message:
    _, contact, invoices = factories.make_customer(
        stage.engine, stage.org_id, owner_email=stage.rita.email, synced_at=stage.clock.now()
    )
    return stage.queued(invoice=invoices[0], contact=contact)


# -- a worker's own clock --


@pytest.mark.postgres
@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_worker_whose_own_clock_is_off_does_not_matter(postgres: Engine, minutes: int) -> None:
    """Two messages, due a minute ago and in a minute by the server's clock; the host's clock says otherwise."""
    clock = DatabaseClock(postgres)
    now = clock.now()
    stage = set_the_stage(postgres, factories.make_organisation(postgres), at=now, quiet=ALWAYS)
    due, early = (
        factories.make_message(
            postgres,
            stage.org_id,
            account_id=stage.account.id,
            contact_id=contact.id,
            invoice_id=factories.make_invoice(postgres, stage.org_id, stage.account.id).id,
            requested_by=stage.rita.id,
            requested_at=now - HOUR,
            leaves_at=at,
            expires_at=now + HOUR,
        )
        for contact, at in (
            (stage.contact, now - MINUTE),
            (factories.make_contact(postgres, stage.org_id, stage.account.id), now + MINUTE),
        )
    )
    with freeze_time(datetime.now(UTC) + minutes * MINUTE, tick=True):
        done = release(uow=stage.uow, clock=clock, rulebook=stage.rulebook, mailer=stage.mailer, worker="skewed")
    assert (done.claimed, done.sent) == (1, 1)
    assert [stage.state(message.id) for message in (due, early)] == [State.SENT, State.QUEUED]
    sent_at = stage.message(due.id).sent_at
    assert sent_at is not None and abs(sent_at - now) < MINUTE


def test_a_clock_set_back_sends_nothing_again(stage: Stage) -> None:
    message = stage.queued()
    stage.release(AFTER)
    for at in (MORNING, EVENING, AFTER):
        assert stage.release(at).claimed == 0
    assert (stage.state(message.id), len(stage.mailer.sent)) == (State.SENT, 1)


# -- the edge of quiet hours --


def test_a_hand_over_begun_in_open_hours_may_end_a_moment_after_them(stage: Stage) -> None:
    """The decision counts: the fence is set a second before quiet hours begin, the server is slow."""
    sync(stage, CLOSING - HOUR)
    stage.clock.set(CLOSING - SECOND)
    message = stage.queued()
    stage.mailer.during = lambda: stage.clock.set(CLOSING + 5 * SECOND)
    assert stage.release().sent == 1
    assert stage.message(message.id).sent_at == CLOSING + 5 * SECOND


def test_what_is_claimed_too_late_waits_for_the_morning(stage: Stage) -> None:
    sync(stage, CLOSING - HOUR)
    stage.clock.set(CLOSING - SECOND)
    message = stage.queued()
    assert stage.release(CLOSING).deferred == 1
    waiting = stage.message(message.id)
    assert (waiting.reason, stage.mailer.sent) == (Reason.QUIET_HOURS, [])
    assert MORNING + 24 * HOUR <= waiting.leaves_at < AFTER + 24 * HOUR


def test_a_customer_who_moved_overnight_is_written_to_in_the_new_place(stage: Stage) -> None:
    message = stage.queued()
    with stage.engine.begin() as connection:
        connection.execute(update(tables.accounts).values(zone="America/New_York", country="US"))
    assert stage.release(AFTER).deferred == 1
    opens = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # 08:00 in New York
    assert opens <= stage.message(message.id).leaves_at < opens + 15 * MINUTE
    assert stage.release(opens + 15 * MINUTE).sent == 1


# -- whose day it is --


@pytest.mark.parametrize(
    ("midnight", "hours"),
    [
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), 23),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), 25),
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), 24),
    ],
    ids=["spring", "autumn", "ordinary"],
)
def test_the_days_mails_are_counted_by_the_workspaces_midnights(
    database: Engine, organisation: int, midnight: datetime, hours: int
) -> None:
    """Berlin's day, though the customer is in Tokyo, where midnight fell hours ago."""
    stage = set_the_stage(database, organisation, at=midnight, daily_cap=1, quiet=ALWAYS)
    with database.begin() as connection:
        connection.execute(update(tables.accounts).values(zone="Asia/Tokyo"))
    first = stage.queued()
    assert stage.release(midnight + SECOND).sent == 1
    second = queue_another(stage)
    stage.release(midnight + hours * HOUR - SECOND)
    assert (stage.state(first.id), stage.state(second.id)) == (State.SENT, State.QUEUED)
    assert stage.message(second.id).leaves_at >= midnight + hours * HOUR
    sync(stage, midnight + hours * HOUR)
    assert stage.release(midnight + hours * HOUR + 15 * MINUTE).sent == 1
    assert stage.left_on() == {
        (midnight + HOUR + n * 24 * HOUR).astimezone(stage.rulebook.zones.zone("Europe/Berlin")).date(): 1
        for n in (0, 1)
    }


# -- hours that cannot be meant --


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("quiet_hours", "08:00-08:00"),
        ("quiet_hours", "24:00-00:00"),
        ("quiet_hours", "25:61-08:00"),
        ("quiet_hours", "always"),
        ("blackouts", "2026-12-24/2026-12-24"),
        ("blackouts", "Christmas"),
        ("open_days", "mon,noday"),
        ("zone", "localtime"),
        ("zone", "+05:30"),
    ],
)
def test_hours_without_a_way_out_are_refused_when_they_are_set(setting: str, value: str) -> None:
    with pytest.raises((ValidationError, InvalidValue)):
        Settings.model_validate({setting: value}).policy()


def test_a_week_without_an_open_day_is_refused_when_it_is_set() -> None:
    with pytest.raises((ValidationError, InvalidValue)):
        Settings.model_validate({"open_days": ""}).policy()


def test_a_year_of_blackout_is_refused_at_the_click_and_at_the_release(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation)
    message = stage.queued()
    year = QuietHours(time(18), time(8), blackouts=(Span(date(2026, 11, 24), date(2027, 12, 31)),))
    stage.rulebook = replace(stage.rulebook, policy=replace(stage.rulebook.policy, quiet=year))
    refused = stage.click(invoice=factories.make_invoice(database, organisation, stage.account.id))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.NO_OPENING
    assert stage.release(AFTER).refused == 1
    assert (stage.state(message.id), stage.message(message.id).reason) == (State.REFUSED, Reason.NO_OPENING)


# -- a host that slept --


def test_after_days_of_sleep_nothing_is_sent_late(stage: Stage) -> None:
    message = stage.queued()
    later = MORNING + 72 * HOUR + MINUTE
    sync(stage, later)
    stage.release(later)
    assert (stage.state(message.id), stage.mailer.sent) == (State.EXPIRED, [])


@pytest.mark.parametrize("asleep", [0, 8, 11, 14, 24, 30, 47, 57], ids=lambda hours: f"{hours} h")
def test_whenever_a_worker_wakes_it_keeps_the_customers_hours(stage: Stage, asleep: int) -> None:
    message = stage.queued()
    wakes = AFTER + asleep * HOUR
    sync(stage, wakes)
    stage.release(wakes)
    is_open = 8 <= (wakes + HOUR).hour < 18  # Berlin's clock in November
    assert stage.state(message.id) is (State.SENT if is_open else State.QUEUED)
    if not is_open:
        leaves_at = stage.message(message.id).leaves_at
        assert leaves_at > wakes
        assert stage.release(leaves_at).sent == 1


def test_what_has_waited_over_night_is_judged_by_the_books_of_the_day(stage: Stage) -> None:
    message = stage.queued()
    stage.release(AFTER + 24 * HOUR)
    assert (stage.message(message.id).reason, stage.mailer.sent) == (Reason.STALE_DATA, [])
