"""All that became of a promise or a dispute, as whoever sees its account reads it."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.reasons import Reason
from domain.reporting import HistoryShown
from domain.values import Role
from tests.integration.reporting.newsroom import Newsroom


def turns(shown: object) -> list[tuple[str | None, str, str, str]]:
    assert isinstance(shown, HistoryShown), shown
    return [(turn.was, turn.became, turn.by.name if turn.by else "Plixo", turn.why) for turn in shown.story.history]


def test_each_step_is_read_with_who_and_why(news: Newsroom) -> None:
    promised, disputed = news.reported(), news.reported(news.dispute(invoice_ids=frozenset({news.second.id})))
    assert promised.promise is not None and disputed.dispute is not None
    olga = news.cases(news.olga)
    olga.record_report(promised.report.id)
    olga.withdraw_promise(promised.promise.id, why="Their bank said no.")
    olga.record_report(disputed.report.id)
    olga.loop_in_legal(disputed.dispute.id)
    news.cases(news.lena).answer_dispute(disputed.dispute.id, text="Pay half.")
    rita = news.cases(news.stage.rita)
    assert turns(rita.promise_history(promised.promise.id)) == [
        (None, "reported", "Rita Rep", ""),
        ("reported", "open", "Olga Operator", ""),
        ("open", "withdrawn", "Olga Operator", "Their bank said no."),
    ]
    assert turns(rita.dispute_history(disputed.dispute.id)) == [
        (None, "reported", "Rita Rep", ""),
        ("reported", "open", "Olga Operator", ""),
        ("open", "in_review", "Olga Operator", ""),
        ("in_review", "in_review", "Lena Legal", "Pay half."),
    ]


def test_nobody_reads_that_of_a_colleagues_account(news: Newsroom) -> None:
    story = news.reported()
    assert story.promise is not None
    sam = news.cases(news.person(Role.SALES, "Sam Seller"))
    of_colleague, of_nothing = sam.promise_history(story.promise.id), sam.dispute_history(999_999)
    assert isinstance(of_colleague, Refused) and of_colleague.reason is Reason.OUT_OF_SCOPE
    assert isinstance(of_nothing, Refused) and of_nothing.reason is Reason.STALE_BUTTON
    assert news.stage.actions()[-2:] == ["record.history.refused"] * 2
