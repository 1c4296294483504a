"""No nudge moves a step of Autopilot: none that left before the step was planned, none that comes while it waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.commitments import PromiseState
from domain.messages import State
from domain.outcomes import Refused
from domain.reasons import Reason
from domain.timeline import Source
from storage import tables
from tests import factories
from tests.factories import new_message
from tests.integration.autopilot.ground import ALL_IN_SHADOW, ALL_OFF, ALL_ON, Ground, set_the_ground
from tests.stage import AFTER, EVENING, MORNING, set_the_stage

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def ground(database: Engine, organisation: int) -> Ground:
    """The invoice is 10 days late, and two mails to one contact are a day apart."""
    ground = set_the_ground(database, organisation, contact_gap=DAY)
    ground.due(EVENING.date() - 10 * DAY)
    return ground


def test_one_that_left_before_the_sequence_began_does_not(ground: Ground) -> None:
    ground.publish(segments=ALL_OFF)
    ground.stage.queued()
    ground.beat(AFTER)
    assert len(ground.stage.mailer.sent) == 1
    ground.publish(segments=ALL_ON)
    ground.plan(AFTER + HOUR)
    (step,) = ground.stage.rows(tables.autopilot_steps)
    assert step["due_at"] >= AFTER + HOUR + DAY, "as if nobody had nudged"
    ground.beat(step["due_at"])
    (step, _) = ground.stage.rows(tables.autopilot_steps)
    assert (step["state"], step["sent_at"]) == ("sent", step["due_at"])


def test_while_a_step_waits_for_a_job_that_stands_still_no_nudge_leaves(ground: Ground) -> None:
    ground.plan(EVENING)
    later = AFTER + 2 * DAY + 2 * HOUR
    ground.keep_books_fresh(later)
    ground.stage.clock.set(later)
    refused = ground.stage.click()
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.AUTOPILOT_DUE
    ground.beat(later)
    assert [mail.message_id[:5] for mail in ground.stage.mailer.sent] == ["step."]


def test_nudges_leave_room_for_drafts_that_may_be_approved_today(ground: Ground) -> None:
    ground.publish(segments=ALL_IN_SHADOW)
    ground.plan(EVENING)
    ground.beat(AFTER + DAY)
    assert ground.steps() == [(3, "drafted", None)]
    with ground.stage.uow() as work:
        assert work.quota.planned(before=datetime(2026, 11, 26, tzinfo=UTC), most=100) == 1


def test_of_steps_that_are_due_together_the_day_holds_those_that_wait_longest(
    database: Engine, organisation: int
) -> None:
    stage = set_the_stage(database, organisation, daily_cap=1, nudge_share_percent=0)
    waits = []
    for minute in range(4):
        account, contact, (invoice,) = factories.make_customer(database, organisation, synced_at=EVENING)
        given = {"account_id": account.id, "contact_id": contact.id, "invoice_id": invoice.id, "requested_by": None}
        # Whoever asked last is looked at first, but does not leave first.
        given |= {"requested_at": EVENING + minute * MINUTE, "leaves_at": MORNING + minute * MINUTE}
        with stage.uow() as work:
            added = work.messages.add(new_message(**given, source=Source.AUTOPILOT))  # type: ignore[arg-type]
        assert added is not None
        waits.append(added.id)
    stage.release(AFTER)
    assert [stage.state(id) for id in waits] == [State.SENT, State.QUEUED, State.QUEUED, State.QUEUED]


def test_when_a_day_is_short_steps_about_broken_promises_come_first(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation, daily_cap=4, nudge_share_percent=0)
    minutes = {"early": (0, 1, 2, 3), "late": (10, 11)}
    states: dict[str, list[str]] = {"early": [], "late": []}
    for name, each in minutes.items():
        for minute in each:
            account, contact, (invoice,) = factories.make_customer(database, organisation, synced_at=EVENING)
            if name == "late":
                factories.make_promise(database, organisation, account.id, [invoice.id], state=PromiseState.BROKEN)
            given = {"account_id": account.id, "contact_id": contact.id, "invoice_id": invoice.id}
            given |= {"requested_by": None, "leaves_at": MORNING + minute * MINUTE, "source": Source.AUTOPILOT}
            with stage.uow() as work:
                added = work.messages.add(new_message(**given))  # type: ignore[arg-type]
            assert added is not None
            states[name].append(added.id)
    stage.release(MORNING + 5 * MINUTE)
    assert [stage.state(id) for id in states["early"]] == [State.SENT, State.SENT, State.QUEUED, State.QUEUED]
    assert stage.message(states["early"][2]).reason is Reason.KEPT_FOR_OTHERS
    stage.release(AFTER)
    assert [stage.state(id) for id in states["late"]] == [State.SENT, State.SENT]


@pytest.mark.parametrize("is_nudged", [False, True])
@pytest.mark.parametrize("caps", [{"hourly_cap": 1}, {"daily_cap": 2}])
def test_which_steps_leave_does_not_hang_on_a_nudge_that_was_claimed_between_them(
    caps: dict[str, int], is_nudged: bool, database: Engine, organisation: int
) -> None:
    stage = set_the_stage(database, organisation, nudge_share_percent=0, **caps)

    def wait(second: int, **changes: Any) -> str:
        account, contact, (invoice,) = factories.make_customer(database, organisation, synced_at=EVENING)
        if changes.pop("is_promised", False):
            factories.make_promise(database, organisation, account.id, [invoice.id], state=PromiseState.BROKEN)
        given = {"account_id": account.id, "contact_id": contact.id, "invoice_id": invoice.id}
        given |= {"leaves_at": MORNING + timedelta(seconds=second), "source": Source.AUTOPILOT, "requested_by": None}
        with stage.uow() as work:
            added = work.messages.add(new_message(**given | changes))  # type: ignore[arg-type]
        assert added is not None
        return added.id

    first = wait(0)
    promised = [wait(second, is_promised=True) for second in (20, 30)]
    if is_nudged:
        wait(10, source=Source.NUDGE, requested_by=stage.rita.id)
    for _ in range(2):
        stage.release(AFTER, limit=2)
    left = 1 if "hourly_cap" in caps else 2
    assert [stage.state(id) for id in [first, *promised]] == [State.SENT] * left + [State.QUEUED] * (3 - left)
