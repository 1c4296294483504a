"""Clicks, changes of mind, mail servers, payments and clocks in any order: the queue's promises hold.

The oracle of business hours here is a plain reading of the wall clock, not the rule under test.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import update

from domain.accounts import DisputeState, InvoiceState
from domain.bounces import Bounce, Noted, Verdict
from domain.errors import DeliveryError, Rejected, Unavailable, Unknown
from domain.mail import Mail
from domain.messages import OPEN_STATES, State, may_follow
from domain.outcomes import NudgeChanged, NudgePreview, Queued
from domain.usecases.change_nudge import cancel_nudge, hold_nudge, resolve_unconfirmed, resume_nudge
from domain.usecases.distrust_restored import distrust_restored
from domain.usecases.note_bounce import note_bounce
from domain.usecases.preview_nudge import preview_nudge
from domain.values import Role
from storage import tables
from storage.engine import build_engine
from storage.migrate import upgrade
from tests import factories
from tests.stage import Stage, set_the_stage

MINUTE = timedelta(minutes=1)
ZONES = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
STARTS = st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + minutes * MINUTE)
ANSWERS = st.sampled_from(
    [None, None, Unavailable("busy", code="451"), Unknown("no answer"), Rejected("spam", code="554")]
)


class Queue(RuleBasedStateMachine):
    """One organisation, two customers of one rep, one worker."""

    @initialize(at=STARTS, zone=st.sampled_from(ZONES), other=st.sampled_from(ZONES), cap=st.integers(2, 5))
    def open(self, at: datetime, zone: str, other: str, cap: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.engine = build_engine(f"sqlite:///{Path(self.folder.name) / 'plixo.db'}")
        upgrade(self.engine)
        org_id = factories.make_organisation(self.engine)
        self.stage: Stage = set_the_stage(self.engine, org_id, at=at, daily_cap=cap)
        self.olga = self.stage.person(role=Role.OPERATOR)
        self.zone_of_address: dict[str, str] = {}
        self.invoices = []
        self.contacts = {}
        for name in (zone, other):
            account, contact, invoices = factories.make_customer(
                self.engine,
                org_id,
                invoices=4,
                owner_email=self.stage.rita.email,
                zone=name,
                country=None,
                synced_at=at,
            )
            self.zone_of_address[contact.email] = name
            self.invoices += invoices
            self.contacts[account.id] = contact
        self.untouchable: set[str] = set()
        self.untouched: set[str] = set()
        self.came_back: set[str] = set()
        self.wrongly_sent: list[str] = []
        self.wrongly_addressed: list[Mail] = []
        self.handed_over: list[tuple[Mail, datetime]] = []
        self.sent_again: Counter[str] = Counter()
        self.stage.mailer.send = self.hand_over  # type: ignore[method-assign]
        self.answer: DeliveryError | None = None

    def hand_over(self, mail: Mail) -> str:
        """The mail server: whatever may have been accepted counts as handed over."""
        if self.answer is None or isinstance(self.answer, Unknown):
            self.handed_over.append((mail, self.stage.clock.now()))
            self.wrongly_addressed += [mail for address in self.untouched if address == mail.to.address]
            self.wrongly_sent += [number for number in self.untouchable if number in mail.subject]
        if self.answer is not None:
            raise self.answer
        return "250"

    def refresh(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(update(tables.accounts).values(synced_at=self.stage.clock.now()))

    def messages(self) -> list[dict[str, Any]]:
        return self.stage.rows(tables.messages)

    def options(self) -> dict[str, Any]:
        stage = self.stage
        return {"actor": stage.actor(self.olga), "uow": stage.uow, "clock": stage.clock, "rulebook": stage.rulebook}

    @rule(which=st.integers(0, 7))
    def click(self, which: int) -> None:
        account_id = self.invoices[which].account_id
        options = self.options() | {"actor": self.stage.actor(self.stage.rita)}
        preview = preview_nudge(account_id, **options)
        # What the preview offers is the latest that may be cited; another one is refused or already there.
        cited = preview.invoice if isinstance(preview, NudgePreview) and which % 4 else self.invoices[which]
        outcome = self.stage.click(invoice=cited, contact=self.contacts[account_id])
        if isinstance(outcome, Queued):
            assert cited.number not in self.untouchable
            assert isinstance(preview, NudgePreview)
            assert cited.number == preview.invoice.number

    @rule(minutes=st.sampled_from([1, 16, 60 * 7, 60 * 24]))
    def time_passes(self, minutes: int) -> None:
        self.stage.clock.advance(timedelta(minutes=minutes))
        self.refresh()

    @rule(answer=ANSWERS, late=st.sampled_from([0, 0, 5, 60 * 11]))
    def beat_when_something_is_due(self, answer: DeliveryError | None, late: int) -> None:
        due = [row["leaves_at"] for row in self.messages() if row["state"] == "queued"]
        if due:
            self.stage.clock.set(max(self.stage.clock.now(), min(due) + late * MINUTE))
            self.refresh()
        self.answer = answer
        self.stage.release()

    @rule(
        which=st.integers(0, 7),
        between=st.sampled_from([*["nothing"] * 8, "dispute", "pay"]),
        answer=ANSWERS,
        late=st.sampled_from([0, 0, 0, 60 * 11]),
    )
    def click_and_wait(self, which: int, between: str, answer: DeliveryError | None, late: int) -> None:
        self.click(which)
        if between != "nothing":
            getattr(self, between)(which)
        self.beat_when_something_is_due(answer, late)

    @rule(which=st.integers(0, 9), act=st.sampled_from([hold_nudge, resume_nudge, cancel_nudge]))
    def change_of_mind(self, which: int, act: Any) -> None:
        rows = self.messages()
        if rows:
            act(rows[which % len(rows)]["id"], **self.options())

    @precondition(lambda self: any(row["state"] == "unconfirmed" for row in self.messages()))
    @rule(arrived=st.booleans())
    def settle(self, arrived: bool) -> None:
        row = next(row for row in self.messages() if row["state"] == "unconfirmed")
        settled = resolve_unconfirmed(row["id"], arrived=arrived, **self.options())
        if not arrived and isinstance(settled, NudgeChanged):
            self.sent_again[row["id"]] += 1

    @rule(which=st.integers(0, 9), verdict=st.sampled_from([*[Verdict.RETURNED] * 4, Verdict.COMPLAINED]))
    def a_report_comes(self, which: int, verdict: Verdict) -> None:
        rows = self.messages()
        if not rows:
            return
        row = rows[which % len(rows)]
        noted = note_bounce(Bounce(row["id"], verdict), uow=self.stage.uow, clock=self.stage.clock)
        if noted is Noted.NEW and verdict is Verdict.COMPLAINED:
            self.untouched.add(self.contacts[row["account_id"]].email)
        if noted is Noted.NEW and row["state"] == "unconfirmed":
            self.came_back.add(row["id"])

    @rule(often=st.integers(0, 4))
    def a_backup_is_restored(self, often: int) -> None:
        """What is queued may have left already; here it has not, which nobody can know."""
        if not often:
            at = self.stage.clock.now()
            distrust_restored(at, by="olga", uow=self.stage.uow, clock=self.stage.clock)
            assert not {row["state"] for row in self.messages()} & {"queued", "claimed", "sending"}

    @invariant()
    def nothing_leaves_to_who_complained(self) -> None:
        assert not getattr(self, "wrongly_addressed", [])

    @invariant()
    def nothing_leaves_for_what_is_paid_or_disputed(self) -> None:
        assert not getattr(self, "wrongly_sent", [])

    def dispute(self, which: int) -> None:
        invoice = self.invoices[which]
        factories.make_dispute(
            self.engine, self.stage.org_id, invoice.account_id, [invoice.id], state=DisputeState.REPORTED
        )
        self.untouchable.add(invoice.number)

    def pay(self, which: int) -> None:
        with self.engine.begin() as connection:
            connection.execute(
                update(tables.invoices)
                .where(tables.invoices.c.id == self.invoices[which].id)
                .values(state=InvoiceState.PAID.value, balance=0)
            )
        self.untouchable.add(self.invoices[which].number)

    @invariant()
    def nothing_leaves_in_quiet_hours(self) -> None:
        for mail, at in getattr(self, "handed_over", []):
            wall = at.astimezone(ZoneInfo(self.zone_of_address[mail.to.address]))
            assert 8 <= wall.hour < 18, wall
            assert wall.weekday() < 5, wall

    @invariant()
    def nobody_gets_it_twice(self) -> None:
        ids = Counter(mail.message_id.split(".")[1].split("@")[0] for mail, _ in getattr(self, "handed_over", []))
        for id, copies in ids.items():
            assert copies <= 1 + self.sent_again[id], "once, and once more for each time that a person said so"

    @invariant()
    def one_open_nudge_for_each_invoice(self) -> None:
        if hasattr(self, "stage"):
            keys = [
                (row["account_id"], row["contact_id"], row["invoice_id"])
                for row in self.messages()
                if State(row["state"]) in OPEN_STATES
            ]
            assert len(keys) == len(set(keys))

    @invariant()
    def contacts_are_rested(self) -> None:
        by_contact: dict[str, list[datetime]] = {}
        again = getattr(self, "sent_again", Counter())
        for mail, at in getattr(self, "handed_over", []):
            # What came back touched nobody.
            if mail.message_id.split(".")[1].split("@")[0] not in {*again, *self.came_back}:
                by_contact.setdefault(mail.to.address, []).append(at)
        for times in by_contact.values():
            times.sort()
            assert all(later - earlier >= timedelta(hours=24) for earlier, later in pairwise(times))
            assert all(c - a >= timedelta(days=7) for a, c in zip(times, times[2:], strict=False))

    def teardown(self) -> None:
        if not hasattr(self, "stage"):
            return
        state: dict[str, State] = {}
        for event in self.stage.rows(tables.message_events):
            was, became = event["was"], State(event["became"])
            if was is not None:
                now = State(was)
                # A claim itself is no event, so a queued one may be seen as claimed.
                assert state[event["message_id"]] == now or (
                    now is State.CLAIMED and state[event["message_id"]] is State.QUEUED
                )
                assert may_follow(now, became) or (now is became is State.SENT and event["reason"])
            state[event["message_id"]] = became
        assert state == {row["id"]: State(row["state"]) for row in self.messages()}
        self.engine.dispose()
        self.folder.cleanup()


TestQueue = Queue.TestCase
TestQueue.settings = settings(
    max_examples=80,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
