"""Promises decided by payments, on both databases: once, whoever looks how often, and told to those who wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from domain.accounts import InvoiceState
from domain.commitments import PromiseState
from domain.outcomes import Queued, Refused
from domain.reasons import Reason
from domain.usecases import decide_promises as usecase
from domain.usecases.decide_promises import decide_promises
from domain.values import Money, Person, Role
from storage import tables
from storage.unit_of_work import build_unit_of_work
from tests import factories
from tests.stage import Stage, set_the_stage

SAID = datetime(2026, 11, 18, 9, tzinfo=UTC)  # Wednesday
DUE = date(2026, 11, 23)  # Monday; the grace ends with the 25th
LAST = date(2026, 11, 25)
END = datetime(2026, 11, 25, 23, tzinfo=UTC)  # midnight in Berlin
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
EUR = "EUR"


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    made = set_the_stage(database, organisation, at=SAID)
    sync(made, END)
    return made


def sync(stage: Stage, at: datetime) -> None:
    with stage.engine.begin() as connection:
        connection.execute(update(tables.accounts).values(synced_at=at))


def promise(stage: Stage, **changes: Any) -> int:
    given = {
        "amount": Money(1_240_000, EUR),
        "due_on": DUE,
        "reported_at": SAID,
        "recorded_at": SAID,
        "owed_then": {stage.invoice.id: 1_240_000},
    }
    invoices = changes.pop("invoices", [stage.invoice.id])
    return factories.make_promise(stage.engine, stage.org_id, stage.account.id, invoices, **given | changes)


def report(stage: Stage, promise_id: int, **changes: Any) -> None:
    given = {
        "promise_id": promise_id,
        "account_id": stage.account.id,
        "origin": f"view:{promise_id}",
        "reported_by": stage.rita.id,
        "reported_at": SAID,
        "said_at": SAID,
    }
    factories.add_row(stage.engine, tables.reports, org_id=stage.org_id, **given | changes)


def pay(stage: Stage, minor: int, on: date = DUE) -> None:
    factories.make_payment(
        stage.engine,
        stage.org_id,
        stage.account.id,
        amount=Money(minor, EUR),
        invoice_id=stage.invoice.id,
        received_on=on,
    )


def look(stage: Stage, at: datetime) -> int:
    stage.clock.set(at)
    return decide_promises(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)


def states(stage: Stage) -> list[str]:
    return [row["state"] for row in stage.rows(tables.promises)]


@pytest.mark.parametrize(
    ("minor", "on", "state"),
    [
        (1_240_000, DUE, "kept"),
        (400_000, LAST, "partially_kept"),
        (1_240_000, LAST + DAY, "broken"),
    ],
)
def test_what_arrived_decides(stage: Stage, minor: int, on: date, state: str) -> None:
    promise(stage)
    pay(stage, minor, on)
    assert look(stage, END) == 1
    assert states(stage) == [state]
    (event,) = stage.rows(tables.promise_events)
    assert (event["was"], event["became"], event["at"], event["actor_id"]) == ("open", state, END, None)
    (row,) = stage.rows(tables.promises)
    assert row["paid"] == (0 if state == "broken" else minor) and row["decided_at"] == END
    (entry,) = stage.rows(tables.audit)
    assert (entry["action"], entry["subject"], entry["actor_id"]) == (f"promise.{state}", f"promise:{row['id']}", None)
    assert (entry["before"], entry["after"]["state"]) == ({"state": "open"}, state)


def test_it_is_decided_once_and_what_comes_later_changes_nothing(stage: Stage) -> None:
    promise(stage)
    assert look(stage, END - MINUTE) == 0
    assert look(stage, END) == 1
    before = stage.rows(tables.promises)
    pay(stage, 1_240_000, LAST)
    assert [look(stage, END + n * DAY) for n in (0, 1, 9)] == [0, 0, 0]
    assert look(stage, END - DAY) == 0  # a clock that was set back
    assert stage.rows(tables.promises) == before
    assert len(stage.rows(tables.promise_events)) == len(stage.rows(tables.audit)) == 1


def test_only_recorded_promises_are_decided(stage: Stage) -> None:
    for state in PromiseState:
        promise(stage, state=state)
    assert look(stage, END + 30 * DAY) == 1
    expected = ["broken" if state is PromiseState.OPEN else state.value for state in PromiseState]
    assert states(stage) == expected


def test_the_reporter_and_whoever_recorded_it_hear_of_it(stage: Stage) -> None:
    olga = stage.person(name="Olga Operator", role=Role.OPERATOR)
    one = promise(stage)
    report(stage, one, settled_by=olga.id)
    look(stage, END)
    told = [(row["kind"], row["subject"], row["recipient"]) for row in stage.rows(tables.notices)]
    assert told == [("promise_decided", str(one), stage.rita.id), ("promise_decided", str(one), olga.id)]


def test_who_did_both_hears_it_once(stage: Stage) -> None:
    report(stage, promise(stage), settled_by=stage.rita.id)
    look(stage, END)
    assert [row["recipient"] for row in stage.rows(tables.notices)] == [stage.rita.id]


def test_an_open_promise_holds_nudges_and_a_broken_one_does_not(stage: Stage) -> None:
    promise(stage)
    stage.clock.set(END)
    refused = stage.click()
    assert isinstance(refused, Refused) and refused.reason is Reason.INVOICE_PROMISED
    look(stage, END)
    assert isinstance(stage.click(), Queued)


def test_old_books_decide_nothing_for_three_days(stage: Stage) -> None:
    sync(stage, END - MINUTE)
    promise(stage)
    assert look(stage, END + 2 * DAY) == 0
    sync(stage, END + 2 * DAY)
    assert look(stage, END + 2 * DAY) == 1


def test_in_sets_however_many(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usecase, "AT_ONCE", 3)
    for _ in range(8):
        promise(stage)
    assert look(stage, END) == 8
    assert set(states(stage)) == {"broken"}
    assert len(stage.rows(tables.audit)) == 8


def test_one_organisation_at_a_time(stage: Stage, other_organisation: int) -> None:
    promise(stage)
    theirs = build_unit_of_work(stage.engine, org_id=other_organisation)
    stage.clock.set(END)
    assert decide_promises(uow=theirs, clock=stage.clock, rulebook=stage.rulebook) == 0
    assert states(stage) == ["open"]


@pytest.mark.postgres
def test_two_replicas_at_once_decide_each_promise_once(postgres: Engine) -> None:
    org_id = factories.make_organisation(postgres)
    stage = set_the_stage(postgres, org_id, at=SAID)
    sync(stage, END)
    for _ in range(40):
        report(stage, promise(stage))
    stage.clock.set(END)
    replicas = 4
    together = Barrier(replicas)

    def replica(_: int) -> int:
        together.wait()
        return decide_promises(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)

    with ThreadPoolExecutor(replicas) as pool:
        counts = list(pool.map(replica, range(replicas)))
    assert sum(counts) == 40
    assert [len(stage.rows(table)) for table in (tables.promise_events, tables.audit, tables.notices)] == [40, 40, 40]


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_course_of_payments_agrees_with_the_sum(stage: Stage, data: st.DataObject) -> None:
    """Each example is another invoice of one account: split, taken back, late, looked at by unsteady clocks."""
    due = data.draw(st.sampled_from([Money(1_000, EUR), None]))
    invoice = factories.make_invoice(stage.engine, stage.org_id, stage.account.id, amount=Money(1_000, EUR))
    id = promise(stage, invoices=[invoice.id], amount=due, owed_then={invoice.id: 1_000})
    at = SAID
    booked: list[tuple[date, int]] = []
    ends: list[tuple[str, int | None]] = []
    for _ in range(data.draw(st.integers(1, 8))):
        at += data.draw(st.integers(-2, 5)) * DAY
        sync(stage, at)
        if data.draw(st.booleans()):
            minor, on = data.draw(st.sampled_from([300, 700, 1_000, -300, -1_000])), max(at, SAID).date()
            booked.append((on, minor))
            pay_one(stage, invoice.id, minor, on)
        # What the books have at this hour; a clock that was set back reads older ones.
        settle(stage, invoice.id, 1_000 - sum(minor for on, minor in booked if on <= at.date()))
        was = row_of(stage, id)
        before = in_time(booked, at)
        look(stage, at)
        now = row_of(stage, id)
        if was["state"] != "open":
            assert now == was
        elif now["state"] == "kept":
            assert before >= 1_000
        elif now["state"] != "open":
            assert at >= END and now["state"] == ("partially_kept" if before > 0 else "broken")
        else:
            assert before < 1_000 and at < END
        ends.append((now["state"], now["paid"]))
    decided = [end for end in ends if end[0] != "open"]
    assert len(set(decided)) <= 1
    # The next example starts with nothing to decide.
    look(stage, END + 40 * DAY)
    assert sum(row["promise_id"] == id for row in stage.rows(tables.promise_events)) == 1


def in_time(booked: list[tuple[date, int]], at: datetime) -> int:
    return sum(minor for on, minor in booked if SAID.date() <= on <= min(LAST, (at + timedelta(hours=1)).date()))


def pay_one(stage: Stage, invoice_id: int, minor: int, on: date) -> None:
    factories.make_payment(
        stage.engine, stage.org_id, stage.account.id, amount=Money(minor, EUR), invoice_id=invoice_id, received_on=on
    )


def settle(stage: Stage, invoice_id: int, balance: int) -> None:
    state = InvoiceState.PAID if balance <= 0 else InvoiceState.OPEN
    with stage.engine.begin() as connection:
        connection.execute(
            update(tables.invoices).where(tables.invoices.c.id == invoice_id).values(balance=balance, state=state.value)
        )


def row_of(stage: Stage, id: int) -> dict[str, Any]:
    with stage.engine.connect() as connection:
        return dict(connection.execute(select(tables.promises).where(tables.promises.c.id == id)).mappings().one())


def test_nobody_who_left_is_in_the_way(stage: Stage) -> None:
    gone: Person = stage.person(name="Gone Guy", is_active=False)
    report(stage, promise(stage), reported_by=gone.id)
    assert look(stage, END) == 1
