"""The machine's common part: clicks, changes of mind, books, clocks, and the promises that hold after every step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.bounces import Bounce, Noted, Verdict
from domain.messages import State
from domain.outcomes import NudgeChanged
from domain.usecases.change_nudge import cancel_nudge, hold_nudge, resolve_unconfirmed, resume_nudge
from domain.usecases.distrust_restored import distrust_restored
from domain.usecases.note_bounce import note_bounce
from domain.usecases.rescue import rescue
from storage import tables
from tests.integration.release.machine import oracles
from tests.integration.release.machine.house import INVOICES, Change, House
from tests.integration.release.machine.moments import Time
from tests.integration.release.machine.oracles import Row
from tests.integration.release.machine.provider import Fate, Provider

MINUTE = timedelta(minutes=1)
ZONES = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
STARTS = st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + minutes * MINUTE)
WHICH = st.integers(0, INVOICES - 1)
CHANGES = st.sampled_from(Change)
FATES = st.lists(
    st.sampled_from([*[Fate.ACCEPTED] * 3, *[Fate.UNANSWERED] * 2, Fate.BUSY, *Fate]), min_size=4, max_size=4
)

hold_it = partial(hold_nudge, why="The customer called.")


class People(RuleBasedStateMachine):
    """What people do, and what they were promised. Who releases is added by whoever inherits."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house, self.stage = house, house.stage

    @initialize(
        at=STARTS,
        zones=st.tuples(st.sampled_from(ZONES), st.sampled_from(ZONES)),
        cap=st.integers(1, 4),
        deduplicates=st.booleans(),
        is_strict=st.booleans(),
        clicks=st.lists(WHICH, min_size=2, max_size=6, unique=True),
    )
    def begin(
        self,
        at: datetime,
        zones: tuple[str, str],
        cap: int,
        deduplicates: bool,
        is_strict: bool,
        clicks: list[int],
    ) -> None:
        """A morning on which some nudges are due."""
        self.house.begin(at, zones, daily_cap=cap, deduplicates=deduplicates)
        self.time: Time = self.house.time
        self.provider = Provider(self.time, deduplicates, is_strict)
        self.cap, self.deduplicates = cap, deduplicates
        self.order: list[str] = []
        self.clicks_and_then_they_are_due(clicks, 0, None)
        self.time.passes(self.stage.rulebook.policy.spread)

    def rows(self) -> dict[str, Row]:
        """The queue, by id."""
        return {row["id"]: row for row in self.stage.rows(tables.messages)}

    def options(self) -> dict[str, Any]:
        stage = self.stage
        actor = stage.actor(self.house.olga)
        return {"actor": actor, "uow": stage.uow, "clock": stage.clock, "rulebook": stage.rulebook}

    @rule(which=WHICH)
    def click(self, which: int) -> None:
        queued = self.house.click(which)
        if queued is not None:
            self.order.append(queued.id)

    @rule(minutes=st.sampled_from([1, 5, 16, 61, 60 * 7, 60 * 24]))
    def time_passes(self, minutes: int) -> None:
        self.time.passes(minutes * MINUTE)
        self.house.refresh()

    @rule(hours=st.sampled_from([-1, 1]))
    def the_clock_steps(self, hours: int) -> None:
        self.time.steps_by(timedelta(hours=hours))
        self.house.refresh()

    @rule(change=CHANGES, which=WHICH)
    def something_changes(self, change: Change, which: int) -> None:
        self.house.change(change, which)

    @rule(which=st.integers(0, 9), act=st.sampled_from([hold_it, resume_nudge, cancel_nudge]))
    def change_of_mind(self, which: int, act: Any) -> None:
        waiting = [id for id, row in self.rows().items() if row["state"] in (State.QUEUED, State.CLAIMED, State.HELD)]
        if waiting:
            waiting.sort(key=self.order.index)
            act(waiting[which % len(waiting)], **self.options())

    def is_anything_unconfirmed(self) -> bool:
        return any(row["state"] == State.UNCONFIRMED for row in self.rows().values())

    @rule(has_arrived=st.booleans())
    def somebody_found_out(self, has_arrived: bool) -> None:
        """Nothing, while there is nothing to find out: which rules may come must not depend on how threads ran."""
        asked = next((id for id in self.order if self.rows()[id]["state"] == State.UNCONFIRMED), None)
        if asked is None:
            return
        settled = resolve_unconfirmed(asked, arrived=has_arrived, **self.options())
        if isinstance(settled, NudgeChanged) and not has_arrived:
            self.deny(asked)

    @rule(which=st.integers(0, 9), verdict=st.sampled_from(Verdict))
    def a_report_comes(self, which: int, verdict: Verdict) -> None:
        """A mail system says days later what became of a mail that it had taken, if there is one."""
        if not self.provider.copies:
            return
        copy = self.provider.copies[which % len(self.provider.copies)]
        noted = note_bounce(
            Bounce(copy.nudge, verdict),
            uow=self.stage.uow,
            clock=self.stage.clock,
            rulebook=self.stage.rulebook,
        )
        if noted is Noted.NEW and verdict is Verdict.COMPLAINED:
            self.house.suppressed.add(self.house.customer_at(copy.address))
        elif noted is Noted.NEW:
            self.deny(copy.nudge)

    @rule(often=st.integers(0, 4))
    def a_backup_is_restored(self, often: int) -> None:
        """What is queued may have left already; here it has not, which nobody can know."""
        if not often:
            distrust_restored(self.stage.clock.now(), by="olga", uow=self.stage.uow, clock=self.stage.clock)
            moving = (State.QUEUED, State.CLAIMED, State.SENDING)
            asked_later = [row for row in self.rows().values() if row["state"] in moving]
            assert all(row["requested_at"] > self.stage.clock.now() for row in asked_later)

    def deny(self, nudge: str) -> None:
        """Whatever left until now never came: a person said so, or the mail system."""
        for copy in self.provider.copies:
            copy.is_denied |= copy.nudge == nudge

    @rule()
    def somebody_tidies_up(self) -> None:
        self.tidy()

    def tidy(self) -> None:
        """Nothing is taken from whoever still holds it, and what nobody holds any more does not stay."""
        now, before = self.stage.clock.now(), self.rows()
        rescue(uow=self.stage.uow, clock=self.stage.clock, rulebook=self.stage.rulebook)
        after = self.rows()
        for id, row in before.items():
            if row["state"] in LEASES:
                is_over = now >= row["changed_at"] + LEASES[row["state"]]
                assert is_over == (after[id]["state"] != row["state"]), f"{row['state']} since {row['changed_at']}"

    def clicks_and_then_they_are_due(self, clicks: list[int], days: int, between: Change | None) -> None:
        """Whatever stood in the way is settled, days pass, people click, and something may come between."""
        self.house.settle()
        self.time.passes(timedelta(days=days))
        self.house.refresh()
        for which in clicks:
            self.click(which)
        if between is not None:
            self.house.change(between, clicks[0])
        self.to_the_next_due(0)

    def to_the_next_due(self, late: int) -> None:
        """Time passes until something is due, or `late` minutes longer."""
        due = [row["leaves_at"] for row in self.rows().values() if row["state"] == State.QUEUED]
        if due:
            self.time.passes(max(timedelta(0), min(due) + late * MINUTE - self.stage.clock.now()))
            self.house.refresh()

    @invariant()
    def the_promises_hold(self) -> None:
        if not hasattr(self, "provider"):
            return
        copies, messages = self.provider.copies, self.rows()
        oracles.nobody_gets_it_twice(copies)
        oracles.it_arrives_in_business_hours(copies, self.house.zone_of)
        oracles.contacts_are_rested(copies, self.time)
        oracles.the_day_is_not_overdrawn(copies, self.cap)
        oracles.what_may_have_left_is_not_forgotten(messages, copies)
        oracles.each_invoice_has_one_open_nudge(messages)
        oracles.whoever_stands_aside_has_a_reason(messages)

    def teardown(self) -> None:
        """Everybody goes home: whatever happened, it is told, and nothing is left hanging."""
        if not hasattr(self, "provider"):
            return
        self.everybody_tells()
        # A clock that was set back lets every lease last so much longer.
        self.time.passes(timedelta(hours=2) + sum((by for _, by in self.time.steps), timedelta(0)))
        self.tidy()
        assert not [row for row in self.rows().values() if row["state"] in LEASES]
        self.time.passes(timedelta(days=12))
        self.tidy()
        self.the_promises_hold()
        self.everybody_tells()
        for row in self.rows().values():
            assert row["state"] not in (State.QUEUED, State.HELD), f"it waits for ever: {row['state']}"

    def everybody_tells(self) -> None:
        messages, events = self.rows(), self.stage.rows(tables.message_events)
        oracles.histories_are_paths(messages, events)
        oracles.the_audit_is_complete(events, self.stage.rows(tables.audit))
        oracles.people_are_asked(messages, self.stage.rows(tables.notices))


LEASES = {State.CLAIMED: timedelta(seconds=60), State.SENDING: timedelta(minutes=15)}
