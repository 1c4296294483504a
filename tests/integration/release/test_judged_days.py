"""The day's judgement over rows: grown, held, gone on, stepped back, stopped; audited, told, and lifted by a person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from domain.errors import InvalidValue
from domain.outcomes import Refused
from domain.reasons import Reason
from domain.usecases.judge_sending import judge_sending
from domain.usecases.lift_stop import Lifted, lift_stop
from domain.values import Person, Role
from domain.warming import DomainState, SendingDomain, Trouble, WarmUp
from storage import tables
from tests.stage import AFTER, Stage, set_the_stage

DAY = timedelta(days=1)
TODAY = AFTER.date()
NAME = "example.com"


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation, at=AFTER, warm_up=WarmUp())


@pytest.fixture
def controller(stage: Stage) -> Person:
    return stage.person(role=Role.CONTROLLER)


def left(stage: Stage, day: date, **counts: int) -> None:
    with stage.engine.begin() as connection:
        connection.execute(insert(tables.sending_days).values(org_id=stage.org_id, domain=NAME, day=day, **counts))


def stand(stage: Stage, **domain: Any) -> None:
    with stage.uow() as work:
        work.sending.save(SendingDomain(NAME, **{"judged_on": TODAY - 2 * DAY} | domain))


def domain(stage: Stage) -> SendingDomain:
    with stage.uow() as work:
        return work.sending.take(NAME)


def judge(stage: Stage) -> int:
    return judge_sending(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)


def told(stage: Stage) -> list[tuple[str, int]]:
    return [(row["subject"], row["recipient"]) for row in stage.rows(tables.notices)]


def test_a_day_that_was_used_is_counted_once_whoever_judges(stage: Stage) -> None:
    stand(stage)
    left(stage, TODAY - DAY, nudges=25)
    assert [judge(stage), judge(stage)] == [0, 0]
    assert (domain(stage).counted, domain(stage).judged_on) == (1, TODAY - DAY)
    assert stage.actions() == [], "within a stage nothing changes for anybody"


def test_a_new_stage_is_audited_and_told_to_the_controllers(stage: Stage, controller: Person) -> None:
    stand(stage, counted=6)
    left(stage, TODAY - DAY, nudges=50)
    assert judge(stage) == 1
    (line,) = [row for row in stage.rows(tables.audit) if row["action"] == "domain.grew"]
    assert (line["before"]["quota"], line["after"]["quota"], line["actor_id"]) == (50, 100, None)
    assert told(stage) == [("grew example.com", controller.id)]
    assert judge(stage) == 0
    assert len(told(stage)) == 1


def test_a_bad_day_holds_and_a_better_week_goes_on(stage: Stage, controller: Person) -> None:
    stand(stage, counted=3)
    left(stage, TODAY - DAY, nudges=100, bounced=3)
    judge(stage)
    assert (domain(stage).standing, domain(stage).trouble, domain(stage).counted) == (
        DomainState.HELD,
        Trouble.BOUNCES,
        3,
    )
    stage.clock.set(AFTER + 8 * DAY)
    judge(stage)
    assert (domain(stage).standing, domain(stage).trouble) == (DomainState.WARMING, None)
    assert [subject for subject, _ in told(stage)] == ["held example.com", "resumed example.com"]


def test_two_weeks_without_a_mail_step_back(stage: Stage, controller: Person) -> None:
    stand(stage, counted=9, last_sent_on=TODAY - 15 * DAY)
    judge(stage)
    assert domain(stage).counted == 0
    assert told(stage) == [("stepped_back example.com", controller.id)]


def test_reports_of_today_that_nobody_looked_at_stop_it_now(stage: Stage) -> None:
    stand(stage, judged_on=TODAY - DAY)
    left(stage, TODAY, nudges=40, bounced=5)
    judge(stage)
    assert domain(stage).standing is DomainState.STOPPED
    assert stage.actions() == ["domain.stopped"]


def test_a_domain_of_yesterday_changes_in_silence(stage: Stage, controller: Person) -> None:
    with stage.uow() as work:
        work.sending.save(
            SendingDomain("old.example", counted=9, judged_on=TODAY - 2 * DAY, last_sent_on=TODAY - 15 * DAY)
        )
    judge(stage)
    assert stage.actions() == ["domain.stepped_back"]
    assert told(stage) == []


def lift(stage: Stage, by: Person, why: str = "The list is cleaned.") -> Lifted | Refused:
    return lift_stop(why, actor=stage.actor(by), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CONTROLLER])
def test_a_person_lifts_a_stop_and_the_others_hear_of_it(stage: Stage, controller: Person, role: Role) -> None:
    stand(stage, counted=12, standing=DomainState.STOPPED, trouble=Trouble.COMPLAINTS)
    left(stage, TODAY - DAY, nudges=500, complained=9)
    judge(stage)
    by = stage.person(role=role)
    lifted = lift(stage, by)
    assert isinstance(lifted, Lifted) and lifted.was_stopped
    now = domain(stage)
    assert (now.standing, now.counted, now.lifted_by, now.lifted_why) == (
        DomainState.WARMING,
        7,
        by.id,
        "The list is cleaned.",
    )
    (line,) = [row for row in stage.rows(tables.audit) if row["action"] == "domain.lifted"]
    assert (line["actor_id"], line["after"]["why"], line["after"]["by"]) == (by.id, "The list is cleaned.", "slack")
    assert told(stage) == [("lifted example.com", controller.id)]
    stage.clock.set(AFTER + DAY)
    judge(stage)
    assert domain(stage).standing is DomainState.WARMING, "what left before is forgiven"


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.CONTROLLER)])
def test_nobody_else_lifts_it(stage: Stage, role: Role) -> None:
    stand(stage, standing=DomainState.STOPPED)
    refused = lift(stage, stage.person(role=role))
    assert isinstance(refused, Refused) and refused.reason is Reason.NOT_ALLOWED
    assert domain(stage).standing is DomainState.STOPPED
    assert stage.actions() == ["domain.lifted.refused"]


def test_what_is_not_stopped_has_nothing_to_lift_and_a_reason_is_asked_for(stage: Stage, controller: Person) -> None:
    stand(stage, standing=DomainState.HELD, counted=4)
    lifted = lift(stage, controller)
    assert isinstance(lifted, Lifted) and not lifted.was_stopped
    assert (domain(stage).standing, domain(stage).counted) == (DomainState.HELD, 4)
    with pytest.raises(InvalidValue, match="Say why"):
        lift(stage, controller, why="  ")
