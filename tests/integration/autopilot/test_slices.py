"""Planning in slices: what one leaves the next one does, on whatever replica, and nothing is planned twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine

from domain.jobs import AUTOPILOT
from domain.ports import Clock
from domain.usecases.plan_autopilot import plan_autopilot
from storage import tables
from tests import factories
from tests.integration.autopilot.ground import ALL_OFF, Ground, set_the_ground
from tests.stage import EVENING

PAGE = 2
OTHERS = 5


@pytest.fixture
def ground(database: Engine, organisation: int) -> Ground:
    """Six customers, each with an invoice: three full pages."""
    ground = set_the_ground(database, organisation)
    ground.stage.clock.set(EVENING)
    for _ in range(OTHERS):
        add_customer(ground)
    return ground


def add_customer(ground: Ground) -> None:
    stage = ground.stage
    account = factories.make_account(stage.engine, stage.org_id, synced_at=EVENING)
    factories.make_contact(stage.engine, stage.org_id, account.id)
    factories.make_invoice(stage.engine, stage.org_id, account.id)


def plan(ground: Ground, *, clock: Clock | None = None, keep_going: Callable[[], bool] = lambda: False) -> int:
    stage = ground.stage
    return plan_autopilot(
        uow=stage.uow, clock=clock or stage.clock, rulebook=stage.rulebook, at_once=PAGE, keep_going=keep_going
    )


def reached(ground: Ground) -> int | None:
    with ground.stage.uow() as work:
        return work.jobs.reached(AUTOPILOT)


def planned(ground: Ground) -> list[int]:
    """The customers that have a sequence and its step, one entry for each."""
    steps = sorted(row["account_id"] for row in ground.stage.rows(tables.autopilot_steps))
    assert steps == sorted(row["account_id"] for row in ground.stage.rows(tables.sequences))
    return steps


def everybody(ground: Ground) -> list[int]:
    return sorted(row["id"] for row in ground.stage.rows(tables.accounts))


@pytest.mark.parametrize("more", [0, 1, 2])
def test_slices_plan_exactly_what_one_pass_plans(ground: Ground, more: int) -> None:
    for _ in range(more):
        add_customer(ground)
    all_of_them = everybody(ground)
    for end in range(PAGE, len(all_of_them) + 1, PAGE):
        assert plan(ground) == PAGE
        assert (planned(ground), reached(ground)) == (all_of_them[:end], all_of_them[end - 1])
    assert plan(ground) == len(all_of_them) % PAGE
    assert (planned(ground), reached(ground)) == (all_of_them, None)
    assert plan(ground, keep_going=lambda: True) == 0, "a whole pass finds nothing to add"
    assert (planned(ground), reached(ground)) == (all_of_them, None)


def test_a_pass_that_has_ended_begins_anew(ground: Ground) -> None:
    plan(ground, keep_going=lambda: True)
    ground.pay()
    assert plan(ground) == 1
    assert ground.ends()[0] == "paid"


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_crash_in_a_page_loses_that_page_alone_and_the_next_run_goes_on_there(ground: Ground, page: int) -> None:
    class Crashing:
        """It has been asked twice before the first page, and once for each page."""

        def __init__(self) -> None:
            self.asked = 0

        def now(self) -> datetime:
            self.asked += 1
            if self.asked == 2 + page:
                raise KeyboardInterrupt
            return EVENING

    with pytest.raises(KeyboardInterrupt):
        plan(ground, clock=Crashing(), keep_going=lambda: True)
    before = everybody(ground)[: PAGE * (page - 1)]
    assert (planned(ground), reached(ground)) == (before, before[-1] if before else None)
    assert plan(ground, keep_going=lambda: True) == len(everybody(ground)) - len(before)
    assert (planned(ground), reached(ground)) == (everybody(ground), None)


def test_replicas_at_once_plan_each_customer_once_and_skip_none(ground: Ground) -> None:
    """Both read how far the pass has come before either goes on."""
    plan(ground)
    both = Barrier(2, timeout=30)

    class Waiting:
        def __init__(self) -> None:
            self.has_waited = False

        def now(self) -> datetime:
            if not self.has_waited:
                self.has_waited = True
                both.wait()
            return EVENING

    with ThreadPoolExecutor(2) as replicas:
        changed = list(replicas.map(lambda _: plan(ground, clock=Waiting()), range(2)))
    assert sorted(changed) == [0, PAGE]
    assert (planned(ground), reached(ground)) == (everybody(ground)[: 2 * PAGE], everybody(ground)[2 * PAGE - 1])
    plan(ground, keep_going=lambda: True)
    assert (planned(ground), reached(ground)) == (everybody(ground), None)


def test_a_pass_ends_when_autopilot_is_switched_off_meanwhile(database: Engine, organisation: int) -> None:
    ground = set_the_ground(database, organisation)
    with ground.stage.uow() as work:
        work.jobs.go_on(AUTOPILOT, was=None, to=ground.stage.account.id)
    ground.publish(segments=ALL_OFF)
    assert plan(ground) == 0
    assert reached(ground) is None
