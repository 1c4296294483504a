"""Reports against several people in any order: whatever they click, the record stays one that can be believed."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.commitments import DISPUTE_TRANSITIONS, PROMISE_TRANSITIONS, DisputeState, PromiseState, Resolution
from domain.ports import DisputeStep, PromiseStep
from domain.reporting import ReportStory
from domain.values import Money
from storage import tables
from tests.integration.reporting.newsroom import Newsroom

Act = tuple[str, int, int]
"""What is done, by whom, and to which report: the numbers choose among those there are."""

WHAT = ("promise", "dispute", "record", "correct", "reject", "acknowledge", "withdraw", "legal", "resolve", "watch")
acts = st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 4), st.integers(0, 7)), max_size=14)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_the_record_can_be_believed(news: Newsroom, script: list[Act]) -> None:
    people = (news.olga, news.otto, news.stage.rita, news.lena, news.mona)
    stories: list[ReportStory] = []
    settled: dict[int, ReportStory] = {}
    for what, who, which in script:
        news.stage.clock.set(news.stage.clock.now() + timedelta(minutes=3))
        _act(news, what, news.cases(people[who]), which, stories)
        for story in (news.story(each.report.id) for each in stories):
            before = settled.setdefault(story.report.id, story) if story.report.is_settled else None
            if before is not None:
                assert story.report.verdict is before.report.verdict, "a settled report is never settled again"
                assert story.settled_by == before.settled_by
                assert story.settled_by in (news.olga, news.otto), "only Operators keep the record"
        _believable(news)


def _act(news: Newsroom, what: str, cases: Any, which: int, stories: list[ReportStory]) -> None:
    invoice = (news.stage.invoice, news.second)[which % 2].id
    if what == "promise":
        stories.append(news.reported(news.promise(invoice_ids=frozenset({invoice}))))
    elif what == "dispute":
        stories.append(news.reported(news.dispute(invoice_ids=frozenset({invoice}))))
    elif what == "watch":
        news.watch()
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
