"""From what somebody heard to the official record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.commitments import DisputeState, PromiseState, Resolution, Verdict
from domain.outcomes import Refused
from domain.reasons import Reason
from domain.reporting import Acknowledged, DisputeChanged, Field, PromiseChanged, Reported, Settled, Unacceptable
from domain.values import Money, Role
from storage import tables
from tests import factories
from tests.integration.reporting.newsroom import AT, FRIDAY, Newsroom

END_OF_WEDNESDAY = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)
"""Two business days after Monday, at Berlin's midnight."""


def test_a_report_is_one_row_of_everything(news: Newsroom) -> None:
    story = news.reported()
    assert story.promise is not None
    assert (story.promise.state, story.promise.hold_until) == (PromiseState.REPORTED, END_OF_WEDNESDAY)
    assert story.promise.amount == Money(1_000_000, "EUR") and story.promise.due_on == FRIDAY
    assert [invoice.id for invoice in story.invoices] == [news.stage.invoice.id]
    assert (story.reporter.name, story.contact and story.contact.name) == ("Rita Rep", "Paula Payer")
    assert story.due_at == AT + timedelta(minutes=15)
    assert news.promise_history() == [(story.promise.id, None, "reported")]
    assert news.stage.actions() == ["promise.reported"]
    assert news.told("duty") == {news.olga.id, news.otto.id}, "nobody keeps the account: all Operators"


def test_what_was_owed_when_it_was_promised_is_kept(news: Newsroom) -> None:
    news.reported()
    (row,) = news.stage.rows(tables.promise_invoices)
    assert row["balance"] == news.stage.invoice.balance.minor


def test_the_same_submission_finds_its_report(news: Newsroom) -> None:
    first = news.reported(origin="view:V1")
    again = news.file(news.promise(amount=Money(1, "EUR")), origin="view:V1")
    assert isinstance(again, Reported) and again.again
    assert again.story == first
    assert len(news.stage.rows(tables.reports)) == len(news.stage.rows(tables.promises)) == 1


def test_unknown_is_allowed(news: Newsroom) -> None:
    story = news.reported(news.promise(invoice_ids=frozenset(), amount=None, due_on=None, contact_id=None))
    assert story.promise is not None
    assert (story.invoices, story.promise.amount, story.promise.due_on) == ((), None, None)


def test_what_cannot_be_so_is_said_at_its_field_and_nothing_is_written(news: Newsroom) -> None:
    outcome = news.file(news.promise(amount=Money(10**9, "EUR"), due_on=date(2026, 11, 20)))
    assert isinstance(outcome, Unacceptable)
    assert {problem.field for problem in outcome.problems} == {Field.AMOUNT, Field.DUE_ON}
    assert news.stage.rows(tables.reports) == news.stage.rows(tables.promises) == []


def test_invoices_of_somebody_else_cannot_be_named(news: Newsroom) -> None:
    other = factories.make_account(news.stage.engine, news.stage.org_id)
    theirs = factories.make_invoice(news.stage.engine, news.stage.org_id, other.id)
    outcome = news.file(news.promise(invoice_ids=frozenset({theirs.id})))
    assert isinstance(outcome, Unacceptable)


def test_nobody_reports_about_accounts_they_do_not_see(news: Newsroom) -> None:
    refused = news.file(news.promise(), by=news.person(Role.SALES, "Sam"))
    assert isinstance(refused, Refused) and refused.reason is Reason.OUT_OF_SCOPE
    refused = news.file(news.promise(), by=news.mona)
    assert isinstance(refused, Refused) and refused.reason is Reason.NOT_ALLOWED
    assert news.stage.actions() == ["promise.reported.refused"] * 2


def test_recorded_it_is_open_and_the_reporter_hears(news: Newsroom) -> None:
    story = news.reported()
    outcome = news.cases(news.olga).record_report(story.report.id)
    assert isinstance(outcome, Settled) and outcome.story.promise is not None
    assert outcome.story.promise.state is PromiseState.OPEN
    assert outcome.story.promise.recorded_at == AT
    assert (outcome.story.report.verdict, outcome.story.settled_by) == (Verdict.RECORDED, outcome.story.acknowledged_by)
    assert news.told("recorded") == {news.stage.rita.id}
    assert [event[1:] for event in news.promise_history()] == [(None, "reported"), ("reported", "open")]


