"""What Autopilot sends leaves by the same queue as nudges, from the house, and neither stands in the other's way."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, update

from connectors.mail.bounces import read_bounces
from domain.bounces import Noted
from domain.errors import Unknown
from domain.messages import Message, State, message_id
from domain.reasons import Reason
from domain.timeline import Source
from domain.usecases.change_nudge import hold_nudge
from domain.usecases.note_bounce import note_bounce
from domain.values import Role
from storage import tables
from tests.factories import make_communication, new_message
from tests.reports import PAYER, make_return
from tests.stage import AFTER, EVENING, MORNING, Stage, set_the_stage


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


def steps_mail(stage: Stage, **changes: object) -> Message:
    """A step's message, due in the morning."""
    given = {"account_id": stage.account.id, "contact_id": stage.contact.id, "invoice_id": stage.invoice.id}
    given |= {"requested_by": None, "requested_at": EVENING, "leaves_at": MORNING, "source": Source.AUTOPILOT}
    with stage.uow() as work:
        added = work.messages.add(new_message(**given | changes))  # type: ignore[arg-type]
    assert added is not None
    return added


def test_it_leaves_from_the_house_and_stands_in_the_timeline_as_autopilots(stage: Stage) -> None:
    message = steps_mail(stage)
    stage.release(AFTER)
    (mail,) = stage.mailer.sent
    assert (stage.state(message.id), mail.sender, mail.message_id.partition("@")[0]) == (
        State.SENT,
        stage.rulebook.policy.sender,
        f"step.{message.id}",
    )
    assert stage.rulebook.policy.sender.name in mail.text, "it is signed by the house"
    assert [row["source"] for row in stage.rows(tables.communications)] == ["autopilot"]
    assert stage.actions() == ["autopilot.sent"]
    assert stage.notice_keys() == set(), "A/R is told of nudges; a step stands on its plan"


def test_what_somebody_approved_leaves_while_they_may_approve(stage: Stage) -> None:
    olga = stage.person(name="Olga Operator", role=Role.OPERATOR)
    message = steps_mail(stage, requested_by=olga.id)
    stage.release(AFTER)
    assert stage.state(message.id) is State.SENT
    assert stage.mailer.sent[0].sender == stage.rulebook.policy.sender


def test_what_somebody_approved_who_may_not_any_more_does_not_leave(stage: Stage) -> None:
    message = steps_mail(stage, requested_by=stage.rita.id)
    stage.release(AFTER)
    assert (stage.state(message.id), stage.message(message.id).reason) == (State.REFUSED, Reason.NOT_ALLOWED)


def test_a_nudge_on_hold_and_a_step_may_both_be_open_for_one_invoice(stage: Stage) -> None:
    nudge = stage.queued()
    olga = stage.person(name="Olga Operator", role=Role.OPERATOR)
    hold_nudge(
        nudge.id, why="He called.", actor=stage.actor(olga), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook
    )
    message = steps_mail(stage)
    stage.release(AFTER)
    assert (stage.state(nudge.id), stage.state(message.id)) == (State.HELD, State.SENT)


def test_two_steps_are_not_open_for_one_invoice(stage: Stage) -> None:
    steps_mail(stage)
    again = new_message(
        account_id=stage.account.id,
        contact_id=stage.contact.id,
        invoice_id=stage.invoice.id,
        requested_by=None,
        source=Source.AUTOPILOT,
    )
    with stage.uow() as work:
        assert work.messages.add(again) is None


def test_a_step_whose_contact_was_written_to_waits_for_the_gap(stage: Stage) -> None:
    make_communication(
        stage.engine, stage.org_id, stage.account.id, contact_id=stage.contact.id, source=Source.OPERATOR, at=EVENING
    )
    message = steps_mail(stage)
    stage.release(AFTER)
    waiting = stage.message(message.id)
    assert (waiting.state, waiting.reason) == (State.QUEUED, Reason.CONTACT_TOUCHED)
    assert waiting.leaves_at >= EVENING + stage.rulebook.policy.contact_gap


def test_only_a_mail_of_which_nobody_knows_is_told(stage: Stage) -> None:
    stage.mailer.answers.append(Unknown("no answer", code="timeout"))
    message = steps_mail(stage)
    stage.release(AFTER)
    assert stage.state(message.id) is State.UNCONFIRMED
    assert {row["key"] for row in stage.rows(tables.notices)} == {f"autopilot:{message.id}:duty"}
    with stage.uow() as work:
        (story,) = work.messages.stories([message.id])
    assert (story.requested_by, story.message.source) == (None, Source.AUTOPILOT)


def test_a_mail_of_a_step_that_comes_back_is_known_by_its_name(stage: Stage) -> None:
    with stage.engine.begin() as books:
        books.execute(update(tables.contacts).values(email=PAYER))
    message = steps_mail(stage)
    stage.release(AFTER)
    (bounce,) = read_bounces(make_return(message_id(message, domain="northwind.example")))
    assert note_bounce(bounce, uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook) is Noted.NEW
    assert stage.message(message.id).reason is Reason.MAIL_RETURNED
    assert stage.actions()[-1] == "autopilot.returned"


def test_it_is_no_nudge_of_whoever_approved_it(stage: Stage) -> None:
    steps_mail(stage, requested_by=stage.rita.id)
    with stage.uow() as work:
        assert work.messages.stories(of_person=stage.rita.id) == []
