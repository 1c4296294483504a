"""What happens in a quarter: customers, their invoices, and what they and people do when. The same for the same seed.

Everything is drawn before anything is played, so that a script can be played twice: with its nudges and without.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random

START = date(2026, 9, 14)
"""A Monday. Clocks change on 4 October in Sydney, on 25 October in Europe and on 1 November in America."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BLACKOUT = (date(2026, 10, 7), date(2026, 10, 8))
"""First and last day on which the policy lets nobody be written to."""


@dataclass(frozen=True, slots=True)
class Place:
    """`holidays`: those of the quarter that are no weekend's, copied from the countries' own calendars."""

    zone: str
    country: str
    region: str | None
    holidays: frozenset[date]


def _days(*pairs: tuple[int, int]) -> frozenset[date]:
    return frozenset(date(2026, month, day) for month, day in pairs)


_AMERICAN = _days((10, 12), (11, 11), (11, 26))
PLACES = (
    Place("Europe/Berlin", "DE", "SN", _days((11, 18))),
    Place("Europe/London", "GB", None, frozenset()),
    Place("America/New_York", "US", None, _AMERICAN),
    Place("America/Los_Angeles", "US", None, _AMERICAN),
    Place("Australia/Sydney", "AU", "NSW", _days((10, 5))),
    Place("Asia/Tokyo", "JP", None, _days((9, 21), (9, 22), (9, 23), (10, 12), (11, 3), (11, 23))),
)


class Industry(StrEnum):
    """Each is a segment of its own."""

    RETAIL = "retail"
    """On Autopilot, and nothing ever stands in its way."""
    BUILDING = "building"
    """On Autopilot; a dispute of one customer puts all of them in Shadow."""
    CARE = "care"
    """In Shadow."""
    FARMING = "farming"
    """Off."""


_SHARES = (Industry.RETAIL,) * 11 + (Industry.BUILDING,) * 4 + (Industry.CARE,) * 3 + (Industry.FARMING,) * 2


class Kind(StrEnum):
    PAY = "pay"
    PAY_HALF = "pay half"
    DISPUTE = "dispute"
    RESOLVE = "resolve"
    PROMISE = "promise"
    REPORT = "report"
    HOLD = "legal hold"
    FREE = "free"
    SUPPRESS = "suppress"
    LIFT = "lift"
    NUDGE = "nudge"
    PAUSE = "pause"
    APPROVE = "approve"
    """An operator looks through the drafts that wait."""


@dataclass(frozen=True, slots=True)
class Bill:
    """`amount` in minor units of the euro."""

    number: str
    issued_on: date
    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Customer:
    """`index` from 0. `is_plain`: it pays, or does not, and nothing else ever happens to it."""

    index: int
    place: Place
    industry: Industry | None
    bills: tuple[Bill, ...]
    is_plain: bool

    @property
    def address(self) -> str:
        return f"payer{self.index}@customer.example"


@dataclass(frozen=True, slots=True)
class Event:
    """`until`: when what begins here ends by itself. `due_on`: the promised day."""

    at: datetime
    kind: Kind
    customer: int | None = None
    bill: int = 0
    until: datetime | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """`events` in their order. `stale`: from when until when no import came."""

    days: int
    customers: tuple[Customer, ...]
    events: tuple[Event, ...]
    stale: tuple[tuple[datetime, datetime], ...]

    @property
    def begins(self) -> datetime:
        return datetime.combine(START, time(0), tzinfo=UTC)

    @property
    def ends(self) -> datetime:
        return self.begins + self.days * DAY

    def without_nudges(self) -> Script:
        return replace(self, events=tuple(event for event in self.events if event.kind is not Kind.NUDGE))


