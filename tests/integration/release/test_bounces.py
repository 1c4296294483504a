"""Mails that come back days after they left, and readers who complain: noted once, told, and not written to again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, update

from connectors.mail.bounces import read_bounces
from domain.bounces import Bounce, Noted, Verdict
from domain.errors import Unknown
from domain.messages import Message, State, message_id
from domain.outcomes import Refused
from domain.ports import Move
from domain.reasons import Reason
from domain.usecases.note_bounce import note_bounce
from domain.values import Role
from domain.warming import DomainState
from storage import tables
from tests.reports import PAYER, make_complaint, make_return
from tests.stage import AFTER, Stage, set_the_stage


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    stage = set_the_stage(database, organisation)
    with database.begin() as books:
        books.execute(update(tables.contacts).values(email=PAYER.title()))
    return stage


@pytest.fixture
def sent(stage: Stage) -> Message:
    message = stage.queued()
    stage.release(AFTER)
    assert stage.state(message.id) is State.SENT
    return stage.message(message.id)


@pytest.fixture
def unconfirmed(stage: Stage) -> Message:
    message = stage.queued()
    stage.mailer.answers.append(Unknown("no answer", code="timeout"))
    stage.release(AFTER)
    assert stage.state(message.id) is State.UNCONFIRMED
    return stage.message(message.id)


def name(message: Message) -> str:
    return message_id(message, domain="northwind.example")


def note(stage: Stage, octets: bytes) -> Noted:
    (bounce,) = read_bounces(octets)
    return note_bounce(bounce, uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)


def counted(stage: Stage) -> dict[date, tuple[int, int]]:
    """Mails that came back and complaints, by the day on which they count."""
    return {row["day"]: (row["bounced"], row["complained"]) for row in stage.rows(tables.sending_days)}


def suppressions(stage: Stage) -> list[tuple[str, str, str | None]]:
    return [(row["email"], row["reason"], row["detail"]) for row in stage.rows(tables.suppressions)]


def test_a_mail_that_came_back_stays_sent_and_the_address_is_not_written_to_again(stage: Stage, sent: Message) -> None:
    assert note(stage, make_return(name(sent))) is Noted.NEW
    after = stage.message(sent.id)
    assert after == replace(sent, reason=Reason.MAIL_RETURNED), "it left; when it did is as true as before"
    assert suppressions(stage) == [(PAYER, "invalid", "5.1.1")]
    assert stage.actions()[-1] == "nudge.returned"
    last = stage.rows(tables.message_events)[-1]
    assert (last["was"], last["became"], last["reason"]) == ("sent", "sent", "mail_returned")
    refused = stage.click()
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.CONTACT_SUPPRESSED


def test_ar_and_the_rep_hear_of_it_in_posts_of_their_own(stage: Stage, sent: Message) -> None:
    before = {row["key"] for row in stage.rows(tables.notices)}
    note(stage, make_return(name(sent)))
    new = {row["key"]: row for row in stage.rows(tables.notices) if row["key"] not in before}
    assert {row["recipient"] for row in new.values()} == {None, stage.rita.id}
    assert all(row["state"] == "pending" for row in new.values())


def test_the_same_report_again_changes_nothing(stage: Stage, sent: Message) -> None:
    octets = make_return(name(sent))
    assert note(stage, octets) is Noted.NEW
    tables_then = [
        stage.rows(table) for table in (tables.messages, tables.message_events, tables.audit, tables.notices)
    ]
    assert note(stage, octets) is Noted.KNOWN
    tables_now = [stage.rows(table) for table in (tables.messages, tables.message_events, tables.audit, tables.notices)]
    assert tables_now == tables_then


def test_a_mail_that_came_back_still_counts_as_a_touch(stage: Stage, sent: Message) -> None:
    note(stage, make_return(name(sent), status="5.7.1", diagnostic="smtp; 550 5.7.1 policy"))
    refused = stage.click()
    assert isinstance(refused, Refused)
    assert refused.reason in (Reason.CONTACT_TOUCHED, Reason.INVOICE_NUDGED)
    assert len([row for row in stage.rows(tables.communications) if row["message_id"] == sent.id]) == 1


@pytest.mark.parametrize("status", ["5.7.1", "5.2.2", "4.4.7"])
def test_what_is_not_about_the_address_leaves_the_contact_alone(stage: Stage, sent: Message, status: str) -> None:
    assert note(stage, make_return(name(sent), status=status, diagnostic=f"smtp; 550 {status} no")) is Noted.NEW
    assert stage.message(sent.id).reason is Reason.MAIL_RETURNED
    assert suppressions(stage) == []


def test_a_contact_with_a_new_address_since_is_not_blamed_for_the_old_one(stage: Stage, sent: Message) -> None:
    with stage.engine.begin() as books:
        books.execute(update(tables.contacts).values(email="paula.new@acme.example"))
    assert note(stage, make_return(name(sent))) is Noted.NEW
    assert suppressions(stage) == []


def test_a_late_mail_is_no_news(stage: Stage, sent: Message) -> None:
    assert read_bounces(make_return(name(sent), action="delayed", status="4.4.1")) == []


def test_what_was_in_doubt_and_came_back_has_failed(stage: Stage, unconfirmed: Message) -> None:
    assert note(stage, make_return(name(unconfirmed))) is Noted.NEW
    after = stage.message(unconfirmed.id)
    assert (after.state, after.reason) == (State.FAILED, Reason.MAIL_RETURNED)
    assert suppressions(stage) == [(PAYER, "invalid", "5.1.1")]
    duty = next(row for row in stage.rows(tables.notices) if row["key"].endswith(":duty"))
    assert duty["revision"] == 2, "the question to A/R is edited: it is answered"
    assert note(stage, make_return(name(unconfirmed))) is Noted.KNOWN


def test_a_complaint_means_never_again(stage: Stage, sent: Message) -> None:
    assert note(stage, make_complaint(name(sent))) is Noted.NEW
    assert (stage.state(sent.id), stage.message(sent.id).reason) == (State.SENT, Reason.MAIL_UNWANTED)
    assert suppressions(stage) == [(PAYER, "opted_out", "abuse")]
    assert note(stage, make_complaint(name(sent))) is Noted.KNOWN
    assert note(stage, make_return(name(sent))) is Noted.KNOWN, "a complaint says more"


def test_who_complains_of_a_mail_in_doubt_has_got_it(stage: Stage, unconfirmed: Message) -> None:
    assert note(stage, make_complaint(name(unconfirmed))) is Noted.NEW
    assert stage.state(unconfirmed.id) is State.SENT
    assert len([row for row in stage.rows(tables.communications) if row["message_id"] == unconfirmed.id]) == 1


@pytest.fixture
def cancelled(stage: Stage, unconfirmed: Message) -> Message:
    """Nobody knew, and A/R left it at that."""
    with stage.uow() as work:
        moved = work.messages.move([Move(unconfirmed.id, State.UNCONFIRMED, State.CANCELLED, stage.clock.now())])
    assert moved == {unconfirmed.id}
    return stage.message(unconfirmed.id)


def test_who_complains_of_a_mail_that_was_cancelled_in_doubt_is_heard(stage: Stage, cancelled: Message) -> None:
    assert note(stage, make_complaint(name(cancelled))) is Noted.NEW
    assert stage.message(cancelled.id) == cancelled, "what A/R decided stands"
    assert suppressions(stage) == [(PAYER, "opted_out", "abuse")]
    assert stage.actions()[-1] == "nudge.complained"
    assert counted(stage) == {AFTER.date(): (0, 1)}
    assert note(stage, make_complaint(name(cancelled))) is Noted.KNOWN
    assert note(stage, make_return(name(cancelled))) is Noted.KNOWN
    assert counted(stage) == {AFTER.date(): (0, 1)}


def test_a_complaint_about_what_waits_to_be_sent_again_keeps_it_from_leaving(
    stage: Stage, unconfirmed: Message
) -> None:
    again = Move(unconfirmed.id, State.UNCONFIRMED, State.QUEUED, AFTER, leaves_at=AFTER + timedelta(minutes=5))
    with stage.uow() as work:
        work.messages.move([again])
    assert note(stage, make_complaint(name(unconfirmed))) is Noted.NEW
    stage.release(AFTER + timedelta(minutes=10))
    after = stage.message(unconfirmed.id)
    assert (after.state, after.reason) == (State.REFUSED, Reason.CONTACT_SUPPRESSED)


def test_a_report_counts_on_the_day_on_which_the_mail_left(stage: Stage, sent: Message) -> None:
    stage.clock.set(AFTER + timedelta(days=4))
    note(stage, make_return(name(sent)))
    assert counted(stage) == {AFTER.date(): (1, 0)}
    note(stage, make_complaint(name(sent)))
    assert counted(stage) == {AFTER.date(): (1, 1)}
    note(stage, make_complaint(name(sent)))
    assert counted(stage) == {AFTER.date(): (1, 1)}, "the same report is counted once"


def test_a_report_counts_for_the_domain_that_the_mail_left_from(stage: Stage, sent: Message) -> None:
    with stage.uow() as work:
        work.sending.note("old.example", AFTER.date())
    note(stage, make_return(message_id(sent, domain="old.example")))
    note(stage, make_complaint(message_id(sent, domain="elsewhere.example")))
    rows = {row["domain"]: (row["bounced"], row["complained"]) for row in stage.rows(tables.sending_days)}
    assert rows == {"old.example": (1, 0), "example.com": (0, 1)}, "a domain that never sent is not believed"


def test_too_many_reports_stop_the_domain_at_once(stage: Stage, sent: Message) -> None:
    controller = stage.person(role=Role.CONTROLLER)
    with stage.uow() as work:
        work.sending.note("example.com", AFTER.date(), bounced=4)
    note(stage, make_return(name(sent)))
    with stage.uow() as work:
        assert work.sending.take("example.com").standing is DomainState.STOPPED
    assert stage.actions()[-1] == "domain.stopped"
    (told,) = [row for row in stage.rows(tables.notices) if row["kind"] == "sending_domain"]
    assert (told["recipient"], told["subject"]) == (controller.id, "stopped example.com")


def test_a_report_about_nobodys_mail(stage: Stage, sent: Message) -> None:
    stranger = Bounce("f" * 32, Verdict.RETURNED, addresses=frozenset({PAYER}), is_bad_address=True)
    assert note_bounce(stranger, uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook) is Noted.UNKNOWN
    assert suppressions(stage) == []


def test_what_has_not_left_is_not_changed_by_a_report(stage: Stage) -> None:
    message = stage.queued()
    assert note(stage, make_return(name(message))) is Noted.KNOWN
    assert stage.state(message.id) is State.QUEUED
