"""What is to become of a sequence, for whatever a customer owes and whatever was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.autopilot import Course, Decided, Pending, Sequence, Stop
from domain.commitments import Dispute, DisputeState
from domain.facts import AccountFacts
from domain.minimums import MinimumBalances
from domain.policies import Cadence, CadenceStep, Mode, Segment, Segments, Tone
from domain.rules.autopilot_course import Payer, decide, due_of, payer_of
from domain.values import Money
from tests.builders import MONDAY, MONDAY_TEN, make_account, make_facts, make_invoice, make_rulebook, make_workspace

DAY = timedelta(days=1)
CADENCE = Cadence("Standard", tuple(CadenceStep(day, "friendly", Tone.NEUTRAL) for day in (3, 14, 30)))
RULEBOOK = make_rulebook()


def facts(*ages: int, **changes: object) -> AccountFacts:
    """Open invoices that are so many days late."""
    invoices = tuple(
        make_invoice(id=id, number=f"INV-{id}", due_on=MONDAY - age * DAY) for id, age in enumerate(ages, 1)
    )
    return make_facts(invoices=invoices, **changes)


def verdict(
    known: AccountFacts,
    course: Course | None = None,
    *,
    mode: Mode = Mode.AUTOPILOT,
    minimums: MinimumBalances = RULEBOOK.policy.minimum_balances,
) -> Decided:
    return decide(
        known,
        course or Course(),
        segments=Segments((Segment("All", mode, "Standard"),)),
        mode_of=lambda segment: segment.mode,
        cadence_of=lambda name, version: CADENCE if name == "Standard" else None,
        version=2,
        minimums=minimums,
        payer=payer(known),
        at=MONDAY_TEN,
    )


def payer(known: AccountFacts) -> Payer:
    return payer_of(known, make_workspace(), RULEBOOK, at=MONDAY_TEN)


def running(invoice_id: int, *, done: int | None = None, pending: int | None = None, queued: bool = False) -> Course:
    step = None
    if pending is not None:
        step = Pending(1, 1, 1, pending, "friendly", MONDAY_TEN, "a" * 32 if queued else None)
    return Course(Sequence(1, 1, invoice_id, "All", "Standard", 1, done), step)


@given(
    ages=st.lists(st.integers(-40, 200), max_size=4),
    disputed=st.sets(st.integers(1, 4)),
    done=st.dictionaries(st.integers(1, 4), st.sampled_from([3, 14, 30])),
    mode=st.sampled_from(Mode),
    held=st.booleans(),
)
def test_whatever_begins_is_chased_by_the_oldest_free_invoice_and_repeats_nothing(
    ages: list[int], disputed: set[int], done: dict[int, int], mode: Mode, held: bool
) -> None:
    dispute = Dispute(1, frozenset(disputed), "Damaged", None, DisputeState.OPEN, MONDAY_TEN)
    account = make_account(legal_hold="Insolvency" if held else None)
    found = verdict(facts(*ages, disputes=(dispute,), account=account), Course(done=done), mode=mode)
    free = [id for id in range(1, len(ages) + 1) if id not in disputed]
    if found.begin is None:
        assert found == Decided()
        may = mode is not Mode.OFF and not held and bool(free)
        assert not may or done.get(max(free, key=lambda id: (ages[id - 1], -id))) == 30
        return
    assert mode is not Mode.OFF
    assert not held
    assert found.begin.invoice_id == max(free, key=lambda id: (ages[id - 1], -id))
    assert found.step is not None
    assert found.step.step.day > done.get(found.begin.invoice_id, -999)
    assert found.step.on >= MONDAY


def test_a_paid_anchor_hands_over_in_one_decision() -> None:
    known = facts(20)
    found = verdict(known, running(7, done=3, pending=14))
    assert found.stop is Stop.PAID
    assert found.begin is not None
    assert (found.begin.invoice_id, found.step and found.step.step.day) == (1, 14)


def owing(*owed: tuple[int, int]) -> AccountFacts:
    """Open invoices, each so many days late and of so many cents."""
    whole = facts(*(age for age, _ in owed))
    left = zip(whole.invoices, (cents for _, cents in owed), strict=True)
    return replace(whole, invoices=tuple(replace(one, balance=Money(cents, "EUR")) for one, cents in left))


FROM_25_EUROS = MinimumBalances(Decimal(25))


def test_a_small_old_invoice_does_not_keep_a_large_young_one_from_being_chased() -> None:
    found = verdict(owing((60, 24_99), (5, 9_000_00)), minimums=FROM_25_EUROS)
    assert found.begin is not None
    assert (found.begin.invoice_id, found.step and found.step.step.day) == (2, 3)
    assert verdict(owing((60, 24_99), (5, 1)), minimums=FROM_25_EUROS) == Decided()


def test_one_that_falls_below_the_minimum_hands_over_in_one_decision() -> None:
    course = running(1, done=14, pending=30)
    found = verdict(owing((20, 24_99), (5, 9_000_00)), course, minimums=FROM_25_EUROS)
    assert found.stop is Stop.BELOW_MINIMUM
    assert found.begin is not None
    assert (found.begin.invoice_id, found.step and found.step.step.day) == (2, 3)
    assert verdict(owing((20, 25_00), (5, 9_000_00)), course, minimums=FROM_25_EUROS) == Decided()
    assert verdict(owing((20, 24_99)), course, minimums=FROM_25_EUROS) == Decided(Stop.BELOW_MINIMUM)


def test_of_several_ends_the_one_that_a_person_settles_comes_before_the_amount() -> None:
    dispute = Dispute(1, frozenset({1}), "Damaged", None, DisputeState.OPEN, MONDAY_TEN)
    known, course = owing((20, 24_99)), running(1, pending=30)
    assert verdict(replace(known, disputes=(dispute,)), course, minimums=FROM_25_EUROS).stop is Stop.DISPUTED
    assert verdict(owing((20, 0)), course, minimums=FROM_25_EUROS).stop is Stop.PAID


def test_a_running_one_stays_with_its_invoice_when_an_older_one_comes_to_light() -> None:
    assert verdict(facts(5, 60), running(1, done=3, pending=14)) == Decided()


def test_a_planned_step_is_overtaken_by_the_next_ones_day_and_one_in_the_queue_is_not() -> None:
    late = facts(15)
    found = verdict(late, running(1, pending=3))
    assert (found.is_overtaken, found.step and found.step.step.day) == (True, 14)
    assert verdict(late, running(1, pending=3, queued=True)) == Decided()


def test_in_shadow_a_running_one_goes_on_and_off_ends_it() -> None:
    assert verdict(facts(5), running(1, done=3, pending=14), mode=Mode.SHADOW) == Decided()
    assert verdict(facts(5), running(1, done=3, pending=14), mode=Mode.OFF).stop is Stop.OUT_OF_SEGMENT


def test_the_last_step_exhausts_it_and_nothing_begins_again() -> None:
    found = verdict(facts(40), running(1, done=30))
    assert (found.stop, found.begin) == (Stop.EXHAUSTED, None)


def test_nobody_to_write_to_stops_it() -> None:
    known = replace(facts(5), contacts=())
    assert verdict(known, running(1, pending=3)).stop is Stop.SUPPRESSED
    assert verdict(known) == Decided()


def test_steps_no_further_apart_than_the_gap_do_not_put_each_other_off() -> None:
    """The one that takes the place of another leaves when that one would have: nudges keep away from then already."""
    known, midnight = facts(5), MONDAY_TEN + timedelta(hours=14)

    def due(on: date, at: datetime, overtakes: datetime | None = None) -> datetime:
        found = due_of(on, known, payer(known), RULEBOOK, key="x", at=at, overtakes=overtakes)
        assert found is not None
        return found

    first = due(MONDAY, MONDAY_TEN)
    assert first.date() == MONDAY + DAY
    assert due(MONDAY + DAY, midnight).date() == MONDAY + 2 * DAY, "with a notice of its own"
    assert due(MONDAY + DAY, midnight, first).date() == first.date()
    assert due(MONDAY + DAY, midnight, MONDAY_TEN) >= midnight, "a draft was due a while ago, and waits"


@given(st.integers(-3, 60))
def test_a_step_is_due_in_open_hours_of_its_day_or_later_and_never_without_notice(days: int) -> None:
    known = facts(5)
    on = MONDAY + days * DAY
    due = due_of(on, known, payer(known), RULEBOOK, key="x", at=MONDAY_TEN)
    assert due is not None
    local = due.astimezone(RULEBOOK.zones.zone("Europe/Berlin"))
    assert local.weekday() < 5
    assert 8 <= local.hour < 18
    assert due >= MONDAY_TEN + RULEBOOK.policy.contact_gap
    assert local.date() >= on


def test_a_step_is_due_in_the_hours_of_the_segment_in_which_the_customer_is() -> None:
    known, late = facts(5), Segment("Late risers", Mode.AUTOPILOT, "Standard", quiet=(time(16), time(11)))
    rulebook = replace(RULEBOOK, segments=Segments((late,)))
    payer_now = payer_of(known, make_workspace(), rulebook, at=MONDAY_TEN)
    assert payer_now.segment == late
    due = due_of(MONDAY + DAY, known, payer_now, rulebook, key="x", at=MONDAY_TEN)
    assert due is not None
    assert time(11) <= due.astimezone(RULEBOOK.zones.zone("Europe/Berlin")).time() < time(11, 15)