def write_script(*, seed: int, accounts: int, days: int) -> Script:
    draw = Random(seed)
    customers = tuple(_customer(draw, index, days) for index in range(accounts))
    events = [event for customer in customers for event in _life(draw, customer, days)]
    events += _nudges(Random(seed + 1), customers, events, days)
    pauses = [
        Event(_moment(draw, first, first + 1), Kind.PAUSE, until=_moment(draw, first + 2, first + 4))
        for first in (15, 50, 71)
        if first + 4 < days
    ]
    approvals = [Event(_at(day, 9.51), Kind.APPROVE) for day in range(days)]
    stale = ((_at(29, 2), _at(32, 2)),) if days > 32 else ()
    ordered = sorted([*events, *pauses, *approvals], key=lambda event: (event.at, event.customer or 0, event.kind))
    return Script(days, customers, tuple(ordered), stale)


def _customer(draw: Random, index: int, days: int) -> Customer:
    industry = draw.choice(_SHARES) if draw.random() < 0.9 else None
    dues = sorted(START + draw.randint(-50, days - 20) * DAY for _ in range(draw.choice((1, 2, 2, 3))))
    bills = tuple(
        Bill(f"INV-{index:03}-{number}", due - 30 * DAY, due, draw.randint(20, 900) * 1000)
        for number, due in enumerate(dues)
    )
    is_plain = industry is Industry.RETAIL and draw.random() < 0.6
    return Customer(index, draw.choice(PLACES), industry, bills, is_plain)


def _life(draw: Random, customer: Customer, days: int) -> list[Event]:
    """What a customer does about each invoice, and what befalls it."""
    events = []
    for number, bill in enumerate(customer.bills):
        due = (bill.due_on - START).days
        paid = max(1, due + draw.randint(-4, 45))
        if paid < days and draw.random() < 0.85:
            events.append(Event(_moment(draw, paid, paid), Kind.PAY, customer.index, number))
        if customer.is_plain:
            continue
        about = (customer.index, number)
        troubled = max(1, due + draw.randint(-5, 30))
        match draw.randint(0, 9):
            case 0 | 1:
                at = _moment(draw, troubled, troubled)
                events.append(Event(at, Kind.PROMISE, *about, due_on=at.date() + draw.randint(1, 9) * DAY))
            case 2:
                at = _moment(draw, troubled, troubled)
                events.append(Event(at, Kind.REPORT, *about, until=at + 2 * DAY))
            case 3:
                events.append(Event(_moment(draw, troubled, troubled), Kind.PAY_HALF, *about))
            case 4 if customer.industry is not Industry.RETAIL:
                events.append(Event(_moment(draw, troubled, troubled), Kind.DISPUTE, *about))
                again = troubled + draw.randint(1, 5)
                events.append(Event(_moment(draw, again, again), Kind.RESOLVE, *about))
    if not customer.is_plain and draw.random() < 0.1:
        begins = draw.randint(2, days - 5)
        pair = draw.choice(((Kind.HOLD, Kind.FREE), (Kind.SUPPRESS, Kind.LIFT)))
        ends = begins + draw.randint(2, 12)
        events += [
            Event(_moment(draw, day, day), kind, customer.index) for kind, day in zip(pair, (begins, ends), strict=True)
        ]
    return [event for event in events if event.at < _at(days, 0)]


def _nudges(draw: Random, customers: tuple[Customer, ...], events: list[Event], days: int) -> list[Event]:
    """At random; and, because chance seldom finds it, in the day before something begins or ends for the customer."""
    clicks = [
        Event(_moment(draw, 1, days - 1), Kind.NUDGE, customer.index)
        for customer in customers
        for _ in range(draw.choice((0, 1, 2, 3)))
    ]
    for event in events:
        if draw.random() < 0.4 and (at := event.at - draw.uniform(0.2, 20) * HOUR) > _at(1, 0):
            clicks.append(Event(at.replace(microsecond=0), Kind.NUDGE, event.customer))
    return clicks


def _moment(draw: Random, first: int, last: int) -> datetime:
    """Some odd second of those days of the script."""
    return _at(draw.randint(first, last), 0) + timedelta(seconds=draw.randrange(43_200) * 2 + 1)


def _at(day: int, hour: float) -> datetime:
    return datetime.combine(START, time(0), tzinfo=UTC) + day * DAY + hour * HOUR
