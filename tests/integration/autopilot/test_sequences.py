"""Autopilot over real databases: sequences begin, go on and stop, and their steps leave by the queue of the nudges."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, delete, insert, update

from domain.commitments import PromiseState
from domain.messages import State
from domain.notices import NoticeKind
from domain.outcomes import Queued, Refused
from domain.policy import Sending
from domain.reasons import Reason
from domain.usecases.plan_autopilot import plan_autopilot
from domain.usecases.set_sending import set_sending
from domain.usecases.switch_degraded import switch_degraded
from domain.values import Role
from storage import tables
from tests import factories
from tests.integration.autopilot.ground import ALL_IN_SHADOW, ALL_OFF, ALL_ON, Ground, cadence, set_the_ground
from tests.stage import AFTER, EVENING, MORNING

TODAY = EVENING.date()
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SHADOW_TOO = ALL_IN_SHADOW.replace("All", "Rest")


@pytest.fixture
def ground(database: Engine, organisation: int) -> Ground:
    """On Monday evening the invoice is 10 days late: the step of day 3 is due, the one of day 14 is on Friday."""
    ground = set_the_ground(database, organisation)
    ground.due(TODAY - 10 * DAY)
    return ground


def test_an_old_debt_enters_at_the_step_of_its_age_and_never_with_a_burst(ground: Ground) -> None:
    ground.due(TODAY - 20 * DAY)
    for _ in range(3):
        ground.plan()
    assert ground.steps() == [(14, "scheduled", None)], "day 3 is not made up for"
    (step,) = ground.stage.rows(tables.autopilot_steps)
    assert MORNING <= step["due_at"] < AFTER, "it is Monday night: it waits for the morning"
    assert (step["name"], step["tone"]) == ("Friendly reminder", "Neutral")


def test_a_step_leaves_in_its_hour_and_the_next_one_is_planned(ground: Ground) -> None:
    ground.beat(EVENING)
    assert ground.stage.mailer.sent == []
    ground.beat(AFTER)
    assert [mail.message_id[:5] for mail in ground.stage.mailer.sent] == ["step."]
    assert [row["segment"] for row in ground.stage.rows(tables.messages)] == ["All"]
    assert ground.steps() == [(3, "sent", None), (14, "scheduled", None)]
    sent = ground.stage.rows(tables.autopilot_steps)[0]
    assert sent["sent_at"] == AFTER
    assert [row["source"] for row in ground.stage.rows(tables.communications)] == ["autopilot"]
    assert ground.stage.actions().count("autopilot.queued") == ground.stage.actions().count("autopilot.sent") == 1


def test_each_step_is_sent_once_however_often_and_wherever_the_jobs_beat(ground: Ground) -> None:
    for at in (EVENING, AFTER, AFTER + MINUTE):
        for _ in range(3):
            ground.beat(at)
    assert len(ground.stage.mailer.sent) == 1


def test_a_nudge_keeps_away_from_the_step_that_is_planned_and_from_the_one_that_was_sent(ground: Ground) -> None:
    ground.plan(EVENING)
    refused = ground.stage.click()
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.AUTOPILOT_DUE
    ground.write(delete(tables.autopilot_steps))
    assert isinstance(ground.stage.click(), Queued), "only the step stood in its way"


def test_an_exhausted_sequence_ends_and_does_not_begin_again(ground: Ground) -> None:
    ground.publish(cadences=cadence(3))
    ground.beat(EVENING)
    ground.beat(AFTER)
    for day in range(1, 4):
        ground.beat(AFTER + day * DAY)
    assert (ground.steps(), ground.ends()) == ([(3, "sent", None)], ["exhausted"])


def test_a_running_sequence_keeps_its_version_and_the_next_one_takes_the_new(ground: Ground) -> None:
    ground.plan(EVENING)
    ground.publish(cadences=cadence(20, 40))
    ground.beat(AFTER)
    assert ground.steps() == [(3, "sent", None), (14, "scheduled", None)]
    other = factories.make_invoice(
        ground.stage.engine, ground.stage.org_id, ground.stage.account.id, due_on=TODAY - 5 * DAY
    )
    ground.pay()
    ground.plan(AFTER + MINUTE)
    assert ground.steps() == [(3, "sent", None), (14, "skipped", None), (20, "scheduled", None)]
    assert [(row["invoice_id"], row["version"]) for row in ground.stage.rows(tables.sequences)] == [
        (ground.stage.invoice.id, 1),
        (other.id, 2),
    ]


def paid(ground: Ground) -> None:
    ground.pay()


def disputed(ground: Ground) -> None:
    ground.dispute()


def promised(ground: Ground) -> None:
    stage = ground.stage
    given = {"account_id": stage.account.id, "state": "open", "reported_at": EVENING, "due_on": TODAY + 9 * DAY}
    promise = factories.add_row(stage.engine, tables.promises, org_id=stage.org_id, **given)
    ground.write(
        insert(tables.promise_invoices).values(org_id=stage.org_id, promise_id=promise, invoice_id=stage.invoice.id)
    )


def paid_in_part(ground: Ground) -> None:
    ground.owes(99)


def held(ground: Ground) -> None:
    ground.write(update(tables.accounts).values(legal_hold="Insolvency"))


def suppressed(ground: Ground) -> None:
    factories.make_suppression(ground.stage.engine, ground.stage.org_id, email=ground.stage.contact.email)


def switched_off(ground: Ground) -> None:
    ground.publish(segments=ALL_OFF)


STOPS = [
    (paid, "paid"),
    (disputed, "disputed"),
    (promised, "promised"),
    (paid_in_part, "below_minimum"),
    (held, "legal_hold"),
    (suppressed, "suppressed"),
    (switched_off, "out_of_segment"),
]


@pytest.mark.parametrize(("happens", "why"), STOPS, ids=[why for _, why in STOPS])
def test_it_stops_and_says_why(ground: Ground, happens, why: str) -> None:  # type: ignore[no-untyped-def]
    ground.plan(EVENING)
    happens(ground)
    ground.beat(EVENING + MINUTE)
    assert (ground.steps(), ground.ends()) == ([(3, "skipped", None)], [why])
    ended = [row for row in ground.stage.rows(tables.audit) if row["action"] == "sequence.ended"]
    assert [row["after"] for row in ended] == [{"why": why}]
    ground.beat(AFTER)
    assert ground.stage.mailer.sent == []


@pytest.mark.parametrize(("happens", "why"), STOPS, ids=[why for _, why in STOPS])
def test_it_stops_even_when_its_mail_is_in_the_queue(ground: Ground, happens, why: str) -> None:  # type: ignore[no-untyped-def]
    ground.plan(EVENING)
    step = ground.stage.rows(tables.autopilot_steps)[0]
    ground.keep_books_fresh(EVENING)
    assert ground.queue(step["due_at"]) == 1
    happens(ground)
    ground.beat(AFTER)
    assert ground.stage.mailer.sent == []
    ((day, state, reason),) = ground.steps()
    assert (day, state) == (3, "skipped")
    assert reason is not None, "the queue says why it did not leave"


def test_a_dispute_that_is_resolved_repeats_nothing(ground: Ground) -> None:
    ground.beat(EVENING)
    ground.beat(AFTER)
    dispute = ground.dispute()
    ground.plan(AFTER + MINUTE)
    ground.write(update(tables.disputes).where(tables.disputes.c.id == dispute).values(state="resolved"))
    # The segment was judged while nothing was in dispute, and is judged again tomorrow.
    ground.plan(AFTER + 2 * MINUTE)
    assert ground.steps() == [(3, "sent", None), (14, "skipped", None), (14, "scheduled", None)]


def pause(ground: Ground, reason: str | None) -> None:
    state = Sending.PAUSED if reason else Sending.ON
    set_sending(state, reason=reason or "", until=None, by="carl", uow=ground.stage.uow, clock=ground.stage.clock)


def degrade(ground: Ground, reason: str | None) -> None:
    switch_degraded(reason, by="carl", uow=ground.stage.uow, clock=ground.stage.clock)


@pytest.mark.parametrize("switch", [pause, degrade])
def test_of_what_was_missed_while_nothing_left_only_the_newest_leaves(
    ground: Ground, switch: Callable[[Ground, str | None], None]
) -> None:
    ground.plan(EVENING)
    switch(ground, "The invoice is unpaid.")
    for day in range(20):
        ground.beat(AFTER + day * DAY)
    assert ground.stage.mailer.sent == []
    switch(ground, None)
    for day in range(20, 23):
        ground.beat(AFTER + day * DAY)
    assert [step for step in ground.steps() if step[1] == "sent"] == [(30, "sent", None)]
    assert ground.steps()[:2] == [(3, "skipped", "superseded"), (14, "skipped", "superseded")]


def test_a_step_that_is_in_the_queue_when_sending_is_degraded_waits_there(ground: Ground) -> None:
    ground.plan(EVENING)
    ground.keep_books_fresh(EVENING)
    ground.queue(ground.stage.rows(tables.autopilot_steps)[0]["due_at"])
    degrade(ground, "The invoice is unpaid.")
    ground.beat(AFTER)
    assert ([row["state"] for row in ground.stage.rows(tables.messages)], ground.stage.mailer.sent) == (["queued"], [])
    degrade(ground, None)
    ground.beat(AFTER + HOUR)
    assert ground.steps()[0] == (3, "sent", None)


def test_a_refused_step_is_audited_settled_and_the_sequence_goes_on(ground: Ground) -> None:
    ground.write(delete(tables.pay_links))
    ground.beat(EVENING)
    ground.beat(AFTER)
    refusals = [row for row in ground.stage.rows(tables.audit) if row["action"] == "autopilot.refused"]
    assert [row["reason"] for row in refusals] == ["no_pay_link"]
    ground.plan(AFTER + MINUTE)
    assert ground.steps() == [(3, "skipped", "no_pay_link"), (14, "scheduled", None)]


def test_nothing_leaves_by_itself_in_shadow(ground: Ground) -> None:
    ground.publish(segments=ALL_IN_SHADOW)
    ground.beat(EVENING)
    ground.beat(AFTER)
    assert (ground.stage.mailer.sent, ground.steps()) == ([], [(3, "drafted", None)])


def test_a_segment_that_is_switched_on_during_the_day_is_judged_before_its_first_mail(ground: Ground) -> None:
    ground.publish(segments=ALL_ON + SHADOW_TOO)
    ground.plan(EVENING)
    assert standings(ground) == {"All": "autopilot", "Rest": "shadow"}
    ground.publish(segments=ALL_ON + SHADOW_TOO.replace("shadow", "autopilot"))
    ground.plan(EVENING + MINUTE)
    assert standings(ground) == {"All": "autopilot", "Rest": "autopilot"}


def test_a_segment_with_a_dispute_falls_to_shadow_and_rises_when_it_is_resolved(ground: Ground) -> None:
    dispute = ground.dispute()
    factories.make_invoice(ground.stage.engine, ground.stage.org_id, ground.stage.account.id)
    ground.beat(EVENING)
    assert standing(ground) == ("shadow", "disputes")
    assert ground.steps() == [(14, "scheduled", None)], "in Shadow it is planned, too"
    ground.write(update(tables.disputes).where(tables.disputes.c.id == dispute).values(state="resolved"))
    ground.plan(EVENING + MINUTE)
    assert standing(ground) == ("shadow", "disputes"), "it is judged once a day"
    ground.plan(EVENING + DAY)
    assert standing(ground) == ("autopilot", "")
    assert ground.steps() == [(14, "scheduled", None)]
    judged = [row["after"] for row in ground.stage.rows(tables.audit) if row["action"] == "segment.judged"]
    assert [one["mode"] for one in judged] == ["shadow", "autopilot"]


def test_replicas_that_judge_at_once_say_so_once(ground: Ground) -> None:
    """Both read that nothing was judged today before either of them judges."""
    stage, both = ground.stage, Barrier(2, timeout=30)
    stage.clock.set(EVENING)
    stage.person(role=Role.CONTROLLER, name="Carla Controller")

    class Waiting:
        """The other replica has read, too, by the time the first one asks what day it is."""

        def __init__(self) -> None:
            self.has_waited = False

        def now(self) -> datetime:
            if not self.has_waited:
                self.has_waited = True
                both.wait()
            return EVENING

    def plan(_: int) -> int:
        return plan_autopilot(uow=stage.uow, clock=Waiting(), rulebook=stage.rulebook)

    ground.dispute()
    factories.make_invoice(stage.engine, stage.org_id, stage.account.id)
    with ThreadPoolExecutor(2) as replicas:
        list(replicas.map(plan, range(2)))
    assert stage.actions().count("segment.judged") == 1
    assert standing(ground) == ("shadow", "disputes")
    (told,) = [row for row in stage.rows(tables.notices) if row["kind"] == NoticeKind.SEGMENT_STANDING]
    assert told["revision"] == 1, "told again it would be posted again"


def test_a_running_sequence_sends_nothing_while_its_segment_is_in_shadow(ground: Ground) -> None:
    ground.plan(EVENING)
    stage = ground.stage
    other = factories.make_account(stage.engine, stage.org_id)
    factories.make_invoice(stage.engine, stage.org_id, other.id)
    ground.beat(AFTER)
    assert standing(ground) == ("shadow", "contacts"), "one of two customers has nobody to write to"
    assert stage.mailer.sent == []
    assert ground.steps() == [(3, "drafted", None)]
    factories.make_contact(stage.engine, stage.org_id, other.id)
    ground.beat(AFTER + DAY)
    assert standing(ground) == ("autopilot", "")
    ground.beat(AFTER + 2 * DAY)
    assert ground.steps()[:2] == [(3, "drafted", None), (14, "sent", None)], "a draft waits for a person all the same"


def standings(ground: Ground) -> dict[str, str]:
    return {row["segment"]: row["mode"] for row in ground.stage.rows(tables.segment_standings)}


def standing(ground: Ground) -> tuple[str, str]:
    (row,) = ground.stage.rows(tables.segment_standings)
    return row["mode"], row["shortfalls"]


def test_a_customer_to_whom_another_sender_writes_is_left_to_it(ground: Ground) -> None:
    factories.make_step(ground.stage.engine, ground.stage.org_id, ground.stage.account.id)
    before = ground.stage.rows(tables.autopilot_steps)
    ground.beat(EVENING)
    assert (ground.stage.rows(tables.autopilot_steps), ground.ends()) == (before, [])


def test_without_documents_nothing_is_done(database: Engine, other_organisation: int, ground: Ground) -> None:
    from tests.stage import set_the_stage

    bare = Ground(set_the_stage(database, other_organisation))
    bare.beat(EVENING)
    assert bare.ends() == []


def test_planning_takes_as_many_statements_for_many_customers_as_for_one(ground: Ground) -> None:
    from tests.integration.release.test_rounds import statements

    def count() -> int:
        with statements(ground.stage.engine) as seen:
            ground.plan(EVENING)
        return len(seen)

    ground.plan(EVENING)
    alone = count()
    for _ in range(30):
        factories.make_customer(ground.stage.engine, ground.stage.org_id)
    ground.plan(EVENING)
    assert len(ground.ends()) == 31
    assert count() == alone


def test_a_step_that_is_in_the_queue_is_counted_once(ground: Ground) -> None:
    ground.plan(EVENING)
    ground.keep_books_fresh(EVENING)
    ends = datetime(2026, 11, 25, tzinfo=UTC)

    def planned() -> int:
        with ground.stage.uow() as work:
            return work.quota.planned(before=ends, most=100)

    assert planned() == 1
    ground.queue(ground.stage.rows(tables.autopilot_steps)[0]["due_at"])
    assert [row["state"] for row in ground.stage.rows(tables.messages)] == [State.QUEUED]
    assert planned() == 1


def test_a_step_about_a_broken_promise_is_counted_once_and_in_its_segment_alone(ground: Ground) -> None:
    stage = ground.stage
    ground.plan(EVENING)
    ground.keep_books_fresh(EVENING)
    factories.make_promise(stage.engine, stage.org_id, stage.account.id, [stage.invoice.id], state=PromiseState.BROKEN)
    due = stage.rows(tables.autopilot_steps)[0]["due_at"]
    segment = stage.rows(tables.sequences)[0]["segment"]

    def promised(before: datetime) -> list[int]:
        with stage.uow() as work:
            names = (None, segment, "Another")
            return [work.quota.promised(before=before, most=100, segment=name) for name in names]

    assert promised(due) == [0, 0, 0], "later steps are no matter"
    assert promised(due + MINUTE) == [1, 1, 0]
    ground.queue(due)
    assert stage.rows(tables.messages)[0]["segment"] == segment
    assert promised(due + HOUR) == [1, 1, 0]


def test_what_switched_off_takes_back_is_cancelled_and_told_in_the_audit_log(ground: Ground) -> None:
    ground.plan(EVENING)
    ground.keep_books_fresh(EVENING)
    ground.queue(ground.stage.rows(tables.autopilot_steps)[0]["due_at"])
    ground.publish(segments=ALL_OFF)
    ground.plan()
    assert [row["state"] for row in ground.stage.rows(tables.messages)] == [State.CANCELLED]
    assert "autopilot.cancelled" in ground.stage.actions()
    ground.publish(segments=ALL_ON)
    assert date(2026, 11, 23) == TODAY


@pytest.mark.postgres
def test_replicas_that_plan_and_queue_at_once_do_it_once(postgres: Engine) -> None:
    org_id = factories.make_organisation(postgres)
    ground = set_the_ground(postgres, org_id)
    for _ in range(20):
        factories.make_customer(postgres, org_id)
    for job, at in ((ground.plan, AFTER), (ground.queue, AFTER + DAY)):
        ground.stage.clock.set(at)
        ground.keep_books_fresh(at)
        with ThreadPoolExecutor(4) as replicas:
            for done in [replicas.submit(job) for _ in range(4)]:
                done.result()
    assert ground.ends() == [None] * 21
    assert ground.steps() == [(14, "scheduled", None)] * 21
    assert len({row["origin"] for row in ground.stage.rows(tables.messages)}) == 21
    assert ground.stage.actions().count("autopilot.queued") == 21


def test_whoever_is_on_duty_hears_once_that_the_last_step_is_done(ground: Ground) -> None:
    stage = ground.stage
    olga = factories.make_user(stage.engine, stage.org_id, email="olga@north.example", role=Role.OPERATOR)
    factories.make_user(stage.engine, stage.org_id, email="carl@north.example", role=Role.CONTROLLER)
    ground.publish(cadences=cadence(3))
    ground.beat(EVENING)
    ground.beat(AFTER)
    ground.beat(AFTER + DAY)
    assert ground.ends() == ["exhausted"]
    told = [(row["recipient"], row["subject"]) for row in stage.rows(tables.notices) if row["kind"] == "exhausted"]
    assert told == [(olga.id, f"{stage.account.id}/{stage.invoice.id}")]


def test_a_fall_is_told_once_however_often_the_segments_are_judged(ground: Ground) -> None:
    stage = ground.stage
    for role in (Role.CONTROLLER, Role.AR_MANAGER, Role.OPERATOR):
        factories.make_user(stage.engine, stage.org_id, email=f"{role}@north.example", role=role)
    ground.dispute()
    factories.make_invoice(stage.engine, stage.org_id, stage.account.id)
    for days in (0, 1, 2):
        ground.plan(EVENING + days * DAY)
    told = [row for row in stage.rows(tables.notices) if row["kind"] == "segment_standing"]
    assert len({row["recipient"] for row in told}) == len(told) == 2
