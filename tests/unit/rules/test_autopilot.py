"""Autopilot's rules: the segment, the anchor, the steps, and what keeps a segment in Shadow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import Invoice, InvoiceState
from domain.autopilot import Anchor, Judged, Position, SegmentHealth, Shortfall, Upcoming
from domain.minimums import MinimumBalances, rounded_up
from domain.policies import Cadence, CadenceStep, Mode, Segment, Segments, Tone
from domain.rules.autopilot import (
    anchor_of,
    is_news,
    newly_chased,
    segment_for,
    shortfalls,
    standing_of,
    upcoming_steps,
)
from domain.values import Money
from tests.unit.rules.test_documents import minimums

TODAY = date(2026, 11, 23)
DAYS = (-3, 0, 7, 14, 30)
WHATEVER_IS_OWED = MinimumBalances(Decimal(0))
CADENCE = Cadence("standard", tuple(CadenceStep(day, f"step {day}", Tone.NEUTRAL) for day in DAYS))


def anchored(age: int) -> Anchor:
    """Due so many days ago."""
    return Anchor(1, "INV-1", TODAY - timedelta(days=age))


def invoice(id: int, *, due: date, balance: int = 100, state: InvoiceState = InvoiceState.OPEN) -> Invoice:
    money = Money(balance, "EUR")
    return Invoice(id, 1, f"INV-{id}", due - timedelta(days=30), due, money, money, state)


def position(age: int = 40, **known: object) -> Position:
    return Position(**{"account_id": 1, "anchor": anchored(age), "balance": Decimal(1_000), **known})  # type: ignore[arg-type]


def days(upcoming: tuple[Upcoming, ...]) -> list[tuple[int, int, bool]]:
    """Each one's own day, in how many days from today it comes, and whether it is late."""
    return [(one.step.day, (one.on - TODAY).days, one.is_late) for one in upcoming]


@pytest.mark.parametrize(
    ("segment", "fitting"),
    [
        ({}, True),
        ({"ageing": ("31-60",)}, True),
        ({"ageing": ("1-30", "90+")}, False),
        ({"balance_from": Decimal(1_000)}, True),
        ({"balance_from": Decimal("1000.01")}, False),
        ({"balance_to": Decimal(1_000)}, False),
        ({"balance_to": Decimal("1000.01")}, True),
        ({"industries": ("machines", "RETAIL")}, True),
        ({"industries": ("machines",)}, False),
        ({"regions": ("BY",)}, False),
        ({"risks": ("medium", "high")}, True),
        ({"risks": ("low",)}, False),
    ],
)
def test_a_filter_fits(segment: dict[str, object], fitting: bool) -> None:
    one = Segment("one", Mode.AUTOPILOT, "standard", **segment)  # type: ignore[arg-type]
    found = segment_for(position(industry="Retail", risk="high"), Segments((one,)), today=TODAY)
    assert (found is one) is fitting


@pytest.mark.parametrize("asked", ["industries", "regions", "risks"])
def test_what_is_not_known_of_a_customer_fits_no_filter_that_asks_for_it(asked: str) -> None:
    one = Segment("one", Mode.OFF, **{asked: ("high",)})  # type: ignore[arg-type]
    assert segment_for(position(), Segments((one,)), today=TODAY) is None


def test_the_first_segment_that_fits_counts() -> None:
    first = Segment("big", Mode.OFF, balance_from=Decimal(10_000))
    second, third = Segment("old", Mode.SHADOW, "standard", ageing=("31-60",)), Segment("rest", Mode.OFF)
    segments = Segments((first, second, third))
    assert segment_for(position(), segments, today=TODAY) is second
    assert segment_for(position(age=3), segments, today=TODAY) is third
    assert segment_for(position(balance=Decimal(10_000)), segments, today=TODAY) is first
    assert segment_for(Position(1, None), segments, today=TODAY) is None


BIG = Segment("big", Mode.OFF, balance_from=Decimal(10_000))
OLD = Segment("old", Mode.SHADOW, "standard", ageing=("31-60",))
REST = Segment("rest", Mode.SHADOW, "standard")


@pytest.mark.parametrize(
    ("now", "fresh"),
    [
        pytest.param((BIG, OLD, REST), [], id="as before"),
        pytest.param((BIG, replace(OLD, name="older", mode=Mode.AUTOPILOT, daily_cap=5), REST), [], id="set anew"),
        pytest.param((BIG, OLD, replace(REST, mode=Mode.OFF)), [], id="off"),
        pytest.param((replace(BIG, regions=("BY",)), OLD, REST), ["old", "rest"], id="one before narrowed"),
        pytest.param((OLD, REST), ["old", "rest"], id="one before left out"),
        pytest.param((OLD, BIG, REST), ["old"], id="moved to the front"),
        pytest.param((BIG, Segment("low", Mode.OFF, risks=("low",)), OLD, REST), [], id="one more takes some away"),
        pytest.param((replace(BIG, mode=Mode.SHADOW), OLD, REST), ["big"], id="on"),
        pytest.param((BIG, replace(OLD, ageing=("1-30",)), REST), ["old", "rest"], id="fits others"),
    ],
)
def test_a_segment_begins_to_write_to_whomever_none_before_it_takes(now: tuple[Segment, ...], fresh: list[str]) -> None:
    found = newly_chased(Segments(now), Segments((BIG, OLD, REST)))
    assert [one.name for one in found] == fresh


