"""How many mails may still leave, and which limit is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.mail import Mailbox
from domain.policies import Mode, Segment
from domain.policy import Policy
from domain.reasons import Reason
from domain.rules.allowance import Full, caps_of, segment_caps, slot_of, why_full
from domain.timeline import Source
from domain.warming import Caps, DomainState, SendingDay, SendingDomain, WarmUp
from tests.builders import MONDAY_TEN, make_rulebook, make_slot, make_volume, make_workspace

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
SLOT = make_slot(hour=9)
NEW = SendingDomain("example.com")


def why(source: Source = Source.NUDGE, *, planned: int = 0, policy: Policy | None = None, **used: int) -> Full | None:
    volume = make_volume(**used)
    return why_full(volume, source, policy or Policy(), slot=SLOT, at=MONDAY_TEN, planned=planned)


@pytest.mark.parametrize(
    ("at", "day", "hour", "ends"),
    [
        # Berlin's clocks go forward: the day has 23 hours.
        (datetime(2026, 3, 29, 12, 30, tzinfo=UTC), date(2026, 3, 29), 13, datetime(2026, 3, 29, 22, tzinfo=UTC)),
        # And back: 25, the last of which is number 24.
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), date(2026, 10, 25), 24, datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), date(2026, 11, 24), 0, datetime(2026, 11, 24, 23, tzinfo=UTC)),
    ],
)
def test_days_and_hours_are_the_workspaces(at: datetime, day: date, hour: int, ends: datetime) -> None:
    slot = slot_of(at, make_workspace(), make_rulebook())
    assert (slot.day, slot.hour, slot.day_ends) == (day, hour, ends)
    assert slot.hour_ends - HOUR <= at < slot.hour_ends <= slot.day_ends


@given(
    at=st.integers(0, 3 * 365 * 86_400).map(lambda seconds: MONDAY_TEN + seconds * SECOND),
    zone=st.sampled_from(
        ["Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "America/Havana"]
    ),
)
def test_slots_leave_no_gap_and_do_not_overlap(at: datetime, zone: str) -> None:
    workspace, rulebook = make_workspace(zone=zone), make_rulebook()
    slot = slot_of(at, workspace, rulebook)
    assert slot.hour_ends - HOUR <= at < slot.hour_ends <= slot.day_ends
    assert 0 <= slot.hour <= 24
    last, following = (slot_of(one, workspace, rulebook) for one in (slot.day_ends - SECOND, slot.day_ends))
    assert (last.day, last.day_ends) == (slot.day, slot.day_ends)
    assert (following.day, following.hour) == (slot.day + timedelta(days=1), 0)


def test_the_domain_is_the_senders() -> None:
    rulebook = make_rulebook(sender=Mailbox("Money@Mail.Northwind.Example"))
    assert slot_of(MONDAY_TEN, make_workspace(), rulebook).domain == "mail.northwind.example"


def test_the_tighter_limit_counts_and_is_named() -> None:
    wide = Policy(daily_cap=500)
    assert caps_of(NEW, wide).day == 50
    assert caps_of(replace(NEW, counted=10), wide).day == 500
    assert caps_of(NEW, replace(wide, warm_up=WarmUp(ramp=()))).day == 500
    assert why(policy=wide, nudges=49) is None
    assert why(policy=wide, nudges=50) == Full(Reason.WARM_UP, SLOT.day_ends)
    assert why(nudges=50) == Full(Reason.DAILY_CAP, SLOT.day_ends)


def test_the_hours_cap_waits_for_the_next_hour() -> None:
    hourly = Policy(hourly_cap=10)
    assert why(policy=hourly, nudges=20, hour=9, hour_nudges=10) == Full(Reason.HOURLY_CAP, SLOT.hour_ends)
    assert why(policy=hourly, nudges=20, hour=8, hour_nudges=10) is None


def test_shares_are_kept_for_each_other() -> None:
    """A fifth of fifty is the nudges'; the rest is Autopilot's as far as it is planned."""
    kept = Full(Reason.KEPT_FOR_OTHERS, SLOT.day_ends)
    assert why(nudges=9, planned=40) is None
    assert why(nudges=10, planned=40) == kept
    assert why(nudges=29, planned=20) is None
    assert why(nudges=30, planned=20) == kept
    assert why(nudges=14, steps=15, planned=20) is None
    assert why(nudges=15, steps=15, planned=20) == kept
    assert why(Source.AUTOPILOT, steps=39) is None
    assert why(Source.AUTOPILOT, steps=40) == kept


def test_within_an_hour_too() -> None:
    policy = Policy(hourly_cap=10)
    kept = Full(Reason.KEPT_FOR_OTHERS, SLOT.hour_ends)
    assert why(policy=policy, hour=9, nudges=2, hour_nudges=2, planned=8) == kept
    assert why(Source.AUTOPILOT, policy=policy, hour=9, steps=8, hour_steps=8) == kept


def test_a_stopped_domain_waits_for_a_person() -> None:
    volume = replace(make_volume(), domain=replace(NEW, standing=DomainState.STOPPED))
    full = why_full(volume, Source.NUDGE, Policy(), slot=SLOT, at=MONDAY_TEN)
    assert full is not None
    assert (full.reason, full.is_stop) == (Reason.DOMAIN_STOPPED, True)


caps_ = st.builds(
    lambda day, hour, kept: Caps(day, day - day * kept // 100, hour, hour - hour * kept // 100),
    st.integers(1, 60),
    st.integers(1, 30),
    st.integers(0, 100),
)


@given(caps=caps_, planned=st.integers(0, 50), nudges=st.integers(0, 60), want=st.integers(1, 60))
def test_no_nudge_takes_the_place_of_a_step(caps: Caps, planned: int, nudges: int, want: int) -> None:
    """However many nudges ask first: the steps that are planned find the room that they would have had alone."""
    alone = min(planned, caps.left(SendingDay(SLOT.day), Source.AUTOPILOT, planned=planned))
    used = SendingDay(SLOT.day)
    for _ in range(nudges):
        granted = min(want, caps.left(used, Source.NUDGE, planned=planned))
        used = replace(used, nudges=used.nudges + granted, hour_nudges=used.hour_nudges + granted)
    assert min(planned, caps.left(used, Source.AUTOPILOT, planned=planned)) == alone


@given(caps=caps_, steps=st.integers(0, 60))
def test_no_step_takes_the_nudges_share(caps: Caps, steps: int) -> None:
    taken = min(steps, caps.left(SendingDay(SLOT.day), Source.AUTOPILOT, planned=0))
    used = SendingDay(SLOT.day, steps=taken, hour_steps=taken)
    share = min(caps.day - caps.day_steps, caps.hour - caps.hour_steps)
    assert caps.left(used, Source.NUDGE, planned=0) >= share


@given(
    cap=st.integers(1, 12),
    share=st.integers(0, 100),
    mode=st.sampled_from(Mode),
    acts=st.lists(st.tuples(st.sampled_from((Source.NUDGE, Source.AUTOPILOT)), st.integers(1, 6)), max_size=15),
)
def test_a_segment_never_has_more_than_its_cap_and_nudges_never_take_a_steps_place(
    cap: int, share: int, mode: Mode, acts: list[tuple[Source, int]]
) -> None:
    """In whatever order they ask: with the steps that are still to come known, each finds the room it finds alone."""
    caps = segment_caps(Segment("Late", mode, "Standard", daily_cap=cap), Policy(nudge_share_percent=share))
    assert caps is not None
    used, alone = SendingDay(SLOT.day), SendingDay(SLOT.day)
    for number, (source, want) in enumerate(acts):
        to_come = sum(count for of, count in acts[number + 1 :] if of is Source.AUTOPILOT)
        granted = min(want, caps.left(used, source, planned=to_come))
        if source is Source.NUDGE:
            used = replace(used, nudges=used.nudges + granted)
        else:
            assert granted == min(want, caps.left(alone, source, planned=to_come))
            used, alone = (replace(one, steps=one.steps + granted) for one in (used, alone))
    assert used.used <= cap
