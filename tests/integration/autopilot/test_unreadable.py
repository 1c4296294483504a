"""One customer whose rows cannot be read: nothing is decided for them, and nobody else waits for that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from domain.errors import InvalidValue, UnreadableDocument
from domain.policies import Mode, Segment, Segments
from domain.simulation import Proposed, Stay
from domain.usecases._segment_health import segment_health
from domain.usecases.plan_autopilot import plan_autopilot
from domain.usecases.queue_steps import queue_steps
from domain.usecases.simulate_book import book_ahead
from storage import tables
from tests import factories
from tests.integration.autopilot.ground import Ground, cadence, set_the_ground
from tests.stage import EVENING

PAGE = 3


@pytest.fixture
def ground(database: Engine, organisation: int) -> Ground:
    """Seven customers, each with an invoice: two full pages and one more."""
    ground = set_the_ground(database, organisation)
    ground.stage.clock.set(EVENING)
    for _ in range(6):
        account = factories.make_account(database, organisation, synced_at=EVENING)
        factories.make_contact(database, organisation, account.id)
        factories.make_invoice(database, organisation, account.id)
    return ground


def customers(ground: Ground) -> list[int]:
    return sorted(row["id"] for row in ground.stage.rows(tables.accounts))


def spoil(ground: Ground, account_id: int, currency: str = "ZZZ") -> None:
    """A currency that the standard has withdrawn since: no amount can be written in it."""
    theirs = tables.invoices.c.account_id == account_id
    ground.write(update(tables.invoices).where(theirs).values(currency=currency))


def plan(ground: Ground, passed_over: list[int]) -> int:
    stage = ground.stage
    return plan_autopilot(
        uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook, at_once=PAGE, pass_over=passed_over.append
    )


def queue(ground: Ground, passed_over: list[int]) -> int:
    stage = ground.stage
    return queue_steps(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook, pass_over=passed_over.append)


def planned(ground: Ground) -> list[int]:
    return sorted(row["account_id"] for row in ground.stage.rows(tables.autopilot_steps))


@pytest.mark.parametrize("which", range(7))
def test_all_the_others_are_planned(ground: Ground, which: int) -> None:
    ids, passed_over = customers(ground), []
    spoil(ground, ids[which])
    assert plan(ground, passed_over) == 6
    assert (planned(ground), passed_over) == ([id for id in ids if id != ids[which]], [ids[which]])


def test_two_of_one_page_are_passed_over_and_planned_once_they_can_be_read(ground: Ground) -> None:
    ids, passed_over = customers(ground), []
    spoil(ground, ids[0])
    spoil(ground, ids[2])
    assert (plan(ground, passed_over), passed_over) == (5, [ids[0], ids[2]])
    spoil(ground, ids[0], "EUR")
    assert plan(ground, passed_over) == 1
    assert planned(ground) == [id for id in ids if id != ids[2]]


def test_their_segment_is_judged_by_the_others(ground: Ground) -> None:
    stage, all_of_them = ground.stage, Segments((Segment("All", Mode.SHADOW),))
    spoil(ground, customers(ground)[3])
    with stage.uow() as work:
        workspace = work.organisation.get()
    healths = segment_health(all_of_them, workspace, uow=stage.uow, rulebook=stage.rulebook, at=EVENING)
    assert (healths["All"].accounts, healths["All"].reachable) == (6, 6)


def test_the_forecast_counts_them_and_says_why_nothing_is_sent(ground: Ground) -> None:
    stage = ground.stage
    spoil(ground, customers(ground)[5])
    ahead = book_ahead(Proposed(), uow=stage.uow, rulebook=stage.rulebook, at=EVENING)
    assert (ahead.accounts, ahead.stays) == (7, {Stay.UNREADABLE: 1})


def test_the_steps_of_all_others_go_into_the_queue_and_theirs_is_refused(ground: Ground) -> None:
    ids, passed_over = customers(ground), []
    assert plan(ground, passed_over) == 7
    due = max(row["due_at"] for row in ground.stage.rows(tables.autopilot_steps))
    ground.stage.clock.set(due)
    ground.keep_books_fresh(due)
    spoil(ground, ids[1])
    assert (queue(ground, passed_over), passed_over) == (6, [ids[1]])
    assert sorted(row["account_id"] for row in ground.stage.rows(tables.messages)) == [i for i in ids if i != ids[1]]
    assert [reason for _, state, reason in ground.steps() if state == "skipped"] == ["unreadable"]
    noted = [row for row in ground.stage.rows(tables.audit) if row["action"] == "autopilot.refused"]
    assert [(row["account_id"], row["reason"]) for row in noted] == [(ids[1], "unreadable")]
    assert (queue(ground, passed_over), passed_over) == (0, [ids[1]])


def test_a_step_whose_mail_has_left_is_settled_and_the_next_one_planned_for_all_others(ground: Ground) -> None:
    ids, passed_over = customers(ground), []
    plan(ground, passed_over)
    due = max(row["due_at"] for row in ground.stage.rows(tables.autopilot_steps))
    ground.keep_books_fresh(due)
    ground.stage.clock.set(due)
    queue(ground, passed_over)
    ground.stage.release(due + timedelta(hours=24))
    spoil(ground, ids[6])
    assert queue(ground, passed_over) == 7
    assert passed_over == [ids[6]]
    waiting = [row["account_id"] for row in ground.stage.rows(tables.autopilot_steps) if row["state"] == "scheduled"]
    assert sorted(waiting) == ids[:6]


def test_an_older_version_of_the_cadences_that_cannot_be_read_passes_over_nobody(ground: Ground) -> None:
    """It is no customer's fault: the job fails, and its row on the console says so."""
    passed_over: list[int] = []
    plan(ground, passed_over)
    ground.publish(cadences=cadence(5))
    documents = tables.documents.c
    first = (documents.kind == "cadences") & (documents.version == 1)
    ground.write(update(tables.documents).where(first).values(body="- nothing"))
    with pytest.raises(UnreadableDocument):
        plan(ground, passed_over)
    assert passed_over == []


def test_a_workspace_that_cannot_be_read_passes_over_nobody(ground: Ground) -> None:
    passed_over: list[int] = []
    plan(ground, passed_over)
    ground.write(update(tables.organisations).values(zone="Mars/Base"))
    for job in (plan, queue):
        with pytest.raises(InvalidValue):
            job(ground, passed_over)
    assert passed_over == []