def test_of_two_operators_the_second_is_told_who_was_faster(news: Newsroom) -> None:
    story = news.reported()
    news.cases(news.olga).record_report(story.report.id)
    news.stage.clock.set(AT + timedelta(minutes=1))
    for late in (
        news.cases(news.otto).record_report(story.report.id),
        news.cases(news.otto).reject_report(story.report.id, why="No."),
        news.cases(news.otto).acknowledge_report(story.report.id),
        news.cases(news.otto).correct_report(story.report.id, news.promise()),
    ):
        assert isinstance(late, Refused)
        assert (late.reason, late.by, late.at) == (Reason.REPORT_SETTLED, "Olga Operator", AT)
    assert len(news.promise_history()) == 2


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_only_operators_keep_the_record(news: Newsroom, role: Role) -> None:
    story = news.reported()
    somebody = news.person(role, "Somebody")
    cases = news.cases(somebody)
    for outcome in (
        cases.record_report(story.report.id),
        cases.correct_report(story.report.id, news.promise()),
        cases.reject_report(story.report.id, why="No."),
        cases.acknowledge_report(story.report.id),
        cases.open_report_form(news.stage.account.id, report_id=story.report.id),
    ):
        assert isinstance(outcome, Refused) and outcome.reason is Reason.NOT_ALLOWED
    assert news.story(story.report.id) == story


def test_corrected_it_says_what_the_operator_found(news: Newsroom) -> None:
    story = news.reported()
    draft = news.promise(amount=Money(500, "EUR"), invoice_ids=frozenset({news.second.id}), evidence="something else")
    outcome = news.cases(news.olga).correct_report(story.report.id, draft)
    assert isinstance(outcome, Settled) and outcome.story.promise is not None
    assert outcome.story.promise.invoice_ids == {news.second.id}
    assert outcome.story.promise.amount == Money(500, "EUR")
    assert outcome.story.report.verdict is Verdict.CORRECTED
    assert outcome.story.report.evidence == "We will pay on Friday.", "the report stays as it came in"
    (entry,) = [row for row in news.stage.rows(tables.audit) if row["action"] == "report.corrected"]
    assert (entry["before"]["amount"], entry["after"]["amount"]) == ("10000.00 EUR", "5.00 EUR")


def test_a_form_of_another_kind_or_account_is_stale(news: Newsroom) -> None:
    story = news.reported()
    for draft in (news.dispute(), news.promise(account_id=news.stage.account.id + 99)):
        outcome = news.cases(news.olga).correct_report(story.report.id, draft)
        assert isinstance(outcome, Refused) and outcome.reason is Reason.STALE_BUTTON


def test_the_record_needs_invoices_and_a_day(news: Newsroom) -> None:
    story = news.reported(news.promise(invoice_ids=frozenset(), due_on=None))
    outcome = news.cases(news.olga).record_report(story.report.id)
    assert isinstance(outcome, Unacceptable)
    assert [problem.field for problem in outcome.problems] == [Field.INVOICES, Field.DUE_ON]
    assert not news.story(story.report.id).report.is_settled


def test_not_valid_needs_a_reason_which_the_reporter_hears(news: Newsroom) -> None:
    story = news.reported()
    assert isinstance(news.cases(news.olga).reject_report(story.report.id, why="  "), Unacceptable)
    outcome = news.cases(news.olga).reject_report(story.report.id, why="They meant another supplier.")
    assert isinstance(outcome, Settled) and outcome.story.promise is not None
    assert outcome.story.promise.state is PromiseState.WITHDRAWN
    assert outcome.story.report.why == "They meant another supplier."
    assert news.told("not_valid") == {news.stage.rita.id}


def test_acknowledged_once(news: Newsroom) -> None:
    story = news.reported()
    assert isinstance(news.cases(news.olga).acknowledge_report(story.report.id), Acknowledged)
    assert isinstance(news.cases(news.olga).acknowledge_report(story.report.id), Acknowledged)
    taken = news.cases(news.otto).acknowledge_report(story.report.id)
    assert isinstance(taken, Refused)
    assert (taken.reason, taken.by) == (Reason.REPORT_ACKNOWLEDGED, "Olga Operator")


