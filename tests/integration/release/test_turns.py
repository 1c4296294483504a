"""Whose turn it is among steps where a segment, a day or an hour is short, and what is kept for broken promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from domain.commitments import PromiseState
from domain.facts import Grounds
from domain.policies import Mode, Segment, Segments
from domain.reasons import Reason
from domain.timeline import Source
from domain.usecases.fence_due import fence_due
from storage.stores.decisions import DecisionStore
from tests import factories
from tests.integration.release.test_cap_race import PATIENCE, Together
from tests.stage import AFTER, EVENING, MORNING, Stage, set_the_stage

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
NORTH = "North"


def staged(engine: Engine, organisation: int, *, segment_cap: int | None = None, **policy: Any) -> Stage:
    """Nothing is kept for nudges: all that is short is the steps'."""
    stage = set_the_stage(engine, organisation, **{"daily_cap": 1_000, "nudge_share_percent": 0} | policy)
    north = Segment(NORTH, Mode.AUTOPILOT, "Standard", regions=(NORTH,), daily_cap=segment_cap)
    return replace(stage, rulebook=replace(stage.rulebook, segments=Segments((north,))))


def wait(stage: Stage, second: int, *, is_promised: bool = False, region: str | None = NORTH, **changes: Any) -> str:
    """A message of a customer of its own, due so many seconds after the opening."""
    engine, mine = stage.engine, stage.org_id
    account = factories.make_account(
        engine, mine, owner_email=stage.rita.email, synced_at=EVENING, region=region or "South"
    )
    invoice = factories.make_invoice(engine, mine, account.id)
    if is_promised:
        factories.make_promise(engine, mine, account.id, [invoice.id], state=PromiseState.BROKEN)
    given_ = {
        "account_id": account.id,
        "contact_id": factories.make_contact(engine, mine, account.id).id,
        "invoice_id": invoice.id,
        "requested_by": None,
        "requested_at": EVENING,
        "leaves_at": MORNING + second * SECOND,
        "expires_at": MORNING + 3 * DAY,
        "source": Source.AUTOPILOT,
        "segment": region,
    }
    return factories.make_message(engine, mine, **given_ | changes).id


def told(stage: Stage, ids: list[str]) -> list[str]:
    """Of each its state, and why and until which hour it waits."""
    found = map(stage.message, ids)
    return [f"{one.state} {one.reason} {one.leaves_at:%d. %H}" if one.reason else f"{one.state}" for one in found]


def sent(stage: Stage, ids: list[str]) -> list[bool]:
    return [stage.state(id) == "sent" for id in ids]


@pytest.fixture
def read_together(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Barrier:
    """Two workers have read what was used before either of them takes. SQLite lets only one of them write at a time:
    there they only begin together.
    """
    meeting = Barrier(2)
    if database.dialect.name == "postgresql":
        read = DecisionStore.grounds

        def read_and_meet(self: DecisionStore, *given_: Any, **options: Any) -> Grounds:
            grounds = read(self, *given_, **options)
            meeting.wait(PATIENCE)
            return grounds

        monkeypatch.setattr(DecisionStore, "grounds", read_and_meet)
    return meeting


CAPS = [{"daily_cap": 12}, {"hourly_cap": 12}, {"segment_cap": 12}]


@pytest.mark.parametrize("caps", CAPS)
def test_what_is_kept_for_promises_is_kept_from_two_workers_at_once(
    caps: dict[str, int], database: Engine, organisation: int, read_together: Barrier
) -> None:
    stage = staged(database, organisation, **caps)
    ordinary = [wait(stage, second) for second in range(12)]
    promised = [wait(stage, 1_000 + second, is_promised=True) for second in range(6)]
    meeting = Barrier(2)

    def work(number: int) -> int:
        clock = Together(meeting)
        fenced = fence_due(uow=stage.uow, clock=clock, rulebook=stage.rulebook, worker=f"worker-{number}", limit=6)
        assert fenced.done.claimed == 6
        return len(fenced.cleared)

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(work, range(2))) == 6
    assert [stage.state(id) for id in ordinary].count("sending") == 6
    assert {stage.state(id) for id in promised} == {"queued"}


