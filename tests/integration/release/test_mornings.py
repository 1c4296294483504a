"""The daily digest: once for each person and day, however many look, whatever the clock does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, event, insert

from domain.commitments import DisputeState
from domain.duties import Absence
from domain.homing import OnePart, Part
from domain.messages import State
from domain.morning import Morning, News
from domain.notices import NoticeKind
from domain.rules.quiet_hours import QuietHours
from domain.usecases.raise_mornings import raise_mornings
from domain.values import Role
from handlers.cases import Cases
from storage import tables
from tests import factories
from tests.stage import Stage, set_the_stage

BEFORE = datetime(2026, 11, 24, 7, 29, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
"""Tuesday 08:30 in Berlin."""


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


def look(stage: Stage, at: datetime) -> int:
    stage.clock.set(at)
    return raise_mornings(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)


def left(stage: Stage, at: datetime) -> None:
    """A nudge of Rita's that left."""
    factories.make_message(
        stage.engine,
        stage.org_id,
        account_id=stage.account.id,
        contact_id=stage.contact.id,
        invoice_id=stage.invoice.id,
        requested_by=stage.rita.id,
        requested_at=at - timedelta(hours=2),
        state=State.SENT,
        sent_at=at,
        changed_at=at,
    )


def digests(stage: Stage) -> list[str]:
    kind = NoticeKind.DAILY_DIGEST.value
    return [row["key"] for row in stage.rows(tables.notices) if row["kind"] == kind]


def test_once_a_day_and_only_with_something_to_say(stage: Stage) -> None:
    assert look(stage, MORNING) == 0, "nothing to say"
    left(stage, MORNING + timedelta(hours=1))
    assert look(stage, MORNING + timedelta(hours=2)) == 0, "what happens later is tomorrow's"
    assert look(stage, BEFORE + timedelta(days=1)) == 0
    assert look(stage, MORNING + timedelta(days=1)) == 1
    assert look(stage, MORNING + timedelta(days=1, minutes=1)) == 0
    assert digests(stage) == [f"digest:{stage.rita.id}:2026-11-25"]
    (row,) = [row for row in stage.rows(tables.notices) if row["kind"] == "daily_digest"]
    assert row["subject"] == "l1"
    assert look(stage, MORNING + timedelta(days=2)) == 0, "it has been told"


def test_a_morning_that_was_missed_is_made_up_for_until_noon(stage: Stage) -> None:
    left(stage, MORNING - timedelta(hours=1))
    assert look(stage, MORNING + timedelta(hours=3, minutes=59)) == 1


def test_after_that_it_waits_for_the_next_day(stage: Stage) -> None:
    left(stage, MORNING - timedelta(hours=1))
    assert look(stage, MORNING + timedelta(hours=4)) == 0