def test_a_newer_promise_supersedes_the_open_one(news: Newsroom) -> None:
    first, second = news.reported(), news.reported(news.promise(due_on=FRIDAY + timedelta(days=7)))
    news.cases(news.olga).record_report(first.report.id)
    outcome = news.cases(news.olga).record_report(second.report.id)
    assert isinstance(outcome, Settled)
    assert first.promise is not None and outcome.superseded == (first.promise.id,)
    ended = news.story(first.report.id).promise
    assert ended is not None and (ended.state, ended.decided_at) == (PromiseState.SUPERSEDED, AT)
    assert news.told("superseded") == {news.stage.rita.id}


def test_an_open_promise_is_withdrawn_once(news: Newsroom) -> None:
    story = news.reported()
    assert story.promise is not None
    early = news.cases(news.olga).withdraw_promise(story.promise.id, why="They called.")
    assert isinstance(early, Refused) and early.reason is Reason.NOT_RECORDED_YET
    news.cases(news.olga).record_report(story.report.id)
    assert isinstance(news.cases(news.olga).withdraw_promise(story.promise.id, why="They called."), PromiseChanged)
    late = news.cases(news.otto).withdraw_promise(story.promise.id, why="They called me too.")
    assert isinstance(late, Refused)
    assert (late.reason, late.by, late.subject) == (Reason.ALREADY_DECIDED, "Olga Operator", "withdrawn")


class TestGuards:
    """Effects on the queue, at once."""

    def test_another_invoice_may_be_nudged(self, news: Newsroom) -> None:
        news.reported()
        refused = news.stage.click()
        assert isinstance(refused, Refused) and refused.reason is Reason.INVOICE_PROMISED
        assert refused.until == END_OF_WEDNESDAY
        news.stage.queued(invoice=news.second)

    def test_what_was_not_valid_is_chased_again(self, news: Newsroom) -> None:
        story = news.reported()
        news.cases(news.olga).reject_report(story.report.id, why="No.")
        news.reported(news.promise(invoice_ids=frozenset({news.second.id})))
        assert news.stage.queued().invoice_id == news.stage.invoice.id

    def test_a_report_that_nobody_records_holds_for_two_business_days(self, news: Newsroom) -> None:
        news.reported()
        with news.stage.uow() as work:
            facts = work.accounts.facts([news.stage.account.id], at=AT)[news.stage.account.id]
        assert facts.promise_on(news.stage.invoice.id, END_OF_WEDNESDAY - timedelta(seconds=1))
        assert not facts.promise_on(news.stage.invoice.id, END_OF_WEDNESDAY)

    def test_a_dispute_takes_only_its_invoices_out(self, news: Newsroom) -> None:
        news.reported(news.dispute())
        refused = news.stage.click()
        assert isinstance(refused, Refused) and refused.reason is Reason.INVOICE_DISPUTED
        news.stage.queued(invoice=news.second)


