"""What must be so after a quarter, said without a line of the code under test: from the script and the post alone.

Each function names the promise it holds the house to, and raises AssertionError with what breaks it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.integration.quarter.hours import SPREAD, is_open, next_open, opening_on
from tests.integration.quarter.outcome import Fate, Played, Sent
from tests.integration.quarter.play import DAYS_OF_STEPS
from tests.integration.quarter.script import DAY, HOUR, Customer, Event, Industry, Kind, Script
from tests.integration.quarter.volume import (
    Limits,
    every_cap_was_reached,
    no_cap_is_exceeded,
    nobody_waits_for_room_in_vain,
)

NUDGES_A_WEEK = 2
PAYMENTS = (Kind.PAY, Kind.PAY_HALF)
ENDS = {
    Kind.DISPUTE: Kind.RESOLVE,
    Kind.HOLD: Kind.FREE,
    Kind.SUPPRESS: Kind.LIFT,
}


def everything_holds(script: Script, played: Played, limits: Limits) -> None:
    mails_leave_in_open_hours(script, played.sent)
    contacts_are_rested(played.sent)
    no_cap_is_exceeded(script, played.sent, limits)
    nobody_waits_for_room_in_vain(script, played, limits)
    nobody_is_written_to_in_vain(script, played.sent)
    nothing_leaves_in_a_pause(script, played.sent)
    every_step_is_accounted_for(script, played)
    every_nudge_is_accounted_for(script, played)
    plain_customers_get_what_their_age_asks_for(script, played)


def _customer(script: Script, mail: Sent) -> Customer:
    return next(one for one in script.customers if one.address == mail.address)


def mails_leave_in_open_hours(script: Script, sent: Iterable[Sent]) -> None:
    for mail in sent:
        place = _customer(script, mail).place
        assert is_open(mail.at, place), f"{mail} left at {mail.at.astimezone(ZoneInfo(place.zone))}"


def contacts_are_rested(sent: Iterable[Sent]) -> None:
    """A day between any two mails, and two nudges in a week at the most."""
    received: dict[str, list[Sent]] = defaultdict(list)
    for mail in sorted(sent, key=lambda one: one.at):
        for before in received[mail.address][-1:]:
            assert mail.at - before.at >= DAY, f"{before} and {mail} on one day"
        received[mail.address].append(mail)
    for mails in received.values():
        nudges = [mail for mail in mails if not mail.is_step]
        for first, last in zip(nudges, nudges[NUDGES_A_WEEK:], strict=False):
            assert last.at - first.at >= 7 * DAY, f"{first} to {last}: too many nudges in a week"


def nobody_is_written_to_in_vain(script: Script, sent: Iterable[Sent]) -> None:
    """Nothing about an invoice that is paid, disputed or promised, nothing to whom the law or the payer forbids it."""
    spans = list(_forbidden(script))
    for mail in sent:
        customer = _customer(script, mail)
        bill = next(number for number, one in enumerate(customer.bills) if one.number == mail.number)
        for span in spans:
            is_it = span.customer == customer.index and span.bill in (None, bill)
            assert not (is_it and span.begins <= mail.at < span.ends), f"{mail} in spite of {span}"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """`bill` None: whatever it is about."""

    kind: Kind
    customer: int
    bill: int | None
    begins: datetime
    ends: datetime


def _forbidden(script: Script) -> Iterator[Forbidden]:
    events = script.events
    for index, event in enumerate(events):
        if event.customer is None:
            continue
        about = event.customer, event.bill
        bill = event.bill if event.kind not in (Kind.HOLD, Kind.SUPPRESS) else None
        if event.kind is Kind.PAY:
            ends = script.ends + DAY
        elif event.kind is Kind.REPORT:
            assert event.until is not None
            ends = event.until
        elif event.kind is Kind.PROMISE:
            assert event.due_on is not None
            # The grace of two business days; how holidays lengthen it is looked at elsewhere.
            zone = ZoneInfo(script.customers[event.customer].place.zone)
            last = event.due_on
            for _ in range(2):
                last += DAY
                while last.weekday() > 4:
                    last += DAY
            ends = datetime.combine(last + DAY, time(0), tzinfo=zone).astimezone(UTC)
            kept = [one.at for one in events if one.kind in PAYMENTS and (one.customer, one.bill) == about]
            ends = min([ends, *kept])
        elif event.kind in ENDS:
            end = ENDS[event.kind]
            later = (
                one.at
                for one in events[index:]
                if one.kind is end and one.customer == event.customer and bill in (None, one.bill)
            )
            ends = next(later, script.ends + DAY)
        else:
            continue
        yield Forbidden(event.kind, event.customer, bill, event.at, ends)


def nothing_leaves_in_a_pause(script: Script, sent: Iterable[Sent]) -> None:
    """Nor on books that nobody has read for a day."""
    closed = [(event.at, event.until) for event in script.events if event.kind is Kind.PAUSE]
    closed += [(begins + DAY, ends) for begins, ends in script.stale]
    for mail in sent:
        for begins, ends in closed:
            assert ends is None or not begins < mail.at < ends, f"{mail} between {begins} and {ends}"


def every_step_is_accounted_for(script: Script, played: Played) -> None:
    """Sent, once; or not, and the rows say why; or its time is still to come."""
    mails = Counter((mail.number, mail.at) for mail in played.sent if mail.is_step)
    rows = Counter((step.number, step.sent_at) for step in played.steps if step.state == "sent")
    assert mails == rows, f"steps that left and rows differ: {mails - rows} {rows - mails}"
    assert not [
        key for key, count in Counter((s.number, s.day) for s in played.steps if s.state == "sent").items() if count > 1
    ]
    waiting = script.ends - 4 * DAY
    for step in played.steps:
        if step.state in ("scheduled", "drafted"):
            assert step.ended is None and step.due_at > waiting, f"{step} was forgotten"
        elif step.state != "sent":
            assert step.reason or step.ended, f"{step} without a reason"
    refused = [row for row in played.audit if row["action"] == "autopilot.refused"]
    assert all(row["reason"] for row in refused)


def every_nudge_is_accounted_for(script: Script, played: Played) -> None:
    nudges = [row for row in played.messages if row["source"] == "nudge"]
    assert len(nudges) == played.clicks
    left = [row for row in nudges if row["state"] == "sent"]
    assert len(left) == len([mail for mail in played.sent if not mail.is_step])
    for row in nudges:
        if row["state"] == "queued":
            assert row["leaves_at"] > script.ends - HOUR, f"{row['id']} was due, and nobody took it"
        elif row["state"] != "sent":
            assert row["reason"], f"{row['id']} is {row['state']} without a reason"
    refused = [row for row in played.audit if row["action"].startswith("nudge.refused")]
    assert refused and all(row["reason"] for row in refused)


def plain_customers_get_what_their_age_asks_for(script: Script, played: Played) -> None:
    """For those to whom nothing happens but that they pay, the plan is worked out here once more."""
    by_invoice: dict[str, dict[int, Fate]] = defaultdict(dict)
    for step in played.steps:
        by_invoice[step.number][step.day] = step
    for customer in script.customers:
        if customer.is_plain:
            _follows_its_age(script, customer, by_invoice)


EXPIRY = timedelta(hours=72)
MARGIN = timedelta(days=3)
"""Within it of a change of the books it is the beats' order that decides."""


