"""The console's rows that an organisation's own tables answer: green, amber and red, with the reason and the fix."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete

from domain.jobs import JobKind, JobOrder, Order, Outcome, Run
from domain.policy import Sending
from domain.readiness import Level, Row
from domain.usecases._house import house_rows
from domain.usecases._sending_now import sending_now
from domain.usecases.order_job import order_job_by
from domain.usecases.set_sending import set_sending
from domain.usecases.switch_degraded import switch_degraded
from domain.usecases.switch_maintenance import switch_maintenance_by
from domain.values import Role
from domain.warming import DomainState, SendingDomain, WarmUp
from storage import tables
from storage.rounds import Rounds
from tests.stage import EVENING, Stage, set_the_stage

Arrange = Callable[[Stage], None]


def as_it_is(stage: Stage) -> None:
    """Nothing is the matter."""


def controlled(stage: Stage) -> None:
    stage.person(role=Role.CONTROLLER)


def paused(stage: Stage) -> None:
    set_sending(Sending.PAUSED, reason="audit", until=None, by="carl", uow=stage.uow, clock=stage.clock)


def degraded(stage: Stage) -> None:
    switch_degraded("unpaid", by="billing", uow=stage.uow, clock=stage.clock)


def maintained(stage: Stage) -> None:
    switch_maintenance_by("disks", by="carl", uow=stage.uow, clock=stage.clock)


def job_paused(stage: Stage) -> None:
    order = JobOrder(Order.PAUSE, "seals", timedelta(hours=1), "why")
    order_job_by(order, {"seals": JobKind("")}, by="carl", uow=stage.uow, clock=stage.clock)


def job_failed(stage: Stage) -> None:
    job_paused(stage)
    Rounds(stage.engine).write([Run(stage.org_id, "reports", EVENING, EVENING, Outcome.FAILED, error="Busy")])


def no_text(stage: Stage) -> None:
    with stage.engine.begin() as connection:
        connection.execute(delete(tables.templates))


def domain(standing: DomainState) -> Arrange:
    def stand(stage: Stage) -> None:
        with stage.uow() as work:
            work.sending.save(SendingDomain("example.com", standing, counted=8, since=EVENING))

    return stand


WARM_UP_FIX = "`plixo deliverability` says why."
ROWS = [
    ("sending", controlled, Level.GREEN, "on", "controller"),
    ("sending", as_it_is, Level.AMBER, "on, but nobody is Controller", "`plixo roles set you@example.com controller`."),
    ("sending", paused, Level.AMBER, "paused: audit", "`plixo sending on`."),
    ("sending", maintained, Level.AMBER, "maintenance: disks", "`/plixo maintenance off`, or wait: it ends by itself."),
    ("sending", degraded, Level.RED, "degraded: unpaid", "Mend it, then `plixo sending on`."),
    ("jobs", as_it_is, Level.GREEN, "every job that had something to do did it", ""),
    ("jobs", job_paused, Level.AMBER, "paused: seals", "`plixo cron resume seals`, or wait: a pause ends by itself."),
    ("jobs", job_failed, Level.RED, "failing: reports", "`plixo cron list`, then the log."),
    ("templates", as_it_is, Level.GREEN, "1 text approved for nudges", ""),
    (
        "templates",
        no_text,
        Level.RED,
        "no text is approved for nudges",
        "A Controller approves one: `/plixo templates`.",
    ),
    ("warm-up", as_it_is, Level.GREEN, "example.com: warming, stage 1 of the warm-up, 50 mails a day", WARM_UP_FIX),
    (
        "warm-up",
        domain(DomainState.HELD),
        Level.AMBER,
        "example.com: held, stage 2 of the warm-up, 100 mails a day",
        WARM_UP_FIX,
    ),
    (
        "warm-up",
        domain(DomainState.STOPPED),
        Level.RED,
        "example.com: stopped, stage 2 of the warm-up, 100 mails a day",
        WARM_UP_FIX,
    ),
]


@pytest.mark.parametrize(
    ("name", "arrange", "level", "detail", "fix"), ROWS, ids=[f"{row[0]} {row[2]} {row[3][:12]}" for row in ROWS]
)
def test_a_row_says_how_it_stands_why_and_what_to_do(
    database: Engine, organisation: int, name: str, arrange: Arrange, level: Level, detail: str, fix: str
) -> None:
    stage = set_the_stage(database, organisation, warm_up=WarmUp())
    arrange(stage)
    row = rows(stage)[name]
    assert (row.level, row.detail) == (level, detail)
    assert fix in row.fix
    assert {one.level for one in rows(stage).values() if one.name == "bounces"} <= {level, Level.GREEN}


def rows(stage: Stage) -> dict[str, Row]:
    with stage.uow() as work:
        now = sending_now(work, stage.rulebook, EVENING)
        return {row.name: row for row in house_rows(work, now, EVENING)}


def test_a_policy_that_cannot_be_read_leaves_out_what_it_says_of_volume(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation)
    with stage.uow() as work:
        assert [row.name for row in house_rows(work, None, EVENING)] == ["sending", "jobs", "templates"]
