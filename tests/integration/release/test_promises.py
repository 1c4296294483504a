"""What people are told stays true as time passes, and every refusal is in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from domain.homing import Part
from domain.messages import State
from domain.outcomes import NudgeChanged, NudgePreview, Refused
from domain.policy import Sending
from domain.reasons import Reason
from domain.usecases.change_nudge import cancel_nudge, hold_nudge, resolve_unconfirmed, resume_nudge
from domain.usecases.find_account import find_account
from domain.usecases.my_accounts import my_accounts
from domain.usecases.open_account import open_account
from domain.usecases.open_home import open_home
from domain.usecases.preview_nudge import preview_nudge
from domain.usecases.set_sending import set_sending
from domain.usecases.share_account import share_account
from domain.values import Person, Role
from storage import tables
from tests import factories
from tests.stage import AFTER, MORNING, Stage, release, set_the_stage

HOUR = timedelta(hours=1)


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


def given(stage: Stage, person: Person) -> dict[str, Any]:
    return {"actor": stage.actor(person), "uow": stage.uow, "clock": stage.clock, "rulebook": stage.rulebook}


def test_every_preview_names_the_newer_invoices_it_passed_over(stage: Stage) -> None:
    newest = factories.make_invoice(stage.engine, stage.org_id, stage.account.id, issued_on=date(2026, 11, 20))
    factories.make_dispute(stage.engine, stage.org_id, stage.account.id, [newest.id])
    for _ in range(2):
        preview = preview_nudge(stage.account.id, contact_id=stage.contact.id, **given(stage, stage.rita))
        assert isinstance(preview, NudgePreview)
        assert preview.invoice.id == stage.invoice.id
        assert [passed.invoice.id for passed in preview.passed_over] == [newest.id]


def test_an_invoice_that_came_while_the_modal_was_open_is_not_passed_over_silently(stage: Stage) -> None:
    newest = factories.make_invoice(stage.engine, stage.org_id, stage.account.id, issued_on=date(2026, 11, 20))
    refused = stage.click()
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.subject) == (Reason.NEWER_INVOICE, newest.number)
    assert stage.rows(tables.messages) == []


def test_a_late_resume_gives_the_time_it_needs(stage: Stage) -> None:
    message = stage.queued()
    olga = stage.person(role=Role.OPERATOR)
    hold_nudge(message.id, why="He called.", **given(stage, olga))
    stage.clock.set(message.expires_at - timedelta(minutes=30))  # Friday 07:30 in Berlin: it would leave after 08:00
    resumed = resume_nudge(message.id, **given(stage, olga))
    assert isinstance(resumed, NudgeChanged)
    promised = resumed.story.message.leaves_at
    with stage.engine.begin() as connection:
        connection.execute(update(tables.accounts).values(synced_at=promised))
    assert stage.release(promised).sent == 1


def test_the_rep_is_told_that_a_hold_is_over(stage: Stage) -> None:
    message = stage.queued()
    olga = stage.person(role=Role.OPERATOR)

    def revision() -> int:
        return next(row["revision"] for row in stage.rows(tables.notices) if row["key"].endswith(":outcome:held"))

    hold_nudge(message.id, why="He called.", **given(stage, olga))
    assert revision() == 1
    resume_nudge(message.id, **given(stage, olga))
    assert revision() == 2


def test_what_a_rep_does_alone_sends_them_no_message(stage: Stage) -> None:
    message = stage.queued()
    hold_nudge(message.id, **given(stage, stage.rita))
    resume_nudge(message.id, **given(stage, stage.rita))
    assert stage.notice_keys() == {"alert"}


def test_a_long_pause_is_told_once(stage: Stage) -> None:
    message = stage.queued()
    set_sending(Sending.PAUSED, reason="Moving", until=None, by="carl", uow=stage.uow, clock=stage.clock)
    stage.release(AFTER)
    before = len(stage.rows(tables.audit))
    for _ in range(8):
        stage.release(stage.message(message.id).leaves_at)
    assert len(stage.rows(tables.audit)) == before
    assert stage.message(message.id).reason is Reason.SENDING_PAUSED


def test_what_can_still_be_stopped_is_not_hidden_by_a_busy_day(stage: Stage) -> None:
    message = stage.queued()
    for number in range(20):
        factories.make_message(
            stage.engine,
            stage.org_id,
            account_id=stage.account.id,
            contact_id=stage.contact.id,
            invoice_id=stage.invoice.id,
            requested_by=stage.rita.id,
            requested_at=MORNING + number * HOUR,
            state=State.CANCELLED,
        )
    home = open_home(**given(stage, stage.person(role=Role.OPERATOR)))
    assert not isinstance(home, Refused)
    assert home.contents[Part.ON_THEIR_WAY].items[0].message.id == message.id


def test_the_one_that_is_already_there_is_the_asked_contacts_own(stage: Stage) -> None:
    stage.queued()
    other = factories.make_contact(stage.engine, stage.org_id, stage.account.id, is_primary=False)
    preview = preview_nudge(stage.account.id, contact_id=other.id, **given(stage, stage.rita))
    assert isinstance(preview, NudgePreview)
    assert preview.contact.id == other.id


DOINGS: dict[str, Callable[[Stage, dict[str, Any]], object]] = {
    "find": lambda stage, who: find_account("acme robotics", **who),
    "open": lambda stage, who: open_account(stage.account.id, **who),
    "list": lambda stage, who: my_accounts(**who),
    "home": lambda stage, who: open_home(**who),
    "share": lambda stage, who: share_account(stage.account.id, origin="x", **who),
    "preview": lambda stage, who: preview_nudge(stage.account.id, **who),
    "hold": lambda stage, who: hold_nudge("m" * 32, **who),
    "resume": lambda stage, who: resume_nudge("m" * 32, **who),
    "cancel": lambda stage, who: cancel_nudge("m" * 32, **who),
    "resolve": lambda stage, who: resolve_unconfirmed("m" * 32, arrived=True, **who),
}


@pytest.mark.parametrize("doing", DOINGS)
def test_a_deactivated_person_is_refused_and_the_refusal_audited(stage: Stage, doing: str) -> None:
    gone = stage.person(is_active=False)
    refused = DOINGS[doing](stage, given(stage, gone))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.DEACTIVATED
    (row,) = stage.rows(tables.audit)
    assert (row["actor_id"], row["reason"], row["action"].endswith(".refused")) == (gone.id, "deactivated", True)


@pytest.mark.parametrize("doing", ["open", "share", "preview"])
def test_somebody_elses_account_is_refused_and_the_refusal_audited(stage: Stage, doing: str) -> None:
    sam = stage.person(role=Role.SALES, email="sam@northwind.example")
    refused = DOINGS[doing](stage, given(stage, sam))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.OUT_OF_SCOPE
    (row,) = stage.rows(tables.audit)
    assert (row["actor_id"], row["reason"], row["account_id"]) == (sam.id, "out_of_scope", stage.account.id)


@pytest.mark.parametrize("doing", ["hold", "resume", "cancel", "resolve"])
def test_a_nudge_that_is_gone_is_refused_and_the_refusal_audited(stage: Stage, doing: str) -> None:
    refused = DOINGS[doing](stage, given(stage, stage.rita))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.MESSAGE_GONE
    assert [row["reason"] for row in stage.rows(tables.audit)] == ["message_gone"]


def test_what_expires_while_sending_is_paused_is_told_and_audited(stage: Stage) -> None:
    message = stage.queued()
    set_sending(Sending.PAUSED, reason="Move", until=None, by="carl", uow=stage.uow, clock=stage.clock)
    at = AFTER
    while stage.state(message.id) is State.QUEUED:
        at = max(at, stage.message(message.id).leaves_at)
        assert at < message.expires_at + HOUR
        stage.clock.set(at)
        with stage.engine.begin() as connection:
            connection.execute(update(tables.accounts).values(synced_at=at))
        # Without tidying up in between: it is the deferral itself that finds no time left.
        release(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook, mailer=stage.mailer, worker="w")
    assert stage.state(message.id) is State.EXPIRED
    assert stage.actions()[-1] == "nudge.expired"
    assert stage.actions().count("nudge.deferred") == 1, "a pause is told once"
    assert "outcome" in stage.notice_keys()
