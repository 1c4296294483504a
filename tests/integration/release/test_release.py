"""The queue from click to record, on both databases: once, in the customer's hours, and never by surprise."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from domain.accounts import InvoiceState
from domain.commitments import DisputeState, PromiseState
from domain.errors import Rejected, Unavailable, Unknown
from domain.messages import State
from domain.outcomes import AlreadyQueued, NudgeChanged, Queued, Refused
from domain.policy import Sending
from domain.reasons import Reason
from domain.reporting import Field, Problem, Unacceptable
from domain.timeline import Source, StepState
from domain.usecases.change_nudge import (
    NO_WAY_THERE,
    SAY_WHY,
    SAY_WHY_OF_A_STEP,
    cancel_nudge,
    hold_nudge,
    resolve_unconfirmed,
    resume_nudge,
)
from domain.usecases.fence_due import CLAIM_LEASE, SENDING_LEASE
from domain.usecases.set_sending import set_sending
from domain.values import Role
from storage import tables
from tests import factories
from tests.stage import AFTER, EVENING, MORNING, Stage, release, set_the_stage

HOUR = timedelta(hours=1)


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


def options(stage: Stage, person: object) -> dict[str, object]:
    return {
        "actor": stage.actor(person),  # type: ignore[arg-type]
        "uow": stage.uow,
        "clock": stage.clock,
        "rulebook": stage.rulebook,
    }


def test_waits_for_the_morning_and_leaves_once(stage: Stage) -> None:
    message = stage.queued()
    assert MORNING <= message.leaves_at < AFTER
    assert stage.release(MORNING - timedelta(seconds=1)).claimed == 0
    assert stage.mailer.sent == []
    assert stage.release(AFTER).sent == 1
    assert stage.release(AFTER + HOUR).claimed == 0
    assert [mail.to.address for mail in stage.mailer.sent] == [stage.contact.email]
    assert stage.mailer.sent[0].message_id == f"nudge.{message.id}@example.com"
    sent = stage.message(message.id)
    assert (sent.state, sent.sent_at, sent.attempts) == (State.SENT, AFTER, 1)


def test_timeline_audit_history_and_notices_agree(stage: Stage) -> None:
    message = stage.queued()
    stage.release(AFTER)
    logged = [row for row in stage.rows(tables.communications) if row["message_id"] == message.id]
    assert [(row["source"], row["contact_id"], row["at"]) for row in logged] == [("nudge", stage.contact.id, AFTER)]
    assert stage.actions() == ["nudge.queued", "nudge.sent"]
    steps = [(row["was"], row["became"]) for row in stage.rows(tables.message_events)]
    assert steps == [(None, "queued"), ("claimed", "sending"), ("sending", "sent")], "a claim itself is no event"
    assert stage.notice_keys() == {"alert", "outcome"}


def test_in_business_hours_it_leaves_at_once(stage: Stage) -> None:
    stage.clock.set(MORNING + HOUR)
    message = stage.queued()
    assert message.leaves_at == MORNING + HOUR
    assert stage.release().sent == 1


def test_the_same_click_delivered_again_finds_its_own_message(stage: Stage) -> None:
    message = stage.queued(origin="view:V1")
    again = stage.click(origin="view:V1")
    assert isinstance(again, AlreadyQueued)
    assert (again.message.id, again.is_mine) == (message.id, True)
    stage.release(AFTER)
    late = stage.click(origin="view:V1")
    assert isinstance(late, AlreadyQueued)
    assert late.message.state is State.SENT
    assert len(stage.rows(tables.messages)) == 1


def test_a_second_rep_is_shown_what_is_there(stage: Stage) -> None:
    message = stage.queued()
    manager = stage.person(role=Role.CSM, name="Cleo Care")
    with stage.engine.begin() as connection:
        connection.execute(update(tables.accounts).values(owner_email=manager.email))
    there = stage.click(by=manager)
    assert isinstance(there, AlreadyQueued)
    assert (there.message.id, there.by.name, there.is_mine) == (message.id, "Rita Rep", False)


def test_another_invoice_of_the_same_contact_waits_its_turn(stage: Stage) -> None:
    first = stage.queued()
    other = factories.make_invoice(stage.engine, stage.org_id, stage.account.id)
    refused = stage.click(invoice=other)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.at) == (Reason.NUDGE_QUEUED, first.leaves_at)


OVERNIGHT = {
    "a dispute is opened": Reason.INVOICE_DISPUTED,
    "the invoice is paid": Reason.INVOICE_PAID,
    "a promise is recorded": Reason.INVOICE_PROMISED,
    "legal puts the account on hold": Reason.LEGAL_HOLD,
    "the contact opts out": Reason.CONTACT_SUPPRESSED,
    "the rep loses the account": Reason.OUT_OF_SCOPE,
    "the rep is deactivated": Reason.DEACTIVATED,
    "the rep changes to another role": Reason.NOT_ALLOWED,
    "the template is retired": Reason.NO_TEMPLATE,
    "the pay link is killed": Reason.NO_PAY_LINK,
    "cash arrives unapplied": Reason.UNAPPLIED_CASH,
    "an operator writes": Reason.CONTACT_TOUCHED,
    "another sender schedules a step": Reason.PLANNED_DUE,
    "another sender sends a step": Reason.PLANNED_SENT,
    "the books go stale": Reason.STALE_DATA,
}


def happen(stage: Stage, what: str) -> None:
    engine, org, account = stage.engine, stage.org_id, stage.account.id
    changes = {
        "the invoice is paid": update(tables.invoices).values(state=InvoiceState.PAID.value, balance=0),
        "legal puts the account on hold": update(tables.accounts).values(legal_hold="Court case"),
        "the rep loses the account": update(tables.accounts).values(owner_email="sam@northwind.example"),
        "the rep is deactivated": update(tables.users).values(is_active=False),
        "the rep changes to another role": update(tables.users).values(role=Role.OPERATOR.value),
        "the template is retired": update(tables.templates).values(state="retired"),
        "the pay link is killed": tables.pay_links.delete(),
        "the books go stale": update(tables.accounts).values(synced_at=EVENING - 20 * HOUR),
    }
    if what in changes:
        with engine.begin() as connection:
            connection.execute(changes[what])
    elif what == "a dispute is opened":
        factories.make_dispute(engine, org, account, [stage.invoice.id], state=DisputeState.REPORTED)
    elif what == "a promise is recorded":
        factories.make_promise(engine, org, account, [stage.invoice.id], state=PromiseState.OPEN)
    elif what == "the contact opts out":
        factories.make_suppression(engine, org, email=stage.contact.email)
    elif what == "cash arrives unapplied":
        factories.make_payment(engine, org, account, amount=stage.invoice.balance)
    elif what == "an operator writes":
        factories.make_communication(
            engine, org, account, contact_id=stage.contact.id, source=Source.OPERATOR, at=MORNING
        )
    elif what == "another sender schedules a step":
        factories.make_step(engine, org, account, due_at=AFTER + 47 * HOUR)
    elif what == "another sender sends a step":
        factories.make_step(engine, org, account, state=StepState.SENT, due_at=MORNING, sent_at=MORNING)


@pytest.mark.parametrize(("what", "reason"), OVERNIGHT.items(), ids=OVERNIGHT)
def test_what_happens_overnight_stops_it_in_the_morning(stage: Stage, what: str, reason: Reason) -> None:
    message = stage.queued()
    happen(stage, what)
    done = stage.release(AFTER)
    after = stage.message(message.id)
    assert (after.state, after.reason) == (State.REFUSED, reason)
    assert (done.refused, stage.mailer.sent) == (1, [])
    assert stage.actions()[-1] == "nudge.refused"
    assert stage.notice_keys() == {"alert", "outcome"}
    assert stage.left_on() == {}


def test_a_pause_keeps_it_and_takes_no_new_ones(stage: Stage) -> None:
    message = stage.queued()
    set_sending(Sending.PAUSED, reason="New mail server", until=None, by="carl", uow=stage.uow, clock=stage.clock)
    assert stage.release(AFTER).deferred == 1
    waiting = stage.message(message.id)
    assert (waiting.state, waiting.reason, waiting.attempts) == (State.QUEUED, Reason.SENDING_PAUSED, 0)
    refused = stage.click(invoice=factories.make_invoice(stage.engine, stage.org_id, stage.account.id))
    assert isinstance(refused, Refused)
    set_sending(Sending.ON, reason="", until=None, by="carl", uow=stage.uow, clock=stage.clock)
    assert stage.release(waiting.leaves_at).sent == 1


def test_the_balance_is_the_one_of_the_morning(stage: Stage) -> None:
    stage.queued()
    with stage.engine.begin() as connection:
        connection.execute(update(tables.invoices).values(balance=12_345))
    stage.release(AFTER)
    assert "EUR 123.45" in stage.mailer.sent[0].text


def test_held_stays_until_it_is_resumed(stage: Stage) -> None:
    message = stage.queued()
    olga = stage.person(role=Role.OPERATOR, name="Olga Operator")
    assert isinstance(hold_nudge(message.id, why="He called.", **options(stage, olga)), NudgeChanged)  # type: ignore[arg-type]
    assert stage.release(AFTER).claimed == 0
    assert stage.message(message.id).held_by == olga.id
    resumed = resume_nudge(message.id, **options(stage, olga))  # type: ignore[arg-type]
    assert isinstance(resumed, NudgeChanged)
    assert resumed.story.message.held_by is None
    assert stage.release().sent == 1


@pytest.mark.parametrize("why", ["They pay at https://pay.example/l/1", "paula@acme.example wrote"])
def test_the_reason_of_a_hold_which_a_channel_reads_holds_no_link_and_no_address(stage: Stage, why: str) -> None:
    message = stage.queued()
    for person in (stage.person(role=Role.OPERATOR), stage.rita):
        refused = hold_nudge(message.id, why=why, **options(stage, person))  # type: ignore[arg-type]
        assert refused == Unacceptable((Problem(Field.WHY, NO_WAY_THERE),))
        assert stage.state(message.id) is State.QUEUED


@pytest.mark.parametrize(("source", "ask"), [(Source.NUDGE, SAY_WHY), (Source.AUTOPILOT, SAY_WHY_OF_A_STEP)])
def test_why_somebody_elses_is_held_is_asked_for_whoever_reads_it(stage: Stage, source: Source, ask: str) -> None:
    message = stage.queued()
    with stage.engine.begin() as connection:
        connection.execute(update(tables.messages).values(source=source.value))
    refused = hold_nudge(message.id, **options(stage, stage.person(role=Role.OPERATOR)))  # type: ignore[arg-type]
    assert refused == Unacceptable((Problem(Field.WHY, ask),))


def test_cancelled_never_leaves_and_frees_the_invoice(stage: Stage) -> None:
    message = stage.queued()
    assert isinstance(cancel_nudge(message.id, **options(stage, stage.rita)), NudgeChanged)  # type: ignore[arg-type]
    assert stage.release(AFTER).claimed == 0
    assert "outcome" not in stage.notice_keys(), "the rep did it: nobody needs to tell them"
    assert isinstance(stage.click(), Queued)


def test_too_late_to_hold_what_has_left(stage: Stage) -> None:
    message = stage.queued()
    stage.release(AFTER)
    refused = hold_nudge(message.id, **options(stage, stage.rita))  # type: ignore[arg-type]
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.subject) == (Reason.TOO_LATE, "sent")


def test_another_rep_may_not_hold_it(stage: Stage) -> None:
    message = stage.queued()
    sam = stage.person(role=Role.SALES, name="Sam Seller")
    refused = hold_nudge(message.id, **options(stage, sam))  # type: ignore[arg-type]
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.NOT_ALLOWED
    assert stage.state(message.id) is State.QUEUED


def test_expires_72_hours_after_it_could_first_have_gone(stage: Stage) -> None:
    message = stage.queued()
    olga = stage.person(role=Role.OPERATOR)
    hold_nudge(message.id, why="He called.", **options(stage, olga))  # type: ignore[arg-type]
    stage.release(MORNING + 72 * HOUR - timedelta(seconds=1))
    assert stage.state(message.id) is State.HELD
    stage.release(MORNING + 72 * HOUR)
    assert (stage.state(message.id), stage.message(message.id).reason) == (State.EXPIRED, Reason.EXPIRED)


def test_mail_that_did_not_go_out_is_tried_again_in_open_hours(stage: Stage) -> None:
    stage.clock.set(MORNING + HOUR * 9 + timedelta(minutes=59))  # 17:59 in Berlin
    message = stage.queued()
    stage.mailer.answers.append(Unavailable("greylisted", code="451"))
    assert stage.release().deferred == 1
    waiting = stage.message(message.id)
    assert (waiting.state, waiting.reason, waiting.attempts) == (State.QUEUED, Reason.MAIL_UNAVAILABLE, 1)
    assert stage.left_on() == {MORNING.date(): 0}
    stage.release(waiting.leaves_at)  # 18:00 has passed: quiet again
    assert stage.mailer.sent == []
    assert stage.message(message.id).reason is Reason.QUIET_HOURS
    with stage.engine.begin() as connection:
        connection.execute(update(tables.accounts).values(synced_at=AFTER + 24 * HOUR))
    stage.release(AFTER + 24 * HOUR)
    assert (stage.state(message.id), len(stage.mailer.sent)) == (State.SENT, 1)


def test_a_refused_address_is_final_and_never_written_to_again(stage: Stage) -> None:
    message = stage.queued()
    stage.mailer.answers.append(Rejected("no such user", code="550", bad_address=True))
    assert stage.release(AFTER).failed == 1
    assert stage.state(message.id) is State.FAILED
    refused = stage.click()
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.subject) == (Reason.CONTACT_SUPPRESSED, "invalid")
    [suppression] = stage.rows(tables.suppressions)
    assert (suppression["reason"], suppression["detail"]) == ("invalid", "no such user")


def test_no_answer_after_the_hand_over_goes_to_a_person(stage: Stage) -> None:
    message = stage.queued()
    stage.mailer.answers.append(Unknown("no answer to the dot"))
    assert stage.release(AFTER).unconfirmed == 1
    stage.release(AFTER + 30 * HOUR)
    assert stage.state(message.id) is State.UNCONFIRMED
    assert stage.notice_keys() == {"alert", "duty", "unconfirmed"}
    sales = resolve_unconfirmed(message.id, arrived=True, **options(stage, stage.rita))  # type: ignore[arg-type]
    assert isinstance(sales, Refused)
    olga = stage.person(role=Role.OPERATOR)
    settled = resolve_unconfirmed(message.id, arrived=True, **options(stage, olga))  # type: ignore[arg-type]
    assert isinstance(settled, NudgeChanged)
    assert stage.state(message.id) is State.SENT
    assert len([row for row in stage.rows(tables.communications) if row["message_id"] == message.id]) == 1
    assert stage.mailer.sent == []


def test_a_person_may_send_an_unconfirmed_one_again(stage: Stage) -> None:
    message = stage.queued()
    stage.mailer.answers.append(Unknown("no answer to the dot"))
    stage.release(AFTER)
    olga = stage.person(role=Role.OPERATOR)
    resolve_unconfirmed(message.id, arrived=False, **options(stage, olga))  # type: ignore[arg-type]
    assert stage.release().sent == 1
    assert stage.mailer.sent[0].message_id == f"nudge.{message.id}@example.com"


def test_a_worker_that_died_before_the_fence_loses_nothing(stage: Stage) -> None:
    message = stage.queued()
    stage.clock.set(AFTER)
    with stage.uow() as work:
        work.messages.claim(at=AFTER, lease_until=AFTER + CLAIM_LEASE, worker="dead", limit=10)
    assert stage.release(AFTER + CLAIM_LEASE - timedelta(seconds=1)).claimed == 0
    assert stage.release(AFTER + CLAIM_LEASE).sent == 1
    assert stage.state(message.id) is State.SENT


def test_a_worker_that_died_after_the_fence_leaves_a_question(stage: Stage) -> None:
    message = stage.queued()
    stage.clock.set(AFTER)

    class Died(BaseException):
        pass

    def die() -> None:
        raise Died

    stage.mailer.during = die
    with pytest.raises(Died):
        stage.release()
    stage.mailer.during = lambda: None
    assert stage.state(message.id) is State.SENDING
    stage.release(AFTER + SENDING_LEASE - timedelta(seconds=1))
    assert stage.state(message.id) is State.SENDING
    stage.release(AFTER + SENDING_LEASE)
    assert (stage.state(message.id), stage.mailer.sent) == (State.UNCONFIRMED, [])


class SleepyClock:
    """Jumps over the lease between the claim and the decision: a worker that was stopped and woken."""

    def __init__(self, at: datetime) -> None:
        self._times = iter([at])
        self._after = at + CLAIM_LEASE + timedelta(seconds=1)

    def now(self) -> datetime:
        return next(self._times, self._after)


def test_a_worker_that_slept_past_its_claim_does_not_send(stage: Stage) -> None:
    """By then its messages may be another one's: the fence asks for the token and for a lease that still runs."""
    message = stage.queued()
    done = release(
        uow=stage.uow, clock=SleepyClock(AFTER), rulebook=stage.rulebook, mailer=stage.mailer, worker="sleepy"
    )
    assert (done.claimed, done.lost_claims, stage.mailer.sent) == (1, 1, [])
    assert stage.release(AFTER + 2 * CLAIM_LEASE).sent == 1
    assert stage.state(message.id) is State.SENT