def _follows_its_age(script: Script, customer: Customer, rows: dict[str, dict[int, Fate]]) -> None:
    zone = ZoneInfo(customer.place.zone)
    paid = {event.bill: event.at for event in script.events if _is_payment_of(event, customer)}
    never = script.ends + 30 * DAY
    begins = script.begins
    for number, bill in enumerate(customer.bills):
        ends = paid.get(number, never)
        if ends <= begins:
            continue
        today = begins.astimezone(zone).date()
        passed = [day for day in DAYS_OF_STEPS if bill.due_on + day * DAY <= today]
        expected = [*passed[-1:], *(day for day in DAYS_OF_STEPS if day not in passed)]
        before: Fate | None = None
        for day in DAYS_OF_STEPS:
            step, on = rows[bill.number].get(day), bill.due_on + day * DAY
            if day not in expected:
                is_edge = abs(datetime.combine(on, time(0), tzinfo=zone) - begins) < MARGIN
                assert step is None or is_edge, f"{step} is made up for"
                continue
            leaves = opening_on(max(on, today), customer.place)
            following = next(
                (opening_on(bill.due_on + later * DAY, customer.place) for later in DAYS_OF_STEPS if later > day), never
            )
            if min(ends, script.ends) - leaves > MARGIN and following - begins > MARGIN:
                assert step is not None, f"day {day} of {bill.number} was never planned"
            if step is None:
                continue
            if before is not None and before.mail_ended_at is not None:
                # Whatever kept the one before waiting, a day lies between what became of it and the next.
                leaves = max(leaves, next_open(before.mail_ended_at + DAY, customer.place))
            before = step
            if on > (begins + MARGIN).astimezone(zone).date():
                assert leaves <= step.due_at < leaves + SPREAD, f"{step} is not at the opening of {leaves}"
            else:
                assert step.due_at >= begins + DAY, f"{step} leaves within a day after it was planned"
            if step.sent_at is not None:
                assert step.sent_at < following + EXPIRY, f"{step} left after the next one's day"
        begins = max(begins, ends)
        if begins > script.ends:
            return


def _is_payment_of(event: Event, customer: Customer) -> bool:
    return event.kind is Kind.PAY and event.customer == customer.index


def nudges_changed_nothing(played: Played, without: Played) -> None:
    """Autopilot planned the same steps for the same instants, and the same became of each at the same minute."""
    assert not without.clicks
    pairs = zip(map(_of_room, played.steps), map(_of_room, without.steps), strict=False)
    assert not [f"without nudges: {theirs}; with them: {ours}" for ours, theirs in pairs if ours != theirs]
    assert len(played.steps) == len(without.steps)


def _of_room(step: Fate) -> Fate:
    """The share that is kept for nudges is no step's: whether they used it makes another word, and nothing else."""
    return replace(step, reason="no room") if step.reason in OF_THE_HOUSES_ROOM else step


OF_THE_HOUSES_ROOM = ("daily_cap", "warm_up", "hourly_cap", "kept_for_others")


def it_was_worth_playing(script: Script, played: Played, limits: Limits) -> None:
    """All that it is about has happened, or the verdict says little."""
    assert sum(not mail.is_step for mail in played.sent) >= len(script.customers) // 3
    assert sum(mail.is_step for mail in played.sent) >= len(script.customers)
    actions = Counter(row["action"] for row in played.audit)
    for action in ("autopilot.deferred", "draft.approved", "draft.skipped", "promise.broken", "nudge.refused"):
        assert actions[action], f"no {action}"
    assert len({customer.industry for customer in script.customers}) == len(Industry) + 1
    every_cap_was_reached(script, played.sent, limits)