def test_the_anchor_is_the_oldest_that_may_be_chased() -> None:
    paid = invoice(1, due=date(2026, 1, 1), state=InvoiceState.PAID, balance=0)
    credit = invoice(2, due=date(2026, 2, 1), balance=-50)
    disputed, old, young = (invoice(n, due=date(2026, n, 1)) for n in (3, 4, 5))
    same_day = invoice(40, due=date(2026, 4, 1))
    every = [young, same_day, old, disputed, credit, paid]
    assert anchor_of(every, minimums=WHATEVER_IS_OWED) == Anchor(3, "INV-3", date(2026, 3, 1))
    assert anchor_of(every, minimums=WHATEVER_IS_OWED, taken_out=[3]) == Anchor(4, "INV-4", date(2026, 4, 1))
    assert anchor_of([paid, credit], minimums=WHATEVER_IS_OWED) is None


@pytest.mark.parametrize(
    ("balances", "found"),
    [
        (["EUR 24.99", "EUR 9000"], 2),
        (["EUR 25", "EUR 9000"], 1),
        (["JPY 2999", "JPY 3000"], 2),
        (["EUR 24.99", "JPY 2999", "USD 5"], 3),
        (["EUR 24.99", "USD 4.99"], None),
        (["EUR 20", "EUR 20"], None),  # together they are enough, none of them alone
    ],
)
def test_what_is_below_the_minimum_in_its_currency_is_passed_over(balances: list[str], found: int | None) -> None:
    minimums = MinimumBalances(Decimal(5), (Money(25_00, "EUR"), Money(3_000, "JPY")))
    owed = [
        replace(invoice(id, due=date(2026, id, 1)), balance=rounded_up(Decimal(amount), currency))
        for id, (currency, amount) in enumerate((one.split() for one in balances), 1)
    ]
    anchor = anchor_of(owed, minimums=minimums)
    assert (anchor and anchor.invoice_id) == found


invoices = st.lists(
    st.builds(
        lambda age, minor, currency, state: replace(
            invoice(1, due=TODAY - timedelta(days=age), state=state), balance=Money(minor, currency)
        ),
        st.integers(-40, 200),
        st.integers(-50, 60_00),
        st.sampled_from(["EUR", "JPY", "USD"]),
        st.sampled_from(InvoiceState),
    ),
    max_size=6,
).map(lambda some: [replace(one, id=id, number=f"INV-{id}") for id, one in enumerate(some, 1)])


@given(invoices=invoices, minimums=minimums, taken_out=st.sets(st.integers(1, 6)))
def test_the_anchor_is_never_below_the_minimum_and_without_minimums_whatever_is_owed_may_be_it(
    invoices: list[Invoice], minimums: MinimumBalances, taken_out: set[int]
) -> None:
    free = [one for one in invoices if one.is_open and one.balance.minor > 0 and one.id not in taken_out]

    def oldest(some: list[Invoice]) -> int | None:
        return min(some, key=lambda one: (one.due_on, one.number), default=invoice(0, due=TODAY)).id or None

    anchor = anchor_of(invoices, minimums=minimums, taken_out=taken_out)
    enough = [one for one in free if one.balance.minor >= minimums.for_currency(one.balance.currency).minor]
    assert (anchor and anchor.invoice_id) == oldest(enough)
    without = anchor_of(invoices, minimums=WHATEVER_IS_OWED, taken_out=taken_out)
    assert (without and without.invoice_id) == oldest(free)


@pytest.mark.parametrize(
    ("age", "after", "expected"),
    [
        (-10, None, [(-3, 7, False), (0, 10, False), (7, 17, False)]),
        (0, -3, [(0, 0, False), (7, 7, False), (14, 14, False)]),
        # An old debt enters at the step of its age.
        (20, None, [(14, 0, True), (30, 10, False)]),
        (400, None, [(30, 0, True)]),
        # What a pause missed is not made up for: the newest stands for all.
        (15, -3, [(14, 0, True), (30, 15, False)]),
        (10, 7, [(14, 4, False), (30, 20, False)]),
        (31, 30, []),
    ],
)
def test_steps_follow_the_anchors_age(age: int, after: int | None, expected: list[tuple[int, int, bool]]) -> None:
    assert days(upcoming_steps(CADENCE, anchored(age), today=TODAY, after=after)) == expected


