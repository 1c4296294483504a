"""Absences that begin and end while nobody looks: what waits for the record changes hands, and people hear, once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from domain.duties import Absence
from domain.notices import NoticeKind
from domain.usecases.apply_absences import apply_absences
from domain.values import Role
from storage import tables
from storage.migrate import downgrade, upgrade
from storage.rounds import ABSENCES, Rounds
from tests.integration.reporting.newsroom import AT, Newsroom


def apply(news: Newsroom, at: datetime) -> int:
    news.stage.clock.set(at)
    return apply_absences(uow=news.stage.uow, clock=news.stage.clock)


def holder(news: Newsroom) -> int | None:
    """Who has the one report in hand."""
    (report,) = news.stage.rows(tables.reports)
    return report["operator_id"]


def roster_told(news: Newsroom) -> list[int]:
    """Who was told of a duty or an absence since Olga keeps the account."""
    told = [row["recipient"] for row in news.stage.rows(tables.notices) if row["kind"] == NoticeKind.ROSTER]
    return told[1:]


def kept_by_olga(news: Newsroom) -> None:
    news.cases(news.mona).set_duty(news.olga.id, news.stage.account.id, keeps=True)
    news.reported()


TOMORROW, NEXT_WEEK = AT + timedelta(days=1), AT + timedelta(days=7)
LATER = {"starts_at": TOMORROW, "ends_at": NEXT_WEEK}


def test_a_later_absence_hands_over_when_it_begins_and_when_it_ends(news: Newsroom) -> None:
    kept_by_olga(news)
    news.cases(news.olga).set_absence(news.olga.id, **LATER, stand_in=news.otto.id)
    assert holder(news) == news.olga.id and roster_told(news) == [news.otto.id]

    assert apply(news, TOMORROW - timedelta(seconds=1)) == 0
    assert holder(news) == news.olga.id
    assert apply(news, TOMORROW) == 1
    assert holder(news) == news.otto.id and news.told("duty") == {news.olga.id, news.otto.id}

    assert apply(news, NEXT_WEEK - timedelta(seconds=1)) == 0
    assert apply(news, NEXT_WEEK) == 1
    assert holder(news) == news.olga.id
    assert news.stage.actions()[-2:] == ["absence.begun", "absence.ended"]
    assert roster_told(news) == [news.otto.id, *[news.olga.id, news.otto.id] * 2]


def test_it_is_done_and_told_once_however_often_it_is_looked_at_and_wherever_the_clock_steps(news: Newsroom) -> None:
    kept_by_olga(news)
    news.cases(news.mona).set_absence(news.olga.id, **LATER, stand_in=news.otto.id)
    for step in (TOMORROW, TOMORROW, AT, TOMORROW + timedelta(hours=1), NEXT_WEEK, TOMORROW, NEXT_WEEK):
        apply(news, step)
    assert news.stage.actions().count("absence.begun") == news.stage.actions().count("absence.ended") == 1


def test_one_that_came_and_went_while_nothing_ran_only_ends(news: Newsroom) -> None:
    kept_by_olga(news)
    news.cases(news.mona).set_absence(news.olga.id, **LATER, stand_in=news.otto.id)
    assert apply(news, NEXT_WEEK + timedelta(hours=3)) == 1
    assert holder(news) == news.olga.id
    assert news.stage.actions()[-1] == "absence.ended" and "absence.begun" not in news.stage.actions()


def test_what_was_entered_when_it_had_begun_was_handed_over_then(news: Newsroom) -> None:
    kept_by_olga(news)
    news.cases(news.olga).set_absence(news.olga.id, starts_at=AT, ends_at=TOMORROW, stand_in=news.otto.id)
    assert holder(news) == news.otto.id
    assert apply(news, AT + timedelta(minutes=1)) == 0
    news.cases(news.olga).set_absence(news.olga.id, starts_at=AT, ends_at=None, stand_in=None)
    assert apply(news, TOMORROW) == 0, "whoever came back earlier ended it"


def test_two_replicas_hand_over_once(news: Newsroom) -> None:
    kept_by_olga(news)
    news.cases(news.mona).set_absence(news.olga.id, **LATER, stand_in=news.otto.id)
    news.stage.clock.set(TOMORROW)
    with ThreadPoolExecutor(4) as replicas:
        done = list(replicas.map(lambda _: apply(news, TOMORROW), range(4)))
    assert sorted(done) == [0, 0, 0, 1]
    assert news.stage.actions().count("absence.begun") == 1


def test_a_handover_names_each_report_and_each_person_once_however_many_there_are(news: Newsroom) -> None:
    """Not each report with each person: most of them were never told."""
    for number in range(30):
        news.person(Role.OPERATOR, f"Operator {number}")
    news.cases(news.mona).set_duty(news.olga.id, news.stage.account.id, keeps=True)
    for _ in range(10):
        news.reported(news.dispute())
    given: list[str] = []

    @event.listens_for(news.stage.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if "notices" in statement:
            given.append(str(parameters))

    news.cases(news.mona).set_absence(news.olga.id, starts_at=AT, ends_at=TOMORROW, stand_in=news.otto.id)
    edits, posts = 3 * 10, 10
    assert "".join(given).count("report:") == edits + posts
    assert {row["revision"] for row in news.stage.rows(tables.notices) if row["recipient"] == news.olga.id} >= {2}
    assert news.told("duty") == {news.olga.id, news.otto.id}


def test_the_loop_finds_who_has_something_to_hand_over(news: Newsroom) -> None:
    stage = news.stage
    rounds = Rounds(stage.engine)

    def due(at: datetime) -> list[int]:
        return rounds.with_something_to_do({"absences": ABSENCES}, at)["absences"]

    news.cases(news.mona).set_absence(news.olga.id, **LATER, stand_in=None)
    assert due(TOMORROW - timedelta(seconds=1)) == []
    assert due(TOMORROW) == [stage.org_id]
    apply(news, TOMORROW)
    assert due(TOMORROW) == [] and due(NEXT_WEEK) == [stage.org_id]


def test_absences_of_the_release_before_are_not_told_again(news: Newsroom) -> None:
    """All but those to come count as handed over; the one that is to come begins in its time."""
    day = timedelta(days=1)
    longer_ago = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
    for user, starts_at in ((news.olga, longer_ago), (news.otto, datetime.fromisoformat("2040-01-01T00:00:00+00:00"))):
        with news.stage.uow() as work:
            work.absences.enter(Absence(user.id, starts_at, starts_at + day), at=longer_ago)
    downgrade(news.stage.engine, "0011")
    upgrade(news.stage.engine)
    assert apply(news, AT) == 0
    assert apply(news, datetime.fromisoformat("2040-01-01T12:00:00+00:00")) == 1


HOURS = st.integers(0, 14 * 24)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begins=st.integers(1, 100), lasts=st.integers(1, 100), looks=st.lists(HOURS, min_size=1, max_size=8))
def test_wherever_the_clock_goes_it_begins_and_ends_once_at_most(
    news: Newsroom, begins: int, lasts: int, looks: list[int]
) -> None:
    with news.stage.engine.begin() as connection:
        connection.execute(delete(tables.absences))
    news.stage.clock.set(AT)
    absence = Absence(news.olga.id, AT + timedelta(hours=begins), AT + timedelta(hours=begins + lasts), news.otto.id)
    with news.stage.uow() as work:
        work.absences.enter(absence, at=AT)
    turned: Counter[bool] = Counter()
    for hours in looks:
        at = AT + timedelta(hours=hours)
        with news.stage.uow() as work:
            turned.update(one.covers(at) for one in work.absences.apply(at))
    furthest = AT + timedelta(hours=max(looks))
    assert turned[False] == (furthest >= absence.ends_at)
    assert turned[True] <= 1
    assert sum(turned.values()) >= (furthest >= absence.starts_at)
