"""What is foretold is what the planner, the queue and the release do: the real thing runs for seven days beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, update

from domain.policies import DocumentKind, Segments
from domain.reasons import Reason
from domain.simulation import BookAhead, Fate, Foretold, Proposed
from domain.usecases.judge_sending import judge_sending
from domain.usecases.simulate_account import account_ahead
from domain.usecases.simulate_book import book_ahead
from domain.values import Money
from domain.warming import Stage, WarmUp
from storage import tables
from storage.notation import read_document
from tests import factories
from tests.integration.autopilot.ground import Ground, cadence, set_the_ground
from tests.stage import EVENING

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
TODAY = EVENING.date()


BEAT = timedelta(hours=2)


def live(ground: Ground, days: int = 7) -> None:
    """The real thing. Whatever a segment's customers lack, it writes: this is about the steps."""
    at = EVENING
    while at < EVENING + days * DAY:
        ground.plan(at)
        ground.write(update(tables.segment_standings).values(mode="autopilot", shortfalls=""))
        ground.beat(at)
        at += BEAT


def foretold(ground: Ground, account_id: int) -> tuple[Foretold, ...]:
    ground.keep_books_fresh(EVENING)
    with ground.stage.uow() as work:
        found = account_ahead(work, account_id, Proposed(), rulebook=ground.stage.rulebook, at=EVENING)
    return found.steps


def book(ground: Ground) -> BookAhead:
    ground.keep_books_fresh(EVENING)
    return book_ahead(Proposed(), uow=ground.stage.uow, rulebook=ground.stage.rulebook, at=EVENING)


Ended = tuple[int, str, str | None, date | None]
"""Day of the step, how it ended, why, and for one that left the day in Berlin."""


def came_true(ground: Ground, account_id: int) -> list[Ended]:
    rows = [row for row in ground.stage.rows(tables.autopilot_steps) if row["account_id"] == account_id]
    return [
        (row["day"], row["state"], row["reason"], row["sent_at"] and row["sent_at"].astimezone(BERLIN).date())
        for row in rows
        if row["state"] != "scheduled"
    ]


def as_told(steps: tuple[Foretold, ...], *, until: datetime) -> list[Ended]:
    told: list[Ended] = []
    for one in steps:
        if one.at is None or one.at >= until:
            break
        if one.fate is Fate.LEAVES:
            told.append((one.step.day, "sent", None, one.at.astimezone(BERLIN).date()))
        else:
            told.append((one.step.day, "skipped", one.why.value if isinstance(one.why, Reason) else None, None))
    return told


Customer = dict[str, Any]
CUSTOMERS = st.fixed_dictionaries(
    {
        "age": st.integers(-10, 40),
        "zone": st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo", None]),
        "country": st.sampled_from(["DE", "US", "JP"]),
        "small": st.sampled_from([False, False, False, True]),
        "second": st.none() | st.integers(-10, 40),
        "link_ends": st.none() | st.integers(0, 8),
        "promised": st.none() | st.integers(1, 60),
        "suppressed": st.none() | st.integers(1, 6),
        "nobody": st.sampled_from([False, False, False, True]),
        "held": st.sampled_from([False, False, False, True]),
    }
)


QUIET: Customer = dict.fromkeys(("second", "link_ends", "promised", "suppressed")) | {
    "zone": "Europe/Berlin",
    "country": "DE",
    "small": False,
    "nobody": False,
    "held": False,
}