def test_of_several_to_one_contact_the_newest_survives_a_long_pause(stage: Stage) -> None:
    first = stage.queued()
    other = factories.make_invoice(stage.engine, stage.org_id, stage.account.id)
    newer = factories.make_message(
        stage.engine,
        stage.org_id,
        account_id=stage.account.id,
        contact_id=stage.contact.id,
        invoice_id=other.id,
        requested_by=stage.rita.id,
        requested_at=EVENING + HOUR,
        leaves_at=MORNING,
        expires_at=MORNING + 72 * HOUR,
    )
    done = stage.release(AFTER)
    assert (done.sent, stage.state(newer.id)) == (1, State.SENT)
    assert (stage.state(first.id), stage.message(first.id).reason) == (State.CANCELLED, Reason.SUPERSEDED)


def test_the_day_is_full_and_the_rest_waits_for_tomorrow(database: Engine, organisation: int) -> None:
    stage = set_the_stage(database, organisation, daily_cap=2)
    messages = [stage.queued()]
    for _ in range(3):
        _, contact, invoices = factories.make_customer(
            database, organisation, owner_email=stage.rita.email, synced_at=EVENING
        )
        messages.append(stage.queued(invoice=invoices[0], contact=contact))
    done = stage.release(AFTER)
    assert (done.sent, done.deferred) == (2, 2)
    waiting = [stage.message(m.id) for m in messages if stage.state(m.id) is State.QUEUED]
    assert {m.reason for m in waiting} == {Reason.DAILY_CAP}
    assert all(MORNING + 24 * HOUR <= m.leaves_at < AFTER + 24 * HOUR for m in waiting)
    with database.begin() as connection:
        connection.execute(update(tables.accounts).values(synced_at=MORNING + 24 * HOUR))
    assert stage.release(AFTER + 24 * HOUR).sent == 2


def test_autopilots_rows_are_the_same_before_and_after(stage: Stage) -> None:
    for days in (-30, 10, 20):
        factories.make_step(stage.engine, stage.org_id, stage.account.id, due_at=MORNING + timedelta(days=days))
    before = stage.rows(tables.autopilot_steps)
    sent = stage.queued()
    stage.release(AFTER)
    assert stage.state(sent.id) is State.SENT
    assert stage.rows(tables.autopilot_steps) == before


def test_a_poisoned_row_does_not_stop_the_batch(stage: Stage) -> None:
    _, contact, invoices = factories.make_customer(
        stage.engine, stage.org_id, owner_email=stage.rita.email, synced_at=EVENING, zone="Mars/Base", country=None
    )
    odd = stage.queued(invoice=invoices[0], contact=contact)
    good = stage.queued()
    stage.release(AFTER)
    assert stage.state(good.id) is State.SENT
    assert stage.state(odd.id) is State.SENT, "an unusable zone falls to the workspace's"
