"""Messages that somebody does not want: not posted, not told later, and the digest counts them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from domain.notices import Notice, NoticeKind, Telling
from domain.usecases.choose_messages import MessageChoice, choose_messages
from domain.usecases.post_notices import post_notices
from storage import tables
from tests.integration.release.test_mornings import MORNING, left, look
from tests.stage import Stage, set_the_stage


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


@dataclass
class Slack:
    posts: list[Notice] = field(default_factory=list)

    def post(self, notice: Notice) -> tuple[str, str]:
        self.posts.append(notice)
        return "D01", f"{len(self.posts)}.0"


def post(stage: Stage, slack: Slack) -> None:
    post_notices(uow=stage.uow, clock=stage.clock, announcer=slack)


def choose(stage: Stage, *wanted: NoticeKind) -> MessageChoice:
    outcome = choose_messages(
        wanted, actor=stage.actor(stage.rita), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook
    )
    assert isinstance(outcome, MessageChoice)
    return outcome


def tell(stage: Stage, key: str, kind: NoticeKind = NoticeKind.REP_OUTCOME) -> None:
    with stage.uow() as work:
        work.notices.raise_all(
            [Telling(key=key, kind=kind, subject="x", recipient=stage.rita.id, at=stage.clock.now())]
        )


def test_what_is_muted_is_not_posted_and_what_stands_is_kept_up_to_date(stage: Stage) -> None:
    slack = Slack()
    tell(stage, "before")
    post(stage, slack)
    choose(stage, NoticeKind.DAILY_DIGEST)
    for key in ("before", "after"):
        tell(stage, key)
    tell(stage, "duty", NoticeKind.REPORT_DUTY)
    post(stage, slack)
    assert [notice.key for notice in slack.posts] == ["before", "before", "duty"]
    assert slack.posts[1].ts == "1.0", "an edit"
    assert {row["state"] for row in stage.rows(tables.notices)} == {"posted"}, "nothing waits for ever"
    choose(stage, *NoticeKind)
    tell(stage, "after")
    post(stage, slack)
    assert slack.posts[-1].key == "after"


def test_what_was_muted_is_not_told_later_by_a_change_of_it(stage: Stage) -> None:
    slack = Slack()
    choose(stage)
    tell(stage, "muted")
    post(stage, slack)
    choose(stage, *NoticeKind)
    change = Telling("muted", NoticeKind.REP_OUTCOME, "x", stage.rita.id, stage.clock.now(), only_edit=True)
    with stage.uow() as work:
        work.notices.raise_all([change])
    post(stage, slack)
    assert slack.posts == [], "nobody wanted to hear of it when it was news"


def test_a_digest_counts_what_is_muted_and_can_be_muted_itself(stage: Stage) -> None:
    slack = Slack()
    choose(stage, NoticeKind.DAILY_DIGEST)
    left(stage, MORNING - timedelta(hours=1))
    assert look(stage, MORNING) == 1
    post(stage, slack)
    assert [notice.subject for notice in slack.posts] == ["l1"]
    choose(stage)
    left(stage, MORNING + timedelta(hours=1))
    assert look(stage, MORNING + timedelta(days=1)) == 1
    post(stage, slack)
    assert len(slack.posts) == 1


def test_choosing_is_audited_and_doing_it_twice_is_not(stage: Stage) -> None:
    for _ in range(2):
        choice = choose(stage, NoticeKind.REP_OUTCOME)
        assert choice.wanted == {NoticeKind.REP_OUTCOME} and choice.saved
    assert stage.actions() == ["messages.chosen"]
    (entry,) = stage.rows(tables.audit)
    assert entry["before"] == {"muted": []} and "daily_digest" in entry["after"]["muted"]