def settle_in(ground: Ground, customer: Customer) -> int:
    """A customer as it was drawn; returns its account's id."""
    engine, org = ground.stage.engine, ground.stage.org_id
    country = customer["country"]
    account = factories.make_account(
        engine, org, zone=customer["zone"], country=country, legal_hold="Insolvent" if customer["held"] else None
    )
    if not customer["nobody"]:
        contact = factories.make_contact(engine, org, account.id)
        if customer["suppressed"] is not None:
            factories.make_suppression(engine, org, email=contact.email, until=TODAY + customer["suppressed"] * DAY)
    for age in (customer["age"], customer["second"]):
        if age is None:
            continue
        ends = customer["link_ends"]
        link = factories.PayLink("https://pay.example/x", EVENING + ends * DAY if ends is not None else None)
        owed = Money(99 if customer["small"] and age == customer["age"] else 420_000, "EUR")
        invoice = factories.make_invoice(engine, org, account.id, amount=owed, due_on=TODAY - age * DAY, pay_link=link)
        if customer["promised"] is not None and age == customer["age"]:
            given = {"account_id": account.id, "state": "reported", "reported_at": EVENING}
            promise = factories.add_row(
                engine,
                tables.promises,
                org_id=org,
                hold_until=EVENING + customer["promised"] * BEAT,
                due_on=TODAY,
                **given,
            )
            ground.write(insert(tables.promise_invoices).values(org_id=org, promise_id=promise, invoice_id=invoice.id))
    return account.id


@pytest.fixture
def ground(database: Engine, organisation: int) -> Ground:
    return set_the_ground(database, organisation, at=EVENING)


@pytest.fixture
def fresh(database: Engine) -> Callable[[], Ground]:
    """A stage of its own for each example."""
    return lambda: set_the_ground(database, factories.make_organisation(database), at=EVENING)


def by_age(*modes: str) -> str:
    """A segment for each age, whose customers come from one into the other as days pass."""
    ages = ("current", "1-30", "31-60")
    return "".join(
        f'- {{name: "{age}", mode: {mode}, cadence: Standard, when: {{ageing: ["{age}"]}}}}\n'
        for age, mode in zip(ages, modes, strict=True)
    )


@example(
    customers=[QUIET | {"age": 6}], days={5, 7}, modes=["autopilot"] * 3
)  # the first is overtaken at midnight, before it is due
@example(customers=[QUIET | {"age": 40, "second": 2, "small": True}], days={3, 5, 30}, modes=["autopilot"] * 3)
@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    customers=st.lists(CUSTOMERS, min_size=1, max_size=12),
    days=st.sets(st.integers(-8, 45), min_size=1, max_size=8),
    modes=st.lists(st.sampled_from(["autopilot", "autopilot", "off"]), min_size=3, max_size=3),
)
def test_what_is_foretold_of_each_customer_comes_true(
    customers: list[Customer], days: set[int], modes: list[str], fresh: Callable[[], Ground]
) -> None:
    ground = fresh()
    ground.publish(segments=by_age(*modes), cadences=cadence(*sorted(days)))
    ids = [settle_in(ground, customer) for customer in customers]
    told = {id: foretold(ground, id) for id in ids}
    live(ground)
    for id in ids:
        want = as_told(told[id], until=EVENING + 7 * DAY - timedelta(hours=1))
        assert came_true(ground, id)[: len(want)] == want
        assert len(told[id]) == 3 or len(came_true(ground, id)) == len(want)


def live_closely(ground: Ground, days: int) -> None:
    """Minute by minute while what has waited leaves, every 20 minutes while hours are open else."""
    at = EVENING
    ground.plan(at)
    while at < EVENING + days * DAY:
        wall = at.astimezone(BERLIN).time()
        if time(7, 40) <= wall < time(18):
            ground.stage.clock.set(at)
            judge_sending(uow=ground.stage.uow, clock=ground.stage.clock, rulebook=ground.stage.rulebook)
            ground.beat(at)
        at += timedelta(minutes=1 if time(8) <= wall < time(8, 16) else 20)


@pytest.mark.parametrize(
    "policy",
    [
        {"daily_cap": 4, "nudge_share_percent": 0},
        {"daily_cap": 50, "warm_up": WarmUp(ramp=(Stage(1, 3), Stage(2, 8), Stage(9, 20)))},
        {"daily_cap": 50, "hourly_cap": 1},
    ],
    ids=["daily cap", "warm-up", "hourly cap"],
)
def test_a_week_of_the_book_leaves_on_the_days_on_which_it_was_foretold(sqlite: Engine, policy: dict[str, Any]) -> None:
    """Who of many has to wait is settled by the ids that messages will have; how many of them is known before."""
    ground = crowd(sqlite, expiry=30 * DAY, **policy)
    told = book(ground)
    live_closely(ground, days=6)
    assert ground.stage.left_on() == {one.day: one.leaving for one in told.days if one.leaving}
    assert sum(sum(one.moved.values()) for one in told.days) > 5


