"""A report that waits is handed to an Operator: by whom, to whom, who hears of it, and how long it stays theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.duties import HandingShown, ReportHanded
from domain.outcomes import Refused
from domain.reasons import Reason
from domain.reporting import Acknowledged
from domain.values import Role
from storage import tables
from tests import factories
from tests.integration.reporting.newsroom import AT, Newsroom

TOMORROW, NEXT_WEEK = AT + timedelta(days=1), AT + timedelta(days=7)


def kept_by_olga(news: Newsroom) -> int:
    """Olga keeps the account of what was reported."""
    news.cases(news.mona).set_duty(news.olga.id, news.stage.account.id, keeps=True)
    return news.reported().report.id


def late(news: Newsroom) -> int:
    """And it was escalated to Mona."""
    report = kept_by_olga(news)
    news.watch(AT + timedelta(minutes=13))
    return report


def posts(news: Newsroom) -> list[dict[str, Any]]:
    """What told of a handing, in order."""
    return [row for row in news.stage.rows(tables.notices) if ":handed:" in row["key"]]


def test_a_manager_hands_a_late_report_to_an_operator_who_is_there(news: Newsroom) -> None:
    report, mona = late(news), news.cases(news.mona)
    shown = mona.show_handing(report)
    assert isinstance(shown, HandingShown) and not shown.are_away
    assert [one.name for one in shown.operators] == [news.olga.name, news.otto.name]
    for _ in range(2):
        handed = mona.hand_report(report, news.otto.id)
        assert isinstance(handed, ReportHanded) and (handed.to.id, handed.story.operator) == (news.otto.id, news.otto)
    assert news.told("handed") == {news.otto.id}
    (line,) = [row for row in news.stage.rows(tables.audit) if row["action"] == "report.handed"]
    facts = ({"operator": news.olga.id}, {"operator": news.otto.id})
    assert (line["actor_id"], (line["before"], line["after"])) == (news.mona.id, facts)
    with news.stage.uow() as work:
        assert [keeper.user_id for keeper in work.duties.keepers()] == [news.olga.id], "who keeps the account stays"


def test_it_is_handed_to_nobody_who_cannot_record_it_now_and_by_nobody_else(news: Newsroom) -> None:
    report, mona = late(news), news.cases(news.mona)
    mona.set_absence(news.otto.id, starts_at=AT, ends_at=AT + timedelta(days=1), stand_in=None)
    shown = mona.show_handing(report)
    assert isinstance(shown, HandingShown) and [one.id for one in shown.operators] == [news.olga.id] and shown.are_away
    refused = [mona.hand_report(report, to.id) for to in (news.otto, news.lena)]
    refused += [news.cases(who).hand_report(report, news.olga.id) for who in (news.olga, news.stage.rita, news.lena)]
    refused.append(news.cases(news.olga).show_handing(report))
    news.cases(news.olga).record_report(report)
    refused.append(mona.hand_report(report, news.olga.id))
    assert [one.reason for one in refused if isinstance(one, Refused)] == [
        Reason.OPERATOR_AWAY,
        Reason.NOT_AN_OPERATOR,
        *[Reason.NOT_ALLOWED] * 4,
        Reason.REPORT_SETTLED,
    ]
    assert news.stage.actions().count("report.handed.refused") == len(refused)
    assert news.told("handed") == set()


def test_the_reminder_goes_to_whoever_it_was_handed_to(news: Newsroom) -> None:
    report = kept_by_olga(news)
    news.cases(news.mona).hand_report(report, news.otto.id)
    news.watch(AT + timedelta(minutes=8))
    assert news.told("reminder") == {news.otto.id}


def test_in_whose_hand_it_was_no_longer_counts(news: Newsroom) -> None:
    """Whoever it is given to can acknowledge it, and is reminded."""
    report, mona, otto = kept_by_olga(news), news.cases(news.mona), news.cases(news.otto)
    news.cases(news.olga).acknowledge_report(report)
    mona.hand_report(report, news.olga.id)
    assert news.story(report).acknowledged_by == news.olga, "it is in the hand of whom it is given to"
    mona.hand_report(report, news.otto.id)
    story = news.story(report)
    assert (story.acknowledged_by, story.report.acknowledged_at, story.handed_by) == (None, None, news.mona)
    news.watch(AT + timedelta(minutes=8))
    assert news.told("reminder") == {news.otto.id}
    assert isinstance(otto.acknowledge_report(report), Acknowledged)


def test_each_handing_is_told_in_a_post_of_its_own_and_all_of_them_are_kept_true(news: Newsroom) -> None:
    report, mona = kept_by_olga(news), news.cases(news.mona)
    for to in (news.otto, news.olga, news.otto):
        mona.hand_report(report, to.id)
    assert [row["recipient"] for row in posts(news)] == [news.otto.id, news.olga.id, news.otto.id]
    before = [row["revision"] for row in posts(news)]
    news.cases(news.otto).record_report(report)
    assert [row["revision"] - was for row, was in zip(posts(news), before, strict=True)] == [1, 1, 1]


def test_what_was_given_or_is_in_hand_stays_while_they_are_there(news: Newsroom) -> None:
    given, mona = kept_by_olga(news), news.cases(news.mona)
    in_hand = news.reported().report.id
    mona.hand_report(given, news.otto.id)
    news.cases(news.otto).acknowledge_report(in_hand)
    elsewhere = factories.make_account(news.stage.engine, news.stage.org_id)
    mona.set_duty(news.olga.id, elsewhere.id, keeps=True)
    mona.set_duty(news.olga.id, None, keeps=True)
    mona.set_absence(news.mona.id, starts_at=TOMORROW, ends_at=NEXT_WEEK, stand_in=None)
    mona.set_absence(news.olga.id, starts_at=AT, ends_at=TOMORROW, stand_in=None)
    mona.set_absence(news.olga.id, starts_at=AT, ends_at=None, stand_in=None)
    assert [news.story(one).report.taken_by for one in (given, in_hand)] == [news.otto.id] * 2


def test_when_they_go_away_it_goes_to_whoever_is_on_duty_who_can_take_it_in_hand(news: Newsroom) -> None:
    report, mona = kept_by_olga(news), news.cases(news.mona)
    mona.hand_report(report, news.otto.id)
    news.cases(news.otto).acknowledge_report(report)
    mona.set_absence(news.otto.id, starts_at=AT, ends_at=TOMORROW, stand_in=None)
    story = news.story(report)
    assert (story.operator, story.handed_by, story.acknowledged_by) == (news.olga, None, None)
    assert [row["revision"] for row in posts(news)] == [3], "Otto reads whose it is now"


@pytest.mark.parametrize("by_name", [True, False])
def test_it_goes_to_the_accounts_new_keeper(news: Newsroom, by_name: bool) -> None:
    account = news.stage.account.id if by_name else None
    mona = news.cases(news.mona)
    mona.set_duty(news.olga.id, account, keeps=True)
    report = news.reported().report.id
    mona.hand_report(report, news.otto.id)
    olaf = news.person(Role.OPERATOR, "Olaf Operator")
    mona.set_duty(olaf.id, account, keeps=True)
    assert (news.story(report).operator, news.story(report).handed_by) == (None, None), "Olga's and Olaf's"
    mona.set_duty(news.olga.id, account, keeps=False)
    assert news.story(report).operator == olaf
