"""The quota of a day and an hour, and where sending domains stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.ports import UnitOfWork, UnitOfWorkFactory
from domain.timeline import Source
from domain.warming import Caps, DomainState, SendingDay, SendingDomain, Slot, Trouble
from tests.builders import make_caps, make_slot
from tests.factories import NOON, TODAY

NAME = "example.com"
DAY = timedelta(days=1)
SLOT = make_slot(TODAY)


def take(
    work: UnitOfWork,
    want: int,
    caps: Caps,
    *,
    slot: Slot = SLOT,
    source: Source = Source.NUDGE,
    planned: int = 0,
) -> int:
    return work.quota.take(slot, source, want=want, caps=caps, planned=planned)[0]


def used(work: UnitOfWork, slot: Slot = SLOT) -> int:
    return work.sending.volume(slot.domain, around=slot.day).on(slot.day).used


class TestQuota:
    def test_a_day_begins_unused(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            assert used(work) == 0

    def test_it_grants_until_the_cap(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            assert [take(work, 3, make_caps(7)) for _ in range(4)] == [3, 3, 1, 0]
            assert used(work) == 7

    def test_the_first_take_is_capped_as_well(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            assert take(work, 9, make_caps(4)) == 4
            assert take(work, 1, make_caps(0)) == 0
            assert take(work, 1, make_caps(0), slot=make_slot(TODAY + DAY)) == 0
            assert take(work, 0, make_caps(99)) == 0

    def test_a_lowered_cap_takes_nothing_back(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            take(work, 10, make_caps(10))
            assert take(work, 1, make_caps(5)) == 0
            assert used(work) == 10

    def test_days_domains_and_organisations_are_apart(
        self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory
    ) -> None:
        with uow() as work:
            assert take(work, 5, make_caps(5)) == 5
            assert take(work, 5, make_caps(5), slot=make_slot(TODAY + DAY)) == 5
            assert take(work, 5, make_caps(5), slot=make_slot(TODAY, domain="other.example")) == 5
        with other_uow() as work:
            assert used(work) == 0
            assert take(work, 5, make_caps(5)) == 5

    def test_what_did_not_go_out_is_given_back(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            take(work, 5, make_caps(5))
            work.quota.give_back(SLOT, Source.NUDGE, 2)
            assert used(work) == 3
            work.quota.give_back(SLOT, Source.AUTOPILOT, 2)
            assert used(work) == 3
            work.quota.give_back(SLOT, Source.NUDGE, 9)
            assert used(work) == 0
            work.quota.give_back(make_slot(TODAY + DAY), Source.NUDGE, 1)

    def test_rolled_back_is_not_taken(self, uow: UnitOfWorkFactory) -> None:
        with pytest.raises(RuntimeError), uow() as work:
            take(work, 5, make_caps(5))
            raise RuntimeError
        with uow() as work:
            assert used(work) == 0

    def test_each_hour_has_its_own_cap_and_the_day_goes_on(self, uow: UnitOfWorkFactory) -> None:
        caps = make_caps(10, hour=4)
        ten, eleven = make_slot(TODAY, 10), make_slot(TODAY, 11)
        with uow() as work:
            assert [take(work, 3, caps, slot=ten) for _ in range(3)] == [3, 1, 0]
            assert [take(work, 3, caps, slot=eleven) for _ in range(2)] == [3, 1]
            assert take(work, 9, caps, slot=make_slot(TODAY, 13)) == 2
            assert take(work, 1, caps, slot=make_slot(TODAY, 14)) == 0

    def test_a_worker_whose_hour_is_over_takes_from_the_present_one(self, uow: UnitOfWorkFactory) -> None:
        caps = make_caps(100, hour=4)
        with uow() as work:
            assert take(work, 3, caps, slot=make_slot(TODAY, 11)) == 3
            assert take(work, 3, caps, slot=make_slot(TODAY, 10)) == 1
            assert take(work, 3, caps, slot=make_slot(TODAY, 11)) == 0

    def test_what_is_given_back_belongs_to_its_hour(self, uow: UnitOfWorkFactory) -> None:
        caps = make_caps(100, hour=4)
        with uow() as work:
            take(work, 4, caps, slot=make_slot(TODAY, 10))
            take(work, 4, caps, slot=make_slot(TODAY, 11))
            work.quota.give_back(make_slot(TODAY, 10), Source.NUDGE, 2)
            assert take(work, 4, caps, slot=make_slot(TODAY, 11)) == 0
            work.quota.give_back(make_slot(TODAY, 11), Source.NUDGE, 2)
            assert take(work, 4, caps, slot=make_slot(TODAY, 11)) == 2

    def test_steps_leave_the_nudges_share(self, uow: UnitOfWorkFactory) -> None:
        caps = make_caps(10, day_steps=8)
        with uow() as work:
            assert take(work, 10, caps, source=Source.AUTOPILOT) == 8
            assert take(work, 10, caps) == 2

    def test_nudges_leave_what_is_planned(self, uow: UnitOfWorkFactory) -> None:
        caps = make_caps(10, day_steps=8)
        with uow() as work:
            assert take(work, 10, caps, planned=5) == 5
            assert take(work, 10, caps, source=Source.AUTOPILOT) == 5

    def test_however_much_is_planned_the_share_is_the_nudges(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            assert take(work, 10, make_caps(10, day_steps=8), planned=100) == 2

    def test_in_an_hour_too_all_that_is_planned_has_room(self, uow: UnitOfWorkFactory) -> None:
        caps = make_caps(100, hour=10, hour_steps=8)
        with uow() as work:
            assert take(work, 10, caps, planned=6) == 4
            assert take(work, 10, caps, source=Source.AUTOPILOT) == 6

    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        caps=st.builds(Caps, *(st.integers(0, 12) for _ in range(4))),
        acts=st.lists(
            st.tuples(st.sampled_from(Source), st.integers(1, 6), st.integers(0, 8), st.integers(8, 11)), max_size=12
        ),
    )
    def test_the_statement_and_the_rule_come_to_the_same(
        self, uow: UnitOfWorkFactory, caps: Caps, acts: list[tuple[Source, int, int, int]]
    ) -> None:
        """Whatever is asked in whatever order: what the row's arithmetic grants is what `Caps.left` says."""
        known = SendingDay(TODAY)
        with pytest.raises(_Undo), uow() as work:
            for source, want, planned, hour in acts:
                if source not in (Source.NUDGE, Source.AUTOPILOT):
                    continue
                stood = known.at_hour(hour)
                expected = min(want, caps.left(stood, source, planned=planned))
                granted, known = work.quota.take(make_slot(TODAY, hour), source, want=want, caps=caps, planned=planned)
                assert granted == expected
                assert known.used == stood.used + granted
                assert known.hour == max(stood.hour, hour)
            raise _Undo

    def test_a_segments_day_is_its_own(self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory) -> None:
        late, early = replace(SLOT, segment="Late"), replace(SLOT, segment="Early")
        with uow() as work:
            assert [take(work, 3, make_caps(4), slot=late) for _ in range(3)] == [3, 1, 0]
            assert take(work, 9, make_caps(4), slot=early, source=Source.AUTOPILOT) == 4
            assert take(work, 3, make_caps(4), slot=replace(make_slot(TODAY + DAY), segment="Late")) == 3
            assert used(work) == 0, "the domain's day is counted apart"
            volume = work.sending.volume(NAME, around=TODAY)
            assert volume.of_segment("Late", TODAY) == SendingDay(TODAY, nudges=4)
            assert volume.of_segment("Early", TODAY) == SendingDay(TODAY, steps=4)
        with other_uow() as work:
            assert take(work, 9, make_caps(4), slot=late) == 4

    def test_what_a_segment_did_not_use_is_given_back_to_it(self, uow: UnitOfWorkFactory) -> None:
        late = replace(SLOT, segment="Late")
        with uow() as work:
            take(work, 4, make_caps(4), slot=late)
            take(work, 4, make_caps(4))
            work.quota.give_back(late, Source.AUTOPILOT, 2)
            assert take(work, 4, make_caps(4), slot=late) == 0
            work.quota.give_back(late, Source.NUDGE, 2)
            assert used(work) == 4
            assert take(work, 4, make_caps(4), slot=late) == 2
            work.quota.give_back(late, Source.NUDGE, 9)
            assert take(work, 9, make_caps(4), slot=late) == 4
            work.quota.give_back(replace(late, segment="Early"), Source.NUDGE, 1)

    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        day=st.integers(1, 12),
        steps=st.integers(0, 12),
        acts=st.lists(
            st.tuples(
                st.sampled_from((Source.NUDGE, Source.AUTOPILOT)), st.integers(1, 6), st.integers(0, 8), st.booleans()
            ),
            max_size=12,
        ),
    )
    def test_of_a_segment_the_statement_and_the_rule_come_to_the_same(
        self, uow: UnitOfWorkFactory, day: int, steps: int, acts: list[tuple[Source, int, int, bool]]
    ) -> None:
        """Takes, and gifts back, in whatever order: never more than the cap."""
        caps, late, known = make_caps(day, day_steps=min(steps, day)), replace(SLOT, segment="Late"), SendingDay(TODAY)
        with pytest.raises(_Undo), uow() as work:
            for source, want, planned, is_given_back in acts:
                expected = min(want, caps.left(known, source, planned=planned))
                granted, known = work.quota.take(late, source, want=want, caps=caps, planned=planned)
                assert granted == expected and known.used <= day
                if is_given_back:
                    work.quota.give_back(late, source, granted)
                    known = work.sending.volume(NAME, around=TODAY).of_segment("Late", TODAY)
            raise _Undo


