"""The forecast of the queue as the rows have it, and that it comes true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from domain.policies import Mode, Segment, Segments
from domain.timeline import Source
from domain.usecases._foreseeing import foresee_queue
from domain.warming import DomainState, SendingDomain, WarmUp
from storage import tables
from tests import factories
from tests.integration.release.test_segments import queue as queue_in
from tests.integration.release.test_warm_up import queue, sync
from tests.stage import AFTER, EVENING, Stage, set_the_stage

DAY = timedelta(days=1)


def foreseen(stage: Stage) -> list[tuple[int, int]]:
    """Days after today, and how many leave."""
    with stage.uow() as work:
        found = foresee_queue(work, stage.rulebook, stage.clock.now())
    today = stage.clock.now().date()
    return [((each.day - today).days, each.leaving) for each in found.days if each.leaving]


def test_what_is_foreseen_comes_true(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation, warm_up=WarmUp(), daily_cap=500, nudge_share_percent=50)
    queue(stage, 70)
    queue(stage, 40, source=Source.AUTOPILOT, requested_by=None)
    assert foreseen(stage) == [(1, 50), (2, 50), (3, 10)], "it is evening: nothing leaves today"
    came = []
    for day in range(3):
        sync(stage, AFTER + day * DAY)
        came.append((day + 1, stage.release(AFTER + day * DAY, limit=200, chunk=60).sent))
    assert came == [(1, 50), (2, 50), (3, 10)]


def test_a_stopped_domain_a_hold_and_a_neighbour(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation, warm_up=WarmUp())
    held, *_ = queue(stage, 3)
    with database.begin() as connection:
        connection.execute(update(tables.messages).where(tables.messages.c.id == held).values(state="held"))
    with stage.uow() as work:
        assert foresee_queue(work, stage.rulebook, EVENING).leaving == 2
        work.sending.save(SendingDomain("example.com", DomainState.STOPPED, since=EVENING))
        stopped = foresee_queue(work, stage.rulebook, EVENING)
    assert (stopped.is_stopped, stopped.left) == (True, 2)


def test_what_expires_first_is_not_foreseen_to_leave(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation, warm_up=WarmUp(), daily_cap=500)
    queue(stage, 60, expires_at=AFTER.replace(hour=23, minute=0))  # midnight in Berlin
    with stage.uow() as work:
        found = foresee_queue(work, stage.rulebook, EVENING)
    assert (found.leaving, found.expired) == (50, 10)


NORTH, SOUTH = Segment("North", Mode.OFF, regions=("North",), daily_cap=4), Segment("South", Mode.OFF)


def in_segments(stage: Stage, *each: Segment) -> Stage:
    return replace(stage, rulebook=replace(stage.rulebook, segments=Segments(each)))


def test_what_is_foreseen_under_a_segments_cap_comes_true(database: Engine, organisation: int) -> None:
    stage = in_segments(set_the_stage(database, organisation, daily_cap=10), NORTH, SOUTH)
    queue_in(stage, 9, "North", segment="North")
    queue_in(stage, 8, "South", segment="South")
    assert foreseen(stage) == [(1, 10), (2, 6), (3, 1)]
    came = []
    for day in range(3):
        sync(stage, AFTER + day * DAY)
        came.append((day + 1, stage.release(AFTER + day * DAY, limit=200, chunk=60).sent))
    assert came == [(1, 10), (2, 6), (3, 1)]


def test_what_left_of_a_segment_today_is_not_there_any_more(database: Engine, organisation: int) -> None:
    stage = in_segments(set_the_stage(database, organisation, daily_cap=10), NORTH)
    queue_in(stage, 3, "North", segment="North")
    stage.release(AFTER)
    queue_in(stage, 3, "North", segment="North")
    assert foreseen(stage) == [(0, 1), (1, 2)]


def test_who_waits_without_a_segment_has_no_cap(database: Engine, organisation: int) -> None:
    """A replica of the release before queued it."""
    stage = in_segments(set_the_stage(database, organisation, daily_cap=10), NORTH)
    queue_in(stage, 6, "North")
    assert foreseen(stage) == [(1, 6)]


@pytest.mark.parametrize("cap", [None, 4])
def test_a_nudge_names_the_segment_of_its_customer(database: Engine, organisation: int, cap: int | None) -> None:
    stage = in_segments(set_the_stage(database, organisation), replace(NORTH, regions=(), daily_cap=cap))
    assert stage.queued().segment == "North"


def test_what_is_put_off_names_the_segment_in_which_its_customer_is_now(database: Engine, organisation: int) -> None:
    late = Segment("Late", Mode.OFF, ageing=("90+",))
    stage = in_segments(set_the_stage(database, organisation, daily_cap=1), late, replace(NORTH, regions=()))
    message = stage.queued()
    queue_in(stage, 1, "South", segment="North")
    factories.make_invoice(database, organisation, stage.account.id, due_on=AFTER.date() - 100 * DAY)
    assert stage.release(AFTER, chunk=2).deferred == 1
    (waiting,) = (row for row in stage.rows(tables.messages) if row["state"] == "queued")
    assert (waiting["id"], waiting["segment"]) == (message.id, "Late")


def test_what_is_put_off_names_none_when_its_customer_has_left_all_segments(
    database: Engine, organisation: int
) -> None:
    young = Segment("Young", Mode.OFF, ageing=("1-30",))
    stage = in_segments(set_the_stage(database, organisation, daily_cap=1), young)
    message = stage.queued()
    assert message.segment == "Young"
    queue_in(stage, 1, "South")
    factories.make_invoice(database, organisation, stage.account.id, due_on=AFTER.date() - 100 * DAY)
    assert stage.release(AFTER, chunk=2).deferred == 1
    (waiting,) = (row for row in stage.rows(tables.messages) if row["state"] == "queued")
    assert (waiting["id"], waiting["segment"]) == (message.id, None)