CAPPED = """\
- name: Young
  mode: autopilot
  cadence: Standard
  daily_cap: 2
  when: {regions: [North]}
- name: Late risers
  mode: autopilot
  cadence: Standard
  quiet_hours: 16:00-10:00
  daily_cap: 5
"""


def test_a_week_under_the_caps_and_hours_of_segments_comes_true(sqlite: Engine) -> None:
    """What leaves by day, and of each segment; no mail of the second before its own opening."""
    ground = crowd(sqlite, expiry=30 * DAY, daily_cap=50, nudge_share_percent=0)
    ground.publish(segments=CAPPED)
    ground.write(
        update(tables.accounts).where(tables.accounts.c.id % 2 == 0).values(region="North")  # a half of the crowd
    )
    segments = read_document(DocumentKind.SEGMENTS, CAPPED)
    assert isinstance(segments, Segments)
    ground.stage.rulebook = replace(ground.stage.rulebook, segments=segments)
    ground.keep_books_fresh(EVENING)
    ground.plan(EVENING)  # in the evening, so that all find the next morning's hours
    told = book(ground)
    live_closely(ground, days=6)
    assert ground.stage.left_on() == {one.day: one.leaving for one in told.days if one.leaving}
    assert sum(one.moved.get(Reason.SEGMENT_CAP, 0) for one in told.days) > 5
    counted = [(row["segment"], row["steps"]) for row in ground.stage.rows(tables.segment_days)]
    assert {name: sum(n for of, n in counted if of == name) for name in ("Young", "Late risers")} == {
        one.segment.name: one.leaving for one in told.segments
    }
    assert max(n for of, n in counted if of == "Young") == 2
    north = {row["id"] for row in ground.stage.rows(tables.accounts) if row["region"] == "North"}
    sent = [row for row in ground.stage.rows(tables.messages) if row["sent_at"]]
    early = [row["account_id"] in north for row in sent if row["sent_at"].astimezone(BERLIN).time() < time(10)]
    assert early and all(early)


def test_what_another_sender_plans_is_handed_over(ground: Ground) -> None:
    stage = ground.stage
    for name, days in (("Third", 9), ("Second", 5)):
        factories.make_step(stage.engine, stage.org_id, stage.account.id, name=name, due_at=EVENING + days * DAY)
    with stage.uow() as work:
        found = account_ahead(work, stage.account.id, Proposed(), rulebook=stage.rulebook, at=EVENING)
    assert [step.name for step in found.others] == ["Second", "Third"] and found.steps == ()


def test_what_waits_too_long_expires_as_it_was_foretold(sqlite: Engine) -> None:
    """A message waits for three days from when it could first have left: the day after, if it found the day full. The
    few that come into the queue in the minute in which it fills up may expire a day earlier.
    """
    ground = crowd(sqlite, daily_cap=4, nudge_share_percent=0)
    told = book(ground)
    live_closely(ground, days=6)
    expired = sum(row["state"] == "expired" for row in ground.stage.rows(tables.messages))
    assert expired > 3
    assert abs(sum(one.expired for one in told.days) - expired) <= 2
    assert abs(told.leaving - len(ground.stage.mailer.sent)) <= 2


def crowd(engine: Engine, **policy: Any) -> Ground:
    """More customers than may be written to on one day, for most of whom a step is due on the first."""
    ground = set_the_ground(engine, factories.make_organisation(engine), at=EVENING, **policy)
    ground.publish(cadences=cadence(3, 60))
    for age in range(-2, 20):
        settle_in(ground, QUIET | {"age": age})
    return ground


def test_looking_ahead_changes_no_table(ground: Ground) -> None:
    ground.plan(EVENING)
    before = {table.name: ground.stage.rows(table) for table in tables.metadata.sorted_tables}
    foretold(ground, ground.stage.account.id)
    book(ground)
    after = {table.name: ground.stage.rows(table) for table in tables.metadata.sorted_tables}
    assert after == before
