"""A segment's own cap and quiet hours while mails leave: for nudges and steps together, whoever releases them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from domain.commitments import PromiseState
from domain.errors import Unavailable
from domain.messages import State
from domain.outcomes import AccountCard, Queued
from domain.policies import Mode, Segment, Segments
from domain.reasons import Reason
from domain.timeline import Source
from domain.usecases.change_nudge import hold_nudge, resume_nudge
from domain.usecases.open_account import open_account
from domain.values import Money, Role
from storage import tables
from tests import factories
from tests.integration.release.test_warm_up import counted, sync
from tests.stage import AFTER, EVENING, MORNING, Stage, set_the_stage

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEP: dict[str, Any] = {"source": Source.AUTOPILOT, "requested_by": None}


def segment(name: str, **given_: Any) -> Segment:
    """Of the region that has its name."""
    return Segment(name, given_.pop("mode", Mode.AUTOPILOT), "Standard", regions=(name,), **given_)


def staged(engine: Engine, organisation: int, *each: Segment, **policy: Any) -> Stage:
    stage = set_the_stage(engine, organisation, **{"daily_cap": 100} | policy)
    return replace(stage, rulebook=replace(stage.rulebook, segments=Segments(each)))


def queue(stage: Stage, count: int, region: str, **message: Any) -> list[str]:
    """So many customers of the region with one due message each."""
    queued = []
    for _ in range(count):
        owner = {"owner_email": stage.rita.email, "synced_at": EVENING, "region": region}
        account = factories.make_account(stage.engine, stage.org_id, **owner)
        given_ = {
            "account_id": account.id,
            "contact_id": factories.make_contact(stage.engine, stage.org_id, account.id).id,
            "invoice_id": factories.make_invoice(stage.engine, stage.org_id, account.id).id,
            "requested_by": stage.rita.id,
            "requested_at": EVENING,
            "leaves_at": MORNING,
            "expires_at": MORNING + 3 * DAY,
        }
        queued.append(factories.make_message(stage.engine, stage.org_id, **given_ | message).id)
    return queued


def left(stage: Stage) -> dict[str, tuple[int, int]]:
    """Nudges and steps by segment, as its day counts them."""
    return {row["segment"]: (row["nudges"], row["steps"]) for row in stage.rows(tables.segment_days)}


def test_nudges_and_steps_together_never_pass_the_cap(database: Engine, organisation: int) -> None:
    stage = staged(database, organisation, segment("North", daily_cap=5), segment("South"))
    steps, nudges = queue(stage, 6, "North", **STEP), queue(stage, 4, "North")
    others = queue(stage, 3, "South")
    stage.release(AFTER, limit=100, chunk=50)
    assert counted(stage, *steps).count(("sent", None)) == 4, "a fifth is kept for nudges"
    assert counted(stage, *nudges).count(("sent", None)) == 1
    assert counted(stage, *steps, *nudges).count(("queued", Reason.SEGMENT_CAP)) == 5
    assert counted(stage, *others) == [("sent", None)] * 3
    assert left(stage) == {"North": (1, 4)}
    assert stage.left_on() == {AFTER.date(): 8}


def test_at_the_release_a_customer_is_where_all_that_it_owes_puts_it(database: Engine, organisation: int) -> None:
    """Not where the invoice that is cited would."""
    late = Segment("Late", Mode.OFF, "Standard", ageing=("90+",), daily_cap=1)
    stage = staged(database, organisation, late, Segment("Others", Mode.OFF))
    ids = queue(stage, 2, "North")
    for account_id in [stage.message(id).account_id for id in ids]:
        factories.make_invoice(stage.engine, stage.org_id, account_id, due_on=AFTER.date() - 100 * DAY)
    assert stage.release(AFTER).sent == 1
    assert counted(stage, *ids).count(("queued", Reason.SEGMENT_CAP)) == 1


def test_what_found_no_room_leaves_the_next_day(database: Engine, organisation: int) -> None:
    stage = staged(database, organisation, segment("North", daily_cap=2, mode=Mode.OFF))
    ids = queue(stage, 3, "North")
    assert stage.release(AFTER).sent == 2
    (waiting,) = [one for one in map(stage.message, ids) if one.state is State.QUEUED]
    assert waiting.reason is Reason.SEGMENT_CAP
    assert MORNING + DAY <= waiting.leaves_at < AFTER + DAY
    sync(stage, AFTER)
    assert stage.release(AFTER + DAY).sent == 1


def test_nudges_leave_room_for_the_steps_of_the_day(database: Engine, organisation: int) -> None:
    stage = staged(database, organisation, segment("North", daily_cap=10))
    planned = queue(stage, 6, "North", leaves_at=AFTER + 2 * HOUR, **STEP)
    nudges = queue(stage, 10, "North")
    assert stage.release(AFTER, limit=20).sent == 4
    assert counted(stage, *nudges).count(("queued", Reason.SEGMENT_CAP)) == 6
    assert stage.release(AFTER + 2 * HOUR, limit=20).sent == 6
    assert counted(stage, *planned) == [("sent", None)] * 6


def test_room_in_the_segment_is_given_back_where_the_house_has_none(database: Engine, organisation: int) -> None:
    stage = staged(
        database, organisation, segment("North", daily_cap=5, mode=Mode.OFF), daily_cap=3, nudge_share_percent=0
    )
    ids = queue(stage, 5, "North")
    stage.release(AFTER, chunk=5)
    assert counted(stage, *ids).count(("sent", None)) == 3
    assert counted(stage, *ids).count(("queued", Reason.DAILY_CAP)) == 2
    assert left(stage) == {"North": (3, 0)}


def test_what_was_not_handed_over_takes_nothing_of_the_segments_day(database: Engine, organisation: int) -> None:
    stage = staged(database, organisation, segment("North", daily_cap=5, mode=Mode.OFF))
    queue(stage, 2, "North")
    stage.mailer.answers.append(Unavailable("come back later"))
    assert stage.release(AFTER, chunk=1).sent == 1
    assert left(stage) == {"North": (1, 0)}


def test_at_the_click_the_cap_is_foreseen(database: Engine, organisation: int) -> None:
    noon = MORNING + 4 * HOUR
    everybody = Segment("Everybody", Mode.OFF, daily_cap=1)
    stage = staged(database, organisation, everybody)
    queue(stage, 1, "North")
    stage.release(AFTER)
    stage.clock.set(noon)
    outcome = stage.click()
    assert isinstance(outcome, Queued)
    assert outcome.departure.waits_for is Reason.SEGMENT_CAP
    assert MORNING + DAY <= outcome.message.leaves_at < AFTER + DAY


def test_quiet_hours_of_the_segment_count_at_the_click_and_at_the_release(database: Engine, organisation: int) -> None:
    """The policy opens at 08:00 in Berlin, this segment at 10:00."""
    stage = staged(database, organisation, Segment("Late risers", Mode.OFF, quiet=(time(16), time(10))))
    message = stage.queued()
    opening = MORNING + 2 * HOUR
    assert opening <= message.leaves_at < opening + HOUR / 4
    early = queue(stage, 1, "North")[0], queue(stage, 1, "North", **STEP)[0]
    assert stage.release(AFTER).sent == 0
    for id in early:
        waiting = stage.message(id)
        assert waiting.reason is Reason.QUIET_HOURS
        assert opening <= waiting.leaves_at < opening + HOUR / 4
    assert stage.release(opening + HOUR / 4).sent == 3


def test_what_found_no_room_leaves_in_its_segments_hours(database: Engine, organisation: int) -> None:
    late = Segment("Late risers", Mode.OFF, daily_cap=1, quiet=(time(16), time(10)))
    stage = staged(database, organisation, late)
    ids = queue(stage, 2, "North")
    opening = MORNING + 2 * HOUR
    assert stage.release(opening).sent == 1
    (waiting,) = [one for one in map(stage.message, ids) if one.state is State.QUEUED]
    assert waiting.reason is Reason.SEGMENT_CAP
    assert opening + DAY <= waiting.leaves_at < opening + DAY + HOUR / 4


def test_what_is_let_go_again_waits_for_the_segments_hours(database: Engine, organisation: int) -> None:
    stage = staged(database, organisation, Segment("Late risers", Mode.OFF, quiet=(time(16), time(10))))
    message, olga = stage.queued(), stage.person(role=Role.OPERATOR)
    given_: dict[str, Any] = {"uow": stage.uow, "clock": stage.clock, "rulebook": stage.rulebook}
    hold_nudge(message.id, why="He called.", actor=stage.actor(olga), **given_)
    stage.clock.set(AFTER)
    resume_nudge(message.id, actor=stage.actor(olga), **given_)
    assert stage.message(message.id).leaves_at >= MORNING + 2 * HOUR


def test_a_card_that_lists_a_part_of_what_is_open_goes_by_all_of_it(database: Engine, organisation: int) -> None:
    large = Segment("Large", Mode.OFF, balance_from=Decimal(24_000), quiet=(time(16), time(10)))
    stage = staged(database, organisation, large)
    for _ in range(120):
        factories.make_invoice(database, organisation, stage.account.id, amount=Money(100_00, "EUR"))
    given_: dict[str, Any] = {"uow": stage.uow, "clock": stage.clock, "rulebook": stage.rulebook}
    card = open_account(stage.account.id, actor=stage.actor(stage.rita), **given_)
    assert isinstance(card, AccountCard) and card.nudge is not None and card.nudge.departure is not None
    assert card.nudge.departure.segment == large
    assert card.nudge.departure.at == MORNING + 2 * HOUR


def test_hours_that_changed_since_the_click_count_at_the_release(database: Engine, organisation: int) -> None:
    stage = staged(database, organisation)
    message = stage.queued()
    later = Segments((Segment("Late risers", Mode.OFF, quiet=(time(16), time(10))),))
    stage = replace(stage, rulebook=replace(stage.rulebook, segments=later))
    assert stage.release(AFTER).sent == 0
    assert stage.message(message.id).leaves_at >= MORNING + 2 * HOUR


@pytest.fixture
def fresh(sqlite: Engine) -> Callable[..., Stage]:
    """A stage of its own for each example."""
    return lambda *each, **policy: staged(sqlite, factories.make_organisation(sqlite), *each, **policy)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    caps=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    house=st.integers(1, 8),
    mails=st.lists(st.tuples(st.sampled_from(("North", "South")), st.booleans(), st.integers(0, 3)), max_size=10),
    chunk=st.integers(1, 6),
    failing=st.lists(st.booleans(), max_size=6),
)
def test_whatever_waits_in_whatever_order_no_cap_is_passed(
    caps: tuple[int, int],
    house: int,
    mails: list[tuple[str, bool, int]],
    chunk: int,
    failing: list[bool],
    fresh: Callable[..., Stage],
) -> None:
    """On two days, in batches of any size, with mails that the provider does not take at once."""
    north, south = (
        segment(name, daily_cap=cap, mode=Mode.SHADOW) for name, cap in zip(("North", "South"), caps, strict=True)
    )
    stage = fresh(north, south, daily_cap=house)
    for region, is_step, hour in mails:
        queue(stage, 1, region, leaves_at=MORNING + hour * HOUR, **(STEP if is_step else {}))
    stage.mailer.answers.extend(Unavailable("later") for fails in failing if fails)
    for at in (MORNING + DAY * day + hour * HOUR for day in (0, 1) for hour in (0.25, 1.25, 3.25)):
        sync(stage, at)
        stage.release(at, chunk=chunk)
    mine = stage.org_id
    with stage.engine.connect() as connection:
        sent = connection.execute(
            select(tables.messages.c.sent_at, tables.accounts.c.region)
            .join(tables.accounts, tables.accounts.c.id == tables.messages.c.account_id)
            .where(tables.messages.c.org_id == mine, tables.messages.c.state == "sent")
        ).all()
    rows = [row for row in stage.rows(tables.segment_days) if row["org_id"] == mine]
    for one in (north, south):
        for day in {at.date() for at, _ in sent}:
            gone = sum(region == one.name and at.date() == day for at, region in sent)
            assert gone <= (one.daily_cap or 0)
            assert gone == sum(
                row["nudges"] + row["steps"] for row in rows if (row["day"], row["segment"]) == (day, one.name)
            )


def test_a_place_that_one_cannot_use_is_the_next_ones(database: Engine, organisation: int) -> None:
    """The day's room is kept for the second step, about a broken promise: so the first needs no place, either."""
    only_one = segment("North", daily_cap=1)
    stage = staged(database, organisation, only_one, daily_cap=2, nudge_share_percent=0)
    (other,) = queue(stage, 1, "South", **STEP)
    stage.release(AFTER)
    (first,), (promised,) = (
        queue(stage, 1, "North", **STEP | {"leaves_at": AFTER + timedelta(minutes=minute)}) for minute in (0, 1)
    )
    row = stage.message(promised)
    factories.make_promise(stage.engine, stage.org_id, row.account_id, [row.invoice_id], state=PromiseState.BROKEN)
    stage.release(AFTER + HOUR)
    assert [stage.state(id) for id in (other, first, promised)] == [State.SENT, State.QUEUED, State.SENT]
    assert stage.message(first).reason is Reason.KEPT_FOR_OTHERS
    assert left(stage) == {"North": (0, 1)}
