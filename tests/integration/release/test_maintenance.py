"""Maintenance begins while the queue drains: no replica begins anything more, and afterwards all of it leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Lock

import pytest
from sqlalchemy import Engine

from bot.demo import demo_settings
from bot.loop import Loop
from bot.world import World, build_world
from domain.errors import Busy
from domain.jobs import JobKind, JobOrder, Order
from domain.mail import Mail
from domain.maintenance import IN_FORCE_WITHIN
from domain.messages import State
from domain.usecases.fence_due import CLAIM_LEASE, fence_due
from domain.usecases.order_job import order_job_by
from domain.usecases.switch_maintenance import switch_maintenance_by
from domain.warming import WarmUp
from storage import tables
from tests import factories
from tests.stage import AFTER, EVENING, RememberingMailer, Stage, set_the_stage

MANY, FLIPPED_AFTER, SENDERS, REPLICAS = 1_000, 200, 4, 2


@dataclass
class Counting(RememberingMailer):
    """Closes the house in the middle of its two-hundredth hand-over."""

    stage: Stage | None = None
    flip_at: int = FLIPPED_AFTER
    lock: Lock = field(default_factory=Lock)

    def send(self, mail: Mail) -> str:
        with self.lock:
            self.sent.append(mail)
            if len(self.sent) == self.flip_at and self.stage is not None:
                close(self.stage)
        return "250 accepted"


def close(stage: Stage) -> None:
    """Whoever hears that the database is busy says it again."""
    for _ in range(10):
        with suppress(Busy):
            switch_maintenance_by("New disks", lasts=timedelta(hours=2), by="ops", uow=stage.uow, clock=stage.clock)
            return
    raise AssertionError("the database stayed busy")


def beat(loop: Loop) -> None:
    """On a slow machine SQLite's one writer may be too busy for a beat; as in the loop, the next one comes."""
    with suppress(Busy):
        loop.release()


def reopen(stage: Stage) -> None:
    switch_maintenance_by(None, by="ops", uow=stage.uow, clock=stage.clock)


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation, warm_up=WarmUp(ramp=()), daily_cap=10 * MANY)


@pytest.fixture
def world(stage: Stage, tmp_path: Path) -> Iterator[World]:
    url = stage.engine.url.render_as_string(hide_password=False)
    settings = demo_settings(
        tmp_path, api_url="", secret="s", database_url=url, senders=SENDERS, daily_cap=10 * MANY, warm_up_ramp="none"
    )
    with build_world(settings, clock=stage.clock) as world:
        yield replace(world, rulebook=stage.rulebook)


def queue(stage: Stage, count: int) -> None:
    for _ in range(count):
        account, contact, (invoice,) = factories.make_customer(
            stage.engine, stage.org_id, owner_email=stage.rita.email, synced_at=EVENING
        )
        factories.make_message(
            stage.engine,
            stage.org_id,
            account_id=account.id,
            contact_id=contact.id,
            invoice_id=invoice.id,
            requested_by=stage.rita.id,
            leaves_at=AFTER,
            requested_at=EVENING,
            expires_at=AFTER + timedelta(hours=72),
        )


def test_nothing_is_begun_while_it_lasts_and_everything_leaves_once_afterwards(stage: Stage, world: World) -> None:
    queue(stage, MANY)
    stage.clock.set(AFTER)
    mailer = Counting(stage=stage)
    loops = [
        Loop(replace(world, mailer=mailer, worker=f"worker-{number}"), lambda org_id: pytest.fail("nothing is posted"))
        for number in range(REPLICAS)
    ]

    def drain() -> int:
        with ThreadPoolExecutor(REPLICAS) as replicas:
            list(replicas.map(beat, loops))
        return len(mailer.sent)

    left = drain()
    assert FLIPPED_AFTER <= left <= FLIPPED_AFTER + REPLICAS * SENDERS, "what was fenced by then, and nothing else"
    stage.clock.advance(IN_FORCE_WITHIN)
    assert drain() == left
    states = Counter(row["state"] for row in stage.rows(tables.messages))
    assert states["sent"] == left and states["queued"] + states["claimed"] == MANY - left
    reopen(stage)
    for _ in range(20):  # where the database was too busy to decide, a claim comes back when its lease is over
        stage.clock.advance(CLAIM_LEASE)
        if drain() == MANY:
            break
    assert len(mailer.sent) == MANY
    assert set(Counter(mail.message_id for mail in mailer.sent).values()) == {1}
    assert {row["state"] for row in stage.rows(tables.messages)} == {"sent"}


def test_what_was_claimed_when_it_began_stays_due_and_keeps_its_time(stage: Stage) -> None:
    queue(stage, 1)
    stage.clock.set(AFTER)
    clock = stage.clock

    class Flipping:
        """Maintenance begins between the claim and the decision."""

        asked = 0

        def now(self) -> object:
            self.asked += 1
            if self.asked == 2:
                close(stage)
            return clock.now()

    fenced = fence_due(uow=stage.uow, clock=Flipping(), rulebook=stage.rulebook, worker="one", limit=5)  # type: ignore[arg-type]
    assert (fenced.done.claimed, fenced.cleared) == (1, [])
    (row,) = stage.rows(tables.messages)
    assert (row["state"], row["leaves_at"]) == (State.QUEUED, AFTER)
    reopen(stage)
    assert stage.release().sent == 1


def test_nothing_is_claimed_while_it_lasts(stage: Stage) -> None:
    queue(stage, 1)
    stage.clock.set(AFTER)
    close(stage)
    assert stage.release().claimed == 0
    stage.clock.advance(timedelta(hours=2))
    assert stage.release().sent == 1


def test_the_banner_outlives_the_sending_switch(stage: Stage) -> None:
    """Each is flipped by somebody else: saving the organisation leaves maintenance as it is."""
    close(stage)
    with stage.uow() as work:
        before = work.organisation.get()
        work.organisation.save(replace(before, name="Renamed", maintenance=None))
        assert work.organisation.get().maintenance == before.maintenance


def test_of_an_order_that_reaches_all_replicas_at_once_one_counts(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation)
    pause = JobOrder(Order.PAUSE, "seals", timedelta(hours=1), "disks")
    given = {"by": "carl", "uow": stage.uow, "clock": stage.clock}

    def order(number: int) -> None:
        switch_maintenance_by("disks", lasts=timedelta(hours=1), **given)  # type: ignore[arg-type]
        order_job_by(pause, {"seals": JobKind("")}, **given)  # type: ignore[arg-type]

    with ThreadPoolExecutor(8) as replicas:
        list(replicas.map(order, range(16)))
    assert sorted(stage.actions()) == ["job.paused", "maintenance.begun"]