class _Undo(Exception):
    """Leave nothing behind for the next example."""


class TestDomains:
    def test_a_domain_that_nobody_knows_is_a_new_one(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            assert work.sending.volume(NAME, around=TODAY).domain == SendingDomain(NAME)

    def test_it_is_kept_whole(self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory) -> None:
        at = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
        whole = SendingDomain(
            NAME,
            standing=DomainState.STOPPED,
            trouble=Trouble.BOUNCES,
            counted=12,
            judged_on=TODAY,
            since=at,
            measured_after=TODAY - DAY,
            last_sent_on=TODAY - 2 * DAY,
            lifted_at=at,
            lifted_why="The list is cleaned.",
        )
        with uow() as work:
            assert work.sending.take(NAME) == SendingDomain(NAME)
            work.sending.save(whole)
            assert work.sending.take(NAME) == whole
            assert work.sending.volume(NAME, around=TODAY).domain == whole
            work.sending.save(replace(whole, standing=DomainState.WARMING, trouble=None))
        with uow() as work:
            assert work.sending.take(NAME).standing is DomainState.WARMING
        with other_uow() as work:
            assert work.sending.volume(NAME, around=TODAY).domain == SendingDomain(NAME)

    def test_reports_are_counted_on_their_day(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            take(work, 3, make_caps(5))
            work.sending.note(NAME, TODAY, bounced=1)
            work.sending.note(NAME, TODAY, bounced=1, complained=1)
            work.sending.note(NAME, TODAY - 9 * DAY, complained=1)
            days = work.sending.days(NAME, since=TODAY - 9 * DAY)
            assert days == {
                TODAY: SendingDay(TODAY, nudges=3, hour=10, hour_nudges=3, bounced=2, complained=1),
                TODAY - 9 * DAY: SendingDay(TODAY - 9 * DAY, complained=1),
            }
            assert work.sending.days("other.example", since=TODAY) == {}
            assert set(work.sending.days(NAME, since=TODAY)) == {TODAY}

    def test_what_is_planned_ends_with_the_day(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            assert work.quota.planned(before=NOON + DAY, most=9) == 0
