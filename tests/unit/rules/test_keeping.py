"""Kept, partially kept, broken: tables of what the books may show, and a property over any course of payments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commitments import PromiseState
from domain.keeping import Decision, Kept, KeptRate, OpenPromise, PromisedInvoice, Received, Share
from domain.rules.business_days import BusinessCalendar
from domain.rules.keeping import BOOKS_LATE, NO_DAY, NOTHING_OWED, decide, kept_rate, window_of
from domain.values import Money
from tests.builders import make_account, make_rulebook

KEPT, PARTLY, BROKEN, WITHDRAWN = (
    PromiseState.KEPT,
    PromiseState.PARTIALLY_KEPT,
    PromiseState.BROKEN,
    PromiseState.WITHDRAWN,
)
HOLIDAYS = make_rulebook().holidays
SAID = datetime(2026, 11, 18, 9, tzinfo=UTC)  # a Wednesday
DUE = date(2026, 11, 23)  # Monday: the grace ends with Wednesday the 25th
LAST = date(2026, 11, 25)
END = datetime(2026, 11, 25, 23, tzinfo=UTC)  # midnight in Berlin
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def calendar(zone: str = "Europe/Berlin", country: str = "DE") -> BusinessCalendar:
    return BusinessCalendar((ZoneInfo(zone),), frozenset(range(5)), HOLIDAYS, country)


def invoice(id: int = 1, **changes: object) -> PromisedInvoice:
    given = {"id": id, "number": f"INV-{id}", "currency": "EUR", "amount": 1_000, "owes": 1_000, "owed_then": 1_000}
    return PromisedInvoice(**given | changes)  # type: ignore[arg-type]


def paid(minor: int, on: date = DUE, *, to: int | None = 1, currency: str = "EUR") -> Received:
    return Received(to, on, minor, currency)


def promise(*payments: Received, **changes: object) -> OpenPromise:
    given = {
        "id": 7,
        "account": make_account(synced_at=END + DAY),
        "amount": Money(1_000, "EUR"),
        "due_on": DUE,
        "said_at": SAID,
        "recorded_at": SAID,
        "invoices": (invoice(),),
        "payments": payments,
    }
    return OpenPromise(**given | changes)  # type: ignore[arg-type]


def ends(one: OpenPromise, at: datetime = END, **place: str) -> PromiseState | None:
    decision = decide(one, calendar=calendar(**place), at=at)
    return decision.to if decision else None


@pytest.mark.parametrize(
    ("payments", "expected", "why"),
    [
        ([], BROKEN, "nothing came"),
        ([paid(1_000)], KEPT, "on the day"),
        ([paid(1_001)], KEPT, "more than was promised"),
        ([paid(999)], PARTLY, "a cent is missing"),
        ([paid(1)], PARTLY, "a cent came"),
        ([paid(400), paid(600, LAST)], KEPT, "in two parts, the second on the last day of the grace"),
        ([paid(400), paid(600, LAST + DAY)], PARTLY, "the second a day later"),
        ([paid(1_000, LAST + DAY)], BROKEN, "all of it a day later"),
        ([paid(1_000, SAID.date())], KEPT, "on the day on which it was said"),
        ([paid(1_000, SAID.date() - DAY)], BROKEN, "before it was said"),
        ([paid(1_000), paid(-1_000, LAST)], BROKEN, "taken back in time"),
        ([paid(1_000), paid(-400, LAST)], PARTLY, "a part of it taken back"),
        ([paid(1_000), paid(-1_000, LAST + DAY)], KEPT, "taken back after the grace: what arrived in time counts"),
        ([paid(1_000), paid(-1_000), paid(1_000, LAST)], KEPT, "taken back and paid again"),
        ([paid(-100)], BROKEN, "an older payment was taken back"),
        ([paid(1_000, to=2)], BROKEN, "for another invoice"),
        ([paid(1_000, to=None)], BROKEN, "cash that is not applied is no payment of the invoice"),
    ],
)
def test_by_payments(payments: list[Received], expected: PromiseState, why: str) -> None:
    assert ends(promise(*payments)) is expected, why


@pytest.mark.parametrize(
    ("books", "expected", "why"),
    [
        ({"owes": 1_000}, BROKEN, "nothing changed"),
        ({"owes": 0}, KEPT, "settled"),
        ({"owes": -50}, KEPT, "settled, with a credit"),
        ({"owes": 400}, PARTLY, "a part of it"),
        ({"owes": 1_200}, BROKEN, "it rose"),
        ({"owes": 0, "paid_on": LAST}, KEPT, "paid on the last day"),
        ({"owes": 0, "paid_on": LAST + DAY}, BROKEN, "paid a day later"),
        ({"owes": 0, "owed_then": None}, KEPT, "settled, and nobody noted what it was"),
        ({"owes": 10, "owed_then": None}, BROKEN, "nobody noted what it was, and it is not settled"),
        ({"owes": 0, "is_void": True}, WITHDRAWN, "cancelled in the books"),
    ],
)
def test_by_balances_where_the_books_hold_no_payments(
    books: dict[str, object], expected: PromiseState, why: str
) -> None:
    assert ends(promise(invoices=(invoice(**books),))) is expected, why


@pytest.mark.parametrize(
    ("payments", "books", "expected", "why"),
    [
        ([paid(400)], {"owes": 0}, KEPT, "the rest was credited: nothing is left"),
        ([paid(600), paid(-200)], {"owes": 0}, PARTLY, "the balance does not know yet that a part was taken back"),
        ([paid(400), paid(600, LAST + DAY)], {"owes": 0}, PARTLY, "settled, but later"),
        ([paid(1_000), paid(-1_000)], {"owes": 0}, BROKEN, "taken back, whatever the balance says"),
        ([paid(1), paid(-1_000, LAST + DAY)], {"owes": 1_000}, PARTLY, "an older payment was taken back later"),
    ],
)
def test_payments_are_believed_before_balances(
    payments: list[Received], books: dict[str, object], expected: PromiseState, why: str
) -> None:
    assert ends(promise(*payments, invoices=(invoice(**books),))) is expected, why


@pytest.mark.parametrize(
    ("payments", "invoices", "expected"),
    [
        ([], [invoice(1, owes=0), invoice(2, owes=0)], KEPT),
        ([], [invoice(1, owes=0), invoice(2)], PARTLY),
        ([], [invoice(1), invoice(2)], BROKEN),
        ([], [invoice(1, owes=0), invoice(2, is_void=True)], KEPT),
        ([], [invoice(1, is_void=True), invoice(2, is_void=True)], WITHDRAWN),
        ([paid(1_000), paid(1_000, to=2)], [invoice(1), invoice(2)], KEPT),
        ([paid(1_000)], [invoice(1), invoice(2)], PARTLY),
        ([paid(1_000)], [invoice(1), invoice(2, currency="USD", owes=0)], KEPT),
    ],
)
def test_without_an_amount_it_is_kept_when_nothing_is_left(
    payments: list[Received], invoices: list[PromisedInvoice], expected: PromiseState
) -> None:
    assert ends(promise(*payments, amount=None, invoices=tuple(invoices))) is expected


@pytest.mark.parametrize(
    ("amount", "payments", "expected"),
    [
        (Money(1_000, "EUR"), [paid(600, to=1), paid(400, to=None)], KEPT),
        (Money(1_000, "EUR"), [paid(1_000, currency="USD")], BROKEN),
        (Money(1_000, "EUR"), [paid(1)], PARTLY),
        (None, [paid(1)], KEPT),
        (None, [], BROKEN),
    ],
)
def test_without_an_invoice_what_the_account_pays_counts(
    amount: Money | None, payments: list[Received], expected: PromiseState
) -> None:
    assert ends(promise(*payments, amount=amount, invoices=())) is expected


def test_kept_as_soon_as_enough_arrived_and_not_before() -> None:
    at = datetime(2026, 11, 19, 12, tzinfo=UTC)
    assert ends(promise(paid(999, date(2026, 11, 19))), at=at) is None
    found = decide(promise(paid(1_000, date(2026, 11, 19))), calendar=calendar(), at=at)
    assert found == Decision(7, KEPT, at, Money(1_000, "EUR"), "")


def test_a_payment_of_tomorrow_has_not_arrived() -> None:
    at = datetime(2026, 11, 19, 12, tzinfo=UTC)
    ahead = promise(paid(1_000, date(2026, 11, 20)))
    assert ends(ahead, at=at) is None
    assert ends(ahead, at=at + DAY) is KEPT


@pytest.mark.parametrize(
    ("zone", "country", "end"),
    [
        ("Europe/Berlin", "DE", END),
        ("America/New_York", "US", datetime(2026, 11, 26, 5, tzinfo=UTC)),
        ("Asia/Tokyo", "JP", datetime(2026, 11, 25, 15, tzinfo=UTC)),
    ],
)
def test_nothing_is_broken_before_midnight_there(zone: str, country: str, end: datetime) -> None:
    one = promise(account=make_account(synced_at=end))
    place = {"zone": zone, "country": country}
    assert ends(one, at=end - SECOND, **place) is None
    assert ends(one, at=end, **place) is BROKEN


@pytest.mark.parametrize(
    ("zone", "due", "end"),
    [
        # Due before a clock change, decided after it: the end is midnight by the wall, not a number of hours.
        ("Europe/Berlin", date(2026, 3, 27), datetime(2026, 3, 31, 22, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 23), datetime(2026, 10, 27, 23, tzinfo=UTC)),
        ("America/New_York", date(2026, 3, 6), datetime(2026, 3, 11, 4, tzinfo=UTC)),
        ("America/New_York", date(2026, 10, 30), datetime(2026, 11, 4, 5, tzinfo=UTC)),
        ("America/Santiago", date(2026, 9, 2), datetime(2026, 9, 5, 4, tzinfo=UTC)),
    ],
)
def test_the_grace_ends_at_midnight_across_clock_changes(zone: str, due: date, end: datetime) -> None:
    one = promise(due_on=due, said_at=end - 10 * DAY, recorded_at=end - 10 * DAY, account=make_account(synced_at=end))
    place = {"zone": zone, "country": "XX"}
    assert window_of(one, calendar(**place)).ends_at == end
    assert ends(one, at=end - SECOND, **place) is None
    assert ends(one, at=end, **place) is BROKEN


def test_thanksgiving_is_no_business_day_of_an_american_customer() -> None:
    one = promise(due_on=date(2026, 11, 25))
    assert window_of(one, calendar("America/New_York", "US")).until == date(2026, 11, 30)
    assert window_of(one, calendar("Europe/Berlin", "DE")).until == date(2026, 11, 27)


@pytest.mark.parametrize("synced_at", [None, END - SECOND])
def test_nobody_is_called_a_promise_breaker_by_old_books(synced_at: datetime | None) -> None:
    one = promise(account=make_account(synced_at=synced_at))
    assert ends(one, at=END) is None
    assert ends(one, at=END + BOOKS_LATE - SECOND) is None
    assert ends(one, at=END + BOOKS_LATE) is BROKEN


def test_what_arrived_is_enough_whatever_the_age_of_the_books() -> None:
    assert ends(promise(paid(1_000), account=make_account(synced_at=None)), at=END) is KEPT


def test_without_a_day_it_is_never_broken_but_ends() -> None:
    one = promise(due_on=None)
    end = datetime(2026, 12, 18, 23, tzinfo=UTC)
    one = replace(one, account=make_account(synced_at=end))
    assert window_of(one, calendar()).ends_at == end
    assert ends(one, at=end - SECOND) is None
    found = decide(one, calendar=calendar(), at=end)
    assert found is not None and (found.to, found.why) == (WITHDRAWN, NO_DAY)
    assert ends(replace(one, payments=(paid(1_000, date(2026, 12, 18)),)), at=end) is KEPT
    assert ends(replace(one, payments=(paid(1_000, date(2026, 12, 19)),)), at=end + DAY) is WITHDRAWN


def test_cancelled_invoices_end_it_at_once_with_the_reason() -> None:
    found = decide(promise(invoices=(invoice(is_void=True),)), calendar=calendar(), at=SAID)
    assert found is not None and (found.to, found.why) == (WITHDRAWN, NOTHING_OWED)


# -- any course of payments --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Course:
    """What comes in, when the books learn of it, and when somebody looks: the clock may be set back in between."""

    payments: tuple[tuple[Received, datetime], ...]
    looks: tuple[datetime, ...]
    zone: str


def noon(day: int) -> datetime:
    return datetime(2026, 11, 18, 12, tzinfo=UTC) + day * DAY


@st.composite
def courses(draw: st.DrawFn) -> Course:
    some = []
    for _ in range(draw(st.integers(0, 6))):
        day = draw(st.integers(-2, 14))
        minor = draw(st.sampled_from([1, 250, 400, 500, 600, 999, 1_000, 1_500, -1, -400, -1_000]))
        to = draw(st.sampled_from([1, 1, 1, 2, None]))
        known = noon(day) + draw(st.integers(0, 5)) * DAY
        some.append((paid(minor, noon(day).date(), to=to), known))
    steps = draw(st.lists(st.integers(-3, 6), min_size=1, max_size=12))
    looks, at = [], noon(0)
    for step in steps:
        at += step * DAY + timedelta(hours=draw(st.integers(0, 23)))
        looks.append(at)
    # In the end somebody looks when nothing can be waited for any more.
    looks.append(max([*looks, noon(20)]) + BOOKS_LATE)
    zone = draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo"]))
    return Course(tuple(some), tuple(looks), zone)


def run(course: Course) -> list[Decision]:
    """Look until it is decided, and go on looking: a decided promise is open no more."""
    made: list[Decision] = []
    for at in course.looks:
        known = [one for one, since in course.payments if since <= at]
        one = promise(*known, account=make_account(synced_at=at))
        if not made and (found := decide(one, calendar=calendar(course.zone, "XX"), at=at)):
            made.append(found)
    return made


@given(courses())
def test_decided_once_and_never_against_the_sum(course: Course) -> None:
    (found,) = run(course)
    in_time = sum(
        one.minor
        for one, known in course.payments
        if known <= found.at and one.invoice_id == 1 and SAID.date() <= one.received_on <= LAST
        if one.received_on <= found.at.astimezone(ZoneInfo(course.zone)).date()
    )
    assert found.paid == Money(in_time, "EUR")
    end = calendar(course.zone, "XX").end_of(LAST)
    if found.to is KEPT:
        assert in_time >= 1_000
    else:
        assert found.at >= end
        assert found.to is (PARTLY if in_time > 0 else BROKEN)
        assert in_time < 1_000


@given(courses(), st.randoms())
def test_only_what_came_in_by_the_end_of_the_grace_matters_in_any_order(course: Course, chance: object) -> None:
    early = [pair for pair in course.payments if pair[0].received_on <= LAST]
    chance.shuffle(early)  # type: ignore[attr-defined]
    assert run(course) == run(replace(course, payments=tuple(early)))


@given(courses(), st.integers(1, 400))
def test_a_payment_in_two_parts_is_the_same_payment(course: Course, first: int) -> None:
    split: list[tuple[Received, datetime]] = []
    for one, known in course.payments:
        if one.minor > first:
            split += [(replace(one, minor=first), known), (replace(one, minor=one.minor - first), known)]
        else:
            split.append((one, known))
    assert run(course) == run(replace(course, payments=tuple(split)))


# -- how far promises are kept -----------------------------------------------------------------------------


def test_by_number_and_by_money_for_each_currency() -> None:
    found = kept_rate(
        [
            Kept(KEPT, "EUR", 4, promised=4_000, paid=4_000),
            Kept(PARTLY, "EUR", 1, promised=1_000, paid=500),
            Kept(BROKEN, "EUR", 1, promised=1_000, paid=0),
            Kept(KEPT, "USD", 2, promised=800, paid=800),
            Kept(KEPT, None, 1),
            Kept(WITHDRAWN, "EUR", 9, promised=9_000),
        ]
    )
    assert found == KeptRate(
        by_count=Share(7, 9, 7 / 9),
        by_amount=(("EUR", Share(4_500, 6_000, 0.75)), ("USD", Share(800, 800, None))),
    )
    assert found.is_enough


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_are_not_enough(count: int) -> None:
    found = kept_rate([Kept(KEPT, "EUR", count, promised=count, paid=count)] if count else [])
    assert found.by_count == Share(count, count, None)
    assert not found.is_enough


def test_none_kept_of_three_is_a_rate() -> None:
    assert kept_rate([Kept(BROKEN, "EUR", 3, promised=300)]).by_count == Share(0, 3, 0.0)
