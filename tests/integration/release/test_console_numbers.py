"""What the console counts: of one organisation, as of one instant, and what counts as a failure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, update

from domain.accounts import InvoiceState
from domain.console import Console
from domain.errors import Rejected, Unavailable
from domain.jobs import RELEASE, JobKind, JobOrder, Order
from domain.messages import State
from domain.outcomes import Refused
from domain.readiness import Level, Row
from domain.usecases.open_console import open_console
from domain.usecases.order_job import order_job_by
from domain.usecases.switch_maintenance import switch_maintenance_by
from domain.values import Role
from storage import tables
from storage.depths import Depths
from storage.directory import Directory
from tests.factories import NOON
from tests.stage import AFTER, Stage, set_the_stage

JOBS = {RELEASE: JobKind("sends the mail that is due")}


def ended(stage: Stage) -> dict[str, int]:
    with stage.uow() as work:
        hours = work.house.hours(stage.clock.now())
    return {word: sum(getattr(hour, word) for hour in hours) for word in ("sent", "failed", "refused")}


def owe(engine: Engine, state: InvoiceState, balance: int) -> None:
    with engine.begin() as connection:
        connection.execute(update(tables.invoices).values(state=state.value, balance=balance))


def test_a_guards_no_and_a_mail_that_waits_are_no_failures(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation)
    stage.queued()
    owe(database, InvoiceState.PAID, 0)
    assert stage.release(AFTER).refused == 1
    assert isinstance(stage.click(), Refused)
    owe(database, InvoiceState.OPEN, 100_00)
    stage.mailer.answers.append(Unavailable("try later", code="451"))
    waiting = stage.queued()
    stage.release(AFTER + timedelta(minutes=1))
    assert ended(stage) == {"sent": 0, "failed": 0, "refused": 2}

    stage.mailer.answers.append(Rejected("no such user", code="550"))
    stage.release(stage.message(waiting.id).leaves_at)
    assert ended(stage) == {"sent": 0, "failed": 1, "refused": 2}
    depth = Depths(database).of([organisation], stage.clock.now())
    assert (depth.tried, depth.refused_for_good) == (1, 1)


def console(stage: Stage) -> Console:
    carl = stage.person(email=f"carl-{next(stage.clicks)}@northwind.example", role=Role.CONTROLLER)
    given = {"uow": stage.uow, "clock": stage.clock, "rulebook": stage.rulebook}
    found = open_console([], JOBS, actor=stage.actor(carl), **given)  # type: ignore[arg-type]
    assert isinstance(found, Console)
    return found


def row(found: Console, name: str) -> Row:
    return next(row for row in found.rows if row.name == name)


@pytest.mark.postgres
def test_a_mail_that_leaves_while_the_console_is_read_is_on_none_of_its_lines(postgres: Engine) -> None:
    organisation = Directory(postgres).create_organisation("Northwind", "Europe/Berlin", "DE", NOON)
    stage = set_the_stage(postgres, organisation)
    stage.queued()
    stage.clock.set(AFTER)
    left = []

    @event.listens_for(postgres, "after_cursor_execute")
    def after_its_first_count(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "refused_for_good" in statement and not left:
            left.append(statement)
            left.append(stage.release().sent)

    found = console(stage)
    assert left[1:] == [1]
    assert row(found, "queue").detail.startswith("1 waiting, 1 due now")
    assert (found.queue.counts[State.QUEUED], found.queue.due, sum(hour.sent for hour in found.hours)) == (1, 1, 0)
    assert found.sending is not None and found.sending.used.used == 0


def test_its_rows_speak_of_its_own_organisation(database: Engine, organisation: int, other_organisation: int) -> None:
    ours, theirs = set_the_stage(database, organisation), set_the_stage(database, other_organisation)
    theirs.queued()
    assert row(console(ours), "queue").detail == "0 waiting, 0 due now; 0 held"


@pytest.mark.parametrize("stopped", ["maintenance", "pause"])
def test_what_people_have_stopped_is_not_called_stuck(database: Engine, organisation: int, stopped: str) -> None:
    stage = set_the_stage(database, organisation)
    stage.queued()
    stage.clock.set(AFTER + timedelta(minutes=10))
    assert row(console(stage), "queue").level is Level.RED
    if stopped == "maintenance":
        switch_maintenance_by("disks", by="carl", uow=stage.uow, clock=stage.clock)
    else:
        order = JobOrder(Order.PAUSE, RELEASE, timedelta(hours=1), "disks")
        order_job_by(order, JOBS, by="carl", uow=stage.uow, clock=stage.clock)
    queue = row(console(stage), "queue")
    assert queue.is_ok and queue.detail.endswith("; nothing leaves for now")
