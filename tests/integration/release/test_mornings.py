"""The daily digest: once for each person and day, however many look, whatever the clock does; and what is muted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, event, insert

from domain.messages import State
from domain.notices import Notice, NoticeKind, Telling
from domain.rules.quiet_hours import QuietHours
from domain.usecases.choose_messages import MessageChoice, choose_messages
from domain.usecases.post_notices import post_notices
from domain.usecases.raise_mornings import raise_mornings
from domain.values import Role
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


@dataclass
class Slack:
    posts: list[Notice] = field(default_factory=list)

    def post(self, notice: Notice) -> tuple[str, str]:
        self.posts.append(notice)
        return "D01", f"{len(self.posts)}.0"


def post(stage: Stage, slack: Slack) -> None:
    post_notices(uow=stage.uow, clock=stage.clock, announcer=slack)


def choose(stage: Stage, *wanted: NoticeKind) -> MessageChoice:
    outcome = choose_messages(
        wanted, actor=stage.actor(stage.rita), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook
    )
    assert isinstance(outcome, MessageChoice)
    return outcome


def tell(stage: Stage, key: str, kind: NoticeKind = NoticeKind.REP_OUTCOME) -> None:
    with stage.uow() as work:
        work.notices.raise_all(
            [Telling(key=key, kind=kind, subject="x", recipient=stage.rita.id, at=stage.clock.now())]
        )


def test_what_is_muted_is_not_posted_and_what_stands_is_kept_up_to_date(stage: Stage) -> None:
    slack = Slack()
    tell(stage, "before")
    post(stage, slack)
    choose(stage, NoticeKind.DAILY_DIGEST)
    for key in ("before", "after"):
        tell(stage, key)
    tell(stage, "duty", NoticeKind.REPORT_DUTY)
    post(stage, slack)
    assert [notice.key for notice in slack.posts] == ["before", "before", "duty"]
    assert slack.posts[1].ts == "1.0", "an edit"
    assert {row["state"] for row in stage.rows(tables.notices)} == {"posted"}, "nothing waits for ever"
    choose(stage, *NoticeKind)
    tell(stage, "after")
    post(stage, slack)
    assert slack.posts[-1].key == "after"


def test_what_was_muted_is_not_told_later_by_a_change_of_it(stage: Stage) -> None:
    slack = Slack()
    choose(stage)
    tell(stage, "muted")
    post(stage, slack)
    choose(stage, *NoticeKind)
    change = Telling("muted", NoticeKind.REP_OUTCOME, "x", stage.rita.id, stage.clock.now(), only_edit=True)
    with stage.uow() as work:
        work.notices.raise_all([change])
    post(stage, slack)
    assert slack.posts == [], "nobody wanted to hear of it when it was news"


def test_a_digest_counts_what_is_muted_and_can_be_muted_itself(stage: Stage) -> None:
    slack = Slack()
    choose(stage, NoticeKind.DAILY_DIGEST)
    left(stage, MORNING - timedelta(hours=1))
    assert look(stage, MORNING) == 1
    post(stage, slack)
    assert [notice.subject for notice in slack.posts] == ["l1"]
    choose(stage)
    left(stage, MORNING + timedelta(hours=1))
    assert look(stage, MORNING + timedelta(days=1)) == 1
    post(stage, slack)
    assert len(slack.posts) == 1


def test_choosing_is_audited_and_doing_it_twice_is_not(stage: Stage) -> None:
    for _ in range(2):
        choice = choose(stage, NoticeKind.REP_OUTCOME)
        assert choice.wanted == {NoticeKind.REP_OUTCOME} and choice.saved
    assert stage.actions() == ["messages.chosen"]
    (entry,) = stage.rows(tables.audit)
    assert entry["before"] == {"muted": []} and "daily_digest" in entry["after"]["muted"]
