"""Reports against several people and payments in any order: whatever they click and whenever money comes in or is taken
back, the record stays one that can be believed."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, select, update

from domain.accounts import InvoiceState
from domain.commitments import DISPUTE_TRANSITIONS, PROMISE_TRANSITIONS, DisputeState, PromiseState, Resolution
from domain.ports import DisputeStep, PromiseStep
from domain.reporting import Reported, ReportStory
from domain.usecases.decide_promises import decide_promises
from domain.values import Money
from storage import tables
from tests import factories
from tests.integration.reporting.newsroom import Newsroom

Act = tuple[str, int, int]
"""What is done, by whom, and to which report: the numbers choose among those there are."""

WHAT = (
    *("promise", "dispute", "record", "correct", "reject", "acknowledge", "withdraw", "legal", "resolve", "watch"),
    *("pay", "pay", "pay", "take back", "days", "decide"),
)
ON_RECORD: list[Act] = [("promise", 0, 0), ("record", 0, 0)]
acts = st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 4), st.integers(0, 7)), max_size=12)


@example([("pay", 0, 6), ("days", 0, 7), ("days", 0, 7), ("take back", 0, 4)], 5)
@settings(max_examples=16, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts, st.integers(0, 7))
def test_the_record_can_be_believed(news: Newsroom, script: list[Act], days: int) -> None:
    people = (news.olga, news.otto, news.stage.rita, news.lena, news.mona)
    _new_customer(news)
    stories: list[ReportStory] = []
    settled: dict[int, ReportStory] = {}
    for what, who, which in [*ON_RECORD, *script, ("days", 0, days), ("decide", 0, 0)]:
        news.stage.clock.set(news.stage.clock.now() + timedelta(minutes=3))
        disputed = _states(news, tables.disputes)
        _act(news, what, news.cases(people[who]), which, stories)
        if what in ("pay", "take back", "decide", "days"):
            assert _states(news, tables.disputes) == disputed, "money decides no dispute"
        for story in (news.story(each.report.id) for each in stories):
            before = settled.setdefault(story.report.id, story) if story.report.is_settled else None
            if before is not None:
                assert story.report.verdict is before.report.verdict, "a settled report is never settled again"
                assert story.settled_by == before.settled_by
                assert story.settled_by in (news.olga, news.otto), "only Operators keep the record"
        _believable(news)
        _holding(news)
    _told(news)


def _act(news: Newsroom, what: str, cases: Any, which: int, stories: list[ReportStory]) -> None:
    invoice = (news.stage.invoice, news.second)[which % 2].id
    if what in ("promise", "dispute"):
        due = news.stage.clock.now().date() + timedelta(days=3)
        ours = frozenset({invoice})
        filed = news.file(
            news.promise(invoice_ids=ours, due_on=due) if what == "promise" else news.dispute(invoice_ids=ours)
        )
        # What is paid already can be neither promised nor disputed.
        stories.extend([filed.story] if isinstance(filed, Reported) else [])
    elif what == "watch":
        news.watch()
    elif what in ("pay", "take back"):
        _pay(news, invoice, (1 if what == "pay" else -1) * (400_000, 1_000_000)[which // 2 % 2])
    elif what == "days":
        news.stage.clock.set(news.stage.clock.now() + timedelta(days=which))
    elif what == "decide":
        _decide(news)
    elif stories:
        story = stories[which % len(stories)]
        both = frozenset({news.stage.invoice.id, news.second.id})
        draft = news.promise if story.promise else news.dispute
        id = story.report.id
        promise_id, dispute_id = story.report.promise_id or 0, story.report.dispute_id or 0
        does: dict[str, Callable[[], object]] = {
            "record": lambda: cases.record_report(id),
            "correct": lambda: cases.correct_report(id, draft(invoice_ids=both, amount=Money(5, "EUR"))),
            "reject": lambda: cases.reject_report(id, why="No."),
            "acknowledge": lambda: cases.acknowledge_report(id),
            "withdraw": lambda: cases.withdraw_promise(promise_id, why="They called."),
            "legal": lambda: cases.loop_in_legal(dispute_id),
            "resolve": lambda: cases.resolve_dispute(dispute_id, resolution=Resolution.CREDIT, why="Credited."),
        }
        does[what]()


def _new_customer(news: Newsroom) -> None:
    """Each example is another customer of one house, whose record of those before stays."""
    stage = news.stage
    stage.account, stage.contact, (stage.invoice, news.second) = factories.make_customer(
        stage.engine, stage.org_id, invoices=2, owner_email=stage.rita.email
    )


def _pay(news: Newsroom, invoice_id: int, minor: int) -> None:
    """The books hear of it at once."""
    stage, invoices = news.stage, tables.invoices
    with stage.engine.begin() as connection:
        left = connection.execute(select(invoices.c.balance).where(invoices.c.id == invoice_id)).scalar_one() - minor
        state = InvoiceState.PAID if left <= 0 else InvoiceState.OPEN
        connection.execute(
            update(invoices).where(invoices.c.id == invoice_id).values(balance=max(0, left), state=state.value)
        )
    factories.make_payment(
        stage.engine,
        stage.org_id,
        stage.account.id,
        amount=Money(minor, "EUR"),
        invoice_id=invoice_id,
        received_on=stage.clock.now().date(),
    )


def _decide(news: Newsroom) -> None:
    """By books that are up to date. What is decided once is never decided again."""
    stage = news.stage
    with stage.engine.begin() as connection:
        connection.execute(update(tables.accounts).values(synced_at=stage.clock.now()))
    before = {row["id"]: row for row in stage.rows(tables.promises)}
    decide_promises(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)
    payments, of_promise = stage.rows(tables.payments), stage.rows(tables.promise_invoices)
    amounts = {row["id"]: row["amount"] for row in stage.rows(tables.invoices)}
    for row in stage.rows(tables.promises):
        if row == (was := before[row["id"]]):
            continue
        assert was["state"] == "open", "only what is on record is decided"
        left = {
            each["invoice_id"]: amounts[each["invoice_id"]] for each in of_promise if each["promise_id"] == row["id"]
        }
        if row["state"] == "kept":
            on_them = [each for each in payments if each["invoice_id"] in left]
            assert _was_paid(on_them, left, since=row["reported_at"].date(), amount=row["amount"]), "kept is paid"
        else:
            assert stage.clock.now().date() > row["due_on"], "nobody is late before the day"


def _was_paid(payments: list[Any], left: dict[int, int], *, since: date, amount: int) -> bool:
    """At the end of some day enough had come, or nothing was left. What is taken back later changes no promise."""
    came = 0
    for day, of_day in itertools.groupby(
        sorted(payments, key=itemgetter("received_on", "id")), itemgetter("received_on")
    ):
        for payment in of_day:
            left[payment["invoice_id"]] = max(0, left[payment["invoice_id"]] - payment["amount"])
            came += payment["amount"] if day >= since else 0
        if day >= since and (came >= amount or not any(left.values())):
            return True
    return False


def _holding(news: Newsroom) -> None:
    """What the guards read is what the rows say, at every moment."""
    stage, at = news.stage, news.stage.clock.now()
    with stage.uow() as work:
        facts = work.accounts.facts([stage.account.id], at=at)[stage.account.id]
    promises = [
        row["id"]
        for row in stage.rows(tables.promises)
        if row["state"] == "open" or (row["state"] == "reported" and at < row["hold_until"])
    ]
    disputes = [row["id"] for row in stage.rows(tables.disputes) if row["state"] != "resolved"]
    promised = {r["invoice_id"] for r in stage.rows(tables.promise_invoices) if r["promise_id"] in promises}
    disputed = {r["invoice_id"] for r in stage.rows(tables.dispute_invoices) if r["dispute_id"] in disputes}
    for invoice in (stage.invoice, news.second):
        assert (facts.promise_on(invoice.id, at) is not None) == (invoice.id in promised)
        assert (facts.dispute_on(invoice.id) is not None) == (invoice.id in disputed)


def _told(news: Newsroom) -> None:
    """Rita, who reported everything, hears how it ended, however it ended."""
    stage = news.stage
    keys = {row["key"] for row in stage.rows(tables.notices) if row["recipient"] == stage.rita.id}
    for row in stage.rows(tables.reports):
        if row["verdict"] is not None:
            assert f"report:{row['id']}:outcome:{row['verdict']}" in keys
    for row in stage.rows(tables.promises):
        if row["state"] in ("kept", "partially_kept", "broken"):
            assert f"promise:{row['id']}:decided:{stage.rita.id}" in keys


def _states(news: Newsroom, table: Table) -> list[str]:
    return [row["state"] for row in news.stage.rows(table)]


def _believable(news: Newsroom) -> None:
    stage = news.stage
    for rows, events, states, transitions in (
        (tables.promises, tables.promise_events, PromiseState, PROMISE_TRANSITIONS),
        (tables.disputes, tables.dispute_events, DisputeState, DISPUTE_TRANSITIONS),
    ):
        of = f"{rows.name[:-1]}_id"
        history = stage.rows(events)
        for row in stage.rows(rows):
            steps = [(each["was"], each["became"]) for each in history if each[of] == row["id"]]
            assert steps[0] == (None, "reported")
            assert steps[-1][1] == row["state"], "the history ends where the record is"
            for (_, before), (was, became) in itertools.pairwise(steps):
                assert was == before, "no step is missing"
                assert states(became) in transitions[states(was)]  # type: ignore[index]
    is_open = {row["id"] for row in stage.rows(tables.promises) if row["state"] == "open"}
    promised = Counter(r["invoice_id"] for r in stage.rows(tables.promise_invoices) if r["promise_id"] in is_open)
    assert all(count == 1 for count in promised.values()), "never two open promises on one invoice"
    for row in stage.rows(tables.reports):
        table = tables.promises if row["promise_id"] else tables.disputes
        about = row["promise_id"] or row["dispute_id"]
        (state,) = [each["state"] for each in stage.rows(table) if each["id"] == about]
        assert (row["settled_at"] is None) == (state == "reported"), "a report and its record agree"


def test_steps_outside_the_tables_are_errors(news: Newsroom) -> None:
    at = news.stage.clock.now()
    promised = [(was, to) for was in PromiseState for to in PromiseState if to not in PROMISE_TRANSITIONS[was]]
    disputed = [(was, to) for was in DisputeState for to in DisputeState if to not in DISPUTE_TRANSITIONS[was]]
    with news.stage.uow() as work:
        for was, to in promised:
            with pytest.raises(ValueError, match="does not go"):
                work.promises.move(PromiseStep(1, was, to, at))
        for before, after in disputed:
            with pytest.raises(ValueError, match="does not go"):
                work.disputes.move(DisputeStep(1, before, after, at))