class TestDisputes:
    def test_recorded_looped_in_answered_resolved(self, news: Newsroom) -> None:
        story = news.reported(news.dispute())
        assert story.dispute is not None
        id = story.dispute.id
        early = news.cases(news.olga).loop_in_legal(id)
        assert isinstance(early, Refused) and early.reason is Reason.NOT_RECORDED_YET
        news.cases(news.olga).record_report(story.report.id)
        review = news.cases(news.olga).loop_in_legal(id)
        assert isinstance(review, DisputeChanged)
        dispute = review.story.dispute
        assert (dispute.state, dispute.owner, dispute.answer_due_at) == (
            DisputeState.IN_REVIEW,
            "Lena Legal",
            END_OF_WEDNESDAY,
        )
        assert news.told("legal") == {news.lena.id}
        answer = news.cases(news.lena).answer_dispute(id, text="The contract is on their side.")
        assert isinstance(answer, DisputeChanged)
        assert answer.story.history[-1].why == "The contract is on their side."
        assert news.told("answered") == {news.olga.id, news.otto.id}
        done = news.cases(news.otto).resolve_dispute(id, resolution=Resolution.CREDIT, why="Half is credited.")
        assert isinstance(done, DisputeChanged)
        assert (done.story.dispute.resolution, done.story.dispute.resolved_at) == (Resolution.CREDIT, AT)
        became = [turn.became for turn in done.story.history]
        assert became == ["reported", "open", "in_review", "in_review", "resolved"]
        assert news.told("in_review") == news.told("resolved") == {news.stage.rita.id}
        late = news.cases(news.olga).resolve_dispute(id, resolution=Resolution.INVALID, why="No.")
        assert isinstance(late, Refused) and (late.reason, late.by) == (Reason.ALREADY_DECIDED, "Otto Operator")
        assert news.stage.queued().invoice_id

    def test_not_valid_is_resolved_as_invalid(self, news: Newsroom) -> None:
        story = news.reported(news.dispute())
        news.cases(news.olga).reject_report(story.report.id, why="It was about another order.")
        dispute = news.story(story.report.id).dispute
        assert dispute is not None
        assert (dispute.state, dispute.resolution) == (DisputeState.RESOLVED, Resolution.INVALID)

    def test_legal_gives_input_and_nothing_else(self, news: Newsroom) -> None:
        id = factories.make_dispute(news.stage.engine, news.stage.org_id, news.stage.account.id, [news.second.id])
        lena = news.cases(news.lena)
        for no in (
            lena.loop_in_legal(id),
            lena.resolve_dispute(id, resolution=Resolution.CREDIT, why="x"),
            news.cases(news.olga).answer_dispute(id, text="x"),
            news.cases(news.stage.rita).answer_dispute(id, text="x"),
        ):
            assert isinstance(no, Refused) and no.reason is Reason.NOT_ALLOWED
        assert isinstance(lena.answer_dispute(id, text="Seen."), DisputeChanged), "the books' disputes too"

    def test_the_burden_is_shared_and_nobody_is_no_owner(self, news: Newsroom) -> None:
        second = news.person(Role.LEGAL, "Leo Legal")
        owners = []
        for _ in range(3):
            id = factories.make_dispute(news.stage.engine, news.stage.org_id, news.stage.account.id)
            outcome = news.cases(news.olga).loop_in_legal(id)
            assert isinstance(outcome, DisputeChanged)
            owners.append(outcome.story.dispute.owner)
        assert sorted(map(str, owners[:2])) == ["Lena Legal", "Leo Legal"] and owners[2] == "Lena Legal"
        with news.stage.uow() as work:
            for person in (news.lena, second):
                work.people.grant(person.id, role=Role.VIEWER, capability=None, until=None, by="x")
        id = factories.make_dispute(news.stage.engine, news.stage.org_id, news.stage.account.id)
        refused = news.cases(news.olga).loop_in_legal(id)
        assert isinstance(refused, Refused) and refused.reason is Reason.NOBODY_IN_LEGAL


def test_queues_show_what_each_may_see(news: Newsroom) -> None:
    promise, dispute = news.reported(), news.reported(news.dispute())
    queue = news.cases(news.mona).record_queue()
    assert not isinstance(queue, Refused)
    assert [story.report.id for story in queue.stories] == [promise.report.id, dispute.report.id]
    assert [each.dispute.state for each in queue.disputes] == [DisputeState.REPORTED]
    legal = news.cases(news.lena).record_queue()
    assert not isinstance(legal, Refused) and (legal.stories, legal.disputes) == ((), ())
    sales = news.cases(news.stage.rita).record_queue()
    assert isinstance(sales, Refused) and sales.reason is Reason.NOT_ALLOWED
    mine = news.cases(news.stage.rita).my_reports()
    assert not isinstance(mine, Refused)
    assert [story.report.id for story in mine.stories] == [dispute.report.id, promise.report.id]


def test_the_form_offers_open_invoices_and_those_of_the_report(news: Newsroom) -> None:
    story = news.reported()
    form = news.cases(news.olga).open_report_form(news.stage.account.id, report_id=story.report.id)
    assert not isinstance(form, Refused)
    assert {invoice.id for invoice in form.invoices} == {news.stage.invoice.id, news.second.id}
    assert form.story == story
