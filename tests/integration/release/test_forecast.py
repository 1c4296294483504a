"""The forecast of the queue as the rows have it, and that it comes true."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, update

from domain.timeline import Source
from domain.usecases._foreseeing import foresee_queue
from domain.warming import DomainState, SendingDomain, WarmUp
from storage import tables
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
