"""What a customer said, or Legal, ends the nudges that wait for it at once, and nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import update

from domain.legal_holds import HoldChanged
from domain.messages import Message, State
from domain.outcomes import NudgeChanged
from domain.reasons import Reason
from domain.reporting import Reported, Settled
from domain.timeline import Source
from domain.usecases.fence_due import fence_due
from storage import tables
from tests import factories
from tests.integration.reporting.newsroom import Newsroom
from tests.stage import AFTER, EVENING, MORNING

PATIENCE = 60.0
AT_NIGHT = MORNING - timedelta(hours=10)


@pytest.fixture(autouse=True)
def night(news: Newsroom) -> None:
    """Monday 22:00 in Berlin: what is clicked now waits."""
    news.stage.clock.set(AT_NIGHT)


def states(news: Newsroom, *messages: Message) -> list[tuple[State, Reason | None]]:
    found = [news.stage.message(one.id) for one in messages]
    return [(one.state, one.reason) for one in found]


def keys(news: Newsroom) -> list[tuple[str, int | None]]:
    """Of what is to be told about nudges."""
    rows = news.stage.rows(tables.notices)
    return sorted((row["key"].split(":", 2)[2], row["recipient"]) for row in rows if row["key"].startswith("nudge:"))


@pytest.mark.parametrize(
    ("what", "reason"), [("promise", Reason.PROMISE_CAME), ("dispute", Reason.DISPUTE_CAME)], ids=["promise", "dispute"]
)
def test_a_report_ends_what_waits_about_its_invoice(news: Newsroom, what: str, reason: Reason) -> None:
    about_it = news.stage.queued()
    outcome = news.file(getattr(news, what)(), by=news.olga, origin="view:V1")
    assert isinstance(outcome, Reported)
    assert [one.message.id for one in outcome.taken_back] == [about_it.id]
    assert states(news, about_it) == [(State.CANCELLED, reason)]
    assert keys(news) == [("alert", None), ("outcome", news.stage.rita.id)]
    (line,) = [row for row in news.stage.rows(tables.audit) if row["action"] == "nudge.cancelled"]
    assert (line["reason"], line["actor_id"]) == (reason.value, news.olga.id)
    assert line["after"]["cause"] == f"report:{outcome.story.report.id}"
    other = news.stage.queued(invoice=news.second)
    again = news.file(getattr(news, what)(), by=news.olga, origin="view:V1")
    assert isinstance(again, Reported) and again.again
    assert [one.message.id for one in again.taken_back] == [about_it.id], "said once more, and done once"
    assert states(news, other) == [(State.QUEUED, None)]
    assert news.stage.actions().count("nudge.cancelled") == 1


def test_whoever_reports_what_ends_their_own_nudge_reads_it_there(news: Newsroom) -> None:
    news.stage.queued()
    news.reported()
    assert keys(news) == [("alert", None)]


def test_one_on_hold_ends_too(news: Newsroom) -> None:
    nudge = news.stage.queued()
    held = news.cases(news.olga).hold_nudge(nudge.id, why="She called.")
    assert isinstance(held, NudgeChanged)
    news.reported()
    assert states(news, nudge) == [(State.CANCELLED, Reason.PROMISE_CAME)]


def test_what_may_have_left_is_for_a_person_to_settle(news: Newsroom) -> None:
    nudge = news.stage.queued()
    with news.stage.engine.begin() as connection:
        connection.execute(update(tables.messages).values(doubtful_since=AT_NIGHT))
    outcome = news.file(news.promise())
    assert isinstance(outcome, Reported)
    assert states(news, nudge) == [(State.UNCONFIRMED, Reason.MAIL_UNKNOWN)]
    assert [one.message.state for one in outcome.taken_back] == [State.UNCONFIRMED]


def test_a_report_without_an_invoice_ends_nothing(news: Newsroom) -> None:
    nudge = news.stage.queued()
    news.reported(news.promise(invoice_ids=frozenset(), amount=None))
    assert states(news, nudge) == [(State.QUEUED, None)]


def test_autopilots_mail_ends_by_its_own_rule(news: Newsroom) -> None:
    stage = news.stage
    step = factories.make_message(
        stage.engine,
        stage.org_id,
        account_id=stage.account.id,
        contact_id=stage.contact.id,
        invoice_id=stage.invoice.id,
        requested_by=stage.rita.id,
        requested_at=AT_NIGHT,
        leaves_at=MORNING,
        expires_at=MORNING + timedelta(hours=72),
    )
    with stage.engine.begin() as connection:
        connection.execute(update(tables.messages).values(source=Source.AUTOPILOT.value, origin="step:1"))
    news.reported()
    news.cases(news.lena).place_legal_hold(stage.account.id, why="In court.")
    assert stage.state(step.id) is State.QUEUED


def days_pass(news: Newsroom) -> None:
    """Nobody records anything for two business days, so a reported promise holds nothing any more."""
    news.stage.clock.set(AT_NIGHT + timedelta(days=3))
    with news.stage.engine.begin() as connection:
        connection.execute(update(tables.accounts).values(synced_at=news.stage.clock.now()))


def test_a_correction_ends_what_is_about_the_invoices_that_were_meant(news: Newsroom) -> None:
    story = news.reported()
    days_pass(news)
    nudge = news.stage.queued()
    draft = news.promise(invoice_ids=frozenset({news.second.id}), amount=None, due_on=None)
    corrected = news.cases(news.olga).correct_report(story.report.id, replace(draft, due_on=date(2026, 11, 30)))
    assert isinstance(corrected, Settled) and corrected.taken_back == ()
    assert states(news, nudge) == [(State.QUEUED, None)]


def test_a_promise_that_is_recorded_late_ends_what_was_queued_meanwhile(news: Newsroom) -> None:
    story = news.reported()
    days_pass(news)
    nudge = news.stage.queued()
    recorded = news.cases(news.olga).record_report(story.report.id)
    assert isinstance(recorded, Settled)
    assert [one.message.id for one in recorded.taken_back] == [nudge.id]
    assert states(news, nudge) == [(State.CANCELLED, Reason.PROMISE_CAME)]


def test_a_legal_hold_ends_all_of_the_account(news: Newsroom) -> None:
    first = news.stage.queued()
    paula = factories.make_contact(news.stage.engine, news.stage.org_id, news.stage.account.id, email="p@acme.example")
    second = news.stage.queued(contact=paula)
    _, contact, (invoice,) = factories.make_customer(
        news.stage.engine, news.stage.org_id, owner_email=news.stage.rita.email, synced_at=EVENING
    )
    elsewhere = news.stage.queued(contact=contact, invoice=invoice)
    placed = news.cases(news.lena).place_legal_hold(news.stage.account.id, why="In court.")
    assert isinstance(placed, HoldChanged) and len(placed.taken_back) == 2
    assert states(news, first, second) == [(State.CANCELLED, Reason.HOLD_CAME)] * 2
    assert states(news, elsewhere) == [(State.QUEUED, None)]


class TestNotValid:
    def test_whoever_had_queued_it_is_told(self, news: Newsroom) -> None:
        nudge = news.stage.queued()
        story = news.reported(by=news.otto)
        news.cases(news.olga).reject_report(story.report.id, why="It was another customer.")
        assert ("free", news.stage.rita.id) in keys(news)
        assert news.stage.state(nudge.id) is State.CANCELLED
        assert news.stage.queued().id != nudge.id

    def test_not_when_something_else_stands_in_the_way(self, news: Newsroom) -> None:
        news.stage.queued()
        story = news.reported(by=news.otto)
        news.reported(news.dispute(), by=news.otto)
        news.cases(news.olga).reject_report(story.report.id, why="It was another customer.")
        assert "free" not in {key for key, _ in keys(news)}

    def test_not_whoever_reported_it_for_they_hear_the_verdict(self, news: Newsroom) -> None:
        news.stage.queued()
        story = news.reported()
        news.cases(news.olga).reject_report(story.report.id, why="It was another customer.")
        assert "free" not in {key for key, _ in keys(news)}
        assert news.told("not_valid") == {news.stage.rita.id}


class Meanwhile:
    """A worker's clock: what happens between its claim and its decision."""

    def __init__(self, happens: Any) -> None:
        self._happens, self._has_claimed = happens, False

    def now(self) -> datetime:
        if self._has_claimed:
            self._happens()
        self._has_claimed = True
        return AFTER


