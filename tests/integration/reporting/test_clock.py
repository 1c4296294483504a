"""The 15-minute clock: across restarts, clock steps, nights and replicas."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from domain.duties import Absence
from domain.outcomes import Refused
from domain.usecases.watch_reports import Watched, watch_reports
from domain.values import Role
from sandbox.clock import MovableClock
from storage import tables
from storage.unit_of_work import build_unit_of_work
from tests.integration.reporting.newsroom import AT, Newsroom, open_newsroom

MINUTE = timedelta(minutes=1)
QUIET = Watched()
REMINDED, ESCALATED = Watched(reminded=1), Watched(escalated=1)


def test_reminder_at_seven_escalation_at_twelve_each_once(news: Newsroom) -> None:
    news.reported()
    looks = {minute: news.watch(AT + minute * MINUTE) for minute in range(20)}
    assert {minute: look for minute, look in looks.items() if look != QUIET} == {7: REMINDED, 12: ESCALATED}
    assert news.told("reminder") == {news.olga.id, news.otto.id}
    assert news.told("escalation") == {news.mona.id}
    assert news.stage.actions() == ["promise.reported", "report.reminded", "report.escalated"]


def test_the_policy_says_after_how_many_minutes(database: Engine, organisation: int) -> None:
    news = open_newsroom(database, organisation, remind_after=2 * MINUTE, escalate_after=4 * MINUTE)
    news.reported()
    looks = {minute: news.watch(AT + minute * MINUTE) for minute in range(6)}
    assert {minute: look for minute, look in looks.items() if look != QUIET} == {2: REMINDED, 4: ESCALATED}
    news.reported(news.promise(said_at=news.later(minutes=-4)))
    assert news.watch(news.later(minutes=1)) == QUIET, "it was escalated with its alert"


def test_it_runs_from_when_it_was_said(news: Newsroom) -> None:
    news.reported(news.promise(said_at=AT - 5 * MINUTE))
    assert news.watch(AT + 2 * MINUTE) == REMINDED
    assert news.watch(AT + 7 * MINUTE) == ESCALATED


def test_said_longer_ago_it_is_escalated_with_the_alert_and_not_reminded_of(news: Newsroom) -> None:
    news.reported(news.promise(said_at=AT - timedelta(hours=3)))
    assert news.told("escalation") == {news.mona.id}
    assert news.watch(AT + MINUTE) == QUIET
    assert news.told("reminder") == set()


def test_acknowledging_ends_the_reminder_only(news: Newsroom) -> None:
    story = news.reported()
    news.cases(news.olga).acknowledge_report(story.report.id)
    assert news.watch(AT + 8 * MINUTE) == QUIET
    assert news.watch(AT + 12 * MINUTE) == ESCALATED


def test_settling_ends_both(news: Newsroom) -> None:
    story = news.reported()
    assert not isinstance(news.cases(news.olga).record_report(story.report.id), Refused)
    assert news.watch(AT + timedelta(hours=1)) == QUIET


def test_after_a_night_without_a_process_it_is_escalated_and_nothing_else(news: Newsroom) -> None:
    news.reported()
    assert news.watch(AT + timedelta(hours=14)) == ESCALATED
    assert news.told("reminder") == set()


def test_it_knows_no_quiet_hours(database: Engine, organisation: int) -> None:
    midnight = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)  # a Saturday
    news = open_newsroom(database, organisation, at=midnight)
    news.reported(news.promise(due_on=None))
    assert news.watch(midnight + 7 * MINUTE) == REMINDED
    assert news.watch(midnight + 12 * MINUTE) == ESCALATED


def test_a_clock_that_steps_back_repeats_nothing(news: Newsroom) -> None:
    news.reported()
    assert news.watch(AT + 7 * MINUTE) == REMINDED
    assert news.watch(AT - timedelta(hours=2)) == QUIET
    assert [news.watch(AT + minute * MINUTE) for minute in (6, 7, 11, 12)] == [QUIET, QUIET, QUIET, ESCALATED]
    assert news.watch(AT) == news.watch(AT + 30 * MINUTE) == QUIET


def test_a_clock_that_steps_ahead_and_back_loses_nothing(news: Newsroom) -> None:
    first = news.reported()
    assert news.watch(AT + timedelta(days=1)) == ESCALATED
    news.stage.clock.set(AT + MINUTE)
    news.reported()
    assert news.watch(AT + 8 * MINUTE) == REMINDED
    assert news.watch(AT + 13 * MINUTE) == ESCALATED
    assert news.story(first.report.id).report.escalated_at == AT + timedelta(days=1)


def test_a_report_from_a_clock_that_is_ahead_counts_as_said_now(news: Newsroom) -> None:
    story = news.reported(news.promise(said_at=AT + timedelta(seconds=40)))
    assert story.report.said_at == AT


@pytest.mark.parametrize("at, wanted", [(AT + 7 * MINUTE, REMINDED), (AT + 12 * MINUTE, ESCALATED)])
def test_of_replicas_that_look_at_once_one_tells(news: Newsroom, at: datetime, wanted: Watched) -> None:
    news.reported()

    def replica(_: int) -> Watched:
        """A process of its own: nothing but the rows is shared."""
        uow = build_unit_of_work(news.stage.engine, org_id=news.stage.org_id)
        return watch_reports(uow=uow, clock=MovableClock(start=at, frozen=True), rulebook=news.stage.rulebook)

    with ThreadPoolExecutor(4) as threads:
        looks = list(threads.map(replica, range(8)))
    assert sorted(looks, key=str) == sorted([QUIET] * 7 + [wanted], key=str)
    for row in news.stage.rows(tables.notices):
        assert row["revision"] == (2 if ":duty:" in row["key"] else 1), "the alert is brought up to date, once"


def test_without_a_manager_the_controller_hears_and_without_anybody_it_is_marked(news: Newsroom) -> None:
    carla = news.person(Role.CONTROLLER, "Carla Controller")
    with news.stage.uow() as work:
        work.people.grant(news.mona.id, role=Role.VIEWER, capability=None, until=None, by="x")
    news.reported()
    assert news.watch(AT + 12 * MINUTE) == ESCALATED
    assert news.told("escalation") == {carla.id}


def test_a_manager_who_is_away_is_passed_over_for_a_controller(news: Newsroom) -> None:
    carla = news.person(Role.CONTROLLER, "Carla Controller")
    with news.stage.uow() as work:
        work.absences.enter(Absence(news.mona.id, AT, AT + timedelta(days=1)), at=AT)
    news.reported()
    assert news.watch(AT + 12 * MINUTE) == ESCALATED
    assert news.told("escalation") == {carla.id}


def test_whoever_is_absent_by_then_is_not_reminded(news: Newsroom) -> None:
    with news.stage.uow() as work:
        work.duties.assign(news.olga.id, news.stage.account.id, at=AT)
    story = news.reported()
    assert (news.told("duty"), story.operator and story.operator.id) == ({news.olga.id}, news.olga.id)
    away = news.cases(news.olga).set_absence(
        news.olga.id, starts_at=AT, ends_at=AT + timedelta(days=3), stand_in=news.otto.id
    )
    assert not isinstance(away, Refused)
    assert news.watch(AT + 7 * MINUTE) == REMINDED
    assert news.told("reminder") == {news.otto.id}


def test_posts_are_edited_when_the_report_moves(news: Newsroom) -> None:
    story = news.reported()
    news.watch(AT + 12 * MINUTE)
    news.cases(news.otto).record_report(story.report.id)
    revisions = {row["key"]: row["revision"] for row in news.stage.rows(tables.notices)}
    report = f"report:{story.report.id}"
    assert revisions == {
        f"{report}:duty:{news.olga.id}": 3,
        f"{report}:duty:{news.otto.id}": 3,
        f"{report}:escalation:{news.mona.id}": 2,
        f"{report}:outcome:recorded": 1,
    }