def test_two_replicas_raise_one(stage: Stage) -> None:
    left(stage, MORNING - timedelta(hours=1))
    people = [stage.person(role=Role.SALES) for _ in range(20)]
    promised = factories.make_promise
    for person in people:
        account = factories.make_account(stage.engine, stage.org_id, owner_email=person.email)
        promised(stage.engine, stage.org_id, account.id, due_on=MORNING.date())
    stage.clock.set(MORNING)
    ready, raised, failed = Barrier(4), [], []

    def replica() -> None:
        ready.wait()
        try:
            raised.append(raise_mornings(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook))
        except Exception as error:  # noqa: BLE001 - the test tells of it
            failed.append(error)

    threads = [Thread(target=replica) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(raised) == 21 == len(set(digests(stage)))
    revisions = {row["revision"] for row in stage.rows(tables.notices)}
    assert revisions == {1}, "none was raised a second time"


def test_a_crash_in_between_loses_nothing(stage: Stage) -> None:
    left(stage, MORNING - timedelta(hours=1))
    stage.clock.set(MORNING)

    class Crash(Exception):
        pass

    with pytest.raises(Crash), stage.uow() as work:
        assert work.mornings.take(MORNING.date(), zones=["Europe/Berlin"], limit=9) == [stage.rita.id]
        raise Crash
    assert look(stage, MORNING + timedelta(minutes=5)) == 1


@pytest.mark.parametrize(
    ("day", "hour"), [(date(2026, 3, 27), 7), (date(2026, 3, 30), 6), (date(2026, 10, 23), 6), (date(2026, 10, 26), 7)]
)
def test_the_hour_on_the_wall_stays_across_clock_changes(stage: Stage, day: date, hour: int) -> None:
    due = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
    left(stage, due - timedelta(hours=1))
    assert look(stage, due - timedelta(minutes=1)) == 0
    assert look(stage, due) == 1
    assert look(stage, due + timedelta(hours=1)) == 0


def test_an_hour_that_comes_twice_brings_one(stage: Stage) -> None:
    """02:30 on the night the clocks go back, asked for by somebody who works on Sundays."""
    quiet = QuietHours(time(18), time(8), open_days=frozenset(range(7)), keep_holidays=False)
    policy = replace(stage.rulebook.policy, digest_at=time(2, 30), quiet=quiet)
    stage.rulebook = replace(stage.rulebook, policy=policy)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    left(stage, first - timedelta(hours=1))
    assert [look(stage, first + timedelta(minutes=minutes)) for minutes in (-1, 0, 30, 59, 60, 90)] == [
        0,
        1,
        0,
        0,
        0,
        0,
    ]
    # A clock that is set back by two hours, or a person who moves to the west, is told nothing again.
    assert look(stage, first) == 0


def test_everybody_by_their_own_wall(stage: Stage) -> None:
    sam = stage.person(zone="America/New_York", email="sam@northwind.example")
    for person in (stage.rita, sam):
        account = factories.make_account(stage.engine, stage.org_id, owner_email=person.email)
        factories.make_promise(stage.engine, stage.org_id, account.id, due_on=MORNING.date())
    assert look(stage, MORNING) == 1
    assert look(stage, MORNING + timedelta(hours=6)) == 1
    assert digests(stage) == [f"digest:{stage.rita.id}:2026-11-24", f"digest:{sam.id}:2026-11-24"]


def test_five_thousand_people_cost_a_handful_of_statements(stage: Stage) -> None:
    row = {"org_id": stage.org_id, "role": Role.SALES.value, "zone": "Europe/Berlin", "is_active": True}
    people = [
        row | {"email": f"p{number}@northwind.example", "name": "P", "slack_user_id": f"UP{number}"}
        for number in range(5_000)
    ]
    with stage.engine.begin() as connection:
        connection.execute(insert(tables.users), people)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(stage.engine, "before_cursor_execute", note)
    try:
        look(stage, MORNING)
        assert len(statements) <= 25, len(statements)
        statements.clear()
        look(stage, MORNING + timedelta(minutes=1))
        assert len(statements) <= 4, statements
    finally:
        event.remove(stage.engine, "before_cursor_execute", note)
    assert {user["digested_on"] for user in stage.rows(tables.users)} == {MORNING.date()}


def test_an_operator_hears_of_the_late_disputes_that_their_home_lists(stage: Stage) -> None:
    """Olga keeps one customer, Otto all that nobody else keeps; Olaf is away, and Olga stands in for him."""
    olga, otto, olaf = (stage.person(role=Role.OPERATOR, name=name) for name in ("Olga", "Otto", "Olaf"))
    mona, lena = stage.person(role=Role.AR_MANAGER, name="Mona"), stage.person(role=Role.LEGAL, name="Lena")
    others = [factories.make_account(stage.engine, stage.org_id) for _ in range(2)]
    duties = [(olga, stage.account.id), (olaf, others[0].id), (otto, None)]
    with stage.uow() as work:
        for keeper, account_id in duties:
            work.duties.assign(keeper.id, account_id, at=BEFORE)
        work.absences.enter(Absence(olaf.id, BEFORE, MORNING + timedelta(days=9), olga.id), at=BEFORE)
    for account, hours in ((stage.account, 1), (stage.account, 99), (others[0], -9), (others[1], 23), (others[1], 1)):
        due = MORNING + timedelta(hours=hours)
        state = DisputeState.IN_REVIEW
        factories.make_dispute(stage.engine, stage.org_id, account.id, state=state, answer_due_at=due)

    look(stage, MORNING)
    counts = {row["recipient"]: Morning.of_subject(row["subject"]).counts for row in stage.rows(tables.notices)}
    told = {who: (news.get(News.LATE, 0), news.get(News.DUE_SOON, 0)) for who, news in counts.items()}
    assert told == {olga.id: (1, 1), otto.id: (0, 2), mona.id: (1, 3), lena.id: (1, 3)}, "nothing is said to Olaf"
    for person in (olga, otto, olaf, mona, lena):
        cases = Cases(actor=stage.actor(person), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)
        listed = cases.see_part(Part.DISPUTES, start=0)
        assert isinstance(listed, OnePart)
        due = [line.dispute.answer_due_at for line in listed.content.items]
        assert sum(at < MORNING + timedelta(days=1) for at in due) == sum(told.get(person.id, (0, 0))), person.name