@pytest.mark.parametrize("caps", [{"daily_cap": 4}, {"hourly_cap": 4}, {"segment_cap": 4}])
def test_up_to_half_is_kept_for_promises_that_are_due_later(
    caps: dict[str, int], database: Engine, organisation: int
) -> None:
    stage = staged(database, organisation, **caps)
    early = [wait(stage, second) for second in range(4)]
    late = [wait(stage, 600 + second, is_promised=True) for second in range(3)]
    stage.release(MORNING + 300 * SECOND)
    assert sent(stage, early) == [True, True, False, False]
    stage.release(AFTER)
    assert sent(stage, late) == [True, True, False], "whoever waits longest leaves first among equals"


def test_in_an_hour_nothing_is_kept_for_promises_of_the_next(database: Engine, organisation: int) -> None:
    stage = staged(database, organisation, hourly_cap=4)
    early = [wait(stage, second) for second in range(4)]
    wait(stage, 3_600, is_promised=True)
    stage.release(AFTER)
    assert sent(stage, early) == [True] * 4


def test_what_the_hour_keeps_for_promises_waits_for_the_next_hour(database: Engine, organisation: int) -> None:
    stage = staged(database, organisation, hourly_cap=2)
    early = [wait(stage, second) for second in range(2)]
    wait(stage, 1_800, is_promised=True)
    stage.release(AFTER)
    assert told(stage, early) == ["sent", f"queued {Reason.KEPT_FOR_OTHERS} 24. 08"]


@pytest.mark.parametrize("elsewhere", ["South", None])
def test_a_segment_keeps_nothing_for_promises_of_which_no_row_says_that_they_are_in_it(
    elsewhere: str | None, database: Engine, organisation: int
) -> None:
    stage = staged(database, organisation, segment_cap=4)
    early = [wait(stage, second) for second in range(4)]
    late = wait(stage, 600, is_promised=True, segment=elsewhere)
    stage.release(AFTER)
    assert sent(stage, [*early, late]) == [True] * 4 + [False]


@pytest.fixture
def statements(database: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database, "before_cursor_execute", note)
    yield seen
    event.remove(database, "before_cursor_execute", note)


def test_a_batch_costs_a_handful_of_statements_however_its_steps_alternate(
    database: Engine, organisation: int, statements: list[str]
) -> None:
    """Locked, counted and taken once in the segment and once in the day and hour, and twice for nudges in each."""
    stage = staged(database, organisation, segment_cap=60, daily_cap=58, hourly_cap=56, nudge_share_percent=10)
    for second in range(40):
        wait(stage, second, is_promised=second % 2 == 1)
    for second in range(20):
        wait(stage, second, source=Source.NUDGE, requested_by=stage.rita.id)
    stage.clock.set(AFTER)
    statements.clear()
    fenced = fence_due(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook, worker="worker", limit=60)
    assert 40 < len(fenced.cleared) <= 56
    of_quota = [each for each in statements if "sending_days" in each or "segment_days" in each or "count(*)" in each]
    assert len(of_quota) <= 16, of_quota
    assert len(statements) <= 26, len(statements)


@pytest.fixture
def fresh(sqlite: Engine) -> Callable[..., Stage]:
    """A stage of its own for each example."""
    return lambda **caps: staged(sqlite, factories.make_organisation(sqlite), **caps)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    caps=st.fixed_dictionaries({name: st.integers(1, 6) for name in ("daily_cap", "hourly_cap", "segment_cap")}),
    steps=st.lists(
        st.fixed_dictionaries(
            {"is_promised": st.booleans(), "region": st.sampled_from((NORTH, NORTH, "South"))},
            optional={
                "leaves_at": st.sampled_from((AFTER + HOUR / 2, AFTER + HOUR)),
                "segment": st.sampled_from((NORTH, None)),
                # A guard keeps it: its template is not there.
                "template_version": st.just(99),
            },
        ),
        min_size=4,
        max_size=10,
    ),
    size=st.integers(2, 10),
)
def test_it_is_no_matter_who_is_claimed_together(
    caps: dict[str, int], steps: list[dict[str, Any]], size: int, fresh: Callable[..., Stage]
) -> None:
    """In batches of any size the same becomes of each as if it had been claimed alone."""
    outcomes = []
    for chunk in (1, size):
        stage = fresh(**caps)
        ids = [wait(stage, second, **each) for second, each in enumerate(steps)]
        stage.release(AFTER, chunk=chunk)
        outcomes.append(told(stage, ids))
    assert outcomes[0] == outcomes[1]