def fence(news: Newsroom, clock: Any) -> int:
    return len(
        fence_due(uow=news.stage.uow, clock=clock, rulebook=news.stage.rulebook, worker="worker-1", limit=9).cleared
    )


def test_one_that_a_worker_has_claimed_is_left_to_the_guards(news: Newsroom) -> None:
    nudge = news.stage.queued()
    taken: list[int] = []

    def reported() -> None:
        outcome = news.file(news.promise())
        assert isinstance(outcome, Reported)
        taken.append(len(outcome.taken_back))

    news.stage.clock.set(AFTER)
    assert fence(news, Meanwhile(reported)) == 0
    assert taken == [0]
    assert states(news, nudge) == [(State.REFUSED, Reason.INVOICE_PROMISED)]


def test_in_a_race_with_the_release_it_leaves_or_ends_and_both_agree(news: Newsroom) -> None:
    """Both begin at once; who is first differs from run to run, and neither may see half of the other."""
    nudge = news.stage.queued()
    news.stage.clock.set(AFTER)
    meeting = Barrier(2)

    def fenced() -> int:
        meeting.wait(PATIENCE)
        return fence(news, news.stage.clock)

    def reported() -> int:
        meeting.wait(PATIENCE)
        outcome = news.file(news.promise())
        assert isinstance(outcome, Reported)
        return len(outcome.taken_back)

    with ThreadPoolExecutor(2) as threads:
        leaving, ending = threads.submit(fenced), threads.submit(reported)
        became = (leaving.result(), ending.result(), news.stage.state(nudge.id))
    assert became in {
        (1, 0, State.SENDING),
        (0, 1, State.CANCELLED),
        (0, 0, State.REFUSED),
    }
