"""A provider that drops second copies by a key, and what it may think of a second copy that is not like the first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from domain.errors import Rejected, Unavailable, Unknown
from domain.messages import State
from domain.outcomes import NudgeChanged, Refused
from domain.reasons import Reason
from domain.rules.doubt import KEY_LIFE, LONGEST_LEASE
from domain.usecases.change_nudge import cancel_nudge, hold_nudge, resolve_unconfirmed
from domain.usecases.fence_due import SENDING_LEASE, fence_due
from domain.values import Role
from storage import tables
from tests import factories
from tests.builders import make_rulebook
from tests.stage import AFTER, Stage, set_the_stage


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation, deduplicates=True)


@pytest.mark.parametrize("code", ["409", "554"])
def test_a_provider_that_refuses_the_second_copy_says_nothing_about_the_first(stage: Stage, code: str) -> None:
    message = stage.queued()
    stage.mailer.answers.append(Unknown("no answer", code="timeout"))
    stage.release(AFTER)
    assert stage.state(message.id) is State.QUEUED, "handed over again by itself"

    stage.mailer.answers.append(Rejected("this key was used with another body", code=code))
    stage.release(AFTER + timedelta(hours=1))
    asked = stage.message(message.id)
    assert (asked.state, asked.reason) == (State.UNCONFIRMED, Reason.MAIL_UNKNOWN)
    assert "duty" in stage.notice_keys(), "a person is asked"
    assert stage.rows(tables.suppressions) == [], "it was not about the address"

    tried: list[None] = []
    stage.mailer.during = lambda: tried.append(None)
    for hours in (2, 24, 48):
        stage.release(AFTER + timedelta(hours=hours))
    assert (stage.state(message.id), tried) == (State.UNCONFIRMED, []), "and never tried again by itself"


def in_doubt(stage: Stage, **options: Any) -> str:
    """Handed over once without an answer, and back in the queue."""
    message = stage.queued(**options)
    stage.mailer.answers.append(Unknown("no answer", code="timeout"))
    stage.release(AFTER)
    waiting = stage.message(message.id)
    assert (waiting.state, waiting.reason) == (State.QUEUED, Reason.MAIL_UNKNOWN)
    assert waiting.doubtful_since == AFTER
    return message.id


def test_it_is_handed_over_again_by_itself_and_nobody_is_asked(stage: Stage) -> None:
    message = in_doubt(stage)
    assert stage.release(AFTER + timedelta(hours=1)).sent == 1
    assert (stage.state(message), stage.message(message).attempts) == (State.SENT, 2)
    assert [mail.message_id for mail in stage.mailer.sent] == [f"nudge.{message}@example.com"]
    assert "duty" not in stage.notice_keys()
    assert stage.actions() == ["nudge.queued", "nudge.deferred", "nudge.sent"]


def test_a_worker_that_vanished_after_the_fence_is_made_up_for_by_the_next(stage: Stage) -> None:
    message = stage.queued()
    stage.clock.set(AFTER)
    fence_due(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook, worker="gone", limit=8)
    assert stage.state(message.id) is State.SENDING
    assert stage.release(AFTER + SENDING_LEASE).sent == 1
    assert stage.actions() == ["nudge.queued", "nudge.deferred", "nudge.sent"]


def test_when_the_provider_may_have_forgotten_the_key_a_person_is_asked(stage: Stage) -> None:
    message = in_doubt(stage)
    stage.mailer.answers.extend(Unavailable("busy", code="451") for _ in range(99))
    at = AFTER
    while stage.state(message) is State.QUEUED:
        at = max(at + timedelta(minutes=1), stage.message(message).leaves_at)
        assert at < AFTER + timedelta(days=2)
        with stage.engine.begin() as connection:
            connection.execute(update(tables.accounts).values(synced_at=at))
        stage.release(at)
    assert stage.state(message) is State.UNCONFIRMED
    assert at < AFTER + KEY_LIFE - LONGEST_LEASE
    assert "duty" in stage.notice_keys()


def test_the_doubt_is_as_old_as_its_fence_however_late_somebody_notices(stage: Stage) -> None:
    message = stage.queued()
    stage.clock.set(AFTER)
    fence_due(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook, worker="gone", limit=8)
    stage.release(AFTER + timedelta(hours=23))
    assert (stage.state(message.id), stage.mailer.sent) == (State.UNCONFIRMED, [])
    assert stage.message(message.id).doubtful_since == AFTER


def test_who_cancels_one_in_doubt_is_asked_whether_it_arrived(stage: Stage) -> None:
    message = in_doubt(stage)
    changed = cancel_nudge(message, **people(stage))
    assert isinstance(changed, NudgeChanged)
    assert stage.state(message) is State.UNCONFIRMED
    assert "duty" in stage.notice_keys()
    refused = stage.click(invoice=factories.make_invoice(stage.engine, stage.org_id, stage.account.id))
    assert isinstance(refused, Refused), "nobody else writes to them meanwhile"


def disputed(stage: Stage) -> None:
    factories.make_dispute(stage.engine, stage.org_id, stage.account.id, [stage.invoice.id])


def without_its_template(stage: Stage) -> None:
    with stage.engine.begin() as connection:
        connection.execute(tables.templates.update().values(state="retired"))


def no_longer_dropped(stage: Stage) -> None:
    stage.rulebook = make_rulebook(deduplicates=False)


@pytest.mark.parametrize("what", [disputed, without_its_template, no_longer_dropped])
def test_a_no_that_may_come_too_late_is_a_question_for_a_person(stage: Stage, what: Callable[[Stage], None]) -> None:
    message = in_doubt(stage)
    what(stage)
    stage.release(AFTER + timedelta(hours=1))
    asked = stage.message(message)
    assert (asked.state, asked.reason) == (State.UNCONFIRMED, Reason.MAIL_UNKNOWN)
    assert not any(message in mail.message_id for mail in stage.mailer.sent)
    assert "duty" in stage.notice_keys()


def test_expired_in_doubt_is_a_question_too(stage: Stage) -> None:
    message = in_doubt(stage)
    hold_nudge(message, why="He called.", **people(stage))
    stage.release(AFTER + timedelta(hours=73))
    assert (stage.state(message), stage.actions()[-1]) == (State.UNCONFIRMED, "nudge.unconfirmed")


def test_what_a_person_says_ends_the_doubt(stage: Stage) -> None:
    message = in_doubt(stage)
    disputed(stage)
    stage.release(AFTER + timedelta(hours=1))
    resolve_unconfirmed(message, arrived=False, **people(stage))
    assert stage.message(message).doubtful_since is None
    stage.release(AFTER + timedelta(hours=2))
    refused = stage.message(message)
    assert (refused.state, refused.reason) == (State.REFUSED, Reason.INVOICE_DISPUTED)


def clicked_since(stage: Stage) -> None:
    """A newer nudge to the same contact, for another invoice."""
    other = factories.make_invoice(stage.engine, stage.org_id, stage.account.id)
    factories.make_message(
        stage.engine,
        stage.org_id,
        account_id=stage.account.id,
        contact_id=stage.contact.id,
        invoice_id=other.id,
        requested_by=stage.rita.id,
        requested_at=AFTER,
        leaves_at=AFTER + timedelta(minutes=30),
        expires_at=AFTER + timedelta(days=3),
    )


def test_nobody_else_writes_to_the_contact_meanwhile(stage: Stage) -> None:
    message = in_doubt(stage)
    clicked_since(stage)
    done = stage.release(AFTER + timedelta(hours=1))
    assert (done.claimed, done.reasons) == (2, {Reason.NUDGE_QUEUED: 1})
    assert [mail.message_id for mail in stage.mailer.sent] == [f"nudge.{message}@example.com"]


def people(stage: Stage) -> dict[str, Any]:
    olga = stage.person(role=Role.OPERATOR, email="olga@northwind.example")
    return {"actor": stage.actor(olga), "uow": stage.uow, "clock": stage.clock, "rulebook": stage.rulebook}
