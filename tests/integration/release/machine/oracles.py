"""What must be so whatever happened, said without the code under test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from domain.messages import OPEN_STATES, State, may_follow
from domain.reasons import Reason
from tests.integration.release.machine.moments import Moment, Time, is_business_hours
from tests.integration.release.machine.provider import Copy

Row = Mapping[str, Any]

ONE_TRANSACTION = timedelta(minutes=15)
"""So long after its guards ran a mail may still arrive: the lease of a hand-over."""
WORKSPACE = ZoneInfo("Europe/Berlin")
PAUSES = {Reason.SENDING_PAUSED.value, Reason.MAINTENANCE.value, Reason.DEGRADED.value}


def day_of(moment: Moment) -> date:
    """The workspace's calendar day."""
    return moment.at.astimezone(WORKSPACE).date()


def nobody_gets_it_twice(copies: Iterable[Copy]) -> None:
    """Unless a person said that the copies before never came."""
    for nudge, number in Counter(copy.nudge for copy in copies if not copy.is_denied).items():
        assert number == 1, f"{number} copies of {nudge} that nobody asked for"


def it_arrives_in_business_hours(copies: Iterable[Copy], zone_of: Mapping[str, str]) -> None:
    for copy in copies:
        assert is_business_hours(copy.decided.at, zone_of[copy.address]), f"decided in quiet hours: {copy}"
        assert copy.arrived.elapsed - copy.decided.elapsed <= ONE_TRANSACTION, f"left long after its guards ran: {copy}"


def contacts_are_rested(copies: Sequence[Copy], time: Time) -> None:
    """A day between two nudges, and never three in a week."""
    by_contact: dict[str, list[Copy]] = {}
    for copy in copies:
        if not copy.is_denied:
            by_contact.setdefault(copy.address, []).append(copy)
    for received in by_contact.values():
        for first, second in combinations(received, 2):
            if first.nudge != second.nudge:
                assert _between(first, second, time) >= timedelta(days=1), "two nudges on one day"
        for first, _, third in combinations(received, 3):
            if len({first.nudge, third.nudge}) == 2:
                assert _between(first, third, time) >= timedelta(days=7), "three nudges in a week"


def _between(first: Copy, second: Copy, time: Time) -> timedelta:
    return second.arrived.elapsed - first.arrived.elapsed + time.slack(first.decided, second.arrived)


def the_day_is_not_overdrawn(copies: Iterable[Copy], cap: int) -> None:
    for day, number in Counter(day_of(copy.decided) for copy in copies).items():
        assert number <= cap, f"{number} mails on {day}, {cap} allowed"


def what_may_have_left_is_not_forgotten(messages: Mapping[str, Row], copies: Iterable[Copy]) -> None:
    """Whatever arrived, and nobody denied it: it is known as sent, or as something that may have been."""
    for copy in copies:
        if copy.is_denied:
            continue
        row = messages[copy.nudge]
        is_known = row["state"] in (State.SENDING, State.SENT, State.UNCONFIRMED)
        is_in_doubt = row["state"] in OPEN_STATES and row["doubtful_since"] is not None
        assert is_known or is_in_doubt, f"it arrived, and is {row['state']} ({row['reason']})"


def each_invoice_has_one_open_nudge(messages: Mapping[str, Row]) -> None:
    keys = [
        (row["account_id"], row["contact_id"], row["invoice_id"])
        for row in messages.values()
        if row["state"] in OPEN_STATES
    ]
    assert len(keys) == len(set(keys))


def whoever_stands_aside_has_a_reason(messages: Mapping[str, Row]) -> None:
    for row in messages.values():
        if row["state"] not in (State.QUEUED, State.CLAIMED, State.SENDING, State.SENT):
            assert row["reason"] is not None, f"{row['state']} without a reason"
        if row["state"] in (State.CLAIMED, State.SENDING):
            assert row["token"] and row["claimed_until"], "held by nobody"


def histories_are_paths(messages: Mapping[str, Row], events: Iterable[Row]) -> None:
    """Each begins in `queued`, takes only allowed steps, and ends where the message is."""
    at: dict[str, State] = {}
    for event in events:
        became = State(event["became"])
        before = at.get(event["message_id"])
        if event["was"] is None:
            assert before is None and became is State.QUEUED
        else:
            was = State(event["was"])
            # A claim itself is no event, so a queued one may be seen as claimed.
            assert was is before or (was is State.CLAIMED and before is State.QUEUED), f"{before} was taken for {was}"
            # A report of what left stays in the history, wherever the message stands by then.
            is_heard_of = was is became and event["reason"] in (Reason.MAIL_RETURNED, Reason.MAIL_UNWANTED)
            assert may_follow(was, became) or is_heard_of, f"{was} became {became}"
        at[event["message_id"]] = became
    claimed_or_queued = {State.CLAIMED: State.QUEUED}
    states = {id: State(row["state"]) for id, row in messages.items()}
    assert at == {id: claimed_or_queued.get(state, state) for id, state in states.items()}


def the_audit_is_complete(events: Iterable[Row], audit: Iterable[Row]) -> None:
    """Every step but the fence, whose end is told, and a pause that is looked at again, has its own entry."""
    told = Counter(
        (row["subject"], row["at"], "queued" if row["action"] == "nudge.queued" else (row["after"] or {}).get("state"))
        for row in audit
    )
    seen: Counter[tuple[object, ...]] = Counter()
    for event in events:
        is_looked_at_again = event["became"] == State.QUEUED and event["reason"] in PAUSES
        if event["became"] != State.SENDING and not is_looked_at_again:
            seen[f"nudge:{event['message_id']}", event["at"], event["became"]] += 1
    assert not seen - told, f"not audited: {seen - told}"


def people_are_asked(messages: Mapping[str, Row], notices: Iterable[Row]) -> None:
    """A/R is told of every nudge, and once more when it has to find out what became of one."""
    keys = {row["key"] for row in notices}
    for id, row in messages.items():
        assert f"nudge:{id}:alert" in keys
        if row["state"] == State.UNCONFIRMED:
            assert f"nudge:{id}:duty" in keys