@given(
    offsets=st.lists(st.integers(-60, 400), min_size=1, max_size=12, unique=True).map(sorted),
    looks=st.lists(st.integers(0, 30), min_size=1, max_size=40),
    start=st.integers(-90, 500),
)
def test_never_a_burst_never_twice_never_early(offsets: list[int], looks: list[int], start: int) -> None:
    """Whoever looks however seldom: at most one step a look, each once, in order, and none before its day."""
    cadence = Cadence("any", tuple(CadenceStep(day, "t", Tone.FORMAL) for day in offsets))
    anchor, today, done = Anchor(1, "INV-1", TODAY), TODAY + timedelta(days=start), None
    sent: list[int] = []
    for wait in looks:
        today += timedelta(days=wait)
        upcoming = upcoming_steps(cadence, anchor, today=today, after=done)
        due = [one for one in upcoming if one.on <= today]
        assert len(due) <= 1
        assert [one.step.day for one in upcoming] == sorted({one.step.day for one in upcoming})
        for one in due:
            assert TODAY + timedelta(days=one.step.day) <= today
            sent.append(one.step.day)
            done = one.step.day
    assert sent == sorted(set(sent))


@given(every=st.lists(st.integers(0, 60), min_size=1, max_size=60))
def test_looking_more_often_changes_nothing_of_the_days(every: list[int]) -> None:
    """Who looks each day sends each step on its day, whatever was looked at in between."""
    anchor, done, sent = Anchor(1, "INV-1", TODAY + timedelta(days=10)), None, {}
    for offset in range(61):
        today = TODAY + timedelta(days=offset)
        for _ in range(1 + every.count(offset)):
            for one in upcoming_steps(CADENCE, anchor, today=today, after=done):
                if one.on <= today:
                    sent[one.step.day] = today
                    done = one.step.day
    assert sent == {day: anchor.due_on + timedelta(days=day) for day in DAYS}


@pytest.mark.parametrize(
    ("health", "missing"),
    [
        (SegmentHealth(), ()),
        (SegmentHealth(accounts=10, reachable=9), ()),
        (SegmentHealth(accounts=100, reachable=89), (Shortfall.CONTACTS,)),
        (SegmentHealth(accounts=1, reachable=1, unresolved_disputes=1), (Shortfall.DISPUTES,)),
        (SegmentHealth(payments=100, reversed_payments=5), ()),
        (SegmentHealth(payments=100, reversed_payments=6), (Shortfall.REVERSALS,)),
        (
            SegmentHealth(accounts=2, reachable=1, unresolved_disputes=3, payments=1, reversed_payments=1),
            (Shortfall.CONTACTS, Shortfall.DISPUTES, Shortfall.REVERSALS),
        ),
    ],
)
def test_what_is_missing_keeps_autopilot_in_shadow(health: SegmentHealth, missing: tuple[Shortfall, ...]) -> None:
    assert shortfalls(health) == missing
    for mode, expected in (
        (Mode.AUTOPILOT, Mode.SHADOW if missing else Mode.AUTOPILOT),
        (Mode.SHADOW, Mode.SHADOW),
        (Mode.OFF, Mode.OFF),
    ):
        standing = standing_of(Segment("one", mode, "standard"), health)
        assert standing.mode is expected
        assert standing.shortfalls == (missing if mode is Mode.AUTOPILOT else ())


RUNS = (Mode.AUTOPILOT, ())
FELL = (Mode.SHADOW, (Shortfall.DISPUTES,))
FELL_FURTHER = (Mode.SHADOW, (Shortfall.CONTACTS, Shortfall.DISPUTES))
BY_THE_DOCUMENT = (Mode.SHADOW, ())
OFF = (Mode.OFF, ())


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (None, RUNS, False),
        (None, FELL, True),
        (RUNS, RUNS, False),
        (RUNS, FELL, True),
        (FELL, FELL, False),
        (FELL, FELL_FURTHER, False),
        (FELL_FURTHER, FELL, False),
        (FELL, RUNS, True),
        (FELL, OFF, False),
        (FELL, BY_THE_DOCUMENT, False),
        (OFF, RUNS, False),
        (RUNS, BY_THE_DOCUMENT, False),
        (BY_THE_DOCUMENT, FELL, True),
    ],
)
def test_a_fall_and_a_rise_are_news_and_what_somebody_published_is_not(before, now, expected: bool) -> None:  # type: ignore[no-untyped-def]
    assert is_news(_judged(*now), _judged(*before) if before else None) is expected


def _judged(mode: Mode, shortfalls: tuple[Shortfall, ...]) -> Judged:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Judged("All", mode, shortfalls, since=at, judged_at=at)
